/* How a line comes to be: by connecting, or from descriptors that are there already. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rpc/line_internal.h"

int line_addr(struct sockaddr_un *a, const char *path, struct err *e)
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

bool line_peer_trusted(int fd, struct ucred *who)
{
	socklen_t n = sizeof(*who);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, who, &n) < 0 || n != sizeof(*who))
		return false;
	return who->uid == geteuid() || who->uid == 0;
}

struct line *line_connect(struct loop *l, const char *path, struct err *e)
{
	struct sockaddr_un a;
	struct ucred who = { 0 };
	int fd;

	if (line_addr(&a, path, e) < 0)
		return NULL;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		err_set(e, ERR_OURS, "socket: %s", strerror(errno));
		return NULL;
	}
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0) {
		err_set(e, ERR_UNREACH, "%s: %s", path, strerror(errno));
		goto fail;
	}
	if (!line_peer_trusted(fd, &who)) {
		err_set(e, ERR_REFUSED, "%s: belongs to another user (uid %u)", path, who.uid);
		goto fail;
	}
	return line_new(l, fd, fd);
fail:
	close(fd);
	return NULL;
}

/*
 * A descriptor of our own.  Pipes and terminals are opened anew, so that making ours
 * non-blocking does not change that of the program that shares them with us.
 */
static int own_fd(int fd, int flags)
{
	char path[32];
	struct stat st;
	int own = -1;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fstat(fd, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)))
		own = open(path, flags | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	return own >= 0 ? own : fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

struct line *line_on_fds(struct loop *l, int in, int out, struct err *e)
{
	int i = own_fd(in, O_RDONLY), o = in == out ? i : own_fd(out, O_WRONLY);

	if (i >= 0 && o >= 0)
		return line_new(l, i, o);
	err_set(e, ERR_OURS, "descriptors %d and %d: %s", in, out, strerror(errno));
	if (i >= 0)
		close(i);
	if (o >= 0 && o != i)
		close(o);
	return NULL;
}
