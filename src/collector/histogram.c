/* `histogram`: how many events in each piece of a span, and how bad they were. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "collector/scan.h"

#define BUCKETS_MAX 1000
#define TOO_OLD	    20000 /* in a row: those before them are older still */

struct bucket {
	uint32_t all, warn, error;
};

struct histogram {
	const struct model *m;
	struct eventscan *scan;
	int64_t from_ms, to_ms, step_ms;
	uint64_t n;
	unsigned old; /* events before the span, in a row */
	struct bucket v[];
};

static void histogram_end(void *arg)
{
	struct histogram *h = arg;

	eventscan_free(h->scan);
	free(h);
}

static void count(struct histogram *h, uint64_t n)
{
	int64_t at;
	int severity;
	struct bucket *b;

	if (!model_event(h->m, n, &at, &severity))
		return;
	h->old = at < h->from_ms ? h->old + 1 : 0;
	if (at < h->from_ms || at >= h->to_ms)
		return;
	b = &h->v[(at - h->from_ms) / h->step_ms];
	b->all++;
	b->warn += severity >= SEVERITY_WARN && severity < SEVERITY_ERROR;
	b->error += severity >= SEVERITY_ERROR;
}

static int64_t oldest(const struct model *m)
{
	int64_t at = 0;
	int severity;

	return model_event(m, model_events_first(m), &at, &severity) ? at : 0;
}

static void answer(const struct histogram *h, struct rpc_req *req)
{
	struct buf b;
	struct jw w;

	buf_init(&b, 1 << 20);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "from"), jw_time(&w, h->from_ms);
	jw_key(&w, "step_ms"), jw_i64(&w, h->step_ms);
	jw_key(&w, "oldest"), jw_time(&w, oldest(h->m));
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
	rpc_reply_text(req, buf_slice(&b));
	buf_fini(&b);
}

static bool histogram_step(void *arg, struct scan *s)
{
	struct histogram *h = arg;
	enum eventscan_end end = EVENTSCAN_MORE;

	do {
		unsigned most = SCAN_CHUNK;
		uint64_t n;

		while (h->old < TOO_OLD &&
			(end = eventscan_next(h->scan, h->m, &most, &n)) == EVENTSCAN_FOUND)
			count(h, n);
	} while (end == EVENTSCAN_MORE && !scan_late(s));
	if (end == EVENTSCAN_MORE)
		return false;
	answer(h, scan_req(s));
	return true;
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
	h->m = c->api->env.model;
	h->n = a.n;
	h->from_ms = a.from_ms;
	h->step_ms = (a.to_ms - a.from_ms + (int64_t)a.n - 1) / (int64_t)a.n;
	h->to_ms = h->from_ms + h->step_ms * (int64_t)a.n;
	h->scan = eventscan_new(&s, &at, &e);
	if (!h->scan) {
		reply_bad_query(req, at, &e);
		histogram_end(h);
		return;
	}
	scan_start(c, req, &ops, h);
}
