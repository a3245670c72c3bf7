/* replay: a recording in place of the sources, in a temporary home. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/exec.h"
#include "cli/sandbox.h"

#define READY_MS 20000
#define STEP_US	 20000

struct replay_opts {
	double speed;
};

static const struct opt replay_options[] = {
	{ "speed", 0, OPT_REAL, COMPLETE_NONE, "X", "so many times as fast (default 1)", NULL,
		offsetof(struct replay_opts, speed) },
	{ 0 },
};

static const char config[] = "current: replay\ncontexts:\n  - name: replay\n"
			     "collector: { linger: 30s }\n";

static int start_collector_on(struct sandbox *s, const char *file, double speed, struct err *e)
{
	struct exec x = { 0 };
	char times[32];
	int pid;

	snprintf(times, sizeof(times), "%.17g", speed > 0 ? speed : 1);
	exec_option(&x, "--config", s->config);
	exec_option(&x, "--socket", s->socket);
	exec_option(&x, "--journal", "none");
	exec_option(&x, "--replay", file);
	exec_option(&x, "--speed", times);
	pid = exec_child(&x, "depinctl-collector", s->log_fd, e);
	if (pid < 0)
		return -1;
	sandbox_adopt(s, pid);
	for (int ms = 0; ms < READY_MS; ms += STEP_US / 1000) {
		if (access(s->socket, F_OK) == 0)
			return 0;
		if (!sandbox_child_lives(s, pid))
			break;
		usleep(STEP_US);
	}
	sandbox_show_log(s);
	return err_set(e, ERR_USAGE, "cannot replay %s", file);
}

static int replay_run(struct cli *c, struct err *e)
{
	const struct replay_opts *o = c->opts;
	struct sandbox s;
	int rc;

	if (access(c->words[0], R_OK) < 0)
		return err_set(e, ERR_USAGE, "%s: cannot be read", c->words[0]);
	rc = sandbox_open(&s, c, e);
	if (rc == 0)
		rc = sandbox_write_config(&s, config, e);
	if (rc == 0)
		rc = start_collector_on(&s, c->words[0], o->speed, e);
	c->running_only = true;
	if (rc == 0)
		rc = sandbox_show(&s, c, e);
	sandbox_close(&s);
	return rc;
}

const struct verb verb_replay = { .name = "replay", .args = "FILE", .min = 1, .max = 1,
	.help = "show a recorded session as if it were now",
	.about = "A collector reads the recording in place of its sources; nothing of it is kept. Without "
		 "a terminal it runs for a few seconds, prints the status and the worst devices, and ends.",
	.complete = WORDS_FILE, .opts = replay_options, .opts_size = sizeof(struct replay_opts),
	.run = replay_run };
