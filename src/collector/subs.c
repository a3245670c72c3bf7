/*
 * Subscriptions: a window of rows kept up to date.  Each interval the query runs again (in
 * slices), every row of the window becomes JSON, and rows whose JSON differs from what the
 * client has are sent.  A client that does not read gets nothing meanwhile, then the newest.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "collector/api_conn.h"

#define SUB_LIMIT_MAX 1000

struct sub {
	struct sub *next;
	struct conn *c;
	uint32_t id;
	struct ask ask;
	struct query *q;
	struct fields *fields;
	struct job *job;
	bool running;
	struct rpc_req *req; /* the call that made or changed it, until its first run is done */
	int64_t due_ms;
	const struct moment *told; /* of which it has been told all there is; NULL: now */
	char **sent; /* rows as the client has them; NULL: not at all */
	size_t sent_n;
	uint64_t total, matched;
};

static void forget_sent(struct sub *s)
{
	for (size_t i = 0; i < s->sent_n; i++)
		free(s->sent[i]);
	free(s->sent);
	s->sent = NULL;
	s->sent_n = 0;
}

static void drop_query(struct sub *s)
{
	job_cancel(s->job);
	s->job = NULL;
	s->running = false;
	query_free(s->q);
	fields_free(s->fields);
	s->q = NULL;
	s->fields = NULL;
}

static void sub_free(struct sub *s)
{
	if (s->req)
		rpc_reply_err(s->req, RPC_UNREACHABLE, "the subscription ended");
	drop_query(s);
	forget_sent(s);
	ask_fini(&s->ask);
	s->c->subs_n--;
	free(s);
}

static struct sub **find(struct conn *c, const json_t *params)
{
	uint32_t id = (uint32_t)json_i64(params, "sub", 0);

	for (struct sub **at = &c->subs; *at; at = &(*at)->next)
		if ((*at)->id == id)
			return at;
	return NULL;
}

static int compile(struct sub *s, size_t *at, struct err *e)
{
	*at = SIZE_MAX;
	if (s->ask.hold)
		return err_set(e, ERR_USAGE, "unknown parameter 'hold'");
	if (s->ask.limit > SUB_LIMIT_MAX)
		return err_set(e, ERR_REFUSED, "a subscription's window has %d rows at most",
			SUB_LIMIT_MAX);
	return ask_compile(&s->ask, conn_upto(s->c), &s->q, &s->fields, at, e);
}

static void head(struct sub *s, struct buf *b)
{
	buf_addf(b, "{\"sub\":%u,\"total\":%llu,\"matched\":%llu,\"offset\":%llu", s->id,
		(unsigned long long)query_total(s->q), (unsigned long long)query_matched(s->q),
		(unsigned long long)s->ask.offset);
}

/* Row i as JSON, remembered as sent; true when the client has another one there. */
static bool take_row(struct sub *s, size_t i, struct buf *tmp)
{
	buf_reset(tmp);
	query_row_json(s->q, conn_model(s->c), i, s->fields, tmp);
	if (s->sent[i] && strcmp(s->sent[i], tmp->p) == 0)
		return false;
	free(s->sent[i]);
	s->sent[i] = xmemdup0(tmp->p, tmp->len);
	return true;
}

static void resize_sent(struct sub *s, size_t n)
{
	for (size_t i = n; i < s->sent_n; i++)
		free(s->sent[i]);
	s->sent = xreallocarray(s->sent, n ? n : 1, sizeof(*s->sent));
	for (size_t i = s->sent_n; i < n; i++)
		s->sent[i] = NULL;
	s->sent_n = n;
}

static void answer(struct sub *s)
{
	struct buf b, tmp;
	size_t n;

	query_rows(s->q, &n);
	buf_init(&b, ANSWER_MAX);
	buf_init(&tmp, 4 << 20);
	forget_sent(s);
	resize_sent(s, n);
	head(s, &b);
	buf_addf(&b, ",\"kind\":\"%s\",\"rows\":[", s->ask.kind->name);
	for (size_t i = 0; i < n; i++) {
		take_row(s, i, &tmp);
		buf_addf(&b, i ? "," : "");
		buf_addslice(&b, buf_slice(&tmp));
	}
	buf_adds(&b, "]}");
	if (b.full)
		rpc_reply_err(s->req, RPC_REFUSED, "the window is too large");
	else
		rpc_reply_text(s->req, buf_slice(&b));
	s->req = NULL;
	buf_fini(&b);
	buf_fini(&tmp);
}

static void notice(struct sub *s)
{
	bool changed = query_total(s->q) != s->total || query_matched(s->q) != s->matched;
	struct buf b, tmp;
	size_t n;
	bool first = true;

	query_rows(s->q, &n);
	changed |= n != s->sent_n;
	buf_init(&b, ANSWER_MAX);
	buf_init(&tmp, 4 << 20);
	resize_sent(s, n);
	head(s, &b);
	buf_addf(&b, ",\"n\":%zu,\"set\":[", n);
	for (size_t i = 0; i < n; i++) {
		if (!take_row(s, i, &tmp))
			continue;
		buf_addf(&b, "%s[%zu,", first ? "" : ",", i);
		buf_addslice(&b, buf_slice(&tmp));
		buf_addc(&b, ']');
		first = false;
		changed = true;
	}
	buf_adds(&b, "]}");
	if (changed && !b.full)
		rpc_notify_text(s->c->peer, "rows", buf_slice(&b));
	buf_fini(&b);
	buf_fini(&tmp);
}

