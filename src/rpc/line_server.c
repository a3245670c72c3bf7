/* The listening end of lines. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/log.h"
#include "rpc/line_internal.h"
#include "rpc/unix.h"

#define ACCEPT_TURN 64
#define ACCEPT_REST_MS 100

struct line_server {
	struct loop *loop;
	struct loop_io *io;
	struct loop_timer *rest;
	int fd;
	char *path;
	struct stat st; /* what we bound, to unlink nothing else */
	void (*accepted)(void *arg, struct line *c);
	void *arg;
	bool busy, gone; /* freed while we accept: the memory goes when we are done */
};

static void take_client(struct line_server *s, int fd)
{
	struct ucred who = { 0 };

	if (unix_peer_trusted(fd, &who)) {
		s->accepted(s->arg, line_new(s->loop, fd, fd));
		return;
	}
	log_msg(LOG_WARN, "socket", "refused a client of uid %u", who.uid);
	close(fd);
}

static void accept_again(void *arg)
{
	struct line_server *s = arg;

	loop_io_set(s->io, LOOP_READ);
}

/* Without descriptors the client stays in the queue, and the notice would come each turn. */
static void accept_rest(struct line_server *s)
{
	log_msg(LOG_WARN, "socket", "cannot accept a client: %s", strerror(errno));
	loop_io_set(s->io, 0);
	loop_timer_again(s->rest, ACCEPT_REST_MS, 0);
}

static void client_waits(void *arg, int events)
{
	struct line_server *s = arg;

	s->busy = true;
	for (int i = 0; i < ACCEPT_TURN && !s->gone; i++) {
		int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd >= 0) {
			take_client(s, fd);
		} else {
			if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
				accept_rest(s);
			break;
		}
	}
	s->busy = false;
	if (s->gone)
		free(s);
}

struct line_server *line_listen(struct loop *l, const char *path,
	void (*accepted)(void *arg, struct line *c), void *arg, struct err *e)
{
	struct line_server *s = xcalloc(1, sizeof(*s));

	s->fd = unix_listen(path, &s->st, e);
	if (s->fd < 0) {
		free(s);
		return NULL;
	}
	s->loop = l;
	s->path = xstrdup(path);
	s->accepted = accepted;
	s->arg = arg;
	s->rest = loop_timer_new(l, 0, 0, accept_again, s);
	loop_timer_stop(s->rest);
	s->io = loop_io_new(l, s->fd, LOOP_READ, client_waits, s);
	return s;
}

void line_server_free(struct line_server *s)
{
	if (!s)
		return;
	unix_unlink(s->path, &s->st);
	loop_io_free(s->io);
	loop_timer_free(s->rest);
	close(s->fd);
	free(s->path);
	s->gone = true;
	if (!s->busy)
		free(s);
}
