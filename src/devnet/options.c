#include "devnet/options.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/num.h"

#define RATE_MAX     250000.0
#define EPOCH_PAST_MS (7 * 86400 * 1000ll)
#define BLOCK_MIN_MS 250
#define BLOCK_MAX_MS (3600 * 1000ll)

struct row {
	const char *name, *arg, *help;
	int (*set)(struct options *o, const char *v, int64_t now, struct err *e); /* v NULL: a flag */
};

static int number(const char *v, uint64_t min, uint64_t max, uint64_t *out, struct err *e)
{
	if (num_u64(slice_of(v), out) < 0 || *out < min || *out > max)
		return err_set(e, ERR_USAGE, "want a whole number from %llu to %llu, not \"%s\"",
			(unsigned long long)min, (unsigned long long)max, v);
	return 0;
}

static int duration(const char *v, int64_t min, int64_t max, int64_t *out, struct err *e)
{
	if (num_duration_ms(v, out, e) < 0)
		return -1;
	if (*out < min || *out > max)
		return err_set(e, ERR_USAGE, "%s is out of range (%lld ms to %lld s)", v,
			(long long)min, (long long)max / 1000);
	return 0;
}

static int set_listen(struct options *o, const char *v, int64_t now, struct err *e)
{
	if (!strchr(v, ':'))
		return err_set(e, ERR_USAGE, "want ADDR:PORT, not \"%s\"", v);
	o->listen = v;
	return 0;
}

static int set_devices(struct options *o, const char *v, int64_t now, struct err *e)
{
	uint64_t n;

	if (number(v, 1, FLEET_MAX, &n, e) < 0)
		return -1;
	o->run.devices = (uint32_t)n;
	o->given.devices = true;
	return 0;
}

static int set_rate(struct options *o, const char *v, int64_t now, struct err *e)
{
	if (num_f64(slice_of(v), &o->run.rate) < 0 ||
		!(o->run.rate >= 0.01 && o->run.rate <= RATE_MAX))
		return err_set(e, ERR_USAGE, "want 0.01 to %.0f events a second, not \"%s\"", RATE_MAX, v);
	o->given.rate = true;
	return 0;
}

static int set_seed(struct options *o, const char *v, int64_t now, struct err *e)
{
	o->given.seed = true;
	return number(v, 0, INT64_MAX, &o->run.seed, e);
}

static int set_scenario(struct options *o, const char *v, int64_t now, struct err *e)
{
	size_t n = strlen(o->scenarios), more = strlen(v);

	if (n + more + 2 > sizeof(o->scenarios))
		return err_set(e, ERR_USAGE, "too many scenarios for one command line");
	if (n)
		o->scenarios[n++] = ',';
	memcpy(o->scenarios + n, v, more + 1);
	o->given.scenarios = true;
	return 0;
}

static int set_accounts(struct options *o, const char *v, int64_t now, struct err *e)
{
	uint64_t n;

	if (number(v, 0, 1000, &n, e) < 0)
		return -1;
	o->run.accounts = (uint32_t)n;
	o->given.accounts = true;
	return 0;
}

static int set_epoch(struct options *o, const char *v, int64_t now, struct err *e)
{
	int64_t t;

	if (num_moment_ms(v, now, &t, e) < 0)
		return -1;
	if (t > now || t < now - EPOCH_PAST_MS)
		return err_set(e, ERR_USAGE, "%s is not within the last 7 days", v);
	o->run.epoch = t / 1000 * 1000;
	o->given.epoch = true;
	return 0;
}

static int set_signed(struct options *o, const char *v, int64_t now, struct err *e)
{
	uint64_t n;

	if (number(v, 0, FLEET_MAX, &n, e) < 0)
		return -1;
	o->run.sign_share = (uint32_t)n;
	o->given.sign_share = true;
	return 0;
}

static int set_block_time(struct options *o, const char *v, int64_t now, struct err *e)
{
	o->given.block_ms = true;
	return duration(v, BLOCK_MIN_MS, BLOCK_MAX_MS, &o->run.block_ms, e);
}

static int set_state(struct options *o, const char *v, int64_t now, struct err *e)
{
	o->state_file = v;
	return 0;
}

static int set_token_file(struct options *o, const char *v, int64_t now, struct err *e)
{
	o->token_file = v;
	return 0;
}

static int set_duration(struct options *o, const char *v, int64_t now, struct err *e)
{
	return duration(v, 1, 366 * 86400 * 1000ll, &o->duration_ms, e);
}

