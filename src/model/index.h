/*
 * An open-addressing index from a hash to dense row numbers.  The rows and their keys live with
 * the owner, who compares; a slot keeps 32 bits of the hash, so that growing and deleting never
 * touch a key.
 */
#ifndef MODEL_INDEX_H
#define MODEL_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct index_slot {
	uint32_t tag;
	uint32_t row1; /* row + 1; 0: free */
};

struct index {
	struct index_slot *slots;
	uint32_t mask, used;
};

typedef bool index_eq(const void *owner, uint32_t row, const void *key);

void index_fini(struct index *ix);
/* MODEL_NONE when there is none. */
uint32_t index_find(const struct index *ix, uint64_t hash, index_eq *eq, const void *owner,
	const void *key);
void index_put(struct index *ix, uint64_t hash, uint32_t row); /* the key must be new */
void index_remove(struct index *ix, uint64_t hash, uint32_t row);
void index_prefetch(const struct index *ix, uint64_t hash);
size_t index_bytes(const struct index *ix);

#endif