static void run_done(void *arg)
{
	struct sub *s = arg;

	s->job = NULL;
	s->running = false;
	s->due_ms = clock_mono_ms() + (int64_t)s->ask.interval_ms;
	if (s->req)
		answer(s);
	else if (conn_congested(s->c))
		return;
	else
		notice(s);
	s->told = s->c->moment;
	s->total = query_total(s->q);
	s->matched = query_matched(s->q);
}

static void run(struct sub *s)
{
	struct job *j;

	s->running = true;
	j = job_start(s->c->api->jobs, s->c->moment, s->q, run_done, s);
	if (j)
		s->job = j;
}

/* Compiles and runs; the request is answered when the rows are there, or with the error. */
static bool start(struct sub *s, struct rpc_req *req)
{
	struct err e = { 0 };
	size_t at;

	drop_query(s);
	if (compile(s, &at, &e) < 0) {
		reply_bad_query(req, at, &e);
		return false;
	}
	s->req = req;
	run(s);
	return true;
}

void call_subscribe(struct conn *c, struct rpc_req *req, const json_t *params)
{
	struct err e = { 0 };
	struct sub *s;

	if (c->subs_n >= CONN_SUBS_MAX) {
		rpc_reply_err(req, RPC_REFUSED, "%d subscriptions are the most", CONN_SUBS_MAX);
		return;
	}
	s = xcalloc(1, sizeof(*s));
	s->c = c;
	s->id = ++c->api->last_id;
	c->subs_n++;
	ask_init(&s->ask);
	if (ask_read(&s->ask, params, false, &e) < 0) {
		reply_err(req, &e);
		sub_free(s);
		return;
	}
	if (!start(s, req)) {
		sub_free(s);
		return;
	}
	s->next = c->subs;
	c->subs = s;
}

/* A bad change leaves the subscription as it was. */
void call_update(struct conn *c, struct rpc_req *req, const json_t *params)
{
	struct sub **at = find(c, params), *s;
	struct ask old, copy;
	struct err e = { 0 };
	size_t byte;

	if (!at) {
		rpc_reply_err(req, RPC_NOT_FOUND, "no such subscription");
		return;
	}
	s = *at;
	if (s->req) {
		rpc_reply_err(s->req, RPC_UNREACHABLE, "superseded by a newer update");
		s->req = NULL;
	}
	copy = s->ask;
	copy.filter = s->ask.filter ? xstrdup(s->ask.filter) : NULL;
	copy.sort = s->ask.sort ? xstrdup(s->ask.sort) : NULL;
	copy.names = s->ask.names ? xstrdup(s->ask.names) : NULL;
	copy.fields = s->ask.fields ? xstrdup(s->ask.fields) : NULL;
	copy.by = s->ask.by ? xstrdup(s->ask.by) : NULL;
	old = s->ask;
	s->ask = copy;
	if (ask_read(&s->ask, params, true, &e) < 0) {
		reply_err(req, &e);
		ask_fini(&s->ask);
		s->ask = old;
		return;
	}
	if (start(s, req)) {
		ask_fini(&old);
		return;
	}
	ask_fini(&s->ask);
	s->ask = old;
	if (compile(s, &byte, &e) < 0)
		BUG("a filter that compiled no longer does: %s", e.text);
}

void call_unsubscribe(struct conn *c, struct rpc_req *req, const json_t *params)
{
	struct sub **at = find(c, params), *s;

	if (at) {
		s = *at;
		*at = s->next;
		sub_free(s);
	}
	rpc_reply_text(req, slice_of("{}"));
}

/* Events' upper bound moves on: their query is made anew each time. */
static void refresh(struct sub *s)
{
	struct err e;
	size_t at;

	drop_query(s);
	if (compile(s, &at, &e) < 0)
		BUG("a filter that compiled no longer does: %s", e.text);
}

/* A moment gone by changes no more. */
static bool is_told(const struct sub *s)
{
	return s->c->moment && s->told == s->c->moment;
}

void conn_moved_subs(struct conn *c)
{
	for (struct sub *s = c->subs; s; s = s->next) {
		refresh(s);
		s->told = NULL;
		run(s);
	}
}

void conn_tick_subs(struct conn *c)
{
	int64_t now = clock_mono_ms();

	for (struct sub *s = c->subs; s; s = s->next) {
		if (s->running || now < s->due_ms || conn_congested(c) || is_told(s))
			continue;
		if (strcmp(s->ask.kind->name, "events") == 0)
			refresh(s);
		run(s);
	}
}

void conn_end_subs(struct conn *c)
{
	while (c->subs) {
		struct sub *s = c->subs;

		c->subs = s->next;
		sub_free(s);
	}
}
