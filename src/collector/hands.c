/*
 * What people do to alerts: written to the journal with an event that says who did what, done when
 * that is durable, and only then answered.  After a restart acks and silences come back from there.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/num.h"
#include "collector/act.h"
#include "collector/inside.h"
#include "model/alert.h"

#define SILENCE_KEY "silence/"

/* --- what the journal keeps: a row an ack (open while it holds) or a silence (as of its end) --- */

static void keep(struct collector *c, struct slice id, bool open, int64_t at_ms, const struct act *a)
{
	struct buf b;
	struct jw w;

	if (!c->journal)
		return;
	buf_init(&b, 1 << 16);
	jw_init(&w, &b);
	jw_object(&w);
	if (a) {
		jw_key(&w, "who"), jw_str(&w, slice_of(a->who));
		jw_key(&w, "note"), jw_str(&w, slice_of(a->note));
	}
	if (a && a->kind == ACT_SILENCE) {
		jw_key(&w, "filter"), jw_str(&w, slice_of(a->filter));
		jw_key(&w, "at"), jw_time(&w, a->at_ms);
	}
	jw_end(&w);
	c->dirty = true;
	if (journal_alert(c->journal, id, open, at_ms, buf_slice(&b)) < 0)
		log_msg(LOG_ERROR, "journal", "no room for an ack");
	buf_fini(&b);
}

static void keep_silence(struct collector *c, const struct act *a)
{
	char *key = xasprintf(SILENCE_KEY "%llu", (unsigned long long)a->silence);

	keep(c, slice_of(key), false, a->kind == ACT_SILENCE ? a->until_ms : a->at_ms, a);
	free(key);
}

static void keep_act(struct collector *c, const struct act *a)
{
	if (a->kind == ACT_SILENCE || a->kind == ACT_UNSILENCE)
		keep_silence(c, a);
	else
		for (size_t i = 0; i < a->done_n; i++)
			keep(c, slice_of(a->ids[i]), a->kind == ACT_ACK, a->at_ms, a);
}

void hands_unacked(void *arg, struct slice alert)
{
	keep(arg, alert, false, clock_wall_ms(), NULL);
}

/* --- the event --- */

static const struct {
	const char *type, *did;
} told[] = {
	[ACT_ACK] = { "net.depin.alert.acked.v1", "acknowledged" },
	[ACT_UNACK] = { "net.depin.alert.unacked.v1", "took back the ack of" },
	[ACT_SILENCE] = { "net.depin.alert.silenced.v1", "silenced" },
	[ACT_UNSILENCE] = { "net.depin.alert.unsilenced.v1", "ended silence" },
};

static void put_message(const struct collector *c, const struct act *a, struct buf *b)
{
	struct alert_brief one;

	buf_addf(b, "%s %s ", a->who, told[a->kind].did);
	if (a->kind == ACT_SILENCE)
		buf_addf(b, "alerts with %s", a->filter);
	else if (a->kind == ACT_UNSILENCE)
		buf_addf(b, "%llu", (unsigned long long)a->silence);
	else if (a->done_n == 1 && model_alert(c->model, slice_of(a->ids[0]), &one))
		buf_addf(b, "%s", one.summary);
	else
		buf_addf(b, "%zu alerts", a->done_n);
	if (a->note && *a->note)
		buf_addf(b, " (%s)", a->note);
}

static void put_data(const struct act *a, struct buf *b)
{
	struct jw w;

	jw_init(&w, b);
	jw_object(&w);
	jw_key(&w, "who"), jw_str(&w, slice_of(a->who));
	jw_key(&w, "note"), jw_str(&w, slice_of(a->note));
	if (a->silence)
		jw_key(&w, "silence"), jw_u64(&w, a->silence);
	if (a->kind == ACT_SILENCE) {
		jw_key(&w, "filter"), jw_str(&w, slice_of(a->filter));
		jw_key(&w, "until"), jw_time(&w, a->until_ms);
	}
	if (a->done_n) {
		jw_key(&w, "alerts");
		jw_array(&w);
		for (size_t i = 0; i < a->done_n; i++)
			jw_str(&w, slice_of(a->ids[i]));
		jw_end(&w);
	}
	jw_end(&w);
}

static int tell(struct collector *c, struct act *a, struct err *e)
{
	struct delta d = { .kind = DELTA_EVENT, .event = { .source = MODEL_NONE, .device = MODEL_NONE,
		.origin = slice_of("collector"), .type = slice_of(told[a->kind].type),
		.severity = SEVERITY_INFO, .at_ms = a->at_ms } };
	char *id = xasprintf("act-%llu", (unsigned long long)c->last_n + 1);
	struct buf message, data;
	struct alert_brief one;
	int rc;

	buf_init(&message, 1 << 16);
	buf_init(&data, 1 << 16);
	put_message(c, a, &message);
	put_data(a, &data);
	d.event.id = slice_of(id);
	d.event.message = buf_slice(&message);
	d.event.data = buf_slice(&data);
	if (a->done_n == 1 && model_alert(c->model, slice_of(a->ids[0]), &one)) {
		d.event.subject = slice_of(a->ids[0]);
		d.event.device = one.device;
	}
	rc = turn_emit(c, &d, e);
	a->n = d.event.n;
	buf_fini(&message);
	buf_fini(&data);
	free(id);
	return rc;
}

/* --- asked, recorded, done --- */

/* Of the first n those that are open come first. */
static void sort_open(const struct collector *c, struct act *a, size_t n)
{
	a->done_n = 0;
	for (size_t i = 0; i < n; i++) {
		struct alert_brief b;
		char *id = a->ids[i];

		if (!model_alert(c->model, slice_of(id), &b) || b.state == ALERT_RESOLVED)
			continue;
		a->ids[i] = a->ids[a->done_n];
		a->ids[a->done_n++] = id;
	}
}

