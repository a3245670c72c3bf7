/*
 * `travel`: from then on a connection is answered as of a moment gone by; its subscriptions move
 * there, too, and come back with it.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "collector/moment.h"
#include "collector/scan.h"
#include "model/past.h"

enum search { SEARCH_NO, SEARCH_NEXT, SEARCH_PREVIOUS };

struct travel {
	struct conn *c;
	int64_t at_ms;	/* 0: to now */
	enum search to; /* the event next to the moment */
	struct eventscan *events;
	struct moment *moment;
};

const struct model *conn_model(const struct conn *c)
{
	return c->moment ? moment_model(c->moment) : c->api->env.model;
}

uint64_t conn_upto(const struct conn *c)
{
	uint64_t recorded = c->api->env.recorded(c->api->env.arg), last;

	if (!c->moment)
		return recorded;
	last = model_events_last(moment_model(c->moment));
	return last < recorded ? last : recorded;
}

int64_t conn_now_ms(const struct conn *c)
{
	return c->moment ? moment_at_ms(c->moment) : clock_wall_ms();
}

static void conn_move(struct conn *c, struct moment *m)
{
	struct moment *was = c->moment;

	conn_end_held(c); /* their rows are another model's */
	c->moment = m;
	conn_moved_calls(c);
	conn_moved_subs(c);
	moment_drop(was);
}

void conn_end_travel(struct conn *c)
{
	moment_drop(c->moment);
	c->moment = NULL;
}

/* --- the answer --- */

static void put_time(struct jw *w, const char *key, int64_t ms)
{
	jw_key(w, key);
	if (ms == INT64_MAX || !ms)
		jw_null(w);
	else
		jw_time(w, ms);
}

static void answer(const struct travel *t, struct rpc_req *req)
{
	struct past_reach reach;
	struct buf b;
	struct jw w;

	past_reach(t->c->api->env.model, &reach);
	buf_init(&b, 4096);
	jw_init(&w, &b);
	jw_object(&w);
	put_time(&w, "at", t->at_ms);
	put_time(&w, "now", clock_wall_ms());
	jw_key(&w, "oldest");
	jw_object(&w);
	put_time(&w, "statuses", reach.statuses_ms);
	put_time(&w, "history", reach.history_ms);
	put_time(&w, "events", reach.events_ms);
	jw_end(&w);
	jw_end(&w);
	rpc_reply_text(req, buf_slice(&b));
	buf_fini(&b);
}

/* --- on the way --- */

static void travel_end(void *arg)
{
	struct travel *t = arg;

	if (t->c->travel == t)
		t->c->travel = NULL;
	eventscan_free(t->events);
	moment_drop(t->moment);
	free(t);
}

/* Looks for the event; true when the search is over, then t->to says whether it was in vain. */
static bool search_step(struct travel *t, struct scan *s)
{
	const struct model *m = t->c->api->env.model;
	int64_t at = 0;
	int severity;
	enum eventscan_end end;

	do {
		unsigned most = SCAN_CHUNK;
		uint64_t n;

		end = eventscan_next(t->events, m, &most, &n);
		if (end == EVENTSCAN_FOUND && model_event(m, n, &at, &severity) &&
			(t->to == SEARCH_NEXT ? at > t->at_ms : at < t->at_ms)) {
			t->at_ms = at;
			t->to = SEARCH_NO;
			return true;
		}
	} while (end != EVENTSCAN_END && !scan_late(s));
	return end == EVENTSCAN_END;
}

static bool travel_step(void *arg, struct scan *s)
{
	struct travel *t = arg;
	struct err e = { 0 };

	if (t->c->travel != t) {
		rpc_reply_err(scan_req(s), RPC_REFUSED, "superseded by a newer travel");
		return true;
	}
	if (t->to != SEARCH_NO && !search_step(t, s))
		return false;
	if (t->to != SEARCH_NO) {
		rpc_reply_err(scan_req(s), RPC_NOT_FOUND, "no such event %s",
			t->to == SEARCH_NEXT ? "later" : "earlier");
		return true;
	}
	if (!t->moment && t->at_ms) {
		t->moment = moment_take(t->c->api, t->at_ms, &e);
		if (!t->moment) {
			reply_err(scan_req(s), &e);
			return true;
		}
	}
	if (t->moment && !moment_step(t->moment, SCAN_SLICE_US))
		return false;
	conn_move(t->c, t->moment);
	t->moment = NULL; /* the connection's now */
	answer(t, scan_req(s));
	return true;
}

/* --- the call --- */

static int read_search(struct travel *t, const json_t *params, struct err *e)
{
	const char *to = json_str(params, "to", NULL), *filter = json_str(params, "filter", NULL);
	struct eventscan_spec s = { .filter = slice_of(filter ? filter : "severity>=warn"),
		.from = conn_upto(t->c), .upto = t->c->api->env.recorded(t->c->api->env.arg) };
	size_t at;

	if (!to)
		return filter ? err_set(e, ERR_USAGE, "'filter' is for 'to'") : 0;
	if (strcmp(to, "next") != 0 && strcmp(to, "previous") != 0)
		return err_set(e, ERR_USAGE, "'to' must be next or previous");
	if (t->at_ms)
		return err_set(e, ERR_USAGE, "either 'at' or 'to'");
	t->at_ms = conn_now_ms(t->c);
	t->to = strcmp(to, "next") == 0 ? SEARCH_NEXT : SEARCH_PREVIOUS;
	s.older = t->to == SEARCH_PREVIOUS;
	s.from += s.older;
	t->events = eventscan_new(&s, &at, e);
	return t->events ? 0 : -1;
}

static int read_ask(struct travel *t, const json_t *params, struct err *e)
{
	static const char *const known[] = { "at", "to", "filter", NULL };
	struct past_reach reach;
	int64_t oldest;

	if (params_known(params, known, e) < 0 ||
		params_moment(params, "at", 0, &t->at_ms, e) < 0 || read_search(t, params, e) < 0)
		return -1;
	if (!t->at_ms)
		return 0;
	past_reach(t->c->api->env.model, &reach);
	oldest = reach.statuses_ms < reach.history_ms ? reach.statuses_ms : reach.history_ms;
	oldest = oldest < reach.events_ms ? oldest : reach.events_ms;
	if (t->at_ms > clock_wall_ms())
		return err_set(e, ERR_USAGE, "'at' lies in the future");
	if (t->at_ms < oldest)
		return err_set(e, ERR_NO, "nothing is known of so long ago");
	if (!t->c->api->env.past)
		return err_set(e, ERR_REFUSED, "no travelling here");
	return 0;
}

void call_travel(struct conn *c, struct rpc_req *req, const json_t *params)
{
	static const struct scan_ops ops = { travel_step, travel_end };
	struct travel *t;
	struct err e = { 0 };

	if (conn_busy(c, req))
		return;
	t = xcalloc(1, sizeof(*t));
	t->c = c;
	if (read_ask(t, params, &e) < 0) {
		reply_err(req, &e);
		travel_end(t);
		return;
	}
	c->travel = t;
	scan_start(c, req, &ops, t);
}
