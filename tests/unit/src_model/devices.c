/* Devices: birth, status, staleness, values that are never shown when they are not current. */
#include "world.h"

static struct model *world(void)
{
	return model_new(&(struct model_spec){ .memory = 1 << 20, .stale_after_ms = 60000 });
}

static void a_device_has_its_fields(void **state)
{
	struct model *m = world();
	struct delta src = { .kind = DELTA_SOURCE, .source = { .name = S("fleet"), .kind = S("stream") } };
	struct delta d = { .kind = DELTA_DEVICE, .device = { .id = S("f01"), .name = S("Miner 1"),
		.network = S("filecoin"), .kind = S("storage"), .site = S("Oslo"),
		.firmware = S("1.2"), .lat = 59.9139, .lon = -10.5, .stale_after_ms = 5000,
		.at_ms = T0 } };
	uint32_t s;

	apply(m, &src);
	d.device.source = src.source.source;
	apply(m, &d);
	assert_true(d.device.created);
	assert_int_equal(d.device.device, 0);
	apply(m, &d);
	assert_false(d.device.created);
	s = series(m, 0, "temp", "", SERIES_GAUGE);
	tick(m, T0 + 1500);
	sample(m, 0, s, 21.5, T0 + 1000);
	assert_string_equal(ask(m, "devices", "", "id,name,network,kind,site,firmware,source"),
		"f01 Miner 1 filecoin storage Oslo 1.2 fleet");
	assert_string_equal(ask(m, "dev", "", "status,health,lat,lon,age,metrics_n,stale_after"),
		"up 100 59.9139 -10.5 0.5 1 5");
	assert_string_equal(ask(m, "device", "", "last_seen,since,metrics,temp"),
		"2026-09-21T14:13:21.000Z 2026-09-21T14:13:21.000Z {\"temp\":21.5} 21.5");
	assert_string_equal(ask(m, "devices", "", "reason"), "null");
	model_free(m);
}

static void identity_changes_are_taken(void **state)
{
	struct model *m = world();
	struct delta d = { .kind = DELTA_DEVICE, .device = { .id = S("a"), .network = S("n2"),
		.name = S("new"), .lat = NAN, .lon = NAN, .source = MODEL_NONE } };
	uint32_t by[5];

	device(m, "a", "n1", T0);
	assert_string_equal(ask(m, "devices", "", "name,network"), "a n1");
	apply(m, &d);
	assert_string_equal(ask(m, "devices", "", "name,network,lat"), "new n2 null");
	assert_string_equal(ask(m, "networks", "", "name,devices,unknown"), "n1 0 0|n2 1 1");
	d.device.name = S("a");
	apply(m, &d);
	assert_string_equal(ask(m, "devices", "", "name"), "a");
	model_status_counts(m, by);
	assert_int_equal(by[STATUS_UNKNOWN], 1);
	assert_int_equal(model_devices_n(m), 1);
	assert_int_equal(model_networks_n(m), 2);
	model_free(m);
}

static void a_dead_device_has_no_values(void **state)
{
	struct model *m = world();
	uint32_t d = device(m, "a", "n", T0), cpu = series(m, d, "cpu", "", SERIES_GAUGE),
		 mem = series(m, d, "mem", "", SERIES_GAUGE);

	assert_string_equal(ask(m, "devices", "", "status,health,metrics"), "unknown null {}");
	sample(m, d, cpu, 90, T0 + 1000);
	sample(m, d, mem, 5, T0 + 1000);
	assert_string_equal(ask(m, "devices", "cpu>80", "status,cpu"), "up 90");
	status(m, d, STATUS_DOWN, T0 + 2000);
	assert_string_equal(ask(m, "devices", "", "status,health,metrics,cpu"), "down 0 {} null");
	assert_string_equal(ask(m, "devices", "cpu>80", "id"), "");
	assert_string_equal(ask(m, "devices", "cpu!=80", "id"), "");
	assert_string_equal(ask(m, "metrics", "", "name,value,at"),
		"cpu null 2026-09-21T14:13:21.000Z|mem null 2026-09-21T14:13:21.000Z");
	/* what it sent before it died comes late: it stays dead */
	sample(m, d, cpu, 91, T0 + 1500);
	assert_string_equal(ask(m, "devices", "", "status,cpu"), "down null");
	/* it lives again; what it has not said since stays unknown */
	sample(m, d, cpu, 50, T0 + 3000);
	assert_string_equal(ask(m, "devices", "", "status,metrics"), "up {\"cpu\":50}");
	assert_string_equal(ask(m, "metrics", "", "name,value"), "cpu 50|mem null");
	model_free(m);
}

