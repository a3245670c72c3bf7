/* devnet: the network in a box, by its own program. */
#include "cli/cli.h"
#include "cli/exec.h"

struct devnet_opts {
	const char *listen, *devices, *rate, *seed, *scenario, *accounts;
};

#define AT(member) offsetof(struct devnet_opts, member)
static const struct opt devnet_options[] = {
	{ "listen", 0, OPT_STR, COMPLETE_NONE, "ADDR:PORT", "where it serves (default 127.0.0.1:7600)",
		NULL, AT(listen) },
	{ "devices", 0, OPT_STR, COMPLETE_NONE, "N", "how many devices the fleet has", NULL,
		AT(devices) },
	{ "rate", 0, OPT_STR, COMPLETE_NONE, "N", "events a second", NULL, AT(rate) },
	{ "seed", 0, OPT_STR, COMPLETE_NONE, "S", "the same seed is the same run", NULL, AT(seed) },
	{ "scenario", 0, OPT_STR, COMPLETE_NONE, "NAME", "what goes wrong, by name", NULL,
		AT(scenario) },
	{ "accounts", 0, OPT_STR, COMPLETE_NONE, "N", "funded accounts on its chain", NULL,
		AT(accounts) },
	{ 0 },
};
#undef AT

static int devnet_run(struct cli *c, struct err *e)
{
	const struct devnet_opts *o = c->opts;
	struct exec x = { 0 };

	exec_option(&x, "--listen", o->listen);
	exec_option(&x, "--devices", o->devices);
	exec_option(&x, "--rate", o->rate);
	exec_option(&x, "--seed", o->seed);
	exec_option(&x, "--scenario", o->scenario);
	exec_option(&x, "--accounts", o->accounts);
	return exec_run(&x, "depinctl-devnet", e);
}

const struct verb verb_devnet = { .name = "devnet", .args = "",
	.help = "a network in a box: device events, metrics and a chain on one port",
	.about = "Seven networks of simulated devices behind the same wires as real ones, for demos and "
		 "tests. It runs in the foreground and says where it serves.",
	.opts = devnet_options, .opts_size = sizeof(struct devnet_opts), .run = devnet_run };
