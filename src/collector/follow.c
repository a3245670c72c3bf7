/*
 * Follows: events as they are recorded, none lost, none twice, in order of n.  A client that is
 * slow stays behind at its own number and catches up from memory, or from the journal when
 * memory no longer reaches back.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "collector/api_conn.h"
#include "collector/older.h"

#define BATCH	     500
#define OLDER_BATCH  2000

struct follow {
	struct follow *next;
	struct conn *c;
	uint32_t id;
	struct ask ask;
	struct fields *fields;
	struct query *check; /* the filter, for older rows */
	uint64_t sent;	     /* all up to this event are dealt with */
	struct older *older; /* a batch under way */
};

static void follow_free(struct follow *f)
{
	older_drop(f->older);
	fields_free(f->fields);
	query_free(f->check);
	ask_fini(&f->ask);
	f->c->subs_n--;
	free(f);
}

static void tell(struct follow *f, struct slice rows, uint64_t missed)
{
	struct buf b;

	buf_init(&b, ANSWER_MAX);
	buf_addf(&b, "{\"follow\":%u,\"rows\":", f->id);
	buf_addslice(&b, rows);
	buf_addf(&b, ",\"missed\":%llu}", (unsigned long long)missed);
	rpc_notify_text(f->c->peer, "events", buf_slice(&b));
	buf_fini(&b);
}

/* What the filter lets through of (sent, upto] in a model.  false: more than a message holds. */
static bool tell_upto(struct follow *f, const struct model *m, uint64_t upto)
{
	struct err e;
	size_t at, n;
	struct query *q;
	struct buf b;
	bool fits;

	f->ask.after = f->sent;
	f->ask.limit = OLDER_BATCH;
	q = ask_query(&f->ask, upto, &at, &e);
	if (!q)
		BUG("a filter that compiled no longer does: %s", e.text);
	query_step(q, m, 0);
	query_rows(q, &n);
	buf_init(&b, ANSWER_MAX - 4096);
	fits = rows_write(m, f->ask.kind, q, f->fields, &b);
	if (fits && n)
		tell(f, buf_slice(&b), 0);
	if (fits)
		f->sent = upto;
	buf_fini(&b);
	query_free(q);
	return fits;
}

/* The same, or fewer of them where they are large; one alone that is too large is missed. */
static void tell_of(struct follow *f, const struct model *m, uint64_t upto)
{
	while (!tell_upto(f, m, upto)) {
		if (upto == f->sent + 1) {
			f->sent = upto;
			tell(f, slice_of("[]"), 1);
			return;
		}
		upto = f->sent + (upto - f->sent) / 2;
	}
}

static void got_older(void *arg, const struct journal_event *v, size_t n, bool more,
	const struct err *e)
{
	struct follow *f = arg;
	uint64_t first = model_events_first(f->c->api->env.model);
	struct model *m;

	f->older = NULL;
	if (n == 0 || v[0].ev->n >= first) { /* pruned, or not readable: told as missed */
		uint64_t missed = first - f->sent - 1;

		f->sent = first - 1;
		tell(f, slice_of("[]"), missed);
		return;
	}
	if (v[0].ev->n > f->sent + 1)
		tell(f, slice_of("[]"), v[0].ev->n - f->sent - 1);
	m = older_model(v, n);
	tell_of(f, m, v[n - 1].ev->n);
	model_free(m);
}

static void ask_older(struct follow *f)
{
	struct journal_query q = { .after_n = f->sent, .limit = OLDER_BATCH };
	uint64_t first = model_events_first(f->c->api->env.model);

	f->older = older_ask(f->c->api, &q, got_older, f);
	if (f->older)
		return;
	tell(f, slice_of("[]"), first - f->sent - 1);
	f->sent = first - 1;
}

static void tell_some(struct follow *f, uint64_t recorded)
{
	const struct model *m = conn_model(f->c);

	if (f->sent + 1 < model_events_first(m))
		ask_older(f);
	else
		tell_of(f, m, recorded - f->sent > BATCH ? f->sent + BATCH : recorded);
}

void conn_tell_follows(struct conn *c)
{
	uint64_t recorded = conn_upto(c); /* in the past: up to there, then no more */

	for (struct follow *f = c->follows; f; f = f->next)
		for (int i = 0; i < 4 && f->sent < recorded && !f->older && !conn_congested(c); i++)
			tell_some(f, recorded);
}

static int read_ask(struct follow *f, const json_t *params, struct err *e)
{
	static const char *const known[] = { "filter", "after", "since", "fields", NULL };
	json_t *copy;
	size_t at;
	int rc;

	if (params_known(params, known, e) < 0)
		return -1;
	copy = params ? json_copy((json_t *)params) : json_object();
	json_object_set_new(copy, "kind", json_string("events"));
	rc = ask_read(&f->ask, copy, false, e);
	json_decref(copy);
	if (rc < 0 || !(f->fields = ask_fields(&f->ask, e)))
		return -1;
	f->check = ask_query(&f->ask, UINT64_MAX, &at, e);
	return f->check ? 0 : err_prefix(e, "filter, byte %zu", at);
}

void call_follow(struct conn *c, struct rpc_req *req, const json_t *params)
{
	struct follow *f;
	struct err e = { 0 };
	char answer[96];
	bool from_start = json_object_get(params, "after") || json_object_get(params, "since");

	if (c->subs_n >= CONN_SUBS_MAX) {
		rpc_reply_err(req, RPC_REFUSED, "%d subscriptions are the most", CONN_SUBS_MAX);
		return;
	}
	f = xcalloc(1, sizeof(*f));
	f->c = c;
	c->subs_n++;
	ask_init(&f->ask);
	if (read_ask(f, params, &e) < 0) {
		reply_err(req, &e);
		follow_free(f);
		return;
	}
	f->id = ++c->api->last_id;
	f->sent = from_start ? f->ask.after : c->api->env.recorded(c->api->env.arg);
	f->next = c->follows;
	c->follows = f;
	snprintf(answer, sizeof(answer), "{\"follow\":%u,\"last\":%llu}", f->id,
		(unsigned long long)f->sent);
	rpc_reply_text(req, slice_of(answer));
}

void call_unfollow(struct conn *c, struct rpc_req *req, const json_t *params)
{
	uint32_t id = (uint32_t)json_i64(params, "follow", 0);

	for (struct follow **at = &c->follows; *at; at = &(*at)->next)
		if ((*at)->id == id) {
			struct follow *f = *at;

			*at = f->next;
			follow_free(f);
			break;
		}
	rpc_reply_text(req, slice_of("{}"));
}

void conn_end_follows(struct conn *c)
{
	while (c->follows) {
		struct follow *f = c->follows;

		c->follows = f->next;
		follow_free(f);
	}
}
