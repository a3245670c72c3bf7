#include "client/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/jtext.h"
#include "base/num.h"
#include "client/inside.h"

#define ROWS_MAX 10000

struct row {
	char *text;
	size_t n;
	json_t *json; /* made when asked for */
	bool broken;
};

struct client_view {
	struct client_view *next;
	struct client *c;
	struct client_query q; /* strings ours */
	const struct client_view_ops *ops;
	void *arg;
	uint64_t sub; /* 0: not subscribed */
	struct ask *asking; /* the question under way, or NULL */
	bool ask_again, ready;
	uint64_t total, matched, offset;
	struct row *rows;
	size_t n;
};

/* What a call carries: the next view may lie where the one that asked has been. */
struct ask {
	struct client *c;
	struct client_view *v; /* NULL: gone */
};

static char *copy(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

static void query_fini(struct client_query *q)
{
	free((char *)q->kind);
	free((char *)q->filter);
	free((char *)q->sort);
	free((char *)q->names);
	free((char *)q->fields);
	free((char *)q->by);
}

static struct client_query query_copy(const struct client_query *q)
{
	struct client_query c = *q;

	c.kind = copy(q->kind);
	c.filter = copy(q->filter);
	c.sort = copy(q->sort);
	c.names = copy(q->names);
	c.fields = copy(q->fields);
	c.by = copy(q->by);
	return c;
}

/* --- rows --- */

static void row_fini(struct row *r)
{
	free(r->text);
	json_decref(r->json);
	*r = (struct row){ 0 };
}

static void row_set(struct row *r, struct slice text)
{
	row_fini(r);
	r->text = xmemdup0(text.p, text.n);
	r->n = text.n;
}

static void resize(struct client_view *v, size_t n)
{
	for (size_t i = n; i < v->n; i++)
		row_fini(&v->rows[i]);
	v->rows = xreallocarray(v->rows, n ? n : 1, sizeof(*v->rows));
	for (size_t i = v->n; i < n; i++)
		v->rows[i] = (struct row){ 0 };
	v->n = n;
}

static bool get_u64(struct slice object, const char *key, uint64_t *out)
{
	struct slice s;

	return jtext_get(object, key, &s) && num_u64(s, out) == 0;
}

static void take_all(struct client_view *v, struct slice result)
{
	struct jtext_walk w;
	struct slice rows, row;
	size_t n = 0;

	if (!jtext_get(result, "rows", &rows) || jtext_open(&w, rows) < 0)
		return;
	while (n < ROWS_MAX && jtext_next(&w, NULL, &row) == 1) {
		if (n >= v->n)
			resize(v, n + 1);
		row_set(&v->rows[n++], row);
	}
	resize(v, n);
}

static void take_one(struct client_view *v, struct slice pair)
{
	struct jtext_walk w;
	struct slice index, row;
	uint64_t i;

	if (jtext_open(&w, pair) == 0 && jtext_next(&w, NULL, &index) == 1
	    && jtext_next(&w, NULL, &row) == 1 && num_u64(index, &i) == 0 && i < v->n)
		row_set(&v->rows[i], row);
}

static void take_counts(struct client_view *v, struct slice o)
{
	get_u64(o, "total", &v->total);
	get_u64(o, "matched", &v->matched);
	get_u64(o, "offset", &v->offset);
}

void views_notice(struct client *c, struct slice params)
{
	struct client_view *v = c->views;
	struct jtext_walk w;
	struct slice set, pair;
	uint64_t sub, n;

	if (!get_u64(params, "sub", &sub) || !get_u64(params, "n", &n) || n > ROWS_MAX)
		return;
	while (v && v->sub != sub)
		v = v->next;
	if (!v)
		return;
	take_counts(v, params);
	resize(v, n);
	if (jtext_get(params, "set", &set) && jtext_open(&w, set) == 0)
		while (jtext_next(&w, NULL, &pair) == 1)
			take_one(v, pair);
	v->ops->changed(v->arg, v);
}

/* --- asking --- */

static void put(struct jw *w, const char *key, const char *value)
{
	jw_key(w, key);
	jw_str(w, slice_of(value ? value : ""));
}

static void ask_params(const struct client_view *v, struct buf *b)
{
	struct jw w;

	jw_init(&w, b);
	jw_object(&w);
	if (v->sub)
		jw_key(&w, "sub"), jw_u64(&w, v->sub);
	else
		put(&w, "kind", v->q.kind);
	put(&w, "filter", v->q.filter);
	put(&w, "sort", v->q.sort);
	put(&w, "names", v->q.names);
	put(&w, "fields", v->q.fields);
	put(&w, "by", v->q.by);
	jw_key(&w, "offset"), jw_u64(&w, v->q.offset);
	jw_key(&w, "limit"), jw_u64(&w, v->q.limit ? v->q.limit : 100);
	jw_key(&w, "interval_ms"), jw_i64(&w, v->q.interval_ms ? v->q.interval_ms : 1000);
	jw_end(&w);
}

static void view_answer(void *arg, struct slice result, const struct err *e);

static void ask(struct client_view *v)
{
	struct ask *a;
	struct buf b;

	v->ask_again = v->asking != NULL;
	if (v->asking || !client_up(v->c))
		return;
	v->asking = a = xmalloc(sizeof(*a));
	*a = (struct ask){ v->c, v };
	buf_init(&b, 1 << 20);
	ask_params(v, &b);
	client_call(v->c, v->sub ? "update" : "subscribe", buf_slice(&b), view_answer, a);
	buf_fini(&b);
}

static void nothing(void *arg, struct slice result, const struct err *e)
{
}

static void unsubscribe(struct client *c, uint64_t sub)
{
	struct buf b;

	buf_init(&b, 64);
	buf_addf(&b, "{\"sub\":%llu}", (unsigned long long)sub);
	client_call(c, "unsubscribe", buf_slice(&b), nothing, NULL);
	buf_fini(&b);
}

static void view_refused(struct client_view *v, const struct err *e)
{
	if (e->class == ERR_UNREACH && !client_up(v->c))
		return; /* asked again when the line is back */
	if (v->ops->refused && !v->ask_again) /* else it is no question any more */
		v->ops->refused(v->arg, v, e, client_error_at(e));
}

static void take_answer(struct client_view *v, struct slice result)
{
	get_u64(result, "sub", &v->sub);
	take_counts(v, result);
	take_all(v, result);
	v->ready = true;
	v->ops->changed(v->arg, v);
}

static void view_answer(void *arg, struct slice result, const struct err *e)
{
	struct ask *a = arg;
	uint64_t sub;

	if (a->v && e)
		view_refused(a->v, e);
	else if (a->v)
		take_answer(a->v, result);
	else if (!e && get_u64(result, "sub", &sub) && client_up(a->c))
		unsubscribe(a->c, sub);
	if (a->v) { /* still, when all has been told */
		a->v->asking = NULL;
		if (a->v->ask_again)
			ask(a->v);
	}
	free(a);
}

void views_again(struct client *c)
{
	for (struct client_view *v = c->views; v; v = v->next) {
		v->sub = 0;
		ask(v);
	}
}

/* --- life --- */

struct client_view *client_view_new(struct client *c, const struct client_query *q,
	const struct client_view_ops *ops, void *arg)
{
	struct client_view *v = xcalloc(1, sizeof(*v));

	v->c = c;
	v->q = query_copy(q);
	v->ops = ops;
	v->arg = arg;
	v->next = c->views;
	c->views = v;
	ask(v);
	return v;
}

void client_view_set(struct client_view *v, const struct client_query *q)
{
	struct client_query old = v->q;

	v->q = query_copy(q);
	free((char *)v->q.kind);
	v->q.kind = copy(old.kind);
	query_fini(&old);
	ask(v);
}

void client_view_free(struct client_view *v)
{
	struct client_view **at;

	if (!v)
		return;
	for (at = &v->c->views; *at != v; at = &(*at)->next)
		;
	*at = v->next;
	if (v->asking)
		v->asking->v = NULL;
	if (v->sub && client_up(v->c))
		unsubscribe(v->c, v->sub);
	resize(v, 0);
	free(v->rows);
	query_fini(&v->q);
	free(v);
}

const struct client_query *client_view_query(const struct client_view *v)
{
	return &v->q;
}

bool client_view_ready(const struct client_view *v)
{
	return v->ready;
}

uint64_t client_view_total(const struct client_view *v)
{
	return v->total;
}

uint64_t client_view_matched(const struct client_view *v)
{
	return v->matched;
}

uint64_t client_view_offset(const struct client_view *v)
{
	return v->offset;
}

size_t client_view_n(const struct client_view *v)
{
	return v->n;
}

struct slice client_view_text(const struct client_view *v, size_t i)
{
	return i < v->n ? slice_mem(v->rows[i].text, v->rows[i].n) : (struct slice){ 0 };
}

const json_t *client_view_row(struct client_view *v, size_t i)
{
	struct row *r;
	struct err ignored;

	if (i >= v->n)
		return NULL;
	r = &v->rows[i];
	if (!r->json && !r->broken && r->text) {
		r->json = json_load(slice_mem(r->text, r->n), &ignored);
		r->broken = !r->json;
	}
	return r->json;
}

int client_error_at(const struct err *e)
{
	const char *at = strstr(e->text, "(at byte ");
	uint64_t v;
	size_t n;

	if (!at)
		return -1;
	n = strspn(at + 9, "0123456789");
	return num_u64(slice_mem(at + 9, n), &v) == 0 && v < 1 << 20 ? (int)v : -1;
}
