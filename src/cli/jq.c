#include "cli/jq.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"

#define NOT_FOUND 127

static void become_jq(const char *expr, int in, int out)
{
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	signal(SIGPIPE, SIG_DFL);
	/* the blank: jq 1.6 takes what begins with a dash for an option */
	execlp("jq", "jq", xasprintf(" %s", expr), (char *)NULL);
	_exit(NOT_FOUND);
}

int jq_begin(struct jq *j, const char *expr, struct out *o, struct err *e)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_set(e, ERR_OURS, "pipe: %s", strerror(errno));
	j->fd = o->fd;
	j->pid = fork();
	if (j->pid == 0)
		become_jq(expr, fds[0], o->fd);
	close(fds[0]);
	if (j->pid < 0) {
		close(fds[1]);
		return err_set(e, ERR_OURS, "fork: %s", strerror(errno));
	}
	o->fd = fds[1];
	o->tty = false; /* jq makes its own of what it shows */
	return 0;
}

int jq_end(struct jq *j, struct out *o, int rc, struct err *e)
{
	int status = 0;

	out_flush(o);
	close(o->fd);
	o->fd = j->fd;
	while (waitpid(j->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
		return err_set(
			e, ERR_USAGE, "--jq needs the program jq, which is not installed here");
	if (rc != 0 || status == 0)
		return rc;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 3)
		return err_set(e, ERR_USAGE, "jq cannot read the expression");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
		return err_set(e, ERR_OURS, "jq cannot read or write");
	return WIFSIGNALED(status) ? 0 : err_set(e, ERR_USAGE, "jq failed (exit code %d)",
		WEXITSTATUS(status));
}
