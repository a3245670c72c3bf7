/* Travelling: a line answered as of a moment gone by, and back. */
#include "room.h"

static void tick(struct room *r, int64_t at_ms)
{
	struct delta d = { .kind = DELTA_TICK, .tick.now_ms = at_ms };

	room_apply(r, &d);
}

static void set(struct room *r, const char *id, enum device_status s, int64_t at_ms)
{
	struct delta d = { .kind = DELTA_STATUS, .status = { .device = model_device(r->m, S(id)),
		.status = s, .reason = S("so it is"), .at_ms = at_ms } };

	room_apply(r, &d);
}

static void event(struct room *r, const char *message, int severity, int64_t at_ms)
{
	struct delta d = { .kind = DELTA_EVENT, .event = { .source = MODEL_NONE,
		.device = MODEL_NONE, .type = S("t"), .severity = severity, .at_ms = at_ms,
		.message = S(message) } };

	room_apply(r, &d);
	r->recorded = d.event.n;
}

static void sample(struct room *r, const char *id, double v, int64_t at_ms)
{
	uint32_t dev = model_device(r->m, S(id));
	struct delta s = { .kind = DELTA_SERIES, .series = { .device = dev, .name = S("temp"),
		.type = SERIES_GAUGE } };
	struct sample one;
	struct delta d = { .kind = DELTA_SAMPLES,
		.samples = { .v = &one, .n = 1, .device = dev, .at_ms = at_ms } };

	room_apply(r, &s);
	one = (struct sample){ s.series.series, v };
	room_apply(r, &d);
}

/* d0 is down from 10 s to 20 s; 0, 10 and 20 s have an event each, the last two warn. */
static struct room *world(void)
{
	struct room *r = room_new(8 << 20);

	tick(r, T0);
	for (int i = 0; i < 3; i++)
		room_device(r, (const char *[]){ "d0", "d1", "d2" }[i], "io");
	for (int i = 0; i <= 30; i++) {
		int64_t now = T0 + i * 1000;

		tick(r, now);
		if (i != 10)
			sample(r, "d1", i, now);
		if (i == 0 || i == 10 || i == 20) {
			set(r, "d0", i == 10 ? STATUS_DOWN : STATUS_UP, now);
			event(r, i == 10 ? "gone" : i ? "back" : "born", i ? 13 : 9, now);
		}
	}
	return r;
}

#define AT(s) "{'at':" #s "}"
#define DEVICES "{'kind':'devices','fields':'id,status,since,reason','sort':'id'}"
#define SUB "{'kind':'devices','fields':'id,status','sort':'id','limit':1,'interval_ms':100}"

static void all_is_as_it_was(void **state)
{
	struct room *r = world();

	room_says(r, "travel", AT(1790000015500), "\"at\":\"2026-09-21T14:13:35.500Z\"");
	room_says(r, "query", DEVICES, "{\"id\":\"d0\",\"status\":\"down\","
		"\"since\":\"2026-09-21T14:13:30.000Z\",\"reason\":\"so it is\"}");
	room_says(r, "query", "{'kind':'metrics','fields':'device,value'}", "\"value\":15}");
	room_says(r, "query", "{'kind':'events','fields':'message'}",
		"\"rows\":[{\"message\":\"born\"},{\"message\":\"gone\"}]");
	room_says(r, "query", "{'kind':'sources'}", "\"rows\":[]");
	room_says(r, "describe", "{'kind':'devices','name':'d1'}", "\"metrics\":{\"temp\":15}");
	room_says(r, "describe", "{'kind':'events','name':'3'}", "no event '3'");
	room_says(r, "status", "", "\"state\":\"degraded\"");
	room_says(r, "status", "", "\"state\":\"unknown\",\"text\":\"nobody keeps");
	room_says(r, "history", "{'device':'d1','metrics':['temp'],'to':1790000029000}",
		"[1790000015000,15,15,15,1]]");
	room_says(r, "scroll", "{'fields':'message'}",
		"\"rows\":[{\"message\":\"gone\"},{\"message\":\"born\"}]");
	room_says(r, "histogram", "{'from':1790000000000,'to':1790000030000,'buckets':3}",
		"[[1,0,0],[1,1,0],[0,0,0]]");
	room_says(r, "travel", "", "\"at\":null");
	room_says(r, "query", DEVICES, "{\"id\":\"d0\",\"status\":\"up\"");
	room_says(r, "query", "{'kind':'events','fields':'message'}", "\"back\"");
	room_says(r, "status", "", "well");
	room_free(r);
}

static void what_is_held_stays_behind(void **state)
{
	struct room *r = world();

	room_says(r, "query", "{'kind':'devices','fields':'id','limit':1,'hold':true}", "\"held\":1");
	room_says(r, "travel", AT(1790000005000), "\"at\"");
	room_says(r, "page", "{'held':1,'offset':1}", "no such held result");
	room_free(r);
}

