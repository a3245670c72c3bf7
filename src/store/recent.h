/*
 * Which (origin, id) pairs were recorded lately: two generations of keyed 64-bit hashes.  When
 * the young one is full it becomes the old one, so the last 65,536 to 131,072 are known.  A new
 * pair is taken for one of them with a chance of 2^-47 or less.
 */
#ifndef STORE_RECENT_H
#define STORE_RECENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

#define RECENT_KEYS 65536u

struct recent_key {
	uint64_t a, b;
};

struct recent {
	struct recent_key *young, *old; /* open addressing, {0,0} is free */
	uint32_t young_n;
};

void recent_init(struct recent *r);
void recent_fini(struct recent *r);
void recent_add(struct recent *r, struct slice origin, struct slice id);
bool recent_has(const struct recent *r, struct slice origin, struct slice id);

#endif
