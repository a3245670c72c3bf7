/* Getting to a collector of our version: dial, start one, replace one. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/alloc.h"
#include "client/inside.h"
#include "client/start.h"
#include "config/paths.h"

#define LEAVE_MS 10000 /* a collector flushes its journal before it goes */
#define STEP_US	 20000

static void say(struct client *c, char *line)
{
	if (c->spec.say)
		c->spec.say(c->spec.arg, line);
	free(line);
}

static char *log_path(const struct client *c)
{
	struct err ignored;
	char *dir = config_state_dir(&ignored), *path;

	if (!dir)
		return NULL;
	path = xasprintf("%s/%s.log", dir, c->context ? c->context : "default");
	free(dir);
	return path;
}

static int start(struct client *c, struct err *e)
{
	struct start_spec s = { .config = c->config, .context = c->context, .socket = c->socket,
		.linger_ms = c->spec.linger_ms };
	char *log = log_path(c);
	int pid;

	s.log_file = log;
	pid = start_collector(&s, e);
	if (pid >= 0)
		say(c, xasprintf("started a collector for context %s (pid %d, log %s)",
			c->context ? c->context : "default", pid, log ? log : "none"));
	free(log);
	return pid < 0 ? -1 : 0;
}

/* Of several clients that find no collector one starts it and the others wait here, then find it. */
static int lock_start(const struct client *c)
{
	char *path = xasprintf("%s.lock", c->socket);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	free(path);
	if (fd >= 0)
		while (flock(fd, LOCK_EX) < 0 && errno == EINTR)
			;
	return fd;
}

static struct line *start_and_dial(struct client *c, struct err *e)
{
	int lock = lock_start(c);
	struct line *line = line_connect(c->loop, c->socket, e);

	if (!line && e->class == ERR_UNREACH && start(c, e) == 0)
		line = line_connect(c->loop, c->socket, e);
	if (lock >= 0)
		close(lock);
	return line;
}

struct line *client_dial(struct client *c, struct err *e)
{
	struct line *line = line_connect(c->loop, c->socket, e);

	if (line || e->class != ERR_UNREACH)
		return line;
	if (!c->spec.no_start)
		return start_and_dial(c, e);
	err_set(e, ERR_UNREACH, "no collector runs at %s", c->socket);
	return NULL;
}

int client_stop_collector(struct client *c, struct err *e)
{
	struct buf ignored;
	int rc;

	buf_init(&ignored, 4096);
	rc = client_ask(c, "stop", slice_of(""), &ignored, e);
	buf_fini(&ignored);
	for (int64_t ms = 0; rc == 0 && ms < LEAVE_MS; ms += STEP_US / 1000) {
		if (access(c->socket, F_OK) != 0)
			return 0;
		loop_turn(c->loop, STEP_US / 1000);
	}
	return rc < 0 ? -1 : err_set(e, ERR_UNREACH, "the collector is still there after %d s",
		LEAVE_MS / 1000);
}

static int replace(struct client *c, struct err *e)
{
	if (client_stop_collector(c, e) < 0)
		return -1;
	rpc_free(c->peer);
	line_free(c->line);
	c->peer = NULL;
	loop_timer_stop(c->again);
	c->line = client_dial(c, e);
	if (!c->line)
		return -1;
	client_begin(c);
	return 0;
}

/* Another version is told, and replaced when the user says so. */
int client_check_version(struct client *c, struct err *e)
{
	struct client_hello h;
	char *question;
	bool yes;

	if (client_hello(c, &h, e) < 0)
		return -1;
	if (h.same_version || c->spec.no_start)
		return 0;
	question = xasprintf("the collector (pid %lld) is version %s, this is %s. Restart it now?",
		(long long)h.pid, h.version, DEPINCTL_VERSION);
	yes = c->spec.may_replace(c->spec.arg, question);
	free(question);
	return yes ? replace(c, e) : 0;
}
