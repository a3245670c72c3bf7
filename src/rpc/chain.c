#include "rpc/chain.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define BLOCK_MIN 16384

struct block {
	struct block *next;
	size_t from, to, cap;
	char bytes[];
};

void chain_init(struct chain *q)
{
	*q = (struct chain){ .first = NULL };
	q->last = &q->first;
}

void chain_fini(struct chain *q)
{
	if (q->last)
		chain_consume(q, q->n);
}

static struct block *block_add(struct chain *q, size_t n)
{
	size_t cap = n > BLOCK_MIN ? n : BLOCK_MIN;
	struct block *b = xmalloc(sizeof(*b) + cap);

	*b = (struct block){ .cap = cap };
	*q->last = q->tail = b;
	q->last = &b->next;
	return b;
}

void chain_add(struct chain *q, struct slice s)
{
	struct block *b = q->tail;

	if (!s.n)
		return;
	if (!b || b->cap - b->to < s.n)
		b = block_add(q, s.n);
	memcpy(b->bytes + b->to, s.p, s.n);
	b->to += s.n;
	q->n += s.n;
}

int chain_iov(const struct chain *q, struct iovec *iov, int max)
{
	int n = 0;

	for (struct block *b = q->first; b && n < max; b = b->next, n++)
		iov[n] = (struct iovec){ b->bytes + b->from, b->to - b->from };
	return n;
}

void chain_consume(struct chain *q, size_t n)
{
	while (n) {
		struct block *b = q->first;
		size_t k = b->to - b->from;

		if (k > n)
			k = n;
		b->from += k;
		q->n -= k;
		n -= k;
		if (b->from < b->to)
			break;
		q->first = b->next;
		free(b);
		if (!q->first)
			chain_init(q);
	}
}