static void birth_after_death(void **state)
{
	struct model *m = world();
	uint32_t d = device(m, "a", "n", T0), s = series(m, d, "x", "", SERIES_GAUGE);

	sample(m, d, s, 1, T0 + 1000);
	status(m, d, STATUS_DOWN, T0 + 2000);
	device(m, "a", "n", 0); /* identity alone wakes nobody */
	assert_string_equal(ask(m, "devices", "", "status"), "down");
	device(m, "a", "n", T0 + 3000);
	assert_string_equal(ask(m, "devices", "", "status,metrics"), "unknown {}");
	model_free(m);
}

static void silence_makes_stale(void **state)
{
	struct model *m = world();
	uint32_t a = device(m, "a", "n", T0), b = device(m, "b", "n", T0);
	uint32_t sa = series(m, a, "x", "", SERIES_GAUGE), sb = series(m, b, "x", "", SERIES_GAUGE);

	tick(m, T0);
	sample(m, a, sa, 1, T0 + 1000);
	sample(m, b, sb, 1, T0 + 1000);
	for (int i = 1; i <= 60; i++) {
		tick(m, T0 + i * 1000);
		sample(m, b, sb, 1, T0 + i * 1000);
	}
	assert_string_equal(ask(m, "devices", "", "id,status"), "a up|b up");
	tick(m, T0 + 61000);
	assert_string_equal(ask(m, "devices", "", "id,status,health,x"), "a stale 30 null|b up 100 1");
	assert_string_equal(ask(m, "networks", "", "up,stale,health"), "1 1 65");
	sample(m, a, sa, 2, T0 + 62000);
	assert_string_equal(ask(m, "devices", "", "id,status,x"), "a up 2|b up 1");
	/* hours without a tick, as after a suspended laptop */
	tick(m, T0 + 36000000);
	assert_string_equal(ask(m, "devices", "", "status"), "stale|stale");
	sample(m, a, sa, 3, T0 + 36000000);
	tick(m, T0 + 36060000);
	assert_string_equal(ask(m, "devices", "", "status"), "stale|stale");
	model_free(m);
}

/* A whole fleet that falls silent at once does not stall the turn. */
static void many_go_stale_in_parts(void **state)
{
	struct model *m = world();
	uint32_t by[5];
	char id[16];

	tick(m, T0);
	for (int i = 0; i < 110000; i++) {
		snprintf(id, sizeof(id), "d%d", i);
		device(m, id, "n", T0);
	}
	tick(m, T0 + 61000);
	model_status_counts(m, by);
	assert_true(by[STATUS_STALE] > 50000 && by[STATUS_STALE] < 110000);
	tick(m, T0 + 61000);
	model_status_counts(m, by);
	assert_int_equal(by[STATUS_STALE], 110000);
	model_free(m);
}

static void staleness_is_per_device_and_degraded_too(void **state)
{
	struct model *m = world();
	struct delta d = { .kind = DELTA_DEVICE, .device = { .id = S("slow"), .lat = NAN, .lon = NAN,
		.source = MODEL_NONE, .stale_after_ms = 86400000, .at_ms = T0 } };

	tick(m, T0);
	apply(m, &d);
	device(m, "fast", "", T0);
	status(m, 1, STATUS_DEGRADED, T0);
	assert_string_equal(ask(m, "devices", "id=fast", "status,health"), "degraded 60");
	for (int64_t t = T0; t < T0 + 86400000; t += 30000)
		tick(m, t);
	assert_string_equal(ask(m, "devices", "", "id,status"), "fast stale|slow unknown");
	tick(m, T0 + 86401000);
	assert_string_equal(ask(m, "devices", "", "id,status"), "fast stale|slow stale");
	model_free(m);
}

/* A device whose clock is an hour slow is heard all the same. */
static void a_wrong_clock_is_not_staleness(void **state)
{
	struct model *m = world();
	uint32_t d = device(m, "a", "", T0), s = series(m, d, "x", "", SERIES_GAUGE);

	for (int i = 0; i < 200; i++) {
		tick(m, T0 + i * 1000);
		sample(m, d, s, i, T0 - 3600000 + i * 1000);
	}
	assert_string_equal(ask(m, "devices", "", "status,x"), "up 199");
	/* an hour fast: stale not much later than others */
	sample(m, d, s, 1, T0 + 3600000 + 200000);
	tick(m, T0 + 200000 + 121000);
	assert_string_equal(ask(m, "devices", "", "status"), "stale");
	model_free(m);
}

