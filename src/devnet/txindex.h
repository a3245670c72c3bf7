/* From a transaction's hash to the block that holds it: 12 bytes each, open addressing. */
#ifndef DEVNET_TXINDEX_H
#define DEVNET_TXINDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "evm/keccak.h"

struct txindex;

struct txindex *txindex_new(void);
void txindex_free(struct txindex *x);
/* Again for the same hash: the newer block. */
void txindex_put(struct txindex *x, const struct evm_hash *h, uint32_t block);
/* May be wrong with a probability of 2^-64: the caller looks into the block. */
bool txindex_get(const struct txindex *x, const struct evm_hash *h, uint32_t *block);

#endif
