#include "model/sort.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "model/list.h"
#include "model/operand.h"

#define KEYS_MAX 8
#define PRUNE_MAX 32768 /* windows up to here keep twice their size, beyond everything */
#define PRUNE_MIN 512
#define RUN 32	 /* sorted by insertion */
#define CHECK 4096 /* entries between looks at the clock */

struct entry {
	uint64_t key; /* the first sort key, and a piece of the second when there is room */
	uint64_t row;
};

struct sort_key {
	struct operand by;
	bool desc;
	bool quick; /* rows->order() has it */
};

struct sort {
	const struct rows *rows;
	struct sort_key keys[KEYS_MAX];
	unsigned n;
	unsigned tie_from; /* the keys before it are decided by entry.key alone */
	bool packed;	   /* entry.key holds two */
	bool kept;	   /* entry.key stands in rows->kept() */

	struct entry *v, *tmp;
	size_t len, cap;
	uint64_t want;
	struct entry limit; /* nothing at or behind it can be in the window */
	bool limited;
	uint64_t random;

	/* the merge: runs of `width` from v to tmp; [i, mid) and [j, hi) are under way */
	size_t width, lo, i, j, out;
	const struct model *m; /* only during a call */
};

/* --- the specification ------------------------------------------------------------------ */

static enum field_type key_type(const struct sort *s, unsigned i)
{
	int col = s->keys[i].by.col;

	return col < 0 ? FIELD_NUM : s->rows->kind->fields[col].type;
}

static int key_parse(struct sort *s, struct slice text, struct err *e)
{
	struct sort_key *k = &s->keys[s->n];
	struct slice name;

	if (s->n == KEYS_MAX)
		return err_set(e, ERR_USAGE, "sort: more than %d keys", KEYS_MAX);
	if (sort_item(text, &name, &k->desc, e) < 0 || operand_init(&k->by, s->rows, name, e) < 0)
		return -1;
	k->quick = k->by.col >= 0 && k->by.col < 32 && s->rows->ordered >> k->by.col & 1;
	s->n++;
	if (key_type(s, s->n - 1) == FIELD_JSON)
		return err_set(e, ERR_USAGE, "sort: %.*s has no order", SLICE_ARG(name));
	return 0;
}

struct sort *sort_new(const struct rows *r, struct slice spec, size_t *at, struct err *e)
{
	struct sort *s = xcalloc(1, sizeof(*s));

	s->rows = r;
	s->random = 0x9e3779b97f4a7c15u;
	for (size_t i = 0; i <= spec.n;) {
		*at = i;
		if (key_parse(s, list_next(spec, &i), e) < 0) {
			sort_free(s);
			return NULL;
		}
	}
	s->packed = s->n > 1 && key_type(s, 0) == FIELD_ENUM;
	s->tie_from = key_type(s, 0) == FIELD_STR ? 0 : 1;
	s->kept = r->kept && slice_is(spec, r->sort);
	return s;
}

void sort_free(struct sort *s)
{
	if (!s)
		return;
	for (unsigned i = 0; i < s->n; i++)
		operand_fini(&s->keys[i].by);
	free(s->v);
	free(s->tmp);
	free(s);
}

void sort_prepare(struct sort *s, const struct model *m)
{
	for (unsigned i = 0; i < s->n; i++)
		if (s->keys[i].by.metric.text)
			metric_resolve(&s->keys[i].by.metric, m);
}

/* --- keys ---------------------------------------------------------------------------------- */

static uint64_t key_of_value(struct sort *s, unsigned i, const struct model *m, uint64_t row)
{
	struct value v;

	operand_value(&s->keys[i].by, s->rows, m, row, &v);
	return value_order(&v);
}

static inline uint64_t key_at(struct sort *s, unsigned i, const struct model *m, uint64_t row)
{
	const struct sort_key *by = &s->keys[i];
	uint64_t k = by->quick ? s->rows->order(m, row, (unsigned)by->by.col) :
				 key_of_value(s, i, m, row);

	return order_way(k, by->desc);
}

static uint64_t entry_key(struct sort *s, const struct model *m, uint64_t row)
{
	uint64_t k = key_at(s, 0, m, row);

	if (!s->packed || k == ORDER_NONE)
		return k;
	/* an enum's rank fits in seven bits, from either end of the range */
	k = s->keys[0].desc ? 127 - ~k : k;
	return k << 56 | key_at(s, 1, m, row) >> 8;
}

/* By the keys that entry.key does not decide. */
static int tie_cmp(struct sort *s, uint64_t a, uint64_t b)
{
	for (unsigned i = s->tie_from; i < s->n; i++) {
		struct operand *by = &s->keys[i].by;
		struct value x, y;
		int c;

		operand_value(by, s->rows, s->m, a, &x);
		operand_value(by, s->rows, s->m, b, &y);
		c = value_cmp(&x, &y, s->keys[i].desc);
		if (c)
			return c;
	}
	return a < b ? -1 : a > b;
}

static inline bool before(struct sort *s, const struct entry *a, const struct entry *b)
{
	if (a->key != b->key)
		return a->key < b->key;
	return tie_cmp(s, a->row, b->row) < 0;
}

/* --- keeping only what the window can need ------------------------------------------------- */

static inline void swap(struct entry *a, struct entry *b)
{
	struct entry t = *a;

	*a = *b;
	*b = t;
}

/* Random pivots: no order of rows makes it slow. */
static size_t pivot(struct sort *s, size_t lo, size_t hi)
{
	s->random ^= s->random << 13;
	s->random ^= s->random >> 7;
	s->random ^= s->random << 17;
	return lo + s->random % (hi - lo);
}

