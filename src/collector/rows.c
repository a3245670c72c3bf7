/* Queries answered once: `query` and `describe`. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "collector/api_conn.h"

#define ROWS_MAX_BYTES (30u << 20)

struct call { /* a query under way */
	struct call *next, **at;
	struct conn *c;
	struct rpc_req *req;
	struct ask ask;
	struct query *q;
	struct fields *fields;
	struct job *job;
};

static void call_free(struct call *k)
{
	*k->at = k->next;
	if (k->next)
		k->next->at = k->at;
	k->c->calls_n--;
	job_cancel(k->job);
	query_free(k->q);
	fields_free(k->fields);
	ask_fini(&k->ask);
	free(k);
}

static struct call *call_new(struct conn *c, struct rpc_req *req)
{
	struct call *k = xcalloc(1, sizeof(*k));

	k->c = c;
	k->req = req;
	k->at = &c->calls;
	k->next = c->calls;
	if (k->next)
		k->next->at = &k->next;
	c->calls = k;
	c->calls_n++;
	ask_init(&k->ask);
	return k;
}

void conn_end_calls(struct conn *c)
{
	while (c->calls) {
		rpc_reply_err(c->calls->req, RPC_UNREACHABLE, "the line is closing");
		call_free(c->calls);
	}
}

bool conn_busy(const struct conn *c, struct rpc_req *req)
{
	if (c->calls_n < CONN_PENDING_MAX)
		return false;
	rpc_reply_err(req, RPC_BUSY, "%d queries are under way already", CONN_PENDING_MAX);
	return true;
}

void reply_err(struct rpc_req *req, const struct err *e)
{
	rpc_reply_err(req, rpc_code_of(e->class), "%s", e->text);
}

void reply_bad_query(struct rpc_req *req, size_t at, const struct err *e)
{
	if (at == SIZE_MAX)
		reply_err(req, e);
	else
		rpc_reply_err(req, rpc_code_of(e->class), "%s (at byte %zu)", e->text, at);
}

void ids_write(const struct model *m, const struct kind *k, const uint64_t *rows, size_t n,
	const struct fields *f, struct buf *out)
{
	buf_addc(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_addc(out, ',');
		row_json(m, k, rows[i], f, out);
	}
	buf_addc(out, ']');
}

bool rows_write(const struct model *m, const struct kind *k, const struct query *q,
	const struct fields *f, struct buf *out)
{
	size_t n;

	query_rows(q, &n);
	buf_addc(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_addc(out, ',');
		query_row_json(q, m, i, f, out);
	}
	buf_addc(out, ']');
	return !out->full;
}

/* The first page of a query that was run for all its rows; the rest is held. */
static bool first_page(struct call *k, struct buf *b)
{
	size_t n, from, page;
	const uint64_t *rows = query_rows(k->q, &n);

	from = k->ask.offset < n ? k->ask.offset : n;
	page = n - from < k->ask.limit ? n - from : k->ask.limit;
	ids_write(conn_model(k->c), k->ask.kind, rows + from, page, k->fields, b);
	if (!b->full && from + page < n) {
		buf_addf(b, ",\"held\":%u", conn_hold(k->c, k->ask.kind, k->q, k->fields));
		k->fields = NULL;
	}
	return !b->full;
}

static bool answer_rows(struct call *k, struct buf *b)
{
	return k->ask.hold ? first_page(k, b)
			   : rows_write(conn_model(k->c), k->ask.kind, k->q, k->fields, b);
}

static void query_done(void *arg)
{
	struct call *k = arg;
	struct buf b;

	k->job = NULL;
	buf_init(&b, ROWS_MAX_BYTES);
	buf_addf(&b, "{\"kind\":\"%s\",\"total\":%llu,\"matched\":%llu,\"offset\":%llu,\"rows\":",
		k->ask.kind->name, (unsigned long long)query_total(k->q),
		(unsigned long long)query_matched(k->q), (unsigned long long)k->ask.offset);
	if (answer_rows(k, &b)) {
		buf_addc(&b, '}');
		rpc_reply_text(k->req, buf_slice(&b));
	} else {
		rpc_reply_err(k->req, RPC_REFUSED, "more than %u MiB of rows; ask for fewer at a time",
			ROWS_MAX_BYTES >> 20);
	}
	buf_fini(&b);
	call_free(k);
}

static void run(struct call *k)
{
	struct job *job = job_start(k->c->api->jobs, k->c->moment, k->q, query_done, k);

	if (job)
		k->job = job; /* otherwise k is gone already */
}

void call_query(struct conn *c, struct rpc_req *req, const json_t *params)
{
	struct call *k;
	struct err e = { 0 };
	size_t at = 0;

	if (conn_busy(c, req))
		return;
	k = call_new(c, req);
	if (ask_read(&k->ask, params, false, &e) < 0) {
		reply_err(req, &e);
		call_free(k);
		return;
	}
	if (ask_compile(&k->ask, conn_upto(c), &k->q, &k->fields, &at, &e) < 0) {
		reply_bad_query(req, at, &e);
		call_free(k);
		return;
	}
	run(k);
}

