#include "cli/exec.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "client/start.h"

void exec_add(struct exec *x, const char *arg)
{
	if (!x->n)
		x->argv[x->n++] = ""; /* the program's name, known when it runs */
	if (x->n < EXEC_ARGS_MAX)
		x->argv[x->n++] = arg;
}

void exec_option(struct exec *x, const char *name, const char *value)
{
	if (!value)
		return;
	exec_add(x, name);
	exec_add(x, value);
}

int exec_run(struct exec *x, const char *program, struct err *e)
{
	char *path = start_program(program, e);

	if (!path)
		return -1;
	x->argv[0] = path;
	x->argv[x->n ? x->n : 1] = NULL;
	signal(SIGPIPE, SIG_DFL);
	execv(path, (char *const *)x->argv);
	err_set(e, ERR_OURS, "%s: %s", path, strerror(errno));
	free(path);
	return -1;
}

static void become(struct exec *x, const char *path, int log_fd, int parent)
{
	int null = open("/dev/null", O_RDONLY);

	setsid();
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(5);
	dup2(null, STDIN_FILENO);
	dup2(log_fd, STDOUT_FILENO);
	dup2(log_fd, STDERR_FILENO);
	close_range(3, ~0u, 0);
	signal(SIGPIPE, SIG_DFL);
	execv(path, (char *const *)x->argv);
	_exit(5);
}

int exec_child(struct exec *x, const char *program, int log_fd, struct err *e)
{
	char *path = start_program(program, e);
	int parent = getpid(), pid;

	if (!path)
		return -1;
	x->argv[0] = path;
	x->argv[x->n ? x->n : 1] = NULL;
	pid = fork();
	if (pid == 0)
		become(x, path, log_fd, parent);
	free(path);
	return pid < 0 ? err_set(e, ERR_OURS, "fork: %s", strerror(errno)) : pid;
}
