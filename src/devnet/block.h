/*
 * One block of the devnet's chain, made whole from its number, branch and parent: devices are
 * registered in the first blocks, a site's readings anchored in each.  Hashes, signatures,
 * roots and bloom are real; there is no state and no machine behind them (the state root is
 * a digest of the number).
 */
#ifndef DEVNET_BLOCK_H
#define DEVNET_BLOCK_H

#include "devnet/account.h"
#include "devnet/world.h"
#include "evm/header.h"
#include "evm/tx.h"

#define CHAIN_ID       41337u
#define BLOCK_GAS_LIMIT 30000000u
#define BLOCK_REGISTERS 8 /* devices registered in a block */
#define BLOCK_TXS	(BLOCK_REGISTERS + 1)

struct block_tx {
	struct evm_tx tx; /* data points into input */
	struct evm_addr from;
	struct evm_hash hash;
	uint64_t gas_used;
	struct buf input, log_data;
	struct evm_log log; /* each emits one; data points into log_data */
};

struct block {
	struct evm_header header;
	struct evm_hash hash;
	uint32_t branch; /* 0, or the reorg that made it */
	size_t size;	 /* bytes in RLP, bodies included */
	char extra[32];
	size_t ntxs;
	struct block_tx txs[BLOCK_TXS];
};

/* What the blocks of a run have in common. */
struct block_maker {
	struct world *world;
	int64_t block_ms;
	struct evm_addr registry;
	struct account registrar, anchorer, operators[NETWORKS];
	uint8_t active[FLEET_SITES_MAX]; /* sites that have devices */
	size_t nactive;
	struct evm_hash topic_registered, topic_anchored;
};

void block_maker_init(struct block_maker *m, struct world *w, int64_t block_ms);
int64_t block_time(const struct block_maker *m, uint64_t number); /* Unix ms */
uint64_t block_next_base_fee(uint64_t base_fee, uint64_t gas_used);
/* parent NULL for block 0. */
struct block *block_make(const struct block_maker *m, uint64_t number, uint32_t branch,
	const struct evm_hash *parent, uint64_t base_fee);
void block_free(struct block *b);
uint64_t block_gas_price(const struct block *b, const struct block_tx *t); /* effective */

#endif
