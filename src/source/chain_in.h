/* Inside the chain: what its files share.  Nobody else includes this. */
#ifndef SOURCE_CHAIN_IN_H
#define SOURCE_CHAIN_IN_H

#include "model/delta.h"
#include "source/chain.h"
#include "wire/ethrpc.h"

#define WALK_MAX 2048 /* blocks walked back to meet our chain; a longer gap is counted */

struct chain {
	struct source *src;
	struct ethlink *link;
	uint32_t ledger; /* MODEL_NONE until a chain id is known */
	uint64_t id;	 /* 0: not known; recorded with the cursor: no node may change it */
	int64_t heard_ms;
	bool busy;    /* a walk is under way */
	bool again;   /* a head came meanwhile */
	bool missed;  /* a walk failed: another is to be asked for */
	bool started; /* we hold a chain */
	struct eth_block walk[WALK_MAX]; /* newest first */
	size_t walk_n;
	size_t walk_max; /* of this walk */
	size_t emit_at;	 /* of the walk, going down to 0 */
	uint32_t generation; /* of the line: answers of an older one are passed over */
};

struct delta_block chain_delta(const struct eth_block *b); /* of no ledger, without its logs */
/* Into the model: how many blocks it replaced; -1: refused. */
int64_t chain_add_block(struct chain *c, const struct eth_block *b, size_t logs);
/* A block that came, with what follows from it: into a recording, the cursor, an event. */
void chain_emit_block(struct chain *c, const struct eth_block *b, size_t logs);
void chain_emit_log(struct chain *c, const json_t *log);
/* As it came, for a recording. */
void chain_keep_json(struct chain *c, const char *part, const json_t *j);

#endif
