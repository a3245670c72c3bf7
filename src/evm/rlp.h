/*
 * RLP, the chain's serialisation.  Source: Ethereum yellow paper, appendix B.
 * Writing: items are appended to a struct buf (its limit shows in b->full); a list is what
 * stands between rlp_open() and rlp_close().
 * Reading is strict: shortest length forms only, nothing cut off.  It does not recurse: a
 * list's body is read like a string of items, by the caller, as deep as he cares.
 */
#ifndef EVM_RLP_H
#define EVM_RLP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "evm/u256.h"

struct rlp {
	bool list;
	struct slice body; /* without the prefix */
	struct slice raw;  /* with it */
};

void rlp_bytes(struct buf *b, const void *p, size_t n);
void rlp_u64(struct buf *b, uint64_t v); /* integers: no leading zeros, zero is the empty string */
void rlp_u256(struct buf *b, struct u256 v);
size_t rlp_open(struct buf *b);
void rlp_close(struct buf *b, size_t mark);

/* Takes one item off the front of *in; the slices point into it. */
int rlp_next(struct slice *in, struct rlp *out, struct err *e);
/* One item and nothing after it. */
int rlp_whole(struct slice in, struct rlp *out, struct err *e);
/* The next item, which must be a string of n bytes / an integer / a list. */
int rlp_next_bytes(struct slice *in, uint8_t *out, size_t n, struct err *e);
int rlp_next_u64(struct slice *in, uint64_t *out, struct err *e);
int rlp_next_u256(struct slice *in, struct u256 *out, struct err *e);
int rlp_next_list(struct slice *in, struct slice *body, struct err *e);

#endif
