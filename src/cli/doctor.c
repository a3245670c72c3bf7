/* doctor: goes through the set-up, says of each part ok, warn or fail, and what to do. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/jtext.h"
#include "base/num.h"
#include "base/utf8.h"
#include "cli/ask.h"
#include "cli/cell.h"
#include "cli/cli.h"
#include "client/client.h"
#include "client/start.h"
#include "config/config.h"
#include "config/paths.h"

enum verdict { OK, WARN, FAIL };

struct doctor {
	struct cli *c;
	struct config *config;
	int fails;
};

__attribute__((format(printf, 5, 6)))
static void tell(struct doctor *d, enum verdict v, const char *part, const char *hint, const char *fmt, ...)
{
	static const char *const words[] = { "ok", "warn", "fail" };
	const struct mark *m = mark_of(slice_of(words[v]));
	struct out *o = &d->c->out;
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = xvasprintf(fmt, ap);
	va_end(ap);
	if (o->colour)
		out_addf(o, "\033[%sm", m->sgr);
	if (o->tty)
		out_addf(o, "%s ", o->utf8 ? m->glyph : m->ascii);
	out_addf(o, "%-4s", words[v]);
	if (o->colour)
		out_adds(o, "\033[0m");
	out_addf(o, "  %-11s ", part);
	out_foreign(o, slice_of(s));
	out_adds(o, "\n");
	if (v != OK && hint) {
		out_pad(o, 18 + (o->tty ? 2 : 0));
		out_foreign(o, slice_of(hint));
		out_adds(o, "\n");
	}
	d->fails += v == FAIL;
	out_flush(o);
	free(s);
}

/* --- configuration --- */

static void check_context(struct doctor *d, struct config_notes *notes)
{
	const struct config_context *x;
	struct err e;

	d->config = config_read(d->c->global.config, notes, &e);
	if (!d->config) {
		tell(d, FAIL, "config", "`depinctl config explain` tells what may stand there", "%s", e.text);
		return;
	}
	x = config_context(d->config, d->c->global.context, &e);
	if (!d->config->n_contexts && !d->c->global.context)
		tell(d, FAIL, "config", "write one, or look at `depinctl demo` first",
			"no context is configured");
	else if (!x)
		tell(d, FAIL, "config", "set `current`, or name one with --context", "%s", e.text);
	else
		tell(d, OK, "config", NULL, "%s, context %s: %zu source%s, %zu ledger%s",
			d->config->path ? d->config->path : "defaults", x->name, x->n_sources,
			x->n_sources == 1 ? "" : "s", x->n_ledgers, x->n_ledgers == 1 ? "" : "s");
}

/* Of the file as a whole, whichever its contexts. */
static void check_config(struct doctor *d)
{
	struct config_notes notes = { 0 };

	check_context(d, &notes);
	for (size_t i = 0; d->config && i < notes.n; i++)
		tell(d, WARN, "config", NULL, "line %u: %s", notes.v[i].line, notes.v[i].text);
	config_notes_fini(&notes);
}

static int check_secret(struct doctor *d, const char *whose, const struct config_token *t)
{
	struct err e;
	char *secret;

	if (!t->file && !t->env)
		return 0;
	if (config_secret(t, &secret, &e) == 0) {
		config_secret_free(secret);
		return 1;
	}
	tell(d, FAIL, "secrets", "a token's file is readable for its owner alone (mode 0600)", "%s: %s",
		whose, e.text);
	return 0;
}

static void check_secrets(struct doctor *d)
{
	struct err ignored;
	const struct config_context *x = d->config
		? config_context(d->config, d->c->global.context, &ignored) : NULL;
	int sound = 0;

	if (!x)
		return;
	for (size_t i = 0; i < x->n_sources; i++)
		sound += check_secret(d, x->sources[i].name, &x->sources[i].token);
	for (size_t i = 0; i < x->n_ledgers; i++)
		sound += check_secret(d, x->ledgers[i].name, &x->ledgers[i].token);
	sound += check_secret(d, "collector", &d->config->collector.token);
	if (sound)
		tell(d, OK, "secrets", NULL, "%d found, closed to others", sound);
}

static void check_folder(struct doctor *d, const char *part, char *(*where)(struct err *e))
{
	struct err e;
	char *path = where(&e);

	if (path)
		tell(d, OK, part, NULL, "%s", path);
	else
		tell(d, FAIL, part, "it must be ours and closed to others (chmod 700)", "%s", e.text);
	free(path);
}

static void check_programs(struct doctor *d)
{
	static const char *const names[] = { "depinctl-collector", "depinctl-devnet" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct err e;
		char *path = start_program(names[i], &e);

		if (path)
			tell(d, OK, "program", NULL, "%s", path);
		else
			tell(d, i ? WARN : FAIL, "program", "install depinctl whole", "%s", e.text);
		free(path);
	}
}

/* --- the collector and its sources --- */

