/*
 * `scroll`: a page of events on one side of a number or a moment, out of memory and, where that
 * does not reach, out of the journal.  One call looks at a bounded piece: its answer says where
 * to go on, so that a filter which hardly anything passes costs many short calls, not a long one.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "collector/older.h"
#include "collector/scan.h"

#define LIMIT_MAX   2000
#define OLDER_BATCH 2000
#define LOOK_MAX    400000 /* events of memory that one call looks at */

struct scroll {
	struct api *api;
	struct scan *scan;
	char *filter;
	struct fields *fields;
	struct eventscan *events;
	uint64_t from, upto;
	int64_t at_ms; /* to be found first; 0: no */
	bool older;
	uint64_t limit, found, looked;
	struct older *older_rows; /* asked of the journal */
	bool replied;
	struct buf rows;
};

static void scroll_end(void *arg)
{
	struct scroll *s = arg;

	older_drop(s->older_rows);
	eventscan_free(s->events);
	fields_free(s->fields);
	free(s->filter);
	buf_fini(&s->rows);
	free(s);
}

/* next: the number to go on from, 0: there is nothing further. */
static bool reply(struct scroll *s, uint64_t next)
{
	struct rpc_req *req = scan_req(s->scan);
	struct buf b;

	s->replied = true;
	if (s->rows.full) {
		rpc_reply_err(req, RPC_REFUSED, "the rows are too large; ask for fewer");
		return true;
	}
	buf_init(&b, ANSWER_MAX + 4096);
	buf_addf(&b, "{\"from\":%llu,\"next\":%llu,\"last\":%llu,\"rows\":[",
		(unsigned long long)s->from, (unsigned long long)next, (unsigned long long)s->upto);
	buf_addslice(&b, buf_slice(&s->rows));
	buf_adds(&b, "]}");
	rpc_reply_text(req, buf_slice(&b));
	buf_fini(&b);
	return true;
}

/* -1: it does not fit, and is for the next call. */
static int add_row(struct scroll *s, const struct model *m, uint64_t n)
{
	size_t before = s->rows.len;

	if (s->found)
		buf_addc(&s->rows, ',');
	row_json(m, kind_find("events"), n, s->fields, &s->rows);
	if (s->found && (s->rows.full || s->rows.len > ANSWER_MAX / 4)) {
		s->rows.len = before;
		s->rows.full = false;
		return -1;
	}
	s->found++;
	return 0;
}

/* Some of a model's events.  MORE: the page is not full yet; `at`: how far it came. */
static enum eventscan_end take(struct scroll *s, struct eventscan *events, const struct model *m,
	unsigned most, uint64_t *at)
{
	enum eventscan_end end = EVENTSCAN_FOUND;

	while (s->found < s->limit && end == EVENTSCAN_FOUND) {
		uint64_t n;

		*at = eventscan_at(events);
		end = eventscan_next(events, m, &most, &n);
		if (end == EVENTSCAN_FOUND && add_row(s, m, n) < 0)
			return EVENTSCAN_FOUND;
		*at = eventscan_at(events);
	}
	return end;
}

/* --- out of the journal --- */

static struct eventscan *new_scan(const struct scroll *s, uint64_t from, size_t *at, struct err *e)
{
	struct eventscan_spec spec = { .filter = slice_of(s->filter), .from = from,
		.upto = s->upto, .older = s->older };

	return eventscan_new(&spec, at, e);
}

static void got_batch(struct scroll *s, const struct journal_event *v, size_t n, bool more)
{
	struct model *m = older_model(v, n);
	struct err e;
	struct eventscan *events = new_scan(s, s->older ? v[0].ev->n + 1 : v[0].ev->n - 1, NULL, &e);
	uint64_t at = 0, last = v[n - 1].ev->n;

	if (take(s, events, m, OLDER_BATCH + 1, &at) == EVENTSCAN_END)
		at = s->older && !more ? 0 : last;
	reply(s, at);
	eventscan_free(events);
	model_free(m);
}

static void got_older(void *arg, const struct journal_event *v, size_t n, bool more,
	const struct err *e)
{
	struct scroll *s = arg;

	s->older_rows = NULL;
	if (e)
		reply_err(scan_req(s->scan), e);
	else if (n)
		got_batch(s, v, n, more);
	else /* pruned meanwhile: newer ones go on where memory begins */
		reply(s, s->older ? 0 : model_events_first(s->api->env.model) - 1);
	s->replied = true;
	scan_wake(s->scan);
}