static void subscriptions_come_along(void **state)
{
	struct room *r = world();
	json_t *v;

	room_says(r, "subscribe", SUB, "\"rows\":[{\"id\":\"d0\",\"status\":\"up\"}]");
	room_turns(r, 40);
	r->taken = r->sent_n;
	for (int round = 0; round < 3; round++) {
		room_says(r, "travel", AT(1790000015500), "\"at\"");
		assert_non_null(strstr(r->sent[r->taken - 2].p, "\"rows\""));
		assert_non_null(strstr(r->sent[r->taken - 2].p,
			"\"set\":[[0,{\"id\":\"d0\",\"status\":\"down\"}]]"));
		set(r, "d0", STATUS_DEGRADED, T0 + 31000); /* now is not then */
		room_turns(r, 60);
		assert_int_equal(r->taken, r->sent_n);
		room_says(r, "travel", "", "\"at\":null");
		assert_non_null(strstr(r->sent[r->taken - 2].p, "degraded"));
		set(r, "d0", STATUS_UP, T0 + 31000); /* live again */
		v = room_notice(r, "rows");
		json_decref(v);
	}
	/* one made there is of there, and comes back with it */
	room_says(r, "travel", AT(1790000015500), "\"at\"");
	room_says(r, "subscribe", SUB, "\"rows\":[{\"id\":\"d0\",\"status\":\"down\"}]");
	room_says(r, "travel", "{}", "\"at\":null");
	room_free(r);
}

static void from_warning_to_warning(void **state)
{
	struct room *r = world();

	room_says(r, "travel", "{'to':'previous'}", "\"at\":\"2026-09-21T14:13:40.000Z\"");
	room_says(r, "query", "{'kind':'events','fields':'message'}", "\"back\"");
	room_says(r, "travel", "{'to':'previous'}", "\"at\":\"2026-09-21T14:13:30.000Z\"");
	room_says(r, "query", DEVICES, "down");
	room_says(r, "travel", "{'to':'previous'}", "no such event earlier");
	room_says(r, "query", DEVICES, "down"); /* stays where it is */
	room_says(r, "travel", "{'to':'next'}", "\"at\":\"2026-09-21T14:13:40.000Z\"");
	room_says(r, "travel", "{'to':'next'}", "no such event later");
	room_says(r, "travel", "{'to':'previous','filter':'severity<warn'}",
		"\"at\":\"2026-09-21T14:13:20.000Z\"");
	room_free(r);
}

static void nonsense_is_refused(void **state)
{
	struct room *r = world();

	room_says(r, "travel", "{'at':1590000000000}", "nothing is known of so long ago");
	room_says(r, "travel", "{'at':4000000000000}", "in the future");
	room_says(r, "travel", "{'at':'soon'}", "RFC 3339");
	room_says(r, "travel", "{'to':'there'}", "next or previous");
	room_says(r, "travel", "{'to':'next','at':1790000010000}", "either");
	room_says(r, "travel", "{'to':'next','filter':'a>>'}", "no 'a'");
	room_says(r, "travel", "{'where':1}", "unknown parameter");
	room_says(r, "query", DEVICES, "{\"id\":\"d0\",\"status\":\"up\"");
	room_free(r);
}

/* Four at a time; what nobody looks at makes room. */
static void moments_are_few(void **state)
{
	struct room *r = world();
	struct conn *first = r->c;

	for (int i = 0; i < 4; i++) {
		char at[40];

		if (i)
			room_connect(r);
		snprintf(at, sizeof(at), "{'at':%lld}", (long long)(T0 + 1000 + i));
		room_says(r, "travel", at, "\"at\"");
		room_says(r, "travel", at, "\"at\"");
	}
	room_connect(r);
	room_says(r, "travel", AT(1790000009000), "4 other moments");
	room_says(r, "travel", AT(1790000001003), "\"at\""); /* one of theirs */
	api_conn_gone(first);
	room_turns(r, 40);
	room_says(r, "travel", AT(1790000009000), "\"at\"");
	room_free(r);
}

/* On a line with as many answers under way as it may have. */
static void a_busy_line_says_so(void **state)
{
	static const char *const calls[] = { "travel", "query", "scroll", "histogram", "cells" };
	struct room *r = world();

	for (int i = 0; i < 256; i++)
		room_say(r, "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"histogram\"}", 1000 + i);
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		json_t *v = room_ask(r, calls[i], "{'kind':'devices'}");

		assert_int_equal(json_i64(json_object_get(v, "error"), "code", 0), -32004);
		json_decref(v);
	}
	room_turns(r, 40);
	room_says(r, "travel", AT(1790000015500), "\"at\"");
	room_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_as_it_was),
		cmocka_unit_test(what_is_held_stays_behind),
		cmocka_unit_test(subscriptions_come_along),
		cmocka_unit_test(from_warning_to_warning),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(moments_are_few),
		cmocka_unit_test(a_busy_line_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
