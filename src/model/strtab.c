#include "model/strtab.h"

#include <malloc.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/hash.h"

static bool str_eq(const void *owner, uint32_t row, const void *key)
{
	return slice_eq(str_get(owner, row), *(const struct slice *)key);
}

void strtab_init(struct strtab *t)
{
	*t = (struct strtab){ .n = 1, .cap = 64 };
	t->v = xcalloc(t->cap, sizeof(*t->v));
	t->v[0].refs = 1;
}

void strtab_fini(struct strtab *t)
{
	for (uint32_t i = 1; i < t->n; i++)
		if (t->v[i].refs)
			free(t->v[i].p);
	free(t->v);
	index_fini(&t->ix);
	*t = (struct strtab){ 0 };
}

static uint32_t str_slot(struct strtab *t)
{
	uint32_t id = t->free;

	if (id) {
		t->free = t->v[id].n;
		return id;
	}
	if (t->n == t->cap) {
		t->cap *= 2;
		t->v = xreallocarray(t->v, t->cap, sizeof(*t->v));
	}
	return t->n++;
}

uint32_t str_take(struct strtab *t, struct slice s)
{
	uint64_t h;
	uint32_t id;

	if (!s.n)
		return 0;
	h = hash_bytes(s.p, s.n);
	id = index_find(&t->ix, h, str_eq, t, &s);
	if (id != UINT32_MAX) {
		t->v[id].refs++;
		return id;
	}
	id = str_slot(t);
	t->v[id] = (struct str){ xmemdup0(s.p, s.n), (uint32_t)s.n, 1 };
	t->bytes += malloc_usable_size(t->v[id].p) + sizeof(size_t);
	index_put(&t->ix, h, id);
	return id;
}

void str_drop(struct strtab *t, uint32_t id)
{
	struct str *s = &t->v[id];

	if (!id || --s->refs)
		return;
	index_remove(&t->ix, hash_bytes(s->p, s->n), id);
	t->bytes -= malloc_usable_size(s->p) + sizeof(size_t);
	free(s->p);
	*s = (struct str){ .n = t->free };
	t->free = id;
}

void str_set(struct strtab *t, uint32_t *ref, struct slice s)
{
	uint32_t old = *ref;

	*ref = str_take(t, s);
	str_drop(t, old);
}

uint32_t str_find(const struct strtab *t, struct slice s)
{
	if (!s.n)
		return 0;
	return index_find(&t->ix, hash_bytes(s.p, s.n), str_eq, t, &s);
}

size_t strtab_bytes(const struct strtab *t)
{
	return t->bytes + t->n * sizeof(*t->v) + index_bytes(&t->ix);
}