static void health_may_be_sent(void **state)
{
	struct model *m = world();
	uint32_t d = device(m, "a", "n", T0), h = series(m, d, "health", "", SERIES_GAUGE);

	sample(m, d, h, 73, T0 + 1000);
	assert_string_equal(ask(m, "devices", "", "health"), "73");
	assert_string_equal(ask(m, "networks", "", "health"), "73");
	sample(m, d, h, 730, T0 + 2000);
	assert_string_equal(ask(m, "devices", "", "health"), "100");
	sample(m, d, h, 40, T0 + 3000);
	status(m, d, STATUS_DEGRADED, T0 + 3000);
	assert_string_equal(ask(m, "devices", "", "status,health"), "degraded 40");
	status(m, d, STATUS_DOWN, T0 + 4000);
	assert_string_equal(ask(m, "devices", "", "health"), "0");
	model_free(m);
}

static void a_status_has_a_reason(void **state)
{
	struct model *m = world();
	struct delta d = { .kind = DELTA_STATUS, .status = { .status = STATUS_DOWN, .at_ms = T0,
		.reason = S("connection refused") } };

	device(m, "a", "n", T0);
	apply(m, &d);
	assert_string_equal(ask(m, "devices", "refused", "reason"), "connection refused");
	status(m, 0, STATUS_UP, T0 + 1);
	assert_string_equal(ask(m, "devices", "", "reason"), "null");
	model_free(m);
}

static void counters_have_rates(void **state)
{
	struct model *m = world();
	uint32_t d = device(m, "a", "n", T0), c = series(m, d, "sent", "if=\"eth0\"", SERIES_COUNTER);

	sample(m, d, c, 1000, T0 + 1000);
	assert_string_equal(ask(m, "metrics", "", "key,rate"), "sent{if=\"eth0\"} null");
	sample(m, d, c, 3000, T0 + 3000);
	assert_string_equal(ask(m, "metrics", "rate>999", "device,name,labels,type,rate"),
		"a sent if=\"eth0\" counter 1000");
	sample(m, d, c, 500, T0 + 4000); /* it began again */
	assert_string_equal(ask(m, "metrics", "", "rate"), "500");
	assert_string_equal(ask(m, "devices", "", "metrics"), "{\"sent{if=\\\"eth0\\\"}\":500}");
	assert_string_equal(ask(m, "devices", "sent{if=\"eth0\"}=500", "sent{if=\"eth0\"},sent"),
		"500 500");
	model_free(m);
}

static void a_metric_has_its_fields(void **state)
{
	struct model *m = world();
	struct delta d = { .kind = DELTA_SERIES, .series = { .device = 0, .name = S("temp"),
		.unit = S("C"), .help = S("How warm"), .type = SERIES_GAUGE } };

	device(m, "a", "n", T0);
	apply(m, &d);
	tick(m, T0 + 3000);
	sample(m, 0, d.series.series, 20, T0 + 1000);
	assert_string_equal(ask(m, "metrics", "", "device,network,name,value,unit,type,age,help"),
		"a n temp 20 C gauge 2 How warm");
	sample(m, 0, d.series.series, NAN, T0 + 2000);
	assert_string_equal(ask(m, "metrics", "", "value,at"), "null 2026-09-21T14:13:22.000Z");
	model_free(m);
}

/* Few metrics are walked, many are indexed: both find. */
static void many_metrics_are_found(void **state)
{
	struct model *m = world();
	uint32_t d = device(m, "a", "n", T0), e = device(m, "b", "n", T0), s[100];
	char name[16], labels[32];

	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "m%d", i / 2);
		snprintf(labels, sizeof(labels), i % 2 ? "l=\"%d\"" : "", i);
		s[i] = series(m, d, name, labels, SERIES_GAUGE);
		if (i < 3)
			series(m, e, name, labels, SERIES_GAUGE);
	}
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "m%d", i / 2);
		snprintf(labels, sizeof(labels), i % 2 ? "l=\"%d\"" : "", i);
		assert_int_equal(model_series(m, d, S(name), S(labels)), s[i]);
		if (i % 2 == 0) {
			assert_int_equal(model_series_after(m, d, i ? s[i - 1] : MODEL_NONE, S(name)),
				s[i]);
			assert_int_equal(model_series_after(m, d, 77, S(name)), s[i]);
		}
	}
	assert_int_equal(model_series(m, d, S("nope"), S("")), MODEL_NONE);
	assert_int_equal(model_series(m, e, S("m40"), S("")), MODEL_NONE);
	assert_int_equal(model_series_after(m, d, 5, S("nope")), MODEL_NONE);
	assert_int_equal(model_series_after(m, 9, MODEL_NONE, S("m0")), MODEL_NONE);
	model_free(m);
}

