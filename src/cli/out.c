#include "cli/out.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/utf8.h"

#define OUT_SIZE (64u << 10)

bool out_locale_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *v = getenv(names[i]);

		if (v && *v)
			return strcasestr(v, "UTF-8") || strcasestr(v, "utf8");
	}
	return false;
}

static int terminal_width(int fd)
{
	struct winsize ws;

	return ioctl(fd, TIOCGWINSZ, &ws) == 0 ? ws.ws_col : 0;
}

static bool wants_colour(const struct out *o)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return o->tty && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

void out_init(struct out *o, int fd, enum out_colour colour)
{
	*o = (struct out){ .fd = fd, .tty = isatty(fd) };
	o->utf8 = out_locale_utf8();
	o->colour = colour == OUT_ALWAYS || (colour == OUT_AUTO && wants_colour(o));
	if (o->tty)
		o->width = terminal_width(fd);
	o->buf = xmalloc(OUT_SIZE);
}

void out_fini(struct out *o)
{
	free(o->buf);
	o->buf = NULL;
}

static void write_all(struct out *o, const char *p, size_t n)
{
	while (n && !o->failed) {
		ssize_t k = write(o->fd, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0) {
			o->failed = errno;
			return;
		}
		p += k;
		n -= (size_t)k;
	}
}

void out_flush(struct out *o)
{
	write_all(o, o->buf, o->len);
	o->len = 0;
}

void out_add(struct out *o, const char *p, size_t n)
{
	if (o->len + n > OUT_SIZE)
		out_flush(o);
	if (n > OUT_SIZE / 2) {
		out_flush(o);
		write_all(o, p, n);
		return;
	}
	if (n)
		memcpy(o->buf + o->len, p, n);
	o->len += n;
}

void out_adds(struct out *o, const char *s)
{
	out_add(o, s, strlen(s));
}

void out_addslice(struct out *o, struct slice s)
{
	out_add(o, s.p, s.n);
}

void out_addf(struct out *o, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = xvasprintf(fmt, ap);
	va_end(ap);
	out_adds(o, s);
	free(s);
}

void out_pad(struct out *o, int cells)
{
	static const char blanks[] = "                                ";

	for (; cells > 0; cells -= 32)
		out_add(o, blanks, cells > 32 ? 32 : (size_t)cells);
}

/* Cleaned line by line: the line ends are ours. */
static void add_clean(struct out *o, struct slice s)
{
	struct buf b;

	buf_init(&b, s.n * 16 + 64);
	while (s.n) {
		const char *nl = memchr(s.p, '\n', s.n);
		size_t n = nl ? (size_t)(nl - s.p) : s.n;

		text_clean(&b, slice_mem(s.p, n), !o->utf8);
		if (nl)
			buf_addc(&b, '\n'), n++;
		s.p += n;
		s.n -= n;
	}
	out_addslice(o, buf_slice(&b));
	buf_fini(&b);
}

static void add_valid(struct out *o, struct slice s)
{
	size_t i = 0;

	while (i < s.n) {
		uint32_t cp;
		size_t k = utf8_decode(s.p + i, s.n - i, &cp);

		out_add(o, k ? s.p + i : "\xef\xbf\xbd", k ? k : 3);
		i += k ? k : 1;
	}
}

void out_foreign(struct out *o, struct slice s)
{
	if (o->tty)
		add_clean(o, s);
	else if (utf8_valid(s.p, s.n))
		out_addslice(o, s);
	else
		add_valid(o, s);
}

bool out_gone(const struct out *o)
{
	return o->failed != 0;
}

int out_end(struct out *o, struct err *e)
{
	out_flush(o);
	if (!o->failed || o->failed == EPIPE)
		return 0;
	return err_set(e, ERR_OURS, "cannot write the answer: %s", strerror(o->failed));
}
