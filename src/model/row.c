/* Rows as JSON. */
#include <stdlib.h>

#include "base/alloc.h"
#include "model/list.h"
#include "model/operand.h"
#include "model/trend.h"

#define FIELDS_MAX 256

struct chosen {
	char *key;
	struct operand what;
	struct trend *trend; /* instead; NULL: none */
};

struct fields {
	struct chosen *v;
	unsigned n, trends;
};

static void add(struct fields *f, struct slice name, const struct operand *o)
{
	f->v = xreallocarray(f->v, f->n + 1, sizeof(*f->v));
	f->v[f->n++] = (struct chosen){ xmemdup0(name.p, name.n), *o, NULL };
}

/* 1: it was one. */
static int add_trend(struct fields *f, const struct rows *r, struct slice name, struct err *e)
{
	struct trend t;
	int rc = r->metrics ? trend_init(&t, name, e) : 0;

	if (rc <= 0)
		return rc;
	if (f->trends == TREND_FIELDS_MAX) {
		trend_fini(&t);
		return err_set(e, ERR_USAGE, "fields: more than %d trends", TREND_FIELDS_MAX);
	}
	add(f, name, &(struct operand){ .col = -1 });
	f->v[f->n - 1].trend = xmalloc(sizeof(t));
	*f->v[f->n - 1].trend = t;
	f->trends++;
	return 1;
}

static int add_named(struct fields *f, const struct rows *r, struct slice name, struct err *e)
{
	struct operand o;
	int rc;

	if (f->n == FIELDS_MAX)
		return err_set(e, ERR_USAGE, "fields: more than %d", FIELDS_MAX);
	if (!name.n)
		return err_set(e, ERR_USAGE, "fields: a name is missing");
	rc = add_trend(f, r, name, e);
	if (rc)
		return rc < 0 ? -1 : 0;
	if (operand_init(&o, r, name, e) < 0)
		return -1;
	add(f, name, &o);
	return 0;
}

static void add_usual(struct fields *f, const struct kind *k)
{
	for (int i = 0; k->fields[i].name; i++)
		if (!k->fields[i].extra)
			add(f, slice_of(k->fields[i].name), &(struct operand){ .col = i });
}

struct fields *fields_new(const struct kind *k, struct slice names, size_t *at, struct err *e)
{
	struct fields *f = xcalloc(1, sizeof(*f));
	size_t nowhere;

	if (!at)
		at = &nowhere;
	*at = 0;
	if (!names.n)
		add_usual(f, k);
	for (size_t i = 0; names.n && i <= names.n;) {
		*at = i;
		if (add_named(f, rows_of(k), list_next(names, &i), e) < 0) {
			fields_free(f);
			return NULL;
		}
	}
	return f;
}

void fields_free(struct fields *f)
{
	if (!f)
		return;
	for (unsigned i = 0; i < f->n; i++) {
		free(f->v[i].key);
		operand_fini(&f->v[i].what);
		if (f->v[i].trend)
			trend_fini(f->v[i].trend);
		free(f->v[i].trend);
	}
	free(f->v);
	free(f);
}

static void member(const struct rows *r, const struct model *m, uint64_t row, struct chosen *c,
	struct jw *w)
{
	int col = c->what.col;
	struct value v;

	jw_key(w, c->key);
	if (c->trend) {
		trend_json(c->trend, m, (uint32_t)row, w);
		return;
	}
	if (col >= 0 && r->kind->fields[col].type == FIELD_JSON) {
		r->json(m, row, (unsigned)col, w);
		return;
	}
	if (col < 0)
		metric_resolve(&c->what.metric, m);
	operand_value(&c->what, r, m, row, &v);
	value_json(&v, w);
}

int row_json(const struct model *m, const struct kind *k, uint64_t row, const struct fields *f,
	struct buf *out)
{
	const struct rows *r = rows_of(k);
	struct jw w;

	jw_init(&w, out);
	jw_object(&w);
	for (unsigned i = 0; i < f->n; i++)
		member(r, m, row, &f->v[i], &w);
	jw_end(&w);
	return out->full ? -1 : 0;
}
