#include "rpc/unix.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/alloc.h"

static int fill_addr(struct sockaddr_un *a, const char *path, struct err *e)
{
	size_t n = strlen(path);

	*a = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (n == 0)
		return err_set(e, ERR_USAGE, "socket: an empty path");
	if (n >= sizeof(a->sun_path))
		return err_set(e, ERR_USAGE, "socket %s: a socket's path has at most %zu bytes", path,
			sizeof(a->sun_path) - 1);
	memcpy(a->sun_path, path, n);
	return 0;
}

bool unix_peer_trusted(int fd, struct ucred *who)
{
	socklen_t n = sizeof(*who);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, who, &n) < 0 || n != sizeof(*who))
		return false;
	return who->uid == geteuid() || who->uid == 0;
}

int unix_connect(const char *path, struct err *e)
{
	struct sockaddr_un a;
	struct ucred who = { 0 };
	int fd;

	if (fill_addr(&a, path, e) < 0)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_set(e, ERR_OURS, "socket: %s", strerror(errno));
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0)
		err_set(e, errno == EACCES || errno == EPERM ? ERR_REFUSED : ERR_UNREACH, "%s: %s",
			path, strerror(errno));
	else if (!unix_peer_trusted(fd, &who))
		err_set(e, ERR_REFUSED, "%s: belongs to another user (uid %u)", path, who.uid);
	else
		return fd;
	close(fd);
	return -1;
}

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
		unix_peer_trusted(fd, &who);
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

int unix_listen(const char *path, struct stat *st, struct err *e)
{
	struct sockaddr_un a;
	int fd = -1, dir;

	if (fill_addr(&a, path, e) < 0)
		return -1;
	dir = dir_open(path, e);
	if (dir < 0)
		return -1;
	if (dir_lock(dir, path, e) == 0 && clear_place(&a, e) == 0)
		fd = bind_private(&a, st, e);
	close(dir);
	return fd;
}

void unix_unlink(const char *path, const struct stat *bound)
{
	struct stat st;

	if (lstat(path, &st) == 0 && st.st_ino == bound->st_ino && st.st_dev == bound->st_dev)
		unlink(path);
}
