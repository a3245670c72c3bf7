/* Everything that a run is made of: what one event or block is, follows from this alone. */
#ifndef DEVNET_WORLD_H
#define DEVNET_WORLD_H

#include "devnet/fleet.h"
#include "devnet/physics.h"
#include "devnet/sign.h"
#include "devnet/timeline.h"

/* What the user chose; together with later commands it makes the run. */
struct run_spec {
	uint64_t seed;
	int64_t epoch; /* Unix ms, whole seconds */
	uint32_t devices, sign_share, accounts;
	double rate; /* events a second */
	int64_t block_ms;
	const char *scenarios; /* texts of the command line, by commas; "" for none */
};

struct world {
	struct fleet fleet;
	struct timeline timeline;
	struct physics physics;
	struct signer signer;
	char run[9]; /* hex, of seed and epoch: part of each event's id */
};

void world_init(struct world *w, const struct run_spec *s);
void world_fini(struct world *w);

#endif
