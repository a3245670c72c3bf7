#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/alloc.h"

static void write_pid(int fd)
{
	char s[32];
	int n = snprintf(s, sizeof(s), "%ld\n", (long)getpid());

	/* For people and for the other's message alone: the lock holds without it. */
	if (ftruncate(fd, 0) < 0 || pwrite(fd, s, (size_t)n, 0) < 0)
		return;
}

static long read_pid(int fd)
{
	char s[32] = "";

	return pread(fd, s, sizeof(s) - 1, 0) > 0 ? strtol(s, NULL, 10) : 0;
}

int lock_take(const char *path, struct err *e)
{
	char *name = xasprintf("%s.lock", path);
	int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0) {
		err_set(e, ERR_OURS, "cannot open %s: %s", name, strerror(errno));
	} else if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		err_set(e, ERR_REFUSED, "%s is in use by another collector, process %ld: stop it, "
			"or give this one a journal of its own", path, read_pid(fd));
		close(fd);
		fd = -1;
	} else {
		write_pid(fd);
	}
	free(name);
	return fd;
}