static int set_quiet(struct options *o, const char *v, int64_t now, struct err *e)
{
	o->quiet = true;
	return 0;
}

static int set_list(struct options *o, const char *v, int64_t now, struct err *e)
{
	o->action = OPTIONS_LIST;
	return 0;
}

static int set_help(struct options *o, const char *v, int64_t now, struct err *e)
{
	o->action = OPTIONS_HELP;
	return 0;
}

static int set_version(struct options *o, const char *v, int64_t now, struct err *e)
{
	o->action = OPTIONS_VERSION;
	return 0;
}

static const struct row rows[] = {
	{ "listen", "ADDR:PORT", "where to serve (127.0.0.1:7600; port 0: any free one)", set_listen },
	{ "devices", "N", "devices in the fleet (700; at most 1000000)", set_devices },
	{ "rate", "N", "events a second over the fleet (a tenth of the devices)", set_rate },
	{ "seed", "N", "the same seed and epoch make the same run (1)", set_seed },
	{ "scenario", "NAME[:SITE][@OFFSET][+DURATION],...", "what goes wrong, and when; repeatable",
		set_scenario },
	{ "epoch", "TIME", "when the run began, at most 7 days ago (now)", set_epoch },
	{ "state", "FILE", "remember the run here; begun again with the same file, it goes on",
		set_state },
	{ "signed", "N", "one device in N signs its events, 0 none (16)", set_signed },
	{ "accounts", "N", "funded accounts on the chain (10)", set_accounts },
	{ "block-time", "DURATION", "between two blocks (2s)", set_block_time },
	{ "token-file", "FILE", "demand this bearer token from clients", set_token_file },
	{ "duration", "DURATION", "end after this time", set_duration },
	{ "quiet", NULL, "nothing on stderr but errors", set_quiet },
	{ "list-scenarios", NULL, "name the scenarios and end", set_list },
	{ "help", NULL, "this text", set_help },
	{ "version", NULL, "the version", set_version },
};

static const struct row *row_of(struct slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (slice_is(name, rows[i].name))
			return &rows[i];
	return NULL;
}

/* "--name value", "--name=value" or a flag; returns how many words it took, or -1. */
static int take(struct options *o, char **argv, int64_t now, struct err *e)
{
	struct slice name = slice_of(argv[0] + 2);
	const char *eq = strchr(argv[0], '='), *v = eq ? eq + 1 : argv[1];
	const struct row *r;

	if (eq)
		name.n = (size_t)(eq - name.p);
	r = strncmp(argv[0], "--", 2) == 0 ? row_of(name) : NULL;
	if (!r)
		return err_set(e, ERR_USAGE, "unknown option \"%.100s\" (--help lists them)", argv[0]);
	if (!r->arg && eq)
		return err_set(e, ERR_USAGE, "--%s takes no value", r->name);
	if (r->arg && !v)
		return err_set(e, ERR_USAGE, "--%s needs %s", r->name, r->arg);
	if (r->set(o, r->arg ? v : NULL, now, e) < 0)
		return err_prefix(e, "--%s", r->name);
	return r->arg && !eq ? 2 : 1;
}

int options_parse(struct options *o, int argc, char **argv, int64_t now_ms, struct err *e)
{
	int n;

	*o = (struct options){ .listen = "127.0.0.1:7600",
		.run = { .seed = 1, .epoch = now_ms / 1000 * 1000, .devices = 700, .sign_share = 16,
			.accounts = 10, .block_ms = 2000 } };
	for (int i = 1; i < argc; i += n) {
		n = take(o, argv + i, now_ms, e);
		if (n < 0)
			return -1;
	}
	o->run.scenarios = o->scenarios;
	if (!o->given.rate)
		o->run.rate = fmax(1, o->run.devices / 10.0);
	return 0;
}

void options_help(struct buf *out)
{
	buf_adds(out, "usage: depinctl devnet [OPTION]...\n"
		      "A whole network in a box: devices that stream CloudEvents, /metrics, and an\n"
		      "Ethereum chain, on one loopback port.\n\n");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		buf_addf(out, "  --%s %s\n", rows[i].name, rows[i].arg ? rows[i].arg : "");
		buf_addf(out, "        %s\n", rows[i].help);
	}
}

void options_scenarios(struct buf *out)
{
	for (size_t i = 0; i < SC_COUNT; i++)
		buf_addf(out, "%-10s %s\n", scenario_types[i].name, scenario_types[i].help);
	buf_addf(out, "%-10s %s\n", "demo", "a few of these, staged over the first minutes");
}
