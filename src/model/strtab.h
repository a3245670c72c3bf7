/*
 * Interned strings with a count of users: networks, sites, metric names, labels, event types.
 * Id 0 is the empty string and never counted.  A string nobody uses is freed, so that values
 * that keep changing (a firmware, a reason) cannot grow the table.
 */
#ifndef MODEL_STRTAB_H
#define MODEL_STRTAB_H

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "model/index.h"

struct str {
	char *p;
	uint32_t n;
	uint32_t refs; /* 0: free, n is the next free entry */
};

struct strtab {
	struct str *v;
	uint32_t n, cap, free;
	struct index ix;
	size_t bytes; /* of the strings themselves */
};

void strtab_init(struct strtab *t);
void strtab_fini(struct strtab *t);
uint32_t str_take(struct strtab *t, struct slice s); /* one more user */
void str_drop(struct strtab *t, uint32_t id);	     /* one less */
/* *ref now names s; what it named before loses a user. */
void str_set(struct strtab *t, uint32_t *ref, struct slice s);
uint32_t str_find(const struct strtab *t, struct slice s); /* UINT32_MAX: not there */
size_t strtab_bytes(const struct strtab *t);

/* One more user of a string that has some. */
static inline void str_keep(struct strtab *t, uint32_t id)
{
	if (id)
		t->v[id].refs++;
}

static inline struct slice str_get(const struct strtab *t, uint32_t id)
{
	return (struct slice){ t->v[id].p, t->v[id].n };
}

#endif
