#include "model/query.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/num.h"
#include "model/filter.h"
#include "model/group.h"
#include "model/kind.h"
#include "model/sort.h"

#define CHUNK_MIN 4 /* rows between looks at the clock: few, as a row may cost milliseconds */
#define CHUNK_MAX 1024
#define CHUNK_US 100
#define NAMES_MAX 10000

enum phase { PHASE_IDLE, PHASE_SCAN, PHASE_SORT };

struct window {
	uint64_t *v;
	size_t n, cap;
};

struct query {
	const struct rows *rows;
	struct filter *filter;
	struct sort *sort; /* NULL: as the rows stand */
	struct groups *groups; /* NULL: rows are shown as they are */
	struct strtab names;
	int name_cols[4];
	unsigned name_cols_n; /* 0: any name */
	uint64_t offset, limit, after, upto;
	bool tail; /* from the newest backwards */

	enum phase phase;
	uint64_t at;	   /* the row that was looked at last */
	int chunk;
	uint32_t chain;	   /* metrics of one device: the next of its series */
	bool chained;
	uint64_t hits;
	uint64_t rows_now[CHUNK_MAX]; /* those looked at together */
	struct window next; /* of the run under way */

	uint64_t matched, total; /* of the last whole run */
	struct window done;
};

/* --- making one -------------------------------------------------------------------------------- */

static int names_read(struct query *q, struct slice names, struct err *e)
{
	for (size_t i = 0, from = 0; i <= names.n; i++) {
		if (i < names.n && names.p[i] != ',')
			continue;
		if (q->names.n > NAMES_MAX)
			return err_set(e, ERR_USAGE, "more than %d names", NAMES_MAX);
		str_take(&q->names, slice_mem(names.p + from, i - from));
		from = i + 1;
	}
	for (int i = 0; i < 4 && q->rows->names[i] && !q->groups; i++)
		q->name_cols[q->name_cols_n++] =
			kind_column(q->rows->kind, slice_of(q->rows->names[i]));
	return 0;
}

static int order_read(struct query *q, struct slice spec, size_t *at, struct err *e)
{
	struct slice by = spec.n ? spec : slice_of(q->rows->sort);

	if (q->groups)
		return 0;
	q->tail = q->rows->tail && !by.n && !q->after;
	if (!by.n)
		return 0;
	q->sort = sort_new(q->rows, by, at, e);
	return q->sort ? 0 : -1;
}

static int groups_read(struct query *q, const struct query_spec *s, size_t *at, struct err *e)
{
	q->groups = groups_new(q->rows, s, e);
	if (q->groups)
		return 0;
	*at = SIZE_MAX;
	return -1;
}

struct query *query_new(const struct query_spec *s, size_t *at, struct err *e)
{
	struct query *q = xcalloc(1, sizeof(*q));
	size_t nowhere;

	if (!at)
		at = &nowhere;
	*at = 0;
	q->rows = rows_of(s->kind);
	q->offset = s->offset;
	q->limit = s->limit;
	if (q->rows == &rows_events) {
		q->after = s->after;
		q->upto = s->upto;
	}
	strtab_init(&q->names);
	q->filter = filter_new(q->rows, s->filter, at, e);
	if (!q->filter || (s->by.n && groups_read(q, s, at, e) < 0) ||
		(s->names.n && names_read(q, s->names, e) < 0) ||
		order_read(q, s->sort, at, e) < 0) {
		query_free(q);
		return NULL;
	}
	return q;
}

void query_free(struct query *q)
{
	if (!q)
		return;
	filter_free(q->filter);
	sort_free(q->sort);
	groups_free(q->groups);
	strtab_fini(&q->names);
	free(q->next.v);
	free(q->done.v);
	free(q);
}

void query_window(struct query *q, uint64_t offset, uint64_t limit)
{
	q->offset = offset;
	q->limit = limit;
	q->phase = PHASE_IDLE; /* a run under way kept rows for the old window */
}

/* --- one row ------------------------------------------------------------------------------------- */

