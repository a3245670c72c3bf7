/* Events: numbers, windows that count from the newest, a budget. */
#include "world.h"

static uint64_t event(struct model *m, uint64_t n, const char *type, int severity,
	const char *message)
{
	struct delta d = { .kind = DELTA_EVENT, .event = { .n = n, .source = MODEL_NONE,
		.device = MODEL_NONE, .type = S(type), .severity = severity, .at_ms = T0,
		.message = S(message) } };

	apply(m, &d);
	return d.event.n;
}

static char *window(const struct model *m, const struct query_spec *s)
{
	static char out[1000];
	struct err e = { 0 };
	size_t at, n, len = 0;
	struct query *q = query_new(s, &at, &e);
	const uint64_t *rows;

	if (!q)
		fail_msg("%s", e.text);
	assert_int_equal(query_step(q, m, 0), 1);
	rows = query_rows(q, &n);
	out[0] = '\0';
	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(out + len, sizeof(out) - len, "%s%llu", i ? " " : "",
			(unsigned long long)rows[i]);
	query_free(q);
	return out;
}

static void an_event_has_its_fields(void **state)
{
	struct model *m = model_new(NULL);
	uint32_t dev = device(m, "f01", "filecoin", T0);
	struct delta src = { .kind = DELTA_SOURCE, .source = { .name = S("fleet") } };
	struct delta d = { .kind = DELTA_EVENT, .event = { .device = dev, .origin = S("//lab"),
		.id = S("e-1"), .type = S("net.depin.fault.v1"), .subject = S("f01"), .severity = 17,
		.at_ms = T0, .message = S("fan \x1b[31mstopped"), .data = S("{\"rpm\":0,\"k\":1e999}") } };

	apply(m, &src);
	apply(m, &d);
	assert_int_equal(d.event.n, 1);
	assert_string_equal(ask(m, "events", "",
		"n,id,source,type,subject,time,severity,device,network,data"),
		"1 e-1 //lab net.depin.fault.v1 f01 2026-09-21T14:13:20.000Z error f01 filecoin "
		"{\"rpm\":0,\"k\":\"1e999\"}");
	assert_string_equal(ask(m, "events", "severity>=warn and data~rpm", "n"), "1");
	assert_string_equal(ask(m, "events", "rpm", "n"), "1");
	assert_string_equal(ask(m, "events", "severity<error", "n"), "");
	d.event.n = 0;
	d.event.origin = S("");
	d.event.source = src.source.source;
	d.event.data = S("{broken");
	apply(m, &d);
	assert_string_equal(ask(m, "events", "n=2", "source,data"), "fleet {broken");
	assert_string_equal(ask(m, "events", "n=1", "message"), "fan \x1b[31mstopped");
	model_free(m);
}

static void numbers_rise(void **state)
{
	struct model *m = model_new(NULL);
	struct delta d = { .kind = DELTA_EVENT, .event = { .n = 50, .source = MODEL_NONE,
		.device = MODEL_NONE, .at_ms = T0 } };

	assert_int_equal(model_events_last(m), 0);
	assert_int_equal(model_events_first(m), 1);
	event(m, 41, "a", 9, "");
	event(m, 45, "a", 9, "");
	event(m, 50, "a", 9, "");
	assert_int_equal(model_apply(m, &d, NULL), -1);
	assert_int_equal(event(m, 0, "b", 9, ""), 51);
	assert_int_equal(model_events_last(m), 51);
	assert_int_equal(model_events_first(m), 41);
	assert_string_equal(ask(m, "events", "", "n"), "41|45|50|51");
	assert_string_equal(ask_sorted(m, "events", "", "n:desc", "n", 0, 2), "51|50");
	model_free(m);
}

static void a_window_counts_from_the_newest(void **state)
{
	struct model *m = model_new(NULL);
	struct query_spec s = { .kind = kind_find("events"), .limit = 3 };

	for (int i = 0; i < 10; i++)
		event(m, 0, i % 2 ? "odd" : "even", 9, "");
	assert_string_equal(window(m, &s), "8 9 10");
	s.offset = 3;
	assert_string_equal(window(m, &s), "5 6 7");
	s.filter = S("type=even");
	s.offset = 0;
	assert_string_equal(window(m, &s), "5 7 9");
	s.upto = 6;
	assert_string_equal(window(m, &s), "1 3 5");
	s.filter = S("");
	s.after = 2;
	assert_string_equal(window(m, &s), "3 4 5");
	s.upto = 4;
	assert_string_equal(window(m, &s), "3 4");
	s.upto = UINT64_MAX;
	s.after = 9;
	assert_string_equal(window(m, &s), "10");
	s.after = 99;
	assert_string_equal(window(m, &s), "");
	s.after = 0;
	s.sort = S("n");
	s.upto = 9;
	assert_string_equal(window(m, &s), "1 2 3");
	model_free(m);
}

