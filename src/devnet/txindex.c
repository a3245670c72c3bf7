#include "devnet/txindex.h"

#include <stdlib.h>

#include "base/alloc.h"

struct txindex {
	uint64_t *keys; /* the hash's first bytes; 0: free */
	uint32_t *blocks;
	size_t n, cap; /* cap: a power of two */
};

static uint64_t key_of(const struct evm_hash *h)
{
	uint64_t k;

	memcpy(&k, h->b, sizeof(k));
	return k ? k : 1;
}

static size_t find(const struct txindex *x, uint64_t key)
{
	size_t i = key & (x->cap - 1);

	while (x->keys[i] && x->keys[i] != key)
		i = (i + 1) & (x->cap - 1);
	return i;
}

static void set_cap(struct txindex *x, size_t cap)
{
	struct txindex old = *x;

	x->cap = cap;
	x->keys = xcalloc(cap, sizeof(*x->keys));
	x->blocks = xcalloc(cap, sizeof(*x->blocks));
	for (size_t i = 0; i < old.cap; i++)
		if (old.keys[i]) {
			size_t at = find(x, old.keys[i]);

			x->keys[at] = old.keys[i];
			x->blocks[at] = old.blocks[i];
		}
	free(old.keys);
	free(old.blocks);
}

struct txindex *txindex_new(void)
{
	struct txindex *x = xcalloc(1, sizeof(*x));

	set_cap(x, 1024);
	return x;
}

void txindex_free(struct txindex *x)
{
	if (!x)
		return;
	free(x->keys);
	free(x->blocks);
	free(x);
}

void txindex_put(struct txindex *x, const struct evm_hash *h, uint32_t block)
{
	size_t at;

	if (x->n * 4 > x->cap * 3)
		set_cap(x, x->cap * 2);
	at = find(x, key_of(h));
	x->n += !x->keys[at];
	x->keys[at] = key_of(h);
	x->blocks[at] = block;
}

bool txindex_get(const struct txindex *x, const struct evm_hash *h, uint32_t *block)
{
	size_t at = find(x, key_of(h));

	if (!x->keys[at])
		return false;
	*block = x->blocks[at];
	return true;
}