void conn_moved_calls(struct conn *c)
{
	struct call *next;

	for (struct call *k = c->calls; k; k = next) {
		struct err e;
		size_t at;

		next = k->next; /* k may be answered at once */
		job_cancel(k->job);
		k->job = NULL;
		query_free(k->q);
		fields_free(k->fields);
		if (ask_compile(&k->ask, conn_upto(c), &k->q, &k->fields, &at, &e) < 0)
			BUG("a query that compiled no longer does: %s", e.text);
		run(k);
	}
}

/* --- describe: one row in full, with what belongs to it ------------------------- */

static struct query *run_whole(const struct query_spec *s, const struct model *m)
{
	struct err e;
	size_t at;
	struct query *q = query_new(s, &at, &e);

	if (q)
		query_step(q, m, 0);
	return q;
}

static char *all_fields(const struct kind *k)
{
	struct buf b;
	char *s;

	buf_init(&b, 65536);
	for (const struct field *f = k->fields; f->name; f++)
		buf_addf(&b, "%s%s", f == k->fields ? "" : ",", f->name);
	s = buf_steal(&b);
	buf_fini(&b);
	return s;
}

/* Rows of another kind that belong to this device, as a member. */
static void add_related(const struct conn *c, const char *member, const char *kind,
	const char *filter, uint64_t limit, struct buf *out)
{
	struct query_spec s = { .kind = kind_find(kind), .filter = slice_of(filter), .limit = limit,
		.upto = conn_upto(c) };
	struct query *q = run_whole(&s, conn_model(c));
	struct err e;
	size_t at;
	struct fields *f = fields_new(s.kind, slice_of(""), &at, &e);

	if (q && f) {
		buf_addf(out, ",\"%s\":", member);
		rows_write(conn_model(c), s.kind, q, f, out);
	}
	fields_free(f);
	query_free(q);
}

/* alert: the id of the one that its status put it in, or "". */
static void add_device_parts(const struct conn *c, struct slice id, const char *alert, struct buf *out)
{
	struct buf filter;

	buf_init(&filter, 4096);
	buf_adds(&filter, "device='");
	for (size_t i = 0; i < id.n; i++) {
		if (id.p[i] == '\'' || id.p[i] == '\\')
			buf_addc(&filter, '\\');
		buf_addc(&filter, id.p[i]);
	}
	buf_adds(&filter, "'");
	add_related(c, "series", "metrics", filter.p, 1000, out);
	add_related(c, "events", "events", filter.p, 20, out);
	buf_addf(&filter, " or id='%s'", alert);
	add_related(c, "alerts", "alerts", filter.p, 100, out);
	buf_fini(&filter);
}

/* The id of the row that was written, read back from its JSON: names need not be unique. */
static void add_parts_of_row(const struct conn *c, struct slice row, struct buf *out)
{
	struct err e;
	json_t *j = json_load(row, &e);

	if (j)
		add_device_parts(c, slice_of(json_str(j, "id", "")), json_str(j, "alert", ""), out);
	json_decref(j);
}

static int describe(const struct conn *c, const struct kind *k, const char *name, struct buf *out,
	struct err *e)
{
	struct query_spec s = { .kind = k, .names = slice_of(name), .limit = 1,
		.upto = conn_upto(c) };
	struct query *q = run_whole(&s, conn_model(c));
	char *names = all_fields(k);
	size_t at, n = 0;
	struct fields *f = fields_new(k, slice_of(names), &at, e);
	const uint64_t *rows = q ? query_rows(q, &n) : NULL;
	int rc = -1;

	if (!q || !f) {
		err_set(e, ERR_OURS, "cannot describe %s", k->name);
	} else if (n == 0) {
		err_set(e, ERR_NO, "no %s '%.100s'", k->singular, name);
	} else {
		size_t from;

		buf_adds(out, "{\"row\":");
		from = out->len;
		row_json(conn_model(c), k, rows[0], f, out);
		if (strcmp(k->name, "devices") == 0)
			add_parts_of_row(c, slice_mem(out->p + from, out->len - from), out);
		buf_addc(out, '}');
		rc = 0;
	}
	free(names);
	fields_free(f);
	query_free(q);
	return rc;
}

void call_describe(struct conn *c, struct rpc_req *req, const json_t *params)
{
	static const char *const known[] = { "kind", "name", NULL };
	const struct kind *k = kind_find(json_str(params, "kind", ""));
	const char *name = json_str(params, "name", NULL);
	struct err e = { 0 };
	struct buf b;

	if (params_known(params, known, &e) < 0 || !k || !name) {
		rpc_reply_err(req, RPC_BAD_PARAMS, "%s",
			e.text[0] ? e.text : "describe needs 'kind' (see schema) and 'name'");
		return;
	}
	buf_init(&b, ROWS_MAX_BYTES);
	if (describe(c, k, name, &b, &e) < 0)
		reply_err(req, &e);
	else if (b.full)
		rpc_reply_err(req, RPC_REFUSED, "the row is larger than %u MiB", ROWS_MAX_BYTES >> 20);
	else
		rpc_reply_text(req, buf_slice(&b));
	buf_fini(&b);
}
