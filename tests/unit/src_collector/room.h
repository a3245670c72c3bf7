/* An API over a small model, and one client of it whose line is in memory: for the tests of this
 * folder.  The journal is an array of events that "memory no longer holds". */
#ifndef TESTS_COLLECTOR_ROOM_H
#define TESTS_COLLECTOR_ROOM_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/json.h"
#include "collector/act.h"
#include "collector/api.h"
#include "loop/loop.h"
#include "model/past.h"

#define S(text) slice_of(text)
#define T0 ((int64_t)1790000000000)

struct room {
	struct loop *loop;
	struct model *m;
	struct api *api;
	struct conn *c;
	uint64_t recorded, events;
	bool closed;
	size_t queued; /* what the client has not read, as the line tells it */
	struct buf sent[4096];
	size_t sent_n, taken;
	int id;
	/* older events: asked for, not yet given */
	journal_rows_fn *older_fn;
	void *older_arg;
	uint64_t older_after;
	bool has_journal;
	bool stopped;
	/* what was done to alerts: how many, and the last */
	int acted_n;
	char act_who[64], act_note[64];
};

static inline int room_send(void *arg, struct slice msg)
{
	struct room *r = arg;
	struct buf *b = &r->sent[r->sent_n++];

	assert_true(r->sent_n < ARRAY_LEN(r->sent));
	buf_init(b, 64u << 20);
	buf_addslice(b, msg);
	return 0;
}

static inline size_t room_queued(void *arg)
{
	return ((struct room *)arg)->queued;
}

static inline void room_close(void *arg)
{
	((struct room *)arg)->closed = true;
}

static inline uint64_t room_recorded(void *arg)
{
	return ((struct room *)arg)->recorded;
}

static inline bool room_older(void *arg, const struct journal_query *q, journal_rows_fn *fn,
	void *fnarg)
{
	struct room *r = arg;

	if (!r->has_journal)
		return false;
	r->older_fn = fn;
	r->older_arg = fnarg;
	r->older_after = q->after_n;
	return true;
}

static inline bool room_counts(void *arg, const struct journal_count *q, journal_counts_fn *fn,
	void *fnarg)
{
	return false;
}

struct source_history;

static inline bool room_history(void *arg, uint32_t device, const struct source_history *ask)
{
	return false;
}

static inline void room_status(void *arg, struct jw *w)
{
	jw_key(w, "state"), jw_str(w, S("well"));
}

static inline struct past *room_past(void *arg, int64_t at_ms)
{
	return past_new(((struct room *)arg)->m, at_ms);
}

/* At once; ids of other than 12 letters are of no alert. */
static inline int room_act(void *arg, struct act *a, struct err *e)
{
	struct room *r = arg;

	while (a->done_n < a->ids_n && strlen(a->ids[a->done_n]) == 12)
		a->done_n++;
	r->acted_n++;
	snprintf(r->act_who, sizeof(r->act_who), "%s", a->who);
	snprintf(r->act_note, sizeof(r->act_note), "%s", a->note ? a->note : "");
	a->done(a, NULL);
	return 0;
}

static inline char *room_who(void *arg)
{
	return xstrdup("ann");
}

static inline void room_stop(void *arg)
{
	((struct room *)arg)->stopped = true;
}

static inline void room_connect(struct room *r)
{
	static const struct api_transport t = { .send = room_send, .queued = room_queued,
		.close = room_close, .who = room_who, .local = true };

	r->closed = false;
	r->c = api_conn_new(r->api, &t, r);
}

static inline struct room *room_new(uint64_t memory)
{
	struct room *r = xcalloc(1, sizeof(*r));
	struct api_env env;

	r->loop = loop_new();
	r->m = model_new(&(struct model_spec){ .memory = memory });
	env = (struct api_env){ .loop = r->loop, .model = r->m, .context = "lab", .arg = r,
		.recorded = room_recorded, .recorded_events = room_older,
		.recorded_counts = room_counts, .status = room_status,
		.history = room_history, .past = room_past, .act = room_act,
		.stop = room_stop };
	r->api = api_new(&env);
	room_connect(r);
	return r;
}

