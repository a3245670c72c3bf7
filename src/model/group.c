#include "model/group.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "model/group_in.h"

struct parts { /* the texts a device's group goes by */
	struct slice v[GROUPS_BY_MAX];
	unsigned n;
};

/* --- life ------------------------------------------------------------------------------- */

static void table_clear(struct table *t)
{
	for (uint32_t i = 0; i < t->n; i++)
		free(t->v[i].id);
	index_fini(&t->by_text);
	t->n = t->order_n = 0;
}

static void table_fini(struct table *t)
{
	table_clear(t);
	free(t->v);
	free(t->cells);
	free(t->order);
}

struct groups *groups_new(const struct rows *r, const struct query_spec *s, struct err *e)
{
	struct groups *g = xcalloc(1, sizeof(*g));

	g->rows = r;
	if (group_by_read(g, s->by, e) == 0 && group_sort_read(g, s->sort, e) == 0 &&
		group_fields_read(g, s->fields, e) == 0)
		return g;
	groups_free(g);
	return NULL;
}

void groups_free(struct groups *g)
{
	if (!g)
		return;
	group_cols_fini(g);
	table_fini(&g->now);
	table_fini(&g->done);
	index_fini(&g->by_code);
	free(g);
}

void groups_begin(struct groups *g)
{
	table_clear(&g->now);
}

void groups_prepare(struct groups *g, const struct model *m)
{
	index_fini(&g->by_code);
	for (unsigned i = 0; i < g->by_n; i++)
		g->rows->codes(m, g->by[i], &g->codes[i]);
	for (unsigned i = 0; i < g->totals_n; i++)
		if (g->totals[i].of.col < 0)
			metric_resolve(&g->totals[i].of.metric, m);
}

/* --- the group of a device ------------------------------------------------------------------ */

static bool parts_eq(const void *owner, uint32_t row, const void *key)
{
	const struct group *x = &((const struct table *)owner)->v[row];
	const struct parts *p = key;

	for (unsigned i = 0; i < p->n; i++)
		if (!slice_eq(group_part(x, i), p->v[i]))
			return false;
	return !x->others;
}

static bool code_eq(const void *owner, uint32_t row, const void *key)
{
	const struct groups *g = owner;

	return memcmp(g->now.v[row].code, key, sizeof(g->now.v[row].code)) == 0;
}

static uint64_t parts_hash(const struct parts *p)
{
	uint64_t h = 0;

	for (unsigned i = 0; i < p->n; i++)
		h = hash_mix(h, hash_bytes(p->v[i].p, p->v[i].n));
	return h;
}

static void parts_read(const struct groups *g, const struct model *m, uint64_t row,
	struct parts *p)
{
	struct value v;

	p->n = g->by_n;
	for (unsigned i = 0; i < g->by_n; i++) {
		g->rows->value(m, row, g->by[i], &v);
		p->v[i] = v.type == V_NONE ? slice_of("") : v.s;
	}
}

static uint32_t group_new(struct groups *g, const struct parts *p)
{
	struct table *t = &g->now;
	uint32_t row = t->n++;
	struct group *x;
	struct buf id;

	if (t->n > t->cap) {
		t->cap = t->cap ? t->cap * 2 : 64;
		t->v = xreallocarray(t->v, t->cap, sizeof(*t->v));
		t->cells = xreallocarray(t->cells, (size_t)t->cap * g->totals_n + 1,
			sizeof(*t->cells));
	}
	x = &t->v[row];
	*x = (struct group){ 0 };
	memset(t->cells + (size_t)row * g->totals_n, 0, g->totals_n * sizeof(*t->cells));
	buf_init(&id, 65536);
	for (unsigned i = 0; i < p->n; i++) {
		buf_adds(&id, i ? "/" : "");
		x->part[i].at = (uint32_t)id.len;
		x->part[i].n = (uint32_t)p->v[i].n;
		buf_addslice(&id, p->v[i].n ? p->v[i] : slice_of("(none)"));
	}
	x->id_n = (uint32_t)id.len;
	x->id = buf_steal(&id);
	buf_fini(&id);
	return row;
}

/* Where those go that have no room of their own: made last, so it is the last one. */
static uint32_t group_others(struct groups *g)
{
	static const char name[] = "(others)";
	struct parts none = { 0 };
	struct group *x;
	uint32_t row;

	if (g->now.n > GROUPS_MAX - 1)
		return GROUPS_MAX - 1;
	row = group_new(g, &none);
	x = &g->now.v[row];
	free(x->id);
	x->id = xmemdup0(name, sizeof(name) - 1);
	x->id_n = sizeof(name) - 1;
	x->others = true;
	return row;
}