static bool name_is(const struct query *q, const struct value *v)
{
	char text[24];

	if (v->type == V_INT) {
		int n = snprintf(text, sizeof(text), "%llu", (unsigned long long)v->u);

		return str_find(&q->names, slice_mem(text, (size_t)n)) != UINT32_MAX;
	}
	return v->type == V_STR && str_find(&q->names, v->s) != UINT32_MAX;
}

static bool named(const struct query *q, const struct model *m, uint64_t row)
{
	struct value v;

	for (unsigned i = 0; i < q->name_cols_n; i++) {
		q->rows->value(m, row, (unsigned)q->name_cols[i], &v);
		if (name_is(q, &v))
			return true;
	}
	return false;
}

bool query_match(struct query *q, const struct model *m, uint64_t row)
{
	filter_prepare(q->filter, m);
	return (!q->name_cols_n || named(q, m, row)) && filter_match(q->filter, m, row);
}

/* --- a run ----------------------------------------------------------------------------------------- */

static void window_add(struct window *w, uint64_t row)
{
	if (w->n == w->cap) {
		w->cap = w->cap ? w->cap * 2 : 64;
		w->v = xreallocarray(w->v, w->cap, sizeof(*w->v));
	}
	w->v[w->n++] = row;
}

static uint64_t window_end(const struct query *q)
{
	return q->limit > UINT64_MAX - q->offset ? UINT64_MAX : q->offset + q->limit;
}

static void hits_take(struct query *q, const struct model *m, const uint64_t *rows, size_t n)
{
	if (q->groups)
		groups_add(q->groups, m, rows, n);
	else if (q->sort)
		sort_add_rows(q->sort, m, rows, n);
	else
		for (size_t i = 0; i < n; i++)
			if (q->hits + i >= q->offset && q->hits + i < window_end(q))
				window_add(&q->next, rows[i]);
	q->hits += n;
}

/* `device='x'` on metrics: only that device's are looked at. */
static void chain_begin(struct query *q, const struct model *m)
{
	struct slice id = q->rows == &rows_metrics ? filter_pinned(q->filter, "device") :
						     (struct slice){ 0 };
	uint32_t device = id.p ? model_device(m, id) : MODEL_NONE;

	q->chained = id.p != NULL;
	q->chain = device == MODEL_NONE ? MODEL_NONE : m->devices[device].first;
}

static void run_begin(struct query *q, const struct model *m)
{
	q->phase = PHASE_SCAN;
	q->hits = 0;
	q->next.n = 0;
	q->at = ROW_NONE;
	q->chunk = CHUNK_MIN;
	if (q->tail && q->upto && q->upto != UINT64_MAX)
		q->at = q->upto + 1;
	else if (q->after)
		q->at = q->after;
	chain_begin(q, m);
	if (q->groups)
		groups_begin(q->groups);
	if (q->sort)
		sort_begin(q->sort, q->limit ? window_end(q) : 0);
}

static uint64_t row_after(struct query *q, const struct model *m)
{
	uint64_t row;

	if (q->chained) {
		do {
			row = q->chain == MODEL_NONE ? ROW_NONE : q->chain;
			if (row != ROW_NONE)
				q->chain = m->series[row].next;
		} while (row != ROW_NONE && m->series[row].key == KEY_UNUSED);
		return row;
	}
	if (q->tail)
		return q->rows->prev(m, q->at);
	row = q->rows->next(m, q->at);
	return q->upto && row > q->upto ? ROW_NONE : row;
}

/* No row needs a look of its own. */
static bool wants_all(const struct query *q)
{
	return q->sort && sort_kept(q->sort) && !q->name_cols_n && filter_empty(q->filter);
}

/* Of the rows just gathered those that are wanted become hits. */
static void rows_take(struct query *q, const struct model *m, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; q->name_cols_n && i < n; i++)
		if (named(q, m, q->rows_now[i]))
			q->rows_now[kept++] = q->rows_now[i];
	if (q->name_cols_n)
		n = kept;
	hits_take(q, m, q->rows_now, filter_rows(q->filter, m, q->rows_now, n));
}

