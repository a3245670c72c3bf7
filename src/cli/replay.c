/* replay: a recording in place of the sources, in a temporary home. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "cli/exec.h"
#include "cli/sandbox.h"

#define READY_MS 20000
#define STEP_US	 20000
#define SPEED_MOST 100000

struct replay_opts {
	const char *speed;
};

static const struct opt replay_options[] = {
	{ "speed", 0, OPT_STR, COMPLETE_NONE, "X|max",
		"so many times as fast (default 1), max: as fast as it goes", NULL,
		offsetof(struct replay_opts, speed) },
	{ 0 },
};

static const char config[] = "current: replay\ncontexts:\n  - name: replay\n"
			     "collector: { linger: 30s }\n";

/* As the collector takes it: 0 is as fast as it goes. */
static const char *speed_of(const struct replay_opts *o, struct err *e)
{
	double times;

	if (!o->speed)
		return "1";
	if (strcmp(o->speed, "max") == 0)
		return "0";
	if (num_f64(slice_of(o->speed), &times) == 0 && times > 0 && times <= SPEED_MOST)
		return o->speed;
	err_set(e, ERR_USAGE, "--speed takes a number above 0, up to %d, or max, not '%.60s'",
		SPEED_MOST, o->speed);
	return NULL;
}

static int start_collector_on(
	struct sandbox *s, const char *file, const char *times, struct err *e)
{
	struct exec x = { 0 };
	int pid;

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
	const char *speed = speed_of(c->opts, e);
	struct sandbox s;
	int rc;

	if (!speed)
		return -1;
	if (access(c->words[0], R_OK) < 0)
		return err_set(e, ERR_USAGE, "%s: cannot be read", c->words[0]);
	rc = sandbox_open(&s, c, e);
	if (rc == 0)
		rc = sandbox_write_config(&s, config, e);
	if (rc == 0)
		rc = start_collector_on(&s, c->words[0], speed, e);
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
