/* Devices that are silent for long are forgotten, and their places given to others. */
#include "world.h"

#include "model/past.h"

#define AFTER 100000
#define REST  601000

static uint32_t told[512], told_n;

static void on_forgotten(void *arg, uint32_t device)
{
	assert_true(told_n < ARRAY_LEN(told));
	told[told_n++] = device;
}

static struct model *make(void)
{
	told_n = 0;
	return model_new(&(struct model_spec){ .memory = 8 << 20, .forget_after_ms = AFTER,
		.forgotten = on_forgotten });
}

static uint32_t with_metrics(struct model *m, const char *id, int metrics, int64_t at_ms)
{
	uint32_t d = device(m, id, "net", at_ms);
	char name[16];

	for (int i = 0; i < metrics; i++) {
		snprintf(name, sizeof(name), "m%d", i);
		sample(m, d, series(m, d, name, "", SERIES_GAUGE), i, at_ms);
	}
	return d;
}

static void event_about(struct model *m, uint32_t dev, const char *id)
{
	struct delta d = { .kind = DELTA_EVENT, .event = { .source = MODEL_NONE, .device = dev,
		.origin = S("//lab"), .id = S(id), .type = S("t"), .subject = S(id),
		.severity = 9, .at_ms = T0 } };

	apply(m, &d);
}

/* Ticks until both clocks of forgetting have run: silence, then rest. */
static int64_t run(struct model *m, int64_t from_ms, int64_t ms, const uint32_t *alive, size_t n)
{
	for (int64_t t = from_ms; t <= from_ms + ms; t += 20000) {
		tick(m, t);
		for (size_t i = 0; i < n; i++)
			status(m, alive[i], STATUS_UP, t);
	}
	tick(m, from_ms + ms);
	return from_ms + ms;
}

static void after_so_long(void **state)
{
	struct model *m = make();
	uint32_t alive, old, by[5];

	tick(m, T0);
	alive = with_metrics(m, "alive", 2, T0);
	old = with_metrics(m, "old", 3, T0);
	status(m, old, STATUS_DOWN, T0);
	event_about(m, old, "e");
	run(m, T0, AFTER, &alive, 1);
	assert_int_equal(told_n, 0);
	assert_string_equal(ask(m, "devices", "", "id"), "old|alive");
	run(m, T0 + AFTER, 21000, &alive, 1);
	assert_int_equal(told_n, 1);
	assert_int_equal(told[0], old);
	assert_int_equal(model_forgotten(m), 1);
	assert_int_equal(model_devices_n(m), 1);
	assert_int_equal(model_device(m, S("old")), MODEL_NONE);
	assert_string_equal(ask(m, "devices", "", "id"), "alive");
	assert_string_equal(ask_sorted(m, "devices", "", "id", "id", 0, 10), "alive");
	assert_string_equal(ask(m, "devices", "not id=nothing", "id"), "alive");
	assert_string_equal(ask(m, "metrics", "", "device,name"), "alive m0|alive m1");
	assert_string_equal(ask(m, "networks", "", "name,devices,up,down"), "net 1 1 0");
	model_status_counts(m, by);
	assert_int_equal(by[STATUS_DOWN], 0);
	model_free(m);
}

static void counts_are_of_those_that_are_there(void **state)
{
	struct model *m = make();
	struct query *q;
	uint32_t alive[2];

	tick(m, T0);
	with_metrics(m, "a", 1, T0);
	alive[0] = with_metrics(m, "b", 1, T0);
	with_metrics(m, "c", 1, T0);
	alive[1] = with_metrics(m, "d", 1, T0);
	run(m, T0, 3 * AFTER, alive, 2);
	for (int i = 0; i < 3; i++) {
		static const char *const filter[] = { "", "", "network=net" };
		static const char *const sort[] = { "", "id", "" };

		q = query(m, "devices", filter[i], sort[i], 0, 10);
		assert_int_equal(query_total(q), 2);
		assert_int_equal(query_matched(q), 2);
		query_free(q);
	}
	q = query(m, "metrics", "", "", 0, 10);
	assert_int_equal(query_total(q), 2);
	query_free(q);
	model_free(m);
}

static void what_is_spoken_of_stays(void **state)
{
	struct model *m = make();
	uint32_t d;

	tick(m, T0);
	d = with_metrics(m, "down", 1, T0);
	for (int64_t t = T0; t < T0 + 5 * AFTER; t += 20000) {
		tick(m, t);
		status(m, d, STATUS_DOWN, t);
	}
	assert_int_equal(told_n, 0);
	model_free(m);
}

static void source_state(struct model *m, uint32_t source, enum source_state st)
{
	struct delta d = { .kind = DELTA_SOURCE_STATE, .source_state = { .source = source,
		.state = st, .lag_ms = -1 } };

	apply(m, &d);
}

