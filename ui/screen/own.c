#include "ui/screen/own.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "loop/loop.h"
#include "ui/screen/screen.h"

struct own {
	const struct own_ops *ops;
	void *arg;
	struct loop_child *child;
	struct loop_io *io; /* NULL: all has been read */
	int fd;
	bool ended;
};

/* --- words --- */

/* The next word, its quotes taken away, goes to *out.  1; 0: there is none; -1. */
static int next_word(const char **at, char **out, struct err *e)
{
	const char *p = *at;
	char quote = 0;

	while (*p == ' ')
		p++;
	if (!*p)
		return 0;
	for (; *p && (quote || *p != ' '); p++)
		if (quote ? *p == quote : *p == '\'' || *p == '"')
			quote = quote ? 0 : *p;
		else
			*(*out)++ = *p;
	*(*out)++ = '\0';
	*at = p;
	return quote ? err_set(e, ERR_USAGE, "a %c is not closed", quote) : 1;
}

int own_words(const char *line, char *text, const char *words[OWN_WORDS + 1], struct err *e)
{
	int n = 0, rc = 1;

	for (; n < OWN_WORDS && rc > 0; n += rc > 0) {
		words[n] = text;
		rc = next_word(&line, &text, e);
	}
	words[n] = NULL;
	return rc > 0 ? err_set(e, ERR_USAGE, "too many words") : rc;
}

/* --- its life --- */

static void close_pipe(struct own *o)
{
	if (!o->io)
		return;
	loop_io_free(o->io);
	o->io = NULL;
	close(o->fd);
}

/* False: nothing is left to be read now. */
static bool read_some(struct own *o)
{
	char some[8192];
	ssize_t n = read(o->fd, some, sizeof(some));

	if (n > 0 && o->ops->text(o->arg, some, (size_t)n))
		return true;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	close_pipe(o);
	return false;
}

static void on_text(void *arg, int events)
{
	read_some(arg);
}

static void on_exit_of(void *arg, int status, int signo)
{
	struct own *o = arg;

	o->ended = true;
	while (o->io && read_some(o))
		;
	close_pipe(o); /* a child of its own may hold the other end for long */
	o->ops->end(o->arg, status, signo);
}

static int spawn(struct own *o, const struct stage *st, char *const argv[], struct err *e)
{
	int p[2];

	if (pipe2(p, O_CLOEXEC) < 0)
		return err_set(e, ERR_OURS, "pipe: %s", strerror(errno));
	o->child = loop_child_new(st->loop, st->own[0], argv, (int[]){ -1, p[1], p[1] }, on_exit_of,
		o, e);
	close(p[1]);
	o->fd = p[0];
	o->io = o->child ? loop_io_new(st->loop, p[0], LOOP_READ, on_text, o) : NULL;
	if (o->io)
		return 0;
	close(p[0]);
	return o->child ? err_set(e, ERR_OURS, "its pipe cannot be waited for") : -1;
}

struct own *own_start(const struct stage *st, const char *const *words,
	const struct own_ops *ops, void *arg, struct err *e)
{
	struct own *o = xcalloc(1, sizeof(*o));
	char *argv[2 * OWN_WORDS + 1];
	size_t n = 0;

	*o = (struct own){ .ops = ops, .arg = arg };
	for (; n < OWN_WORDS && st->own[n]; n++)
		argv[n] = (char *)st->own[n];
	for (size_t i = 0; i < OWN_WORDS && words[i]; i++)
		argv[n++] = (char *)words[i];
	argv[n] = NULL;
	if (spawn(o, st, argv, e) == 0)
		return o;
	own_free(o);
	return NULL;
}

void own_kill(struct own *o, int signo)
{
	if (!o->ended)
		loop_child_kill(o->child, signo);
}

void own_free(struct own *o)
{
	if (!o)
		return;
	if (o->child)
		own_kill(o, SIGTERM);
	close_pipe(o);
	loop_child_free(o->child);
	free(o);
}
