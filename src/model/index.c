#include "model/index.h"

#include <stdlib.h>

#include "base/alloc.h"

/* The home slot comes from the tag alone: rehashing needs nothing else. */
static inline uint32_t tag_of(uint64_t hash)
{
	return (uint32_t)(hash ^ hash >> 32);
}

void index_fini(struct index *ix)
{
	free(ix->slots);
	*ix = (struct index){ 0 };
}

static void slot_put(struct index *ix, uint32_t tag, uint32_t row1)
{
	uint32_t i = tag & ix->mask;

	while (ix->slots[i].row1)
		i = (i + 1) & ix->mask;
	ix->slots[i] = (struct index_slot){ tag, row1 };
}

static void index_grow(struct index *ix)
{
	struct index old = *ix;
	uint64_t cap = old.slots ? ((uint64_t)old.mask + 1) * 2 : 16;

	ix->slots = xcalloc(cap, sizeof(*ix->slots));
	ix->mask = (uint32_t)(cap - 1);
	for (uint64_t i = 0; old.slots && i <= old.mask; i++)
		if (old.slots[i].row1)
			slot_put(ix, old.slots[i].tag, old.slots[i].row1);
	free(old.slots);
}

uint32_t index_find(const struct index *ix, uint64_t hash, index_eq *eq, const void *owner,
	const void *key)
{
	uint32_t tag = tag_of(hash), i = tag & ix->mask;

	if (!ix->slots)
		return UINT32_MAX;
	for (; ix->slots[i].row1; i = (i + 1) & ix->mask)
		if (ix->slots[i].tag == tag && eq(owner, ix->slots[i].row1 - 1, key))
			return ix->slots[i].row1 - 1;
	return UINT32_MAX;
}

void index_put(struct index *ix, uint64_t hash, uint32_t row)
{
	/* three quarters full at most: linear probing stays short */
	if (!ix->slots || (uint64_t)ix->used * 4 >= ((uint64_t)ix->mask + 1) * 3)
		index_grow(ix);
	slot_put(ix, tag_of(hash), row + 1);
	ix->used++;
}

void index_remove(struct index *ix, uint64_t hash, uint32_t row)
{
	uint32_t i = tag_of(hash) & ix->mask, j;

	if (!ix->slots)
		return;
	while (ix->slots[i].row1 != row + 1) {
		if (!ix->slots[i].row1)
			return;
		i = (i + 1) & ix->mask;
	}
	/* close the hole: move back every later slot of the run that may stand there */
	for (j = (i + 1) & ix->mask; ix->slots[j].row1; j = (j + 1) & ix->mask) {
		uint32_t home = ix->slots[j].tag & ix->mask;

		if (((j - home) & ix->mask) >= ((j - i) & ix->mask)) {
			ix->slots[i] = ix->slots[j];
			i = j;
		}
	}
	ix->slots[i].row1 = 0;
	ix->used--;
}

void index_prefetch(const struct index *ix, uint64_t hash)
{
	if (ix->slots)
		__builtin_prefetch(&ix->slots[tag_of(hash) & ix->mask]);
}

size_t index_bytes(const struct index *ix)
{
	return ix->slots ? ((size_t)ix->mask + 1) * sizeof(*ix->slots) : 0;
}