static uint32_t group_by_text(struct groups *g, const struct model *m, uint64_t row)
{
	struct table *t = &g->now;
	struct parts p;
	uint64_t hash;
	uint32_t at;

	parts_read(g, m, row, &p);
	hash = parts_hash(&p);
	at = index_find(&t->by_text, hash, parts_eq, t, &p);
	if (at != MODEL_NONE)
		return at;
	if (t->n >= GROUPS_MAX - 1)
		return group_others(g);
	at = group_new(g, &p);
	index_put(&t->by_text, hash, at);
	return at;
}

static uint32_t group_at(struct groups *g, const struct model *m, uint64_t row)
{
	uint32_t code[GROUPS_BY_MAX] = { 0 }, at;
	uint64_t hash = 0;

	for (unsigned i = 0; i < g->by_n; i++) {
		code[i] = code_of(&g->codes[i], row);
		hash = hash_mix(hash, code[i]);
	}
	at = index_find(&g->by_code, hash, code_eq, g, code);
	if (at != MODEL_NONE)
		return at;
	at = group_by_text(g, m, row);
	if (!g->now.v[at].others) {
		memcpy(g->now.v[at].code, code, sizeof(code));
		index_put(&g->by_code, hash, at);
	}
	return at;
}

/* --- adding ------------------------------------------------------------------------------- */

static void cell_add(struct cell *c, enum total_kind kind, double v)
{
	if (kind == TOTAL_MIN || kind == TOTAL_MAX)
		c->v = !c->n || (kind == TOTAL_MIN ? v < c->v : v > c->v) ? v : c->v;
	else
		c->v += v;
	c->n++;
}

static void totals_add(struct groups *g, const struct model *m, uint64_t row, uint32_t at)
{
	for (unsigned i = 0; i < g->totals_n; i++) {
		struct value v;
		double x;

		operand_value(&g->totals[i].of, g->rows, m, row, &v);
		if (value_number(&v, &x))
			cell_add(&g->now.cells[at * g->totals_n + i], g->totals[i].kind, x);
	}
}

static void row_add(struct groups *g, const struct model *m, uint64_t row)
{
	const struct device *d = &m->devices[row];
	uint32_t at = group_at(g, m, row);
	struct group *x = &g->now.v[at];

	x->devices++;
	x->by_status[d->status]++;
	if (device_glimpsed(d) > x->last_seen_ms)
		x->last_seen_ms = device_glimpsed(d);
	if (d->health != HEALTH_NONE) {
		if (!x->health_n || d->health < x->health_min)
			x->health_min = d->health;
		x->health_n++;
		x->health_sum += d->health;
	}
	totals_add(g, m, row, at);
}

void groups_add(struct groups *g, const struct model *m, const uint64_t *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (unsigned k = 0; k < g->totals_n; k++)
			if (g->totals[k].of.col < 0)
				metric_prefetch(&g->totals[k].of.metric, m, rows, n, i);
		row_add(g, m, rows[i]);
	}
}

/* --- order ---------------------------------------------------------------------------------- */

static void order_set(struct groups *g, uint32_t i)
{
	struct value v;

	group_value(g, &g->now, i, g->keys[0].col, &v);
	g->now.v[i].order = order_way(value_order(&v), g->keys[0].desc);
}

static int group_cmp(const void *a, const void *b, void *arg)
{
	const struct groups *g = arg;
	uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
	const struct group *x = &g->now.v[i], *y = &g->now.v[j];

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	for (unsigned k = 0; k < g->keys_n; k++) {
		struct value p, q;
		int c;

		group_value(g, &g->now, i, g->keys[k].col, &p);
		group_value(g, &g->now, j, g->keys[k].col, &q);
		c = value_cmp(&p, &q, g->keys[k].desc);
		if (c)
			return c;
	}
	return slice_cmp(group_id(x), group_id(y));
}

static bool is_named(const struct group *x, const struct strtab *names)
{
	return !names || str_find(names, group_id(x)) != UINT32_MAX;
}

void groups_finish(struct groups *g, const struct strtab *names)
{
	struct table *t = &g->now, was;

	t->order = xreallocarray(t->order, t->n ? t->n : 1, sizeof(*t->order));
	t->order_n = 0;
	for (uint32_t i = 0; i < t->n; i++) {
		order_set(g, i);
		if (is_named(&t->v[i], names))
			t->order[t->order_n++] = i;
	}
	qsort_r(t->order, t->order_n, sizeof(*t->order), group_cmp, g);
	was = g->done;
	g->done = g->now;
	g->now = was;
}

size_t groups_n(const struct groups *g)
{
	return g->done.order_n;
}

void group_json(const struct groups *g, size_t i, struct jw *w)
{
	const struct table *t = &g->done;
	struct value v;

	jw_object(w);
	for (unsigned c = 0; c < g->cols_n; c++) {
		jw_key(w, g->cols[c].key);
		group_value(g, t, t->order[i], g->cols[c].col, &v);
		value_json(&v, w);
	}
	jw_end(w);
}
