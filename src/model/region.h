/*
 * A large array that grows in place or moves by page tables, never by copying: page-aligned,
 * zeros.  Pages cost memory with their first use; huge ones, asked for where access is random,
 * more of it at once.
 */
#ifndef MODEL_REGION_H
#define MODEL_REGION_H

#include <stdbool.h>
#include <stddef.h>

struct region {
	void *p;
	size_t bytes;
};

/* At least `bytes`; what was there stays.  Dies when there is no address space. */
void *region_grow(struct region *r, size_t bytes, bool huge);
void region_fini(struct region *r);

#endif
