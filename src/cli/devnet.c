/* devnet: the network in a box, by its own program. */
#include "cli/cli.h"
#include "cli/exec.h"

struct devnet_opts {
	const char *listen, *devices, *rate, *seed, *epoch, *state, *sign, *accounts, *block_time,
		*token_file, *duration;
	struct opt_list scenarios;
	bool quiet, list;
};

/* The devnet checks what is given; tests/e2e compares this table with its own. */
#define AT(member) offsetof(struct devnet_opts, member)
#define TEXT(name, arg, help, member) \
	{ name, 0, OPT_STR, COMPLETE_NONE, arg, help, NULL, AT(member) }
static const struct opt devnet_options[] = {
	TEXT("listen", "ADDR:PORT", "where to serve (127.0.0.1:7600; port 0: any free one)", listen),
	TEXT("devices", "N", "devices in the fleet (700; at most 1000000)", devices),
	TEXT("rate", "N", "events a second over the fleet (a tenth of the devices)", rate),
	TEXT("seed", "N", "the same seed and epoch make the same run (1)", seed),
	{ "scenario", 0, OPT_LIST, COMPLETE_SCENARIO, "NAME[:SITE][@OFFSET][+DURATION],...",
		"what goes wrong, and when; repeatable", NULL, AT(scenarios) },
	TEXT("epoch", "TIME", "when the run began, at most 7 days ago (now)", epoch),
	{ "state", 0, OPT_STR, COMPLETE_FILE, "FILE",
		"remember the run here; begun again with the same file, it goes on", NULL, AT(state) },
	TEXT("signed", "N", "one device in N signs its events, 0 none (16)", sign),
	TEXT("accounts", "N", "funded accounts on the chain (10)", accounts),
	TEXT("block-time", "DURATION", "between two blocks (2s)", block_time),
	{ "token-file", 0, OPT_STR, COMPLETE_FILE, "FILE", "demand this bearer token from clients", NULL,
		AT(token_file) },
	TEXT("duration", "DURATION", "end after this time", duration),
	{ "quiet", 0, OPT_FLAG, COMPLETE_NONE, NULL, "nothing on stderr but errors", NULL, AT(quiet) },
	{ "list-scenarios", 0, OPT_FLAG, COMPLETE_NONE, NULL, "name the scenarios and end", NULL,
		AT(list) },
	{ 0 },
};
#undef TEXT
#undef AT

static int devnet_run(struct cli *c, struct err *e)
{
	const struct devnet_opts *o = c->opts;
	struct exec x = { 0 };

	exec_option(&x, "--listen", o->listen);
	exec_option(&x, "--devices", o->devices);
	exec_option(&x, "--rate", o->rate);
	exec_option(&x, "--seed", o->seed);
	for (size_t i = 0; i < o->scenarios.n; i++)
		exec_option(&x, "--scenario", o->scenarios.v[i]);
	exec_option(&x, "--epoch", o->epoch);
	exec_option(&x, "--state", o->state);
	exec_option(&x, "--signed", o->sign);
	exec_option(&x, "--accounts", o->accounts);
	exec_option(&x, "--block-time", o->block_time);
	exec_option(&x, "--token-file", o->token_file);
	exec_option(&x, "--duration", o->duration);
	if (o->quiet)
		exec_add(&x, "--quiet");
	if (o->list)
		exec_add(&x, "--list-scenarios");
	return exec_run(&x, "depinctl-devnet", e);
}

static const char *const devnet_examples[] = {
	"depinctl devnet --devices 10000 --scenario overheat", "a larger fleet, and trouble in it",
	NULL,
};

const struct verb verb_devnet = { .name = "devnet", .args = "",
	.help = "a network in a box: device events, metrics and a chain on one port",
	.about = "Seven networks of simulated devices behind the same wires as real ones, for demos and "
		 "tests. It runs in the foreground and says where it serves.",
	.examples = devnet_examples, .opts = devnet_options, .opts_size = sizeof(struct devnet_opts),
	.run = devnet_run };
