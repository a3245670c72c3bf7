#include "model/history_in.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define PAYLOAD_BITS ((HISTORY_BLOCK - HISTORY_HEAD) * 8)
#define PASS_MAX 64	    /* blocks passed over in one search */
#define DRY_SAMPLES 256	    /* how long not to search again after one found nothing */
#define BUSY_MS (10 * 60000) /* an open block written since then is not taken */

struct history *history_new(uint64_t bytes)
{
	struct history *h = xcalloc(1, sizeof(*h));
	uint64_t n = bytes / HISTORY_BLOCK;

	h->cap = n < 16 ? 16 : n > UINT32_MAX - 1 ? UINT32_MAX - 1 : (uint32_t)n;
	/* one more, for the coder reads past an end */
	h->v = region_grow(&h->mem, ((size_t)h->cap + 1) * HISTORY_BLOCK, true);
	return h;
}

void history_free(struct history *h)
{
	if (!h)
		return;
	region_fini(&h->mem);
	free(h);
}

void history_prefetch(const struct history *h, const struct series *s)
{
	if (s->block != MODEL_NONE)
		__builtin_prefetch(&h->v[s->block].bits[s->bit >> 3], 1);
}

/* --- taking a block ----------------------------------------------------------------- */

/* Is it still being filled, by a series that has been heard of lately? */
static bool block_busy(const struct model *m, uint32_t at)
{
	const struct history *h = m->history;
	const struct series *s = &m->series[h->v[at].series];
	int64_t start = block_start_ms(&h->v[at]), last = s->last.at_ms;

	return s->block == at && (last >= h->newest_ms - BUSY_MS ||
					 last > start + (h->newest_ms - start) / 2);
}

/* What was there is forgotten; its owner starts a new block when it has something to say. */
static void block_recycle(struct model *m, uint32_t at)
{
	struct history *h = m->history;
	struct hblock *b = &h->v[at];
	struct series *s = &m->series[b->series];

	h->stored -= block_samples(m, at);
	if (s->block == at)
		s->block = MODEL_NONE;
	if (block_start_ms(b) > h->oldest_ms)
		h->oldest_ms = block_start_ms(b);
}

static uint32_t block_find(struct model *m)
{
	struct history *h = m->history;

	if (h->used < h->cap)
		return h->used++;
	if (h->pushes < h->dry_until)
		return MODEL_NONE;
	for (int i = 0; i < PASS_MAX; i++) {
		uint32_t at = h->hand;

		h->hand = at + 1 == h->cap ? 0 : at + 1;
		if (!block_busy(m, at)) {
			block_recycle(m, at);
			return at;
		}
	}
	h->dry_until = h->pushes + DRY_SAMPLES;
	return MODEL_NONE;
}

static void block_seal(struct history *h, struct series *s)
{
	if (s->block != MODEL_NONE)
		h->v[s->block].start |= s->count;
}

/* A new open block for s, whose first sample is of at_ms.  When none can be had, its own full one
 * starts over; a series that has none goes without. */
static bool block_open(struct model *m, uint32_t row, int64_t at_ms)
{
	struct history *h = m->history;
	struct series *s = &m->series[row];
	uint32_t prev = s->block, at;
	struct hblock *b;

	block_seal(h, s);
	s->block = MODEL_NONE;
	at = block_find(m);
	if (at == MODEL_NONE && prev != MODEL_NONE) {
		at = prev;
		h->stored -= s->count;
		prev = MODEL_NONE;
	}
	if (at == MODEL_NONE)
		return false;
	if (at == prev)
		prev = MODEL_NONE;
	b = &h->v[at];
	*b = (struct hblock){ .series = row, .prev = prev, .start = (uint64_t)at_ms << 16 };
	s->block = at;
	s->bit = s->count = 0;
	return true;
}

/* --- appending ---------------------------------------------------------------------- */

static void push_coded(struct history *h, struct series *s, const struct bits *b)
{
	bits_store(h->v[s->block].bits, s->bit, b);
	s->bit += b->n;
	s->count++;
	h->stored++;
}

void history_push(struct model *m, uint32_t row, int64_t at_ms, double v, bool brk)
{
	struct history *h = m->history;
	struct series *s = &m->series[row];
	bool ramp = series_ramp(m, s);
	struct coder c = s->last;
	struct bits b = { 0 };

	h->pushes++;
	if (at_ms > h->newest_ms)
		h->newest_ms = at_ms;
	if (s->block != MODEL_NONE && at_ms >= c.at_ms && s->count < UINT16_MAX) {
		coder_put(&c, &b, at_ms, v, false, brk, ramp);
		if (s->bit + b.n <= PAYLOAD_BITS) {
			s->last = c;
			push_coded(h, s, &b);
			return;
		}
		c = s->last;
		b = (struct bits){ 0 };
	}
	if (block_open(m, row, at_ms)) {
		coder_put(&c, &b, at_ms, v, true, brk, ramp);
		push_coded(h, s, &b);
	} else {
		h->unstored++;
		c.at_ms = at_ms;
		c.value = isnan(v) ? c.value : v;
	}
	s->last = c;
}

void history_forget(struct model *m, uint32_t row)
{
	struct series *s = &m->series[row];

	if (s->block == MODEL_NONE)
		return;
	/* cut off from its past: the blocks stay until the hand comes by, unreadable */
	block_seal(m->history, s);
	s->block = MODEL_NONE;
}

