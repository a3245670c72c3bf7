/*
 * The state file: what a run is, and what was done to it, one JSON object a line, appended and
 * synced before it takes effect.  Read again it makes the same run, so a devnet may be killed
 * at any moment and goes on where it would have been.
 */
#ifndef DEVNET_STATE_H
#define DEVNET_STATE_H

#include "base/err.h"
#include "devnet/scenario.h"
#include "devnet/world.h"

/* Which of a run_spec the user asked for: they must agree with the file's. */
struct run_given {
	bool seed, epoch, devices, sign_share, accounts, rate, block_ms, scenarios;
};

struct state;

/* Opens or begins the file and locks it.  If it holds a run, spec becomes that run
 * (spec->scenarios then belongs to the state).  ERR_USAGE: it is another run than asked for. */
struct state *state_open(const char *path, struct run_spec *spec, const struct run_given *given,
	struct err *e);
void state_free(struct state *s);
/* Adds the commands that the file held to the list, in their order. */
int state_replay(struct state *s, struct scenario_list *l, const struct fleet *f, struct err *e);
/* Returns when the command is on disk. */
int state_append(struct state *s, const struct scenario_ask *a, struct err *e);

#endif
