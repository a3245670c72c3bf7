#include "model/ring.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "model/region.h"

struct ring_ref {
	uint64_t n;
	uint64_t off;
};

struct ring {
	char *p;
	struct region mem;
	size_t cap, head;    /* head: where the next record goes */
	struct ring_ref *ix; /* a circle too: [first, first + count) modulo ix_cap */
	size_t ix_cap, first, count;
	size_t high; /* bytes ever touched */
	ring_evict *evict;
	void *owner;
};

struct ring *ring_new(size_t bytes, ring_evict *evict, void *owner)
{
	struct ring *r = xcalloc(1, sizeof(*r));

	r->cap = bytes & ~(size_t)7;
	r->evict = evict;
	r->owner = owner;
	r->ix_cap = 256;
	r->ix = xcalloc(r->ix_cap, sizeof(*r->ix));
	r->p = region_grow(&r->mem, r->cap, false);
	return r;
}

static struct ring_ref *ref_at(const struct ring *r, size_t i)
{
	return &r->ix[(r->first + i) & (r->ix_cap - 1)];
}

void ring_free(struct ring *r)
{
	if (!r)
		return;
	region_fini(&r->mem);
	free(r->ix);
	free(r);
}

static void ring_drop_oldest(struct ring *r)
{
	r->evict(r->owner, r->p + ref_at(r, 0)->off);
	r->first = (r->first + 1) & (r->ix_cap - 1);
	r->count--;
}

static void index_grow(struct ring *r)
{
	struct ring_ref *v = xcalloc(r->ix_cap * 2, sizeof(*v));

	for (size_t i = 0; i < r->count; i++)
		v[i] = *ref_at(r, i);
	free(r->ix);
	r->ix = v;
	r->ix_cap *= 2;
	r->first = 0;
}

/* Makes [head, head + size) free of records.  The oldest record stands right after the free
 * part, so that dropping from the oldest on is enough. */
static void ring_clear(struct ring *r, size_t from, size_t to)
{
	while (r->count) {
		uint64_t off = ref_at(r, 0)->off;

		if (off < from || off >= to)
			return;
		ring_drop_oldest(r);
	}
}

void *ring_push(struct ring *r, uint64_t n, size_t size)
{
	size = (size + 7) & ~(size_t)7;
	if (size > r->cap / 4 || (r->count && n <= ref_at(r, r->count - 1)->n))
		return NULL;
	if (r->head + size > r->cap) {
		ring_clear(r, r->head, r->cap);
		r->head = 0;
	}
	ring_clear(r, r->head, r->head + size);
	/* the index counts against the same memory: 16 bytes a record */
	while (r->count && r->count * sizeof(*r->ix) > r->cap / 4)
		ring_drop_oldest(r);
	if (r->count == r->ix_cap)
		index_grow(r);
	*ref_at(r, r->count++) = (struct ring_ref){ n, r->head };
	r->head += size;
	if (r->head > r->high)
		r->high = r->head;
	return r->p + r->head - size;
}

/* Position of the first record numbered n or above; count when there is none. */
static size_t ring_lower(const struct ring *r, uint64_t n)
{
	size_t lo = 0, hi = r->count;

	if (!r->count || n <= ref_at(r, 0)->n)
		return 0;
	/* without holes the answer is a subtraction */
	lo = n - ref_at(r, 0)->n;
	if (lo < r->count && ref_at(r, lo)->n == n)
		return lo;
	lo = 0;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (ref_at(r, mid)->n < n)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

const void *ring_get(const struct ring *r, uint64_t n)
{
	size_t i = ring_lower(r, n);

	return i < r->count && ref_at(r, i)->n == n ? r->p + ref_at(r, i)->off : NULL;
}

uint64_t ring_at_or_after(const struct ring *r, uint64_t n)
{
	size_t i = ring_lower(r, n);

	return i < r->count ? ref_at(r, i)->n : UINT64_MAX;
}

uint64_t ring_at_or_before(const struct ring *r, uint64_t n)
{
	size_t i = ring_lower(r, n);

	if (i < r->count && ref_at(r, i)->n == n)
		return n;
	return i ? ref_at(r, i - 1)->n : 0;
}

uint64_t ring_first(const struct ring *r)
{
	return r->count ? ref_at(r, 0)->n : 0;
}

uint64_t ring_last(const struct ring *r)
{
	return r->count ? ref_at(r, r->count - 1)->n : 0;
}

size_t ring_count(const struct ring *r)
{
	return r->count;
}

size_t ring_count_upto(const struct ring *r, uint64_t n)
{
	return n == UINT64_MAX ? r->count : ring_lower(r, n + 1);
}

size_t ring_bytes(const struct ring *r)
{
	return r->high + r->ix_cap * sizeof(*r->ix);
}
