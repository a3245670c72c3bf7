/* record: the bytes that sources send, as they come, into a file. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "cli/cli.h"
#include "client/client.h"
#include "loop/loop.h"

struct record_opts {
	int64_t for_ms;
	bool stop, detach;
};

#define AT(member) offsetof(struct record_opts, member)
static const struct opt record_options[] = {
	{ "for", 0, OPT_DURATION, COMPLETE_NONE, "DUR", "end after so long (default: at Ctrl-C)", NULL,
		AT(for_ms) },
	{ "detach", 0, OPT_FLAG, COMPLETE_NONE, NULL, "begin, and leave the collector recording", NULL,
		AT(detach) },
	{ "stop", 0, OPT_FLAG, COMPLETE_NONE, NULL, "end the recording that is under way", NULL,
		AT(stop) },
	{ 0 },
};
#undef AT

static int record_ask(struct client *client, const char *file, json_t **answer, struct err *e)
{
	struct buf params, result;
	struct jw w;
	int rc;

	buf_init(&params, 64u << 10);
	buf_init(&result, 64u << 10);
	jw_init(&w, &params);
	jw_object(&w);
	jw_key(&w, "file");
	if (file)
		jw_str(&w, slice_of(file));
	else
		jw_null(&w);
	jw_end(&w);
	rc = client_ask(client, "record", buf_slice(&params), &result, e);
	*answer = rc == 0 ? json_load(buf_slice(&result), e) : NULL;
	buf_fini(&params);
	buf_fini(&result);
	return *answer ? 0 : -1;
}

/* The collector opens the file: it stands in a folder of its own. */
static char *absolute(const char *file)
{
	char *cwd, *path;

	if (*file == '/')
		return xstrdup(file);
	cwd = getcwd(NULL, 0);
	path = xasprintf("%s/%s", cwd ? cwd : "", file);
	free(cwd);
	return path;
}

static void on_signal(void *arg, int signo)
{
	*(bool *)arg = true;
}

static int wait_end(struct client *client, int64_t for_ms, struct err *e)
{
	struct loop *loop = client_loop(client);
	bool over = false;
	int64_t end = clock_mono_us_now() / 1000 + for_ms;

	loop_signal(loop, SIGINT, on_signal, &over);
	loop_signal(loop, SIGTERM, on_signal, &over);
	while (!over && client_up(client)) {
		int64_t left = for_ms ? end - clock_mono_us_now() / 1000 : 1000;

		if (left <= 0)
			break;
		loop_turn(loop, left > 1000 ? 1000 : (int)left);
	}
	return client_wait(client, e);
}

static int stop(struct client *client, struct err *e)
{
	json_t *answer;
	const char *file;
	int rc = 0;

	if (record_ask(client, NULL, &answer, e) < 0)
		return -1;
	file = json_str(answer, "file", "");
	if (*file)
		cli_say("recorded %lld bytes in %s", (long long)json_i64(answer, "bytes", 0), file);
	else
		rc = err_set(e, ERR_NO, "nothing is being recorded");
	json_decref(answer);
	return rc;
}

static int begin(
	struct client *client, const struct record_opts *o, const char *file, struct err *e)
{
	json_t *answer;
	int rc = record_ask(client, file, &answer, e);

	if (rc < 0)
		return -1;
	json_decref(answer);
	if (o->detach) {
		cli_say("recording into %s; `depinctl record --stop` ends it", file);
		return 0;
	}
	cli_say("recording into %s%s", file, o->for_ms ? "" : "; Ctrl-C ends it");
	return wait_end(client, o->for_ms, e) < 0 ? -1 : stop(client, e);
}

static int record_run(struct cli *c, struct err *e)
{
	const struct record_opts *o = c->opts;
	struct client *client;
	char *file;
	int rc;

	if (o->stop == (c->words_n == 1))
		return err_set(e, ERR_USAGE, "either a FILE to record into, or --stop");
	client = cli_connect(c, e);
	if (!client)
		return -1;
	file = o->stop ? NULL : absolute(c->words[0]);
	rc = o->stop ? stop(client, e) : begin(client, o, file, e);
	free(file);
	client_free(client);
	return rc;
}

const struct verb verb_record = { .name = "record", .args = "[FILE]", .min = 0, .max = 1,
	.help = "keep the bytes that sources send, for replay",
	.about = "The collector writes what its sources send into a new FILE, with the time of each piece, "
		 "until Ctrl-C, --for or --stop.",
	.complete = WORDS_FILE, .opts = record_options, .opts_size = sizeof(struct record_opts),
	.run = record_run };
