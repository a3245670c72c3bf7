#include "store/recent.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"

#define SLOTS (RECENT_KEYS * 2)

void recent_init(struct recent *r)
{
	r->young = xcalloc(SLOTS, sizeof(*r->young));
	r->old = xcalloc(SLOTS, sizeof(*r->old));
	r->young_n = 0;
}

void recent_fini(struct recent *r)
{
	free(r->young);
	free(r->old);
	*r = (struct recent){ 0 };
}

static struct recent_key key_of(struct slice origin, struct slice id)
{
	uint64_t o = hash_bytes(origin.p, origin.n), i = hash_bytes(id.p, id.n);

	return (struct recent_key){ hash_mix(o, i), i | 1 };
}

static struct recent_key *slot_of(struct recent_key *set, struct recent_key k)
{
	for (uint32_t i = (uint32_t)k.a % SLOTS;; i = (i + 1) % SLOTS)
		if (!set[i].b || (set[i].a == k.a && set[i].b == k.b))
			return &set[i];
}

void recent_add(struct recent *r, struct slice origin, struct slice id)
{
	struct recent_key k = key_of(origin, id), *s;

	if (r->young_n == RECENT_KEYS) {
		s = r->old;
		r->old = r->young;
		r->young = memset(s, 0, SLOTS * sizeof(*s));
		r->young_n = 0;
	}
	s = slot_of(r->young, k);
	r->young_n += !s->b;
	*s = k;
}

bool recent_has(const struct recent *r, struct slice origin, struct slice id)
{
	struct recent_key k = key_of(origin, id);

	return slot_of(r->young, k)->b || slot_of(r->old, k)->b;
}