static inline void room_free(struct room *r)
{
	api_free(r->api);
	for (size_t i = 0; i < r->sent_n; i++)
		buf_fini(&r->sent[i]);
	model_free(r->m);
	loop_free(r->loop);
	free(r);
}

/* --- filling --- */

static inline void room_apply(struct room *r, struct delta *d)
{
	struct err e = { 0 };

	if (model_apply(r->m, d, &e) < 0)
		fail_msg("refused: %s", e.text);
}

static inline uint32_t room_device(struct room *r, const char *id, const char *network)
{
	struct delta d = { .kind = DELTA_DEVICE, .device = { .id = S(id), .network = S(network),
		.lat = NAN, .lon = NAN, .source = MODEL_NONE, .at_ms = T0 } };

	room_apply(r, &d);
	return d.device.device;
}

static inline void room_status_of(struct room *r, uint32_t dev, enum device_status s)
{
	struct delta d = { .kind = DELTA_STATUS, .status = { .device = dev, .status = s,
		.at_ms = T0 + 1000 } };

	room_apply(r, &d);
}

/* The next event, in memory and in the journal. */
static inline uint64_t room_event(struct room *r, const char *subject, const char *data)
{
	struct delta d = { .kind = DELTA_EVENT, .event = { .source = MODEL_NONE,
		.device = MODEL_NONE, .origin = S("//lab"), .id = S(subject), .type = S("t"),
		.subject = S(subject), .severity = 9, .at_ms = T0, .data = S(data) } };

	room_apply(r, &d);
	r->recorded = r->events = d.event.n;
	return d.event.n;
}

static inline void room_turns(struct room *r, int n)
{
	while (n--)
		loop_turn(r->loop, 5);
}

/* --- asking --- */

static inline void room_say(struct room *r, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = xvasprintf(fmt, ap);
	va_end(ap);
	api_conn_message(r->c, S(s));
	free(s);
}

/* The next message of this client, in a few turns; the caller's. */
static inline json_t *room_next(struct room *r)
{
	struct err e = { 0 };
	json_t *v;

	for (int i = 0; i < 2000 && r->taken == r->sent_n; i++)
		loop_turn(r->loop, 5);
	if (r->taken == r->sent_n)
		fail_msg("nothing came");
	v = json_load(buf_slice(&r->sent[r->taken]), &e);
	if (!v)
		fail_msg("%s: %s", e.text, r->sent[r->taken].p);
	r->taken++;
	return v;
}

/* A notice of this name, whatever comes before it. */
static inline json_t *room_notice(struct room *r, const char *name)
{
	for (;;) {
		json_t *v = room_next(r);

		if (strcmp(json_str(v, "method", ""), name) == 0)
			return v;
		json_decref(v);
	}
}

/* The answer to the request that is made of method and params (in single quotes' JSON). */
static inline json_t *room_ask(struct room *r, const char *method, const char *params)
{
	char *text = xstrdup(params);
	int id = ++r->id;

	for (char *p = text; *p; p++)
		if (*p == '\'')
			*p = '"';
	room_say(r, "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":%s}", id, method,
		*text ? text : "{}");
	free(text);
	for (;;) {
		json_t *v = room_next(r);

		if (json_i64(v, "id", 0) == id)
			return v;
		json_decref(v);
	}
}

/* The result, as text: keys in the order in which they came. */
static inline const char *room_text(struct room *r, const char *method, const char *params)
{
	static char out[1 << 20];
	json_t *v = room_ask(r, method, params);
	json_t *part = json_object_get(v, "result");
	char *s;

	if (!part)
		part = json_object_get(json_object_get(v, "error"), "message");
	s = json_dumps(part, JSON_ENCODE_ANY | JSON_COMPACT);
	snprintf(out, sizeof(out), "%s", s);
	free(s);
	json_decref(v);
	return out;
}

static inline void room_says(struct room *r, const char *method, const char *params,
	const char *want)
{
	const char *got = room_text(r, method, params);

	if (!strstr(got, want))
		fail_msg("%s %s: %s\n  has not: %s", method, params, got, want);
}

#endif