/* Its silence means nothing while nobody could hear it. */
static void not_while_its_source_is_away(void **state)
{
	struct model *m = make();
	struct delta src = { .kind = DELTA_SOURCE, .source = { .name = S("fleet"),
		.kind = S("stream"), .url = S("ws://x") } };
	struct delta dev = { .kind = DELTA_DEVICE, .device = { .id = S("d"), .lat = NAN,
		.lon = NAN, .at_ms = T0 } };
	int64_t t;

	tick(m, T0);
	apply(m, &src);
	dev.device.source = src.source.source;
	apply(m, &dev);
	source_state(m, src.source.source, SOURCE_DOWN);
	t = run(m, T0, 5 * AFTER, NULL, 0);
	source_state(m, src.source.source, SOURCE_LIVE);
	t = run(m, t, AFTER / 2, NULL, 0);
	assert_int_equal(told_n, 0);
	run(m, t, AFTER, NULL, 0);
	assert_int_equal(told_n, 1);
	model_free(m);
}

/* Known from before our clock, as those that the journal keeps: the time runs from the first tick. */
static void known_from_before(void **state)
{
	struct model *m = make();
	uint32_t d = device(m, "kept", "net", 0);

	status(m, d, STATUS_DOWN, 0);
	tick(m, T0);
	tick(m, T0 + AFTER);
	assert_int_equal(told_n, 0);
	tick(m, T0 + AFTER + 1000);
	assert_int_equal(told_n, 1);
	model_free(m);
}

static void places_are_used_again(void **state)
{
	struct model *m = make();
	uint32_t alive, old, young, s;
	int64_t t;
	struct model_stats a, b;

	tick(m, T0);
	alive = with_metrics(m, "alive", 2, T0);
	old = with_metrics(m, "old", 12, T0); /* so many that they are in the index */
	event_about(m, old, "of old");
	event_about(m, alive, "of alive");
	t = run(m, T0, 3 * AFTER, &alive, 1);
	assert_int_equal(told_n, 1);
	/* not at once: somebody may still mean the old one */
	assert_int_not_equal(with_metrics(m, "soon", 1, t), old);
	t = run(m, t, 2 * REST, (uint32_t[]){ alive, model_device(m, S("soon")) }, 2);
	model_stats(m, &a);
	young = device(m, "young", "net", t);
	assert_int_equal(young, old);
	assert_string_equal(ask(m, "metrics", "device=young", "name"), "");
	assert_string_equal(ask(m, "devices", "id=young", "metrics_n"), "0");
	assert_string_equal(ask(m, "devices", "m0>=0 and id=young", "id"), "");
	s = series(m, young, "m3", "", SERIES_GAUGE);
	sample(m, young, s, 7, t);
	assert_string_equal(ask(m, "metrics", "device=young", "name,value"), "m3 7");
	assert_string_equal(ask(m, "devices", "id=young", "m3,metrics_n"), "7 1");
	for (int i = 0; i < 12; i++) {
		char name[16];

		snprintf(name, sizeof(name), "n%d", i);
		sample(m, young, series(m, young, name, "", SERIES_GAUGE), i, t);
	}
	assert_string_equal(ask(m, "devices", "n11=11", "id"), "young");
	/* eleven of the old one's series were there to be used, one more was made */
	model_stats(m, &b);
	assert_int_equal(b.series, a.series + 13);
	/* its events are not the young one's */
	assert_string_equal(ask(m, "events", "", "subject,device"), "of old null|of alive alive");
	assert_string_equal(ask(m, "events", "device=young", "subject"), "");
	model_free(m);
}

/* Its history is its own. */
static void no_history_of_another(void **state)
{
	struct model *m = make();
	struct point p[16];
	uint32_t old, s;
	int64_t t;

	tick(m, T0);
	old = device(m, "old", "net", T0);
	s = series(m, old, "temp", "", SERIES_GAUGE);
	for (int i = 0; i < 1000; i++)
		sample(m, old, s, 1000 + i, T0 + i);
	t = run(m, T0, 3 * AFTER, NULL, 0);
	t = run(m, t, 2 * REST, NULL, 0);
	assert_int_equal(device(m, "young", "net", t), old);
	assert_int_equal(series(m, old, "temp", "", SERIES_GAUGE), s);
	assert_int_equal(model_history(m, s, T0, t, p, 16), 0);
	sample(m, old, s, 5, t);
	assert_true(model_history(m, s, T0, t, p, 16) >= 1);
	assert_true(p[0].max == 5);
	model_free(m);
}

static void one_that_comes_back(void **state)
{
	struct model *m = make();
	uint32_t d;
	int64_t t;

	tick(m, T0);
	d = with_metrics(m, "back", 2, T0);
	t = run(m, T0, 3 * AFTER, NULL, 0);
	assert_int_equal(told_n, 1);
	assert_int_not_equal(with_metrics(m, "back", 1, t), d);
	assert_string_equal(ask(m, "devices", "", "id,metrics_n"), "back 1");
	/* what still comes for the old row is refused */
	{
		struct sample one = { 0, 1 };
		struct delta late = { .kind = DELTA_SAMPLES,
			.samples = { .v = &one, .n = 1, .device = d, .at_ms = t } };

		assert_int_equal(model_apply(m, &late, NULL), -1);
	}
	model_free(m);
}