static void limits_refuse_and_count(void **state)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 1 << 20, .max_devices = 2,
		.max_series = 1 });
	struct delta d = { .kind = DELTA_DEVICE, .device = { .id = S("c"), .source = MODEL_NONE } };
	struct delta s = { .kind = DELTA_SERIES, .series = { .name = S("y") } };
	struct delta t = { .kind = DELTA_TICK, .tick.now_ms = -1 };
	struct sample foreign = { 0, 1 }, none = { 7, 1 };
	struct delta v = { .kind = DELTA_SAMPLES, .samples = { .v = &foreign, .n = 1, .device = 1,
		.at_ms = T0 } };
	struct model_stats st;
	struct err e;
	char long_id[300];

	device(m, "a", "", T0);
	device(m, "b", "", T0);
	series(m, 0, "x", "", SERIES_GAUGE);
	assert_int_equal(model_apply(m, &d, &e), -1);
	assert_int_equal(e.class, ERR_REFUSED);
	assert_int_equal(model_apply(m, &s, &e), -1);
	assert_int_equal(s.series.series, MODEL_NONE);
	assert_int_equal(model_apply(m, &t, &e), -1);
	assert_int_equal(model_apply(m, &v, &e), -1); /* a series of another device */
	v.samples.v = &none;
	assert_int_equal(model_apply(m, &v, NULL), -1);
	v.samples.device = 2;
	assert_int_equal(model_apply(m, &v, NULL), -1);
	memset(long_id, 'x', sizeof(long_id));
	d.device.id = slice_mem(long_id, 256);
	assert_int_equal(model_apply(m, &d, NULL), -1);
	d.device.id = S("");
	assert_int_equal(model_apply(m, &d, NULL), -1);
	model_stats(m, &st);
	assert_int_equal(st.refused, 8);
	assert_string_equal(ask(m, "metrics", "", "value"), "null");
	model_free(m);
}

/* Texts that change all the time are forgotten but for those of the last changes (trail.h). */
static void changing_texts_do_not_grow(void **state)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 1 << 20 });
	struct model_stats a, b;
	char text[32];

	device(m, "a", "n", T0);
	for (int i = 0; i < 20000; i++) {
		struct delta d = { .kind = DELTA_DEVICE, .device = { .id = S("a"), .lat = NAN,
			.lon = NAN, .source = MODEL_NONE } };
		struct delta s = { .kind = DELTA_STATUS, .status = { .status = STATUS_DOWN,
			.at_ms = T0 + i } };

		snprintf(text, sizeof(text), "v%05d", i);
		d.device.firmware = d.device.site = d.device.name = S(text);
		s.status.reason = S(text);
		apply(m, &d);
		apply(m, &s);
		if (i == 10000)
			model_stats(m, &a);
	}
	model_stats(m, &b);
	assert_int_equal(a.bytes_devices, b.bytes_devices);
	model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_has_its_fields),
		cmocka_unit_test(identity_changes_are_taken),
		cmocka_unit_test(a_dead_device_has_no_values),
		cmocka_unit_test(birth_after_death),
		cmocka_unit_test(silence_makes_stale),
		cmocka_unit_test(many_go_stale_in_parts),
		cmocka_unit_test(staleness_is_per_device_and_degraded_too),
		cmocka_unit_test(a_wrong_clock_is_not_staleness),
		cmocka_unit_test(health_may_be_sent),
		cmocka_unit_test(a_status_has_a_reason),
		cmocka_unit_test(counters_have_rates),
		cmocka_unit_test(a_metric_has_its_fields),
		cmocka_unit_test(many_metrics_are_found),
		cmocka_unit_test(limits_refuse_and_count),
		cmocka_unit_test(changing_texts_do_not_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
