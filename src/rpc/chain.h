/* A queue of bytes to write: small pieces share a block, a large one gets its own, and what is
 * written moves an offset, never the bytes. */
#ifndef RPC_CHAIN_H
#define RPC_CHAIN_H

#include <sys/uio.h>

#include "base/slice.h"

struct block;

struct chain {
	struct block *first, **last;
	struct block *tail; /* the last one, NULL when empty */
	size_t n;
};

void chain_init(struct chain *q);
void chain_fini(struct chain *q);
void chain_add(struct chain *q, struct slice s);
/* The next bytes, at most `max` pieces; returns how many. */
int chain_iov(const struct chain *q, struct iovec *iov, int max);
void chain_consume(struct chain *q, size_t n);

#endif
