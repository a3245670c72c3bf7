/*
 * Roots of Merkle-Patricia tries, computed from all pairs at once: nothing is kept.
 * Source: yellow paper, appendix D.
 */
#ifndef EVM_TRIE_H
#define EVM_TRIE_H

#include "base/slice.h"
#include "evm/keccak.h"

#define TRIE_KEY_MAX 64 /* bytes */

struct evm_pair {
	struct slice key, value; /* value not empty */
};

/* Sorts pairs in place; keys unique, none empty, at most TRIE_KEY_MAX bytes. */
struct evm_hash evm_trie_root(struct evm_pair *pairs, size_t n);
/* A block's list (transactions, receipts): keys are the RLP of the index. */
struct evm_hash evm_list_root(const struct slice *values, size_t n);
struct evm_hash evm_empty_root(void);	/* of a trie without pairs */
struct evm_hash evm_empty_ommers(void); /* Keccak of an empty RLP list */

#endif