static const char *ids_at(struct model *m, int64_t at_ms)
{
	struct past *p = past_new(m, at_ms);
	const char *ids;
	uint32_t by[5];

	assert_true(past_step(p, 0));
	ids = ask(past_model(p), "devices", "", "id,temp,status,network");
	model_status_counts(past_model(p), by);
	assert_int_equal(by[0] + by[1] + by[2] + by[3] + by[4],
		model_devices_n(past_model(p)));
	past_free(p);
	return ids;
}

/* Who travels back sees the forgotten one as it was, but for its values, and no younger one. */
static void in_the_past(void **state)
{
	struct model *m = make();
	uint32_t alive, old, s, temp;
	struct past *p;
	int64_t t;

	tick(m, T0);
	alive = device(m, "alive", "net", T0);
	temp = series(m, alive, "temp", "", SERIES_GAUGE);
	sample(m, alive, temp, 20, T0);
	old = device(m, "old", "net", T0);
	s = series(m, old, "temp", "", SERIES_GAUGE);
	sample(m, old, s, 99, T0);
	t = run(m, T0, 3 * AFTER, &alive, 1);
	t = run(m, t, 2 * REST, &alive, 1);
	assert_int_equal(device(m, "young", "net2", t), old);
	tick(m, t + 1000);
	sample(m, old, s = series(m, old, "temp", "", SERIES_GAUGE), 5, t + 2000);
	tick(m, t + 3000);
	sample(m, old, s, 6, t + 9000);
	sample(m, alive, temp, 21, t + 9000);
	tick(m, t + 10000);
	assert_string_equal(ids_at(m, T0 + 1000), "alive 20 up net|old null up net");
	assert_string_equal(ids_at(m, T0 + AFTER), "old null stale net|alive 20 up net");
	assert_string_equal(ids_at(m, t - 1000), "alive 20 up net");
	assert_string_equal(ids_at(m, t + 4000), "alive 20 up net|young 5 up net2");
	assert_string_equal(ids_at(m, t + 9500), "alive 21 up net|young 6 up net2");
	p = past_new(m, T0 + 1000);
	past_step(p, 0);
	assert_int_equal(model_device(past_model(p), S("old")), old);
	assert_int_equal(model_device(past_model(p), S("young")), MODEL_NONE);
	past_free(p);
	model_free(m);
}

/* Many come and go: the model does not grow. */
static void coming_and_going(void **state)
{
	struct model *m = make();
	struct model_stats st;
	int64_t t = T0;
	char id[32];

	tick(m, t);
	for (int round = 0; round < 8; round++) {
		for (int i = 0; i < 200; i++) {
			snprintf(id, sizeof(id), "r%d-%d", round, i);
			with_metrics(m, id, i % 14, t);
		}
		told_n = 0;
		for (int64_t end = t + 3 * AFTER + 2 * REST; t < end; t += 20000) {
			told_n = 0;
			tick(m, t);
		}
		assert_int_equal(model_devices_n(m), 0);
		model_stats(m, &st);
		assert_int_equal(st.series, 0);
	}
	for (int i = 0; i < 200; i++) {
		snprintf(id, sizeof(id), "last-%d", i);
		assert_true(with_metrics(m, id, 3, t) < 200);
	}
	assert_int_equal(model_devices_n(m), 200);
	model_free(m);
}

/* Values of a moment are looked up late: by then its device's place may be another's. */
static void a_moment_does_not_take_what_is_anothers(void **state)
{
	struct model *m = make();
	uint32_t alive, old;
	struct past *p;
	int64_t now;

	tick(m, T0);
	alive = with_metrics(m, "alive", 1, T0);
	old = with_metrics(m, "old", 2, T0);
	sample(m, old, series(m, old, "m1", "", SERIES_GAUGE), 5, T0 + 2000);
	p = past_new(m, T0 + 1000);
	past_step(p, 0);
	assert_string_equal(ask_sorted(past_model(p), "devices", "", "id", "id,metrics_n", 0, 10),
		"alive 1|old 2");
	status(m, old, STATUS_DOWN, T0 + 3000);
	now = run(m, T0 + 20000, AFTER + 40000 + REST, &alive, 1);
	assert_int_equal(with_metrics(m, "new", 2, T0 + 500), old); /* its clock is slow */
	sample(m, old, series(m, old, "m1", "", SERIES_GAUGE), 7, now);
	assert_string_equal(ask_sorted(past_model(p), "metrics", "name=m1", "", "device,value", 0, 10),
		"old null");
	past_free(p);
	model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(after_so_long),
		cmocka_unit_test(counts_are_of_those_that_are_there),
		cmocka_unit_test(what_is_spoken_of_stays),
		cmocka_unit_test(not_while_its_source_is_away),
		cmocka_unit_test(known_from_before),
		cmocka_unit_test(places_are_used_again),
		cmocka_unit_test(no_history_of_another),
		cmocka_unit_test(one_that_comes_back),
		cmocka_unit_test(in_the_past),
		cmocka_unit_test(coming_and_going),
		cmocka_unit_test(a_moment_does_not_take_what_is_anothers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
