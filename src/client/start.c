#include "client/start.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"

#define READY_FD 3
#define READY_MS 15000

static char *own_folder(void)
{
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	char *slash;

	if (n < 0)
		return xstrdup("/usr/local/bin");
	exe[n] = '\0';
	slash = strrchr(exe, '/');
	if (slash)
		*slash = '\0';
	return xstrdup(exe);
}

char *start_program(const char *name, struct err *e)
{
	const char *folder = getenv("DEPINCTL_LIBEXEC");
	char *own, *path;

	if (folder && *folder) {
		path = xasprintf("%s/%s", folder, name);
	} else {
		own = own_folder();
		path = xasprintf("%s/../libexec/depinctl/%s", own, name);
		free(own);
	}
	if (access(path, X_OK) == 0)
		return path;
	err_set(e, ERR_OURS,
		"%s: %s; is depinctl installed whole? (DEPINCTL_LIBEXEC names its folder)", path,
		strerror(errno));
	free(path);
	return NULL;
}

/* In the child: two forks away from us, so that it is nobody's zombie. */
static void become(const char *path, char *const argv[], int pipe_fd, int ready)
{
	int null = open("/dev/null", O_RDWR);

	setsid();
	signal(SIGPIPE, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	if (pipe_fd != ready)
		dup2(pipe_fd, ready);
	else
		fcntl(ready, F_SETFD, 0);
	close_range((unsigned)ready + 1, ~0u, 0);
	execv(path, argv);
	dprintf(ready, "error 5: %s: %s\n", path, strerror(errno));
	_exit(5);
}

/* The grandchild's process id comes through a pipe of its own. */
static int fork_twice(const char *path, char *const argv[], int pipe_fd, int ready, struct err *e)
{
	int ids[2], pid, status;

	if (pipe2(ids, O_CLOEXEC) < 0)
		return err_set(e, ERR_OURS, "pipe: %s", strerror(errno));
	pid = fork();
	if (pid == 0) {
		int child = fork();

		if (child == 0)
			become(path, argv, pipe_fd, ready);
		if (write(ids[1], &child, sizeof(child)) < 0)
			_exit(5);
		_exit(child < 0 ? 5 : 0);
	}
	close(ids[1]);
	if (pid < 0 || read(ids[0], &status, sizeof(status)) != (ssize_t)sizeof(status))
		status = -1;
	close(ids[0]);
	if (pid > 0)
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	if (status < 0)
		return err_set(e, ERR_OURS, "fork: %s", strerror(errno));
	return status;
}

/* Its word, up to the line's end. */
static int read_word(int fd, int64_t timeout_ms, char *word, size_t size, struct err *e)
{
	int64_t end = clock_mono_us_now() / 1000 + timeout_ms;
	size_t n = 0;

	while (n + 1 < size && !memchr(word, '\n', n)) {
		int64_t left = end - clock_mono_us_now() / 1000;
		struct pollfd p = { .fd = fd, .events = POLLIN };
		ssize_t k;

		if (left <= 0)
			return err_set(e, ERR_UNREACH, "it does not answer");
		if (poll(&p, 1, (int)left) < 0 && errno != EINTR)
			return err_set(e, ERR_OURS, "poll: %s", strerror(errno));
		if (!p.revents)
			continue;
		k = read(fd, word + n, size - 1 - n);
		if (k == 0)
			break;
		if (k < 0 && errno != EINTR)
			return err_set(e, ERR_OURS, "read: %s", strerror(errno));
		n += k > 0 ? (size_t)k : 0;
	}
	word[n] = '\0';
	word[strcspn(word, "\n")] = '\0';
	return 0;
}

static int take_word(const char *word, struct err *e)
{
	if (strncmp(word, "ready", 5) == 0)
		return 0;
	if (strncmp(word, "error ", 6) == 0 && word[6] > '0' && word[6] <= '0' + ERR_OURS &&
		word[7] == ':' && word[8] == ' ')
		return err_set(e, (enum err_class)(word[6] - '0'), "%s", word + 9);
	return err_set(e, ERR_OURS, "it ended before it was ready");
}

int start_detached(const char *path, char *const argv[], int ready, int64_t timeout_ms,
	struct err *e)
{
	char word[600];
	int fds[2], pid, rc;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_set(e, ERR_OURS, "pipe: %s", strerror(errno));
	pid = fork_twice(path, argv, fds[1], ready, e);
	close(fds[1]);
	rc = pid < 0 ? -1 : read_word(fds[0], timeout_ms, word, sizeof(word), e);
	close(fds[0]);
	if (rc < 0)
		return -1;
	return take_word(word, e) < 0 ? -1 : pid;
}

int start_collector(const struct start_spec *s, struct err *e)
{
	char *path = start_program("depinctl-collector", e), linger[24], ready[8];
	const char *argv[16];
	int n = 0, pid;

	if (!path)
		return -1;
	snprintf(linger, sizeof(linger), "%lld", (long long)s->linger_ms);
	snprintf(ready, sizeof(ready), "%d", READY_FD);
	argv[n++] = path;
	if (s->config)
		argv[n++] = "--config", argv[n++] = s->config;
	if (s->context)
		argv[n++] = "--context", argv[n++] = s->context;
	argv[n++] = "--socket", argv[n++] = s->socket;
	argv[n++] = "--linger", argv[n++] = linger;
	argv[n++] = "--ready-fd", argv[n++] = ready;
	if (s->log_file)
		argv[n++] = "--log-file", argv[n++] = s->log_file;
	argv[n] = NULL;
	pid = start_detached(path, (char *const *)argv, READY_FD, READY_MS, e);
	free(path);
	return pid < 0 ? err_prefix(e, "cannot start a collector") : pid;
}