static bool ask_journal(struct scroll *s, const struct journal_query *q, journal_rows_fn *fn)
{
	s->older_rows = older_ask(s->api, q, fn, s);
	if (s->older_rows)
		scan_sleep(s->scan);
	return s->older_rows != NULL;
}

/* --- from a moment --- */

static void got_moment(void *arg, const struct journal_event *v, size_t n, bool more,
	const struct err *e)
{
	struct scroll *s = arg;

	s->older_rows = NULL;
	s->at_ms = 0;
	s->from = n ? v[0].ev->n - 1 : s->upto;
	scan_wake(s->scan);
}

/* The number before the first event that is not older than the moment. */
static void find_moment(struct scroll *s)
{
	const struct model *m = s->api->env.model;
	uint64_t first = model_events_first(m), n = model_event_since(m, s->at_ms);
	struct journal_query q = { .by_time = true, .from_ms = s->at_ms, .limit = 1 };

	if (n == first && first > 1 && ask_journal(s, &q, got_moment))
		return;
	s->from = n - 1;
	s->at_ms = 0;
}

/* --- out of memory --- */

static bool scroll_memory(struct scroll *s)
{
	const struct model *m = s->api->env.model;
	enum eventscan_end end;
	uint64_t at = 0;
	struct err e;

	if (!s->events)
		s->events = new_scan(s, s->from, NULL, &e);
	do {
		end = take(s, s->events, m, SCAN_CHUNK, &at);
		s->looked += SCAN_CHUNK;
	} while (end == EVENTSCAN_MORE && s->looked < LOOK_MAX && !scan_late(s->scan));
	if (end == EVENTSCAN_MORE && s->looked < LOOK_MAX)
		return false;
	if (end != EVENTSCAN_END)
		return reply(s, at);
	if (!s->older)
		return reply(s, 0);
	return reply(s, model_events_first(m) > 1 ? model_events_first(m) : 0);
}

static bool scroll_step(void *arg, struct scan *scan)
{
	struct scroll *s = arg;
	uint64_t first = model_events_first(s->api->env.model);
	struct journal_query q = { .newest_first = s->older, .limit = OLDER_BATCH };

	s->scan = scan;
	if (s->replied)
		return true;
	if (s->at_ms) {
		find_moment(s);
		return false;
	}
	q.after_n = s->from;
	if (!s->events && (s->older ? s->from <= first && first > 1 : s->from + 1 < first)) {
		if (s->older && s->from == 0)
			return reply(s, 0);
		if (ask_journal(s, &q, got_older))
			return false;
		return reply(s, s->older ? 0 : first - 1);
	}
	return scroll_memory(s);
}

static int read_ask(struct scroll *s, const json_t *params, struct err *e)
{
	static const char *const known[] = { "filter", "fields", "before", "after", "at", "limit", NULL };
	size_t at;

	s->limit = 100;
	s->from = UINT64_MAX;
	s->older = !json_object_get(params, "after") && !json_object_get(params, "at");
	s->filter = xstrdup(json_str(params, "filter", ""));
	if (params_known(params, known, e) < 0 ||
		params_uint(params, "limit", LIMIT_MAX, &s->limit, e) < 0 ||
		params_uint(params, s->older ? "before" : "after", INT64_MAX, &s->from, e) < 0 ||
		params_moment(params, "at", 0, &s->at_ms, e) < 0)
		return -1;
	if (s->older && s->from > s->upto)
		s->from = s->upto + 1;
	s->fields = fields_new(kind_find("events"), slice_of(json_str(params, "fields", "")), &at, e);
	return s->fields ? 0 : -1;
}

void call_scroll(struct conn *c, struct rpc_req *req, const json_t *params)
{
	static const struct scan_ops ops = { scroll_step, scroll_end };
	struct scroll *s;
	struct eventscan *trial;
	struct err e = { 0 };
	size_t at = 0;

	if (conn_busy(c, req))
		return;
	s = xcalloc(1, sizeof(*s));
	s->api = c->api;
	s->upto = conn_upto(c);
	buf_init(&s->rows, ANSWER_MAX);
	if (read_ask(s, params, &e) < 0) {
		reply_err(req, &e);
		scroll_end(s);
		return;
	}
	trial = new_scan(s, s->from, &at, &e);
	if (!trial) {
		reply_bad_query(req, at, &e);
		scroll_end(s);
		return;
	}
	eventscan_free(trial);
	scan_start(c, req, &ops, s);
}
