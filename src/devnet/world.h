/* Everything that a run is made of: what one event or block is, follows from this alone. */
#ifndef DEVNET_WORLD_H
#define DEVNET_WORLD_H

#include "devnet/fleet.h"
#include "devnet/physics.h"
#include "devnet/sign.h"
#include "devnet/timeline.h"

struct world_spec {
	uint64_t seed;
	int64_t epoch;	 /* Unix ms, whole seconds */
	uint32_t devices;
	uint32_t sign_share;
	double rate;	 /* events a second */
};

struct world {
	struct fleet fleet;
	struct timeline timeline;
	struct physics physics;
	struct signer signer;
	char run[9]; /* hex, of seed and epoch: part of each event's id */
};

void world_init(struct world *w, const struct world_spec *s);
void world_fini(struct world *w);

#endif