/* An error that asks what to try ("is it running?") is hint enough. */
static void check_source(struct doctor *d, struct slice row)
{
	char *name = jtext_member(row, "name"), *state = jtext_member(row, "state");
	char *error = jtext_member(row, "error");
	char *hint = xasprintf("`depinctl describe source %s` tells more", name);

	if (strcmp(state, "live") == 0)
		tell(d, OK, "source", NULL, "%s is live", name);
	else
		tell(d, strcmp(state, "down") == 0 ? FAIL : WARN, "source",
			strchr(error, '?') ? NULL : hint, "%s is %s%s%s", name, state, *error ? ": " : "", error);
	free(hint);
	free(name);
	free(state);
	free(error);
}

/* Ledgers are among them. */
static void check_sources(struct doctor *d, struct client *client)
{
	struct ask a = { .kind = "sources", .limit = 1000 };
	struct buf params, answer;
	struct slice rows, row;
	struct jtext_walk w;
	struct err e;

	buf_init(&params, 4096);
	buf_init(&answer, 16u << 20);
	ask_text(&a, &params);
	if (client_ask(client, "query", buf_slice(&params), &answer, &e) < 0)
		tell(d, FAIL, "source", NULL, "%s", e.text);
	else if (jtext_get(buf_slice(&answer), "rows", &rows) && jtext_open(&w, rows) == 0)
		while (jtext_next(&w, NULL, &row) == 1)
			check_source(d, row);
	buf_fini(&params);
	buf_fini(&answer);
}

static bool has_context(const struct doctor *d)
{
	const struct cli_globals *g = &d->c->global;
	struct err ignored;

	return (g->socket && !g->context) ||
	       (d->config && config_context(d->config, g->context, &ignored));
}

static void check_collector(struct doctor *d)
{
	struct client_hello h;
	struct client *client;
	struct err e;

	if (!has_context(d))
		return; /* that has been told */
	d->c->running_only = true;
	client = cli_connect(d->c, &e);
	if (!client) {
		tell(d, e.class == ERR_UNREACH ? WARN : FAIL, "collector",
			e.class == ERR_UNREACH ? "the next command starts one" : NULL, "%s", e.text);
		return;
	}
	if (client_hello(client, &h, &e) < 0)
		tell(d, FAIL, "collector", "`depinctl stop`, then try again", "%s", e.text);
	else if (!h.same_version)
		tell(d, WARN, "collector", "`depinctl stop`; the next command starts one of this version",
			"pid %lld is version %s, this is %s", (long long)h.pid, h.version,
			DEPINCTL_VERSION);
	else
		tell(d, OK, "collector", NULL, "pid %lld, context %s, version %s", (long long)h.pid,
			h.context, h.version);
	if (client_up(client))
		check_sources(d, client);
	client_free(client);
}

/* --- where we run --- */

static void check_terminal(struct doctor *d)
{
	const char *term = getenv("TERM"), *colours = getenv("COLORTERM");
	bool known = term && *term && strcmp(term, "dumb") != 0;

	if (!isatty(STDIN_FILENO) && !d->c->out.tty)
		tell(d, OK, "terminal", NULL, "none here: commands work, the console needs one");
	else if (!known)
		tell(d, WARN, "terminal", "export TERM=xterm-256color, or what your terminal is",
			"TERM is %s: the console cannot draw", term && *term ? term : "not set");
	else
		tell(d, OK, "terminal", NULL, "%s, %s", term,
			getenv("NO_COLOR") && *getenv("NO_COLOR") ? "no colours (NO_COLOR)"
			: colours && *colours ? colours : strstr(term, "256") ? "256 colours" : "16 colours");
	if (out_locale_utf8())
		tell(d, OK, "locale", NULL, "UTF-8");
	else
		tell(d, WARN, "locale", "export LANG=C.UTF-8 for plots and glyphs",
			"not UTF-8: ASCII stands in");
}

static void check_clock(struct doctor *d)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	if (ts.tv_sec < 1735689600) /* 2025: before this program was */
		tell(d, FAIL, "clock", "set the clock (timedatectl set-ntp true)",
			"it says a year before this program was written");
	else if (access("/run/systemd/timesync/synchronized", F_OK) != 0
		&& access("/run/chrony/chronyd.pid", F_OK) != 0 && access("/run/ntpd.pid", F_OK) != 0)
		tell(d, WARN, "clock", "ages and lags are as right as the clock: run an NTP service",
			"no time service is known to keep it");
	else
		tell(d, OK, "clock", NULL, "kept by a time service");
}

static int doctor_run(struct cli *c, struct err *e)
{
	struct doctor d = { .c = c };

	check_config(&d);
	check_secrets(&d);
	check_folder(&d, "sockets", config_runtime_dir);
	check_folder(&d, "state", config_state_dir);
	check_programs(&d);
	check_collector(&d);
	check_terminal(&d);
	check_clock(&d);
	config_free(d.config);
	return d.fails ? 1 : 0;
}

const struct verb verb_doctor = { .name = "doctor", .args = "",
	.help = "check the set-up, and say what to fix",
	.about = "Configuration, secrets, folders, programs, the collector and each of its sources, the "
		 "terminal and the clock. The exit code is 1 when something fails.",
	.run = doctor_run };
