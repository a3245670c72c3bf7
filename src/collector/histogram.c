/*
 * `histogram`: how many events in each piece of a span, and how bad they were.  Those in memory are
 * looked at one by one; older ones the journal counts by severity, which will do for any filter that
 * asks for nothing else.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "collector/older.h"
#include "collector/scan.h"

#define BUCKETS_MAX 1000
#define TOO_OLD	    20000 /* in a row: those before them are older still */

struct bucket {
	uint32_t all, warn, error;
};

struct histogram {
	struct api *api;
	const struct model *m;
	struct scan *scan;
	struct eventscan *events;
	int64_t from_ms, to_ms, step_ms;
	int64_t oldest_ms; /* known from there on; 0: nothing is */
	uint32_t severities; /* those that the filter lets through */
	bool by_severity;    /* that is all that it asks for */
	struct older *older; /* counts: asked for, not yet here */
	bool replied;
	uint64_t n;
	unsigned old; /* events before the span, in a row */
	struct bucket v[];
};

static void histogram_end(void *arg)
{
	struct histogram *h = arg;

	older_drop(h->older);
	eventscan_free(h->events);
	free(h);
}

static void bucket_add(struct bucket *b, int severity, uint32_t n)
{
	b->all += n;
	if (severity >= SEVERITY_ERROR)
		b->error += n;
	else if (severity >= SEVERITY_WARN)
		b->warn += n;
}

static void count(struct histogram *h, uint64_t n)
{
	int64_t at;
	int severity;

	if (!model_event(h->m, n, &at, &severity))
		return;
	h->old = at < h->from_ms ? h->old + 1 : 0;
	if (at < h->from_ms || at >= h->to_ms)
		return;
	bucket_add(&h->v[(at - h->from_ms) / h->step_ms], severity, 1);
}

static int64_t oldest(const struct model *m)
{
	int64_t at = 0;
	int severity;

	return model_event(m, model_events_first(m), &at, &severity) ? at : 0;
}

/* Some of the piece in which memory ends are not counted: it is as unknown as those before. */
static void cut(struct histogram *h)
{
	int64_t pieces = (h->oldest_ms - h->from_ms + h->step_ms - 1) / h->step_ms;

	for (int64_t i = 0; i < pieces && i < (int64_t)h->n; i++)
		h->v[i] = (struct bucket){ 0 };
	if (pieces > 0)
		h->oldest_ms = h->from_ms + pieces * h->step_ms;
}

static bool answer(struct histogram *h)
{
	struct buf b;
	struct jw w;

	buf_init(&b, 1 << 20);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "from"), jw_time(&w, h->from_ms);
	jw_key(&w, "step_ms"), jw_i64(&w, h->step_ms);
	jw_key(&w, "oldest"), jw_time(&w, h->oldest_ms);
	jw_key(&w, "buckets");
	jw_array(&w);
	for (uint64_t i = 0; i < h->n; i++) {
		jw_array(&w);
		jw_u64(&w, h->v[i].all);
		jw_u64(&w, h->v[i].warn);
		jw_u64(&w, h->v[i].error);
		jw_end(&w);
	}
	jw_end(&w);
	jw_end(&w);
	rpc_reply_text(scan_req(h->scan), buf_slice(&b));
	buf_fini(&b);
	return h->replied = true;
}

/* --- what memory no longer holds --- */

static void counts_add(struct histogram *h, const uint32_t *v)
{
	for (uint64_t i = 0; i < h->n; i++)
		for (int s = 0; s < SEVERITIES; s++)
			if (h->severities >> s & 1)
				bucket_add(&h->v[i], s, v[i * SEVERITIES + (unsigned)s]);
}

static void got_counts(void *arg, const uint32_t *v, int64_t oldest_ms, const struct err *e)
{
	struct histogram *h = arg;

	h->older = NULL;
	if (e)
		cut(h);
	else
		counts_add(h, v);
	if (!e && oldest_ms && oldest_ms < h->oldest_ms)
		h->oldest_ms = oldest_ms;
	answer(h);
	scan_wake(h->scan);
}

/* Those with lower numbers than memory's oldest, when the span reaches there. */
static bool ask_journal(struct histogram *h)
{
	struct journal_count q = { .from_ms = h->from_ms, .step_ms = h->step_ms,
		.n = (uint32_t)h->n, .below_n = eventscan_at(h->events) };

	if (h->by_severity)
		h->older = older_count(h->api, &q, got_counts, h);
	if (h->older)
		scan_sleep(h->scan);
	return h->older != NULL;
}

static bool histogram_step(void *arg, struct scan *s)
{
	struct histogram *h = arg;
	enum eventscan_end end = EVENTSCAN_MORE;

	h->scan = s;
	if (h->replied)
		return true;
	do {
		unsigned most = SCAN_CHUNK;
		uint64_t n;

		while (h->old < TOO_OLD &&
			(end = eventscan_next(h->events, h->m, &most, &n)) == EVENTSCAN_FOUND)
			count(h, n);
	} while (end == EVENTSCAN_MORE && !scan_late(s));
	if (end == EVENTSCAN_MORE)
		return false;
	h->oldest_ms = oldest(h->m);
	if (h->old >= TOO_OLD || eventscan_at(h->events) <= 1)
		return answer(h);
	if (ask_journal(h))
		return false;
	cut(h);
	return answer(h);
}

struct span {
	int64_t from_ms, to_ms;
	uint64_t n;
};

static int read_ask(const json_t *params, int64_t now, struct span *a, struct err *e)
{
	static const char *const known[] = { "kind", "filter", "from", "to", "buckets", NULL };
	a->n = 60;
	if (params_known(params, known, e) < 0)
		return -1;
	if (strcmp(json_str(params, "kind", "events"), "events") != 0)
		return err_set(e, ERR_USAGE, "'kind' must be events");
	if (params_moment(params, "to", now, &a->to_ms, e) < 0 ||
		params_moment(params, "from", a->to_ms - 3600000, &a->from_ms, e) < 0 ||
		params_uint(params, "buckets", BUCKETS_MAX, &a->n, e) < 0)
		return -1;
	if (a->n == 0 || a->from_ms >= a->to_ms || a->to_ms - a->from_ms > INT64_C(1) << 46)
		return err_set(e, ERR_USAGE, "'from' must be before 'to', and 'buckets' above 0");
	return 0;
}

void call_histogram(struct conn *c, struct rpc_req *req, const json_t *params)
{
	static const struct scan_ops ops = { histogram_step, histogram_end };
	struct eventscan_spec s = { .filter = slice_of(json_str(params, "filter", "")),
		.upto = conn_upto(c), .from = UINT64_MAX, .older = true };
	struct histogram *h;
	struct span a = { 0 };
	struct err e = { 0 };
	size_t at = 0;

	if (conn_busy(c, req))
		return;
	if (read_ask(params, conn_now_ms(c), &a, &e) < 0) {
		reply_err(req, &e);
		return;
	}
	h = xcalloc(1, sizeof(*h) + a.n * sizeof(h->v[0]));
	h->api = c->api;
	h->m = c->api->env.model;
	h->n = a.n;
	h->from_ms = a.from_ms;
	h->step_ms = (a.to_ms - a.from_ms + (int64_t)a.n - 1) / (int64_t)a.n;
	h->to_ms = h->from_ms + h->step_ms * (int64_t)a.n;
	h->events = eventscan_new(&s, &at, &e);
	if (!h->events) {
		reply_bad_query(req, at, &e);
		histogram_end(h);
		return;
	}
	h->by_severity = eventscan_severities(h->events, &h->severities);
	scan_start(c, req, &ops, h);
}