static void the_oldest_events_give_way(void **state)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 1 << 20 });
	struct model_stats st;
	char data[2000], type[32];
	struct delta d = { .kind = DELTA_EVENT, .event = { .source = MODEL_NONE,
		.device = MODEL_NONE, .at_ms = T0 } };
	uint64_t first, sum = 0;

	memset(data, 'x', sizeof(data));
	for (int i = 0; i < 20000; i++) {
		d.event.n = 0;
		snprintf(type, sizeof(type), "t%d", i); /* types come and go too */
		d.event.type = S(type);
		d.event.data = slice_mem(data, (size_t)(i * 37 % 2000));
		apply(m, &d);
		model_stats(m, &st);
		assert_true(st.bytes_events <= 320 << 10);
		sum += st.events_stored;
	}
	assert_true(sum / 20000 > 100);
	assert_true(st.bytes_devices < 200000);
	first = model_events_first(m);
	assert_true(first > 19000 && first < 20000);
	assert_int_equal(model_events_last(m), 20000);
	assert_int_equal(st.events_stored, 20000 - first + 1);
	snprintf(type, sizeof(type), "n=%llu", (unsigned long long)first);
	assert_string_equal(ask(m, "events", type, "n"), type + 2);
	/* one too large for the budget is refused, nothing else is lost for it */
	d.event.n = 0;
	d.event.data = slice_mem(xcalloc(1, 200 << 10), 200 << 10);
	assert_int_equal(model_apply(m, &d, NULL), -1);
	free((void *)(uintptr_t)d.event.data.p);
	assert_int_equal(model_events_last(m), 20000);
	assert_int_equal(model_events_first(m), first);
	model_free(m);
}

static void networks_count_their_events(void **state)
{
	struct model *m = model_new(NULL);
	uint32_t dev = device(m, "a", "n", T0);
	struct delta d = { .kind = DELTA_EVENT, .event = { .source = MODEL_NONE, .device = dev,
		.at_ms = T0 } };

	for (int s = 0; s < 100; s++) {
		tick(m, T0 + s * 1000);
		for (int i = 0; i < 20; i++) {
			d.event.n = 0;
			apply(m, &d);
		}
	}
	assert_string_equal(ask(m, "networks", "events_rate>19.9 and events_rate<20.1", "name"), "n");
	model_free(m);
}

static void a_source_has_its_fields(void **state)
{
	struct model *m = model_new(NULL);
	struct delta s = { .kind = DELTA_SOURCE, .source = { .name = S("fleet"), .kind = S("stream"),
		.url = S("ws://x/") } };
	struct delta st = { .kind = DELTA_SOURCE_STATE, .source_state = { .state = SOURCE_LIVE,
		.lag_ms = 12, .records = 100, .bytes = 5000, .drops = 1, .gaps = 2, .duplicates = 3,
		.bad = 4, .error = S("no route") } };

	apply(m, &s);
	assert_string_equal(ask(m, "sources", "", "state,lag_ms,error"), "down null null");
	tick(m, T0);
	apply(m, &st);
	tick(m, T0 + 2000);
	st.source_state.records = 300;
	st.source_state.bytes = 7000;
	st.source_state.error = S("");
	apply(m, &st);
	tick(m, T0 + 4000);
	assert_string_equal(ask(m, "sources", "", ""),
		"fleet stream live 12 100 1 no route 2 3 4 7000 ws://x/ 2026-09-21T14:13:20.000Z");
	assert_string_equal(ask(m, "sources", "", "records,bytes_rate"), "300 1000");
	st.source_state.state = SOURCE_STALE;
	apply(m, &st);
	assert_string_equal(ask(m, "sources", "state>live", "state,since"),
		"stale 2026-09-21T14:13:24.000Z");
	assert_int_equal(model_source(m, S("fleet")), 0);
	assert_int_equal(model_source(m, S("nope")), MODEL_NONE);
	st.source_state.source = 7;
	assert_int_equal(model_apply(m, &st, NULL), -1);
	model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_has_its_fields),
		cmocka_unit_test(numbers_rise),
		cmocka_unit_test(a_window_counts_from_the_newest),
		cmocka_unit_test(the_oldest_events_give_way),
		cmocka_unit_test(networks_count_their_events),
		cmocka_unit_test(a_source_has_its_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
