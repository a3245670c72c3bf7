/* serve: a collector in the foreground.  stop: the end of one. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/exec.h"
#include "client/client.h"

struct serve_opts {
	const char *listen, *journal, *log_file, *log_level;
	int64_t linger_ms;
};

static const char *const levels[] = { "error", "warn", "info", "debug", NULL };
#define AT(member) offsetof(struct serve_opts, member)
static const struct opt serve_options[] = {
	{ "listen", 0, OPT_STR, COMPLETE_NONE, "ADDR:PORT",
		"also serve over TLS (certificate and token: `config explain collector`)", NULL,
		AT(listen) },
	{ "journal", 0, OPT_STR, COMPLETE_FILE, "FILE|none", "where the journal is", NULL, AT(journal) },
	{ "linger", 0, OPT_DURATION, COMPLETE_NONE, "DUR",
		"leave after so long without a client (default: stay)", NULL, AT(linger_ms) },
	{ "log-file", 0, OPT_STR, COMPLETE_FILE, "FILE", "log there instead of on stderr", NULL,
		AT(log_file) },
	{ "log-level", 0, OPT_CHOICE, COMPLETE_NONE, "LEVEL", "error, warn, info or debug", levels,
		AT(log_level) },
	{ 0 },
};
#undef AT

static int serve_run(struct cli *c, struct err *e)
{
	const struct serve_opts *o = c->opts;
	struct exec x = { 0 };
	char linger[24];

	snprintf(linger, sizeof(linger), "%lld", (long long)o->linger_ms);
	exec_option(&x, "--config", c->global.config);
	exec_option(&x, "--context", c->global.context);
	exec_option(&x, "--socket", c->global.socket);
	exec_option(&x, "--listen", o->listen);
	exec_option(&x, "--journal", o->journal);
	exec_option(&x, "--log-file", o->log_file);
	exec_option(&x, "--log-level", o->log_level);
	exec_option(&x, "--linger", linger);
	return exec_run(&x, "depinctl-collector", e);
}

const struct verb verb_serve = { .name = "serve", .args = "",
	.help = "run the collector of a context in the foreground",
	.about = "The collector talks to the sources, holds what is known, writes the journal and answers "
		 "all other commands. They start one in the background when none runs; `serve` is for "
		 "service managers and for looking at its log.",
	.opts = serve_options, .opts_size = sizeof(struct serve_opts), .run = serve_run };

static int stop_run(struct cli *c, struct err *e)
{
	struct client *client;
	struct client_hello h;
	int rc;

	c->running_only = true;
	client = cli_connect(c, e);
	if (!client)
		return -1;
	rc = client_hello(client, &h, e);
	if (rc == 0)
		rc = client_stop_collector(client, e);
	if (rc == 0)
		cli_say("the collector of context %s (pid %lld) has stopped", h.context,
			(long long)h.pid);
	client_free(client);
	return rc;
}

const struct verb verb_stop = { .name = "stop", .args = "",
	.help = "stop the collector; its journal is flushed first", .run = stop_run };