/* Puts the `want` first entries to the front, in no order. */
static void select_first(struct sort *s)
{
	size_t lo = 0, hi = s->len, k = s->want;

	while (hi - lo > 1) {
		size_t at = lo;

		swap(&s->v[pivot(s, lo, hi)], &s->v[hi - 1]);
		for (size_t i = lo; i < hi - 1; i++)
			if (before(s, &s->v[i], &s->v[hi - 1]))
				swap(&s->v[i], &s->v[at++]);
		swap(&s->v[at], &s->v[hi - 1]);
		if (at == k || at == k - 1)
			return;
		if (at > k)
			hi = at;
		else
			lo = at + 1;
	}
}

static void prune(struct sort *s)
{
	size_t last = 0;

	if (s->len <= s->want)
		return;
	select_first(s);
	s->len = s->want;
	for (size_t i = 1; i < s->len; i++)
		if (before(s, &s->v[last], &s->v[i]))
			last = i;
	s->limit = s->v[last];
	s->limited = true;
}

void sort_begin(struct sort *s, uint64_t want)
{
	s->want = want;
	s->len = s->width = 0;
	s->limited = false;
}

static void make_room(struct sort *s)
{
	size_t keep = s->want * 2 < PRUNE_MIN ? PRUNE_MIN : s->want * 2;

	if (s->want <= PRUNE_MAX && s->len >= keep) {
		prune(s);
		return;
	}
	if (s->len == s->cap) {
		s->cap = s->cap ? s->cap * 2 : PRUNE_MIN;
		s->v = xreallocarray(s->v, s->cap, sizeof(*s->v));
	}
}

static void entry_add(struct sort *s, struct entry en)
{
	if (s->limited && !before(s, &en, &s->limit))
		return;
	make_room(s);
	s->v[s->len++] = en;
}

void sort_add(struct sort *s, const struct model *m, uint64_t row)
{
	if (!s->want)
		return;
	s->m = m;
	entry_add(s, (struct entry){ s->kept ? s->rows->kept(m)[row] : entry_key(s, m, row), row });
}

void sort_add_rows(struct sort *s, const struct model *m, const uint64_t *rows, size_t n)
{
	struct operand *by = &s->keys[0].by;

	for (size_t i = 0; i < n; i++) {
		if (by->col < 0)
			metric_prefetch(&by->metric, m, rows, n, i);
		sort_add(s, m, rows[i]);
	}
}

bool sort_kept(const struct sort *s)
{
	return s->kept;
}

uint64_t sort_add_all(struct sort *s, const struct model *m, uint64_t from, uint64_t to)
{
	const uint64_t *key = s->rows->kept(m);
	uint64_t gone = 0;

	s->m = m;
	for (uint64_t row = from; row < to; row++) {
		if (key[row] == ORDER_NONE)
			gone++;
		else if (s->want && (!s->limited || key[row] <= s->limit.key))
			entry_add(s, (struct entry){ key[row], row });
	}
	return to - from - gone;
}

/* --- the order, bottom up, in slices --------------------------------------------------------- */

static void insertion(struct sort *s, size_t lo, size_t hi)
{
	for (size_t i = lo + 1; i < hi; i++) {
		struct entry en = s->v[i];
		size_t j = i;

		for (; j > lo && before(s, &en, &s->v[j - 1]); j--)
			s->v[j] = s->v[j - 1];
		s->v[j] = en;
	}
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void pair_begin(struct sort *s, size_t lo)
{
	s->lo = s->i = s->out = lo;
	s->j = least(lo + s->width, s->len);
}

/* Merges up to CHECK entries of the pass under way. */
static void merge_some(struct sort *s)
{
	for (int left = CHECK; left && s->lo < s->len; left--) {
		size_t mid = least(s->lo + s->width, s->len), hi = least(mid + s->width, s->len);

		if (s->out == hi) {
			pair_begin(s, hi);
			continue;
		}
		if (s->i < mid && (s->j == hi || !before(s, &s->v[s->j], &s->v[s->i])))
			s->tmp[s->out++] = s->v[s->i++];
		else
			s->tmp[s->out++] = s->v[s->j++];
	}
}

static void pass_end(struct sort *s)
{
	struct entry *t = s->v;

	s->v = s->tmp;
	s->tmp = t;
	s->width *= 2;
	pair_begin(s, 0);
}

static void order_begin(struct sort *s)
{
	prune(s);
	s->width = RUN;
	free(s->tmp);
	/* as long as v: they change places */
	s->tmp = xreallocarray(NULL, s->cap ? s->cap : 1, sizeof(*s->tmp));
	s->lo = 0;
}

/* Runs first: s->lo tells how far, until width leaves RUN. */
static bool runs_some(struct sort *s)
{
	for (size_t n = CHECK / RUN / 4; n && s->lo < s->len; n--) {
		insertion(s, s->lo, least(s->lo + RUN, s->len));
		s->lo += RUN;
	}
	return s->lo < s->len;
}

int sort_finish(struct sort *s, const struct model *m, int64_t deadline_us)
{
	s->m = m;
	if (!s->width) {
		order_begin(s);
		s->out = SIZE_MAX; /* runs are under way */
	}
	while (s->out == SIZE_MAX || s->width < s->len) {
		if (s->out == SIZE_MAX) {
			if (!runs_some(s))
				pair_begin(s, 0);
		} else {
			merge_some(s);
			if (s->lo >= s->len)
				pass_end(s);
		}
		if (deadline_us && clock_mono_us_now() >= deadline_us)
			return 0;
	}
	return 1;
}

size_t sort_count(const struct sort *s)
{
	return s->len < s->want ? s->len : (size_t)s->want;
}

uint64_t sort_row(const struct sort *s, size_t i)
{
	return s->v[i].row;
}
