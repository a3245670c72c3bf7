/*
 * Anchors: the Merkle root of a site's telemetry within a span of positions.
 * Leaves are the Keccak-256 of each frame's text, in order; a pair is hashed smaller first;
 * the last of an odd row moves up as it is; no leaves: zeros.
 */
#ifndef DEVNET_ANCHOR_H
#define DEVNET_ANCHOR_H

#include "devnet/world.h"
#include "evm/keccak.h"

#define ANCHOR_SPAN 1024 /* positions that an anchor covers at most */

struct anchor {
	uint8_t site;
	uint64_t from, to; /* positions, both included */
	struct evm_hash root;
};

struct evm_hash anchor_merkle(struct evm_hash *leaves, size_t n); /* overwrites them */
/* The anchor of a site made at `now`, when it made its last at `before` (0: never). */
void anchor_make(struct world *w, uint8_t site, int64_t before, int64_t now, struct anchor *a);

#endif