static int check(struct collector *c, struct act *a, struct err *e)
{
	if (a->ids_n) {
		sort_open(c, a, a->ids_n);
		if (!a->done_n)
			return err_set(e, ERR_NO, "no such alert is open: %.60s", a->ids[0]);
	}
	if (a->kind == ACT_SILENCE &&
		model_silences_n(c->model) + c->silences_waiting >= SILENCES_MAX)
		return err_set(e, ERR_REFUSED, "there are %d silences already", SILENCES_MAX);
	if (c->refused || (c->journal && !journal_takes(c->journal, 1 << 20)))
		return err_set(e, ERR_REFUSED, "the journal has no room");
	return 0;
}

int hands_act(void *arg, struct act *a, struct err *e)
{
	struct collector *c = arg;

	if (check(c, a, e) < 0)
		return -1;
	if (a->kind == ACT_SILENCE)
		a->silence = c->silence_last + 1;
	if (tell(c, a, e) < 0)
		return -1;
	if (a->kind == ACT_SILENCE) {
		c->silence_last++;
		c->silences_waiting++;
	}
	keep_act(c, a);
	*c->acts_end = a;
	c->acts_end = &a->next;
	return 0;
}

static int do_silence(struct collector *c, struct act *a, struct err *e)
{
	struct delta d = { .kind = DELTA_SILENCE, .silence = { .id = a->silence,
		.filter = slice_of(a->filter), .who = slice_of(a->who), .note = slice_of(a->note),
		.at_ms = a->at_ms, .until_ms = a->until_ms } };

	if (model_apply(c->model, &d, e) < 0)
		return -1;
	a->hides = d.silence.hides;
	return 0;
}

/* One that was resolved meanwhile is among those missing. */
static int do_acks(struct collector *c, struct act *a, struct err *e)
{
	size_t kept = a->done_n;

	sort_open(c, a, kept);
	for (size_t i = 0; i < a->done_n; i++) {
		struct delta d = { .kind = DELTA_ACK, .ack = { .alert = slice_of(a->ids[i]),
			.who = slice_of(a->who), .note = slice_of(a->note), .at_ms = a->at_ms,
			.undo = a->kind == ACT_UNACK } };

		if (model_apply(c->model, &d, e) < 0)
			return -1;
	}
	for (size_t i = a->done_n; i < kept; i++)
		hands_unacked(c, slice_of(a->ids[i]));
	return 0;
}

static void finish(struct collector *c, struct act *a)
{
	struct err e = { 0 };
	int rc = a->ids_n ? do_acks(c, a, &e) : do_silence(c, a, &e);

	c->silences_waiting -= a->kind == ACT_SILENCE;
	a->done(a, rc < 0 ? &e : NULL);
}

static struct act *take_first(struct collector *c)
{
	struct act *a = c->acts;

	c->acts = a->next;
	if (!c->acts)
		c->acts_end = &c->acts;
	return a;
}

void hands_recorded(struct collector *c)
{
	while (c->acts && c->acts->n <= c->recorded)
		finish(c, take_first(c));
}

void hands_end(struct collector *c)
{
	struct err e;

	err_set(&e, ERR_UNREACH, "the collector stops");
	while (c->acts) {
		struct act *a = take_first(c);

		a->done(a, &e);
	}
}

/* --- start-up --- */

static void load_silence(struct collector *c, uint64_t id, int64_t until_ms, const json_t *o)
{
	const char *at = json_str(o, "at", "");
	struct delta d = { .kind = DELTA_SILENCE, .silence = { .id = id, .until_ms = until_ms,
		.filter = slice_of(json_str(o, "filter", "")), .who = slice_of(json_str(o, "who", "")),
		.note = slice_of(json_str(o, "note", "")) } };
	struct err e;

	if (id > c->silence_last)
		c->silence_last = id;
	num_rfc3339_ms(slice_of(at), &d.silence.at_ms);
	if (until_ms > clock_wall_ms() && model_apply(c->model, &d, &e) < 0)
		log_msg(LOG_ERROR, "journal", "silence %llu is lost: %s", (unsigned long long)id, e.text);
}

static void load_ack(struct collector *c, struct slice id, int64_t at_ms, const json_t *o)
{
	struct delta d = { .kind = DELTA_ACK, .ack = { .alert = id, .at_ms = at_ms, .restored = true,
		.who = slice_of(json_str(o, "who", "")), .note = slice_of(json_str(o, "note", "")) } };
	struct err e;

	if (model_apply(c->model, &d, &e) < 0)
		log_msg(LOG_ERROR, "journal", "an ack is lost: %s", e.text);
}

static void load_one(void *arg, struct slice id, bool open, int64_t at_ms, struct slice json)
{
	size_t n = sizeof(SILENCE_KEY) - 1;
	struct err e;
	json_t *o = json_load(json, &e);
	uint64_t number;

	if (o && id.n > n && memcmp(id.p, SILENCE_KEY, n) == 0 &&
		num_u64(slice_mem(id.p + n, id.n - n), &number) == 0)
		load_silence(arg, number, at_ms, o);
	else if (o && open)
		load_ack(arg, id, at_ms, o);
	json_decref(o);
}

void hands_load(struct collector *c)
{
	struct err e;

	if (c->journal && journal_load_alerts(c->journal, load_one, c, &e) < 0)
		log_msg(LOG_ERROR, "journal", "acks and silences cannot be read: %s", e.text);
}
