#include "ui/term/memscreen.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NCURSES_NOMACROS 1
#include <curses.h>
#include <term.h>

#include "base/alloc.h"

/* ncurses takes these for its own; ours stay as they are. */
static const int curses_signals[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };

/* Some terminals' descriptions give no size, and a file has none: newterm() then refuses. */
static void put_size(const char *name, int n, char **was)
{
	char text[16];

	*was = getenv(name) ? xstrdup(getenv(name)) : NULL;
	snprintf(text, sizeof(text), "%d", n);
	setenv(name, text, 1);
}

static void put_back(const char *name, char *was)
{
	if (was)
		setenv(name, was, 1);
	else
		unsetenv(name);
	free(was);
}

/* newterm() leaves memory behind for a terminal that it does not know. */
static bool is_known(const char *term, int fd)
{
	TERMINAL *other = cur_term; /* of another screen */
	int answer;

	if (setupterm(term, fd, &answer) == ERR)
		return false;
	del_curterm(set_curterm(other));
	return true;
}

static SCREEN *open_screen(const char *term, FILE *out, FILE *in, int rows, int cols)
{
	struct sigaction old[ARRAY_LEN(curses_signals)];
	char *had_rows, *had_cols;
	SCREEN *s;

	for (size_t i = 0; i < ARRAY_LEN(curses_signals); i++)
		sigaction(curses_signals[i], NULL, &old[i]);
	put_size("LINES", rows, &had_rows);
	put_size("COLUMNS", cols, &had_cols);
	s = newterm(term, out, in);
	put_back("LINES", had_rows);
	put_back("COLUMNS", had_cols);
	for (size_t i = 0; i < ARRAY_LEN(curses_signals); i++)
		sigaction(curses_signals[i], &old[i], NULL);
	return s;
}

static bool open_files(struct memscreen *m, struct err *e)
{
	int low = memfd_create("frame", MFD_CLOEXEC);

	/* Above the standard three: ncurses treats descriptor 1 in a way of its own. */
	m->fd = low < 0 ? -1 : fcntl(low, F_DUPFD_CLOEXEC, 10);
	if (low >= 0)
		close(low);
	m->out = m->fd < 0 ? NULL : fdopen(m->fd, "w");
	m->in = fopen("/dev/null", "re");
	if (!m->out || !m->in)
		err_set(e, ERR_OURS, "no memory for the screen: %s", strerror(errno));
	return m->out && m->in;
}

int memscreen_open(struct memscreen *m, const char *term, int rows, int cols, struct err *e)
{
	*m = (struct memscreen){ .fd = -1 };
	if (!open_files(m, e))
		return -1;
	setenv("NCURSES_NO_PADDING", "1", 0);
	if (is_known(term, m->fd))
		m->screen = open_screen(term, m->out, m->in, rows, cols);
	if (!m->screen)
		return err_set(e, ERR_USAGE,
			"TERM=%s is not known here; try TERM=xterm, or --plain", term);
	return 0;
}

void memscreen_close(struct memscreen *m)
{
	if (m->screen) {
		set_term(m->screen);
		endwin(); /* into memory: delscreen() alone leaves buffers behind */
		delscreen(m->screen);
	}
	if (m->out)
		fclose(m->out);
	else if (m->fd >= 0)
		close(m->fd);
	if (m->in)
		fclose(m->in);
	*m = (struct memscreen){ .fd = -1 };
}

/* "$<5/>" is a delay for terminals of another age. */
static void drop_padding(char *s)
{
	char *to = s, *end;

	for (char *c = s; *c; c++) {
		if (c[0] == '$' && c[1] == '<' && (end = strchr(c, '>')))
			c = end;
		else
			*to++ = *c;
	}
	*to = '\0';
}

const char *memscreen_cap(struct memscreen *m, const char *name, char *out, size_t n)
{
	const char *s;

	set_term(m->screen);
	s = tigetstr(name);
	snprintf(out, n, "%s", s && s != (char *)-1 ? s : "");
	drop_padding(out);
	return out;
}

void memscreen_drop(struct memscreen *m)
{
	if (lseek(m->fd, 0, SEEK_SET) < 0 || ftruncate(m->fd, 0) < 0)
		BUG("a file in memory refuses to shrink: %s", strerror(errno));
}

void memscreen_take(struct memscreen *m, struct buf *out)
{
	off_t n = lseek(m->fd, 0, SEEK_CUR);
	char *room;
	ssize_t got;

	if (n > 0 && (room = buf_room(out, (size_t)n))) {
		got = pread(m->fd, room, (size_t)n, 0);
		out->len += got > 0 ? (size_t)got : 0;
	}
	memscreen_drop(m);
}