static bool scan_dense(struct query *q, const struct model *m)
{
	uint64_t from = q->at + 1, end = q->rows->end(m), to = from + (uint64_t)q->chunk;
	bool holes = q->rows->total(m) != end;
	size_t n = 0;

	to = to < end ? to : end;
	if (wants_all(q)) {
		q->hits += sort_add_all(q->sort, m, from, to);
	} else {
		for (uint64_t row = from; row < to; row++)
			if (!holes || !q->rows->gone(m, row))
				q->rows_now[n++] = row;
		rows_take(q, m, n);
	}
	q->at = to - 1;
	return to < end;
}

/* A chunk of rows; false at the end. */
static bool scan_some(struct query *q, const struct model *m)
{
	uint64_t row = 0;
	size_t n = 0;

	if (q->rows->end)
		return scan_dense(q, m);
	while (n < (size_t)q->chunk && (row = row_after(q, m)) != ROW_NONE)
		q->rows_now[n++] = q->at = row;
	rows_take(q, m, n);
	return row != ROW_NONE;
}

static void window_reverse(struct window *w)
{
	for (size_t i = 0; i < w->n / 2; i++) {
		uint64_t t = w->v[i];

		w->v[i] = w->v[w->n - 1 - i];
		w->v[w->n - 1 - i] = t;
	}
}

/* The rows of a window of groups are their places in the order. */
static void groups_end(struct query *q)
{
	groups_finish(q->groups, q->names.n > 1 ? &q->names : NULL);
	q->hits = groups_n(q->groups);
	for (size_t i = q->offset; i < q->hits && i < window_end(q); i++)
		window_add(&q->next, i);
}

static void run_end(struct query *q, const struct model *m)
{
	struct window was = q->done;

	if (q->groups)
		groups_end(q);
	if (q->sort)
		for (size_t i = q->offset; i < sort_count(q->sort); i++)
			window_add(&q->next, sort_row(q->sort, i));
	if (q->tail)
		window_reverse(&q->next);
	q->done = q->next;
	q->next = was;
	q->matched = q->hits;
	q->total = q->groups ? q->hits : q->rows->total(m);
	q->phase = PHASE_IDLE;
}

/* Until the deadline (0: to the end); false when it has come. */
static bool scan(struct query *q, const struct model *m, int64_t deadline)
{
	int64_t was = clock_mono_us_now(), now;

	for (; scan_some(q, m); was = now) {
		now = clock_mono_us_now();
		if (deadline && now >= deadline)
			return false;
		if (now - was > CHUNK_US && q->chunk > CHUNK_MIN)
			q->chunk /= 2;
		else if (now - was < CHUNK_US / 4 && q->chunk < CHUNK_MAX)
			q->chunk *= 2;
	}
	q->phase = PHASE_SORT;
	return true;
}

int query_step(struct query *q, const struct model *m, int64_t budget_us)
{
	int64_t deadline = budget_us ? clock_mono_us_now() + budget_us : 0;

	if (q->phase == PHASE_IDLE)
		run_begin(q, m);
	filter_prepare(q->filter, m);
	if (q->sort)
		sort_prepare(q->sort, m);
	if (q->groups)
		groups_prepare(q->groups, m);
	if (q->phase == PHASE_SCAN && !scan(q, m, deadline))
		return 0;
	if (q->sort && !sort_finish(q->sort, m, deadline))
		return 0;
	run_end(q, m);
	return 1;
}

uint64_t query_matched(const struct query *q)
{
	return q->matched;
}

uint64_t query_total(const struct query *q)
{
	return q->total;
}

const uint64_t *query_rows(const struct query *q, size_t *n)
{
	*n = q->done.n;
	return q->done.v;
}

int query_row_json(const struct query *q, const struct model *m, size_t i,
	const struct fields *f, struct buf *out)
{
	struct jw w;

	if (!q->groups)
		return row_json(m, q->rows->kind, q->done.v[i], f, out);
	jw_init(&w, out);
	group_json(q->groups, q->done.v[i], &w);
	return out->full ? -1 : 0;
}
