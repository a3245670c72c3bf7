/*
 * The devnet's chain: one block every block_ms from the epoch, and the reorgs of the run's
 * scenarios.  Of each block only hash, fee and gas are kept; the rest is made again when asked
 * for, and the last few hundred made are remembered.
 */
#ifndef DEVNET_CHAIN_H
#define DEVNET_CHAIN_H

#include "devnet/block.h"

struct chain;

struct chain_ops {
	/* The canonical chain lost / won this block; lost ones come highest first. */
	void (*lost)(void *arg, const struct block *b);
	void (*won)(void *arg, const struct block *b);
};

struct chain *chain_new(struct world *w, int64_t block_ms, uint32_t accounts);
void chain_free(struct chain *c);
/* NULL: nobody is told. */
void chain_tell(struct chain *c, const struct chain_ops *ops, void *arg);
/* Makes what is due by `now`, at most max_blocks of it; false when more is due.  The timeline
 * must have been advanced to `now`. */
bool chain_advance(struct chain *c, int64_t now, size_t max_blocks);

uint64_t chain_head(const struct chain *c);
/* The block that is due by `now`, made or not. */
uint64_t chain_due(const struct chain *c, int64_t now);
/* Canonical; NULL beyond the head.  Good until the next call of the chain. */
const struct block *chain_block(struct chain *c, uint64_t number);
/* Canonical or one of the last orphans; NULL: unknown. */
const struct block *chain_block_by_hash(struct chain *c, const struct evm_hash *h);
bool chain_is_canonical(const struct chain *c, const struct block *b);
/* The block and index of a transaction of the canonical chain. */
const struct block *chain_tx(struct chain *c, const struct evm_hash *h, size_t *index);

const struct block_maker *chain_maker(const struct chain *c);
const struct account *chain_accounts(const struct chain *c, uint32_t *n);

#endif