/* --- reading ------------------------------------------------------------------------ */

/* The blocks of s that may hold samples of [from,to], newest first. */
static uint32_t *chain(const struct model *m, uint32_t row, int64_t from_ms, int64_t to_ms,
	size_t *n)
{
	const struct history *h = m->history;
	uint32_t *v = NULL, at = m->series[row].block;
	int64_t below = INT64_MAX;
	size_t cap = 0;

	*n = 0;
	for (; at != MODEL_NONE; at = h->v[at].prev) {
		const struct hblock *b = &h->v[at];

		/* reused by another series, or by this one: then it is younger than its heir */
		if (b->series != row || block_start_ms(b) > below || *n > h->cap)
			break;
		below = block_start_ms(b);
		if (below > to_ms)
			continue;
		if (*n == cap) {
			cap = cap ? cap * 2 : 16;
			v = xreallocarray(v, cap, sizeof(*v));
		}
		v[(*n)++] = at;
		if (below < from_ms)
			break;
	}
	return v;
}

/* Where the points go: as they are while they fit, else into buckets of equal time. */
struct thin {
	struct point *out;
	size_t points, n;
	int64_t from_ms, width;
	bool buckets, overflow;
	bool gap;
};

static void thin_raw(struct thin *t, int64_t at_ms, double v)
{
	size_t need = isnan(v) ? 0 : 1 + (t->gap && t->n);

	if (!need) {
		t->gap = true;
		return;
	}
	if (t->n + need > t->points) {
		t->overflow = true;
		return;
	}
	if (need == 2)
		t->out[t->n++] = (struct point){ .at_ms = at_ms, NAN, NAN, NAN, 0 };
	t->out[t->n++] = (struct point){ at_ms, v, v, v, 1 };
	t->gap = false;
}

/* Bucket i is out[i]; the top bit of its n says that a gap stands before or in it. */
#define AFTER_GAP 0x80000000u

static void thin_bucket(struct thin *t, int64_t at_ms, double v)
{
	struct point *p;

	if (isnan(v)) {
		t->gap = true;
		return;
	}
	p = &t->out[(at_ms - t->from_ms) / t->width];
	if (!(p->n & ~AFTER_GAP)) {
		*p = (struct point){ at_ms, v, v, v, 1 | (t->gap ? AFTER_GAP : 0) };
	} else {
		p->at_ms = at_ms;
		p->min = v < p->min ? v : p->min;
		p->max = v > p->max ? v : p->max;
		p->last = v;
		p->n++;
		p->n |= t->gap ? AFTER_GAP : 0;
	}
	t->gap = false;
}

/* Closes up empty buckets; where a gap was and an empty bucket leaves room, shows it. */
static size_t thin_pack(struct thin *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->points; i++) {
		struct point p = t->out[i];

		if (!(p.n & ~AFTER_GAP))
			continue;
		if (p.n & AFTER_GAP && n && n < i)
			t->out[n++] = (struct point){ p.at_ms, NAN, NAN, NAN, 0 };
		p.n &= ~AFTER_GAP;
		t->out[n++] = p;
	}
	return n;
}

static void thin_block(struct thin *t, const struct model *m, uint32_t at, int64_t to_ms)
{
	struct block_reader r = block_read(m, at);
	struct coded got;

	while (!t->overflow && block_next(&r, &got)) {
		if (got.brk)
			t->gap = true;
		if (got.at_ms < t->from_ms || got.at_ms > to_ms)
			continue;
		(t->buckets ? thin_bucket : thin_raw)(t, got.at_ms, got.value);
	}
}

size_t model_history(const struct model *m, uint32_t series, int64_t from_ms, int64_t to_ms,
	struct point *out, size_t points)
{
	struct thin t = { .out = out, .points = points, .from_ms = from_ms };
	uint32_t *v;
	size_t n;

	if (series >= m->series_n || !points || from_ms > to_ms)
		return 0;
	if (from_ms < 0)
		t.from_ms = from_ms = 0;
	if (to_ms > CODER_TIME_MAX)
		to_ms = CODER_TIME_MAX;
	v = chain(m, series, from_ms, to_ms, &n);
	for (size_t i = n; i-- > 0 && !t.overflow;)
		thin_block(&t, m, v[i], to_ms);
	if (t.overflow) {
		t = (struct thin){ .out = out, .points = points, .from_ms = from_ms, .buckets = true,
			.width = (to_ms - from_ms) / (int64_t)points + 1 };
		memset(out, 0, points * sizeof(*out));
		for (size_t i = n; i-- > 0;)
			thin_block(&t, m, v[i], to_ms);
		t.n = thin_pack(&t);
	}
	free(v);
	return t.n;
}

int64_t history_oldest_ms(const struct history *h)
{
	if (!h->used)
		return 0;
	return h->used < h->cap ? block_start_ms(&h->v[0]) : block_start_ms(&h->v[h->hand]);
}

uint64_t history_stored(const struct history *h)
{
	return h->stored;
}

uint64_t history_unstored(const struct history *h)
{
	return h->unstored;
}

uint64_t history_bytes(const struct history *h)
{
	return (uint64_t)h->used * HISTORY_BLOCK;
}
