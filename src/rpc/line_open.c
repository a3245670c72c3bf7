/* How a line comes to be: by connecting, or from descriptors that are there already. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rpc/line_internal.h"
#include "rpc/unix.h"

struct line *line_connect(struct loop *l, const char *path, struct err *e)
{
	int fd = unix_connect(path, e);

	return fd < 0 ? NULL : line_new(l, fd, fd);
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
