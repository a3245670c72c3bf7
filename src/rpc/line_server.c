/* The listening end of lines.  What must hold: nobody but this user (or root) can put
 * another socket in the place of ours, and two collectors that start at once never both win. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/log.h"
#include "rpc/line_internal.h"

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

/* The directory, opened; others must not be able to replace what we put there. */
static int dir_open(const char *path, struct err *e)
{
	char *copy = xstrdup(path);
	const char *dir = dirname(copy);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		err_set(e, ERR_USAGE, "%s: %s", dir, strerror(errno));
	else if (st.st_uid != geteuid() && st.st_uid != 0)
		err_set(e, ERR_REFUSED, "%s: belongs to another user (uid %u)", dir, st.st_uid);
	else if ((st.st_mode & 022) && !(st.st_mode & S_ISVTX))
		err_set(e, ERR_REFUSED, "%s: others can write there: chmod go-w, or choose another "
			"directory for the socket", dir);
	else
		goto out;
	if (fd >= 0)
		close(fd);
	fd = -1;
out:
	free(copy);
	return fd;
}

/* A collector that starts at the same time holds this for some microseconds. */
static int dir_lock(int fd, const char *path, struct err *e)
{
	for (int i = 0; i < 50; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return 0;
		usleep(10000);
	}
	return err_set(e, ERR_REFUSED, "%s: the directory stays locked by another process", path);
}

/* 0: nobody listens there. */
static int refuse_live(const struct sockaddr_un *a, struct err *e)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct ucred who = { 0 };
	int rc = 0;

	if (fd < 0)
		return err_set(e, ERR_OURS, "socket: %s", strerror(errno));
	if (connect(fd, (const struct sockaddr *)a, sizeof(*a)) == 0) {
		line_peer_trusted(fd, &who);
		rc = err_set(e, ERR_REFUSED, "%s: process %d (uid %u) listens there already",
			a->sun_path, who.pid, who.uid);
	} else if (errno == EAGAIN) {
		rc = err_set(e, ERR_REFUSED, "%s: another process listens there already", a->sun_path);
	} else if (errno != ECONNREFUSED) {
		rc = err_set(e, ERR_REFUSED, "%s: %s", a->sun_path, strerror(errno));
	}
	close(fd);
	return rc;
}

/* Takes away what a dead process left; anything else in the place is refused. */
static int clear_place(const struct sockaddr_un *a, struct err *e)
{
	struct stat st;

	if (lstat(a->sun_path, &st) < 0)
		return errno == ENOENT ? 0 : err_set(e, ERR_USAGE, "%s: %s", a->sun_path,
			strerror(errno));
	if (!S_ISSOCK(st.st_mode))
		return err_set(e, ERR_REFUSED, "%s: there already, and not a socket", a->sun_path);
	if (st.st_uid != geteuid())
		return err_set(e, ERR_REFUSED, "%s: belongs to another user (uid %u)", a->sun_path,
			st.st_uid);
	if (refuse_live(a, e) < 0)
		return -1;
	if (unlink(a->sun_path) < 0)
		return err_set(e, ERR_OURS, "%s: %s", a->sun_path, strerror(errno));
	return 0;
}

static int bind_private(const struct sockaddr_un *a, struct stat *st, struct err *e)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return err_set(e, ERR_OURS, "socket: %s", strerror(errno));
	/* the mode before bind() is the mode the file is born with: no moment is open to others */
	if (fchmod(fd, 0600) == 0 && bind(fd, (const struct sockaddr *)a, sizeof(*a)) == 0 &&
		lstat(a->sun_path, st) == 0 && listen(fd, 128) == 0)
		return fd;
	err_set(e, ERR_OURS, "%s: %s", a->sun_path, strerror(errno));
	close(fd);
	return -1;
}

static int listen_fd(const char *path, struct stat *st, struct err *e)
{
	struct sockaddr_un a;
	int fd = -1, dir;

	if (line_addr(&a, path, e) < 0)
		return -1;
	dir = dir_open(path, e);
	if (dir < 0)
		return -1;
	if (dir_lock(dir, path, e) == 0 && clear_place(&a, e) == 0)
		fd = bind_private(&a, st, e);
	close(dir);
	return fd;
}

static void take_client(struct line_server *s, int fd)
{
	struct ucred who = { 0 };

	if (line_peer_trusted(fd, &who)) {
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

	s->fd = listen_fd(path, &s->st, e);
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
	struct stat st;

	if (!s)
		return;
	if (lstat(s->path, &st) == 0 && st.st_ino == s->st.st_ino && st.st_dev == s->st.st_dev)
		unlink(s->path);
	loop_io_free(s->io);
	loop_timer_free(s->rest);
	close(s->fd);
	free(s->path);
	s->gone = true;
	if (!s->busy)
		free(s);
}
