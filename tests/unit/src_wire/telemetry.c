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
#include "wire/telemetry.h"

static struct tele_value v[64];
static struct telemetry t;
static struct err e;
static struct buf scratch;

static int decode(const char *text)
{
	return telemetry_decode(slice_of(text), v, 64, &t, &e);
}

static void test_kinds(void **state)
{
	assert_int_equal(tele_kind(slice_of("net.depin.device.telemetry.v1")), TELE_TELEMETRY);
	assert_int_equal(tele_kind(slice_of("net.depin.device.birth.v1")), TELE_BIRTH);
	assert_int_equal(tele_kind(slice_of("net.depin.device.death.v1")), TELE_DEATH);
	assert_int_equal(tele_kind(slice_of("net.depin.device.status.v1")), TELE_STATUS);
	assert_int_equal(tele_kind(slice_of("net.depin.device.health.v2")), TELE_OTHER);
	assert_int_equal(tele_kind(slice_of("net.depin.device.")), TELE_NONE);
	assert_int_equal(tele_kind(slice_of("com.example")), TELE_NONE);
	assert_int_equal(tele_kind(slice_of("")), TELE_NONE);
}

static void test_values(void **state)
{
	assert_int_equal(decode("{\"t\":1795341131042,\"x\":[{}],\"m\":{\"temp\":61.25,\"fan\":null,"
		"\"mode\":\"char\\\"ging\",\"on\":true,\"off\":false,\"neg\" : -1e-3 , "
		"\"big\":123456789012345678901234567890,\"long\":0.12345678901234567890123}}"), 0);
	assert_true(t.has_time && t.time_ms == 1795341131042);
	assert_int_equal(t.n, 8);
	assert_int_equal(t.bad, 0);
	assert_true(slice_is(v[0].name, "temp") && v[0].value == 61.25 && !v[0].text.n);
	assert_true(slice_is(v[1].name, "fan") && isnan(v[1].value) && !v[1].text.n);
	assert_true(slice_is(v[2].text, "char\\\"ging") && isnan(v[2].value));
	assert_true(v[3].value == 1 && v[4].value == 0);
	assert_true(v[5].value == -1e-3);
	assert_true(v[6].value == 123456789012345678901234567890.0);
	assert_true(v[7].value == 0.12345678901234567890123);
}

static void test_odd_values_cost_themselves(void **state)
{
	char text[600], name[202];

	assert_int_equal(decode("{\"m\":{\"a\":1e999,\"b\":-1e999,\"c\":{\"d\":1},\"e\":[1],\"\":1,"
		"\"\\u0061\":1,\"\xc3\xa9\":1,\"ok\":2}}"), 0);
	assert_int_equal(t.bad, 7);
	assert_int_equal(t.n, 1);
	assert_true(slice_is(v[0].name, "ok") && v[0].value == 2);
	for (int n = TELE_NAME_MAX; n <= TELE_NAME_MAX + 1; n++) {
		memset(name, 'x', sizeof(name));
		name[n] = '\0';
		sprintf(text, "{\"m\":{\"%s\":1}}", name);
		assert_int_equal(decode(text), 0);
		assert_int_equal(t.bad, n > TELE_NAME_MAX);
	}
	assert_int_equal(telemetry_decode(slice_of("{\"m\":{\"a\":1,\"b\":2,\"c\":3}}"), v, 2,
		&t, &e), 0);
	assert_int_equal(t.n, 2);
	assert_int_equal(t.bad, 1);
}

static void test_times(void **state)
{
	assert_int_equal(decode("{\"m\":{},\"t\":\"2026-11-22T09:52:11.042Z\"}"), 0);
	assert_true(t.has_time && t.time_ms == 1795341131042);
	assert_int_equal(decode("{\"m\":{},\"t\":1.795341131042e12}"), 0);
	assert_true(t.has_time && t.time_ms == 1795341131042);
	assert_int_equal(decode("{\"m\":{},\"t\":null}"), 0);
	assert_true(!t.has_time && !t.bad);
	assert_int_equal(decode("{\"m\":{},\"t\":\"soon\"}"), 0);
	assert_true(!t.has_time && t.bad == 1);
	assert_int_equal(decode("{\"m\":{},\"t\":99999999999999999999999}"), 0);
	assert_true(!t.has_time && t.bad == 1);
}

static void test_refused(void **state)
{
	static const char *const bad[] = { "", "1", "[]", "{}", "{\"t\":1}", "{\"m\":1}", "{\"m\":{",
		"{\"m\":{\"a\"", "{\"m\":{\"a\":", "{\"m\":{\"a\":1", "{\"m\":{\"a\":1}", "{\"m\":{\"a\":x}}",
		"{\"m\":{\"a\":1,}}", "{\"m\":{\"a\" 1}}", "{\"\\\"m\":{}}", "{\"m" };

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		char *copy = malloc(strlen(bad[i]) + 1);

		memcpy(copy, bad[i], strlen(bad[i]));
		if (telemetry_decode(slice_mem(copy, strlen(bad[i])), v, 64, &t, &e) == 0)
			fail_msg("%s was taken", bad[i]);
		free(copy);
	}
}

static void test_birth(void **state)
{
	struct tele_birth b;
	struct tele_metric m;
	struct slice rest;
	struct buf more;

	assert_int_equal(tele_birth_decode(slice_of("{\"name\":\"rack \\\"7\\\"\",\"network\":\"gpu\","
		"\"kind\":\"worker\",\"site\":\"Z\\u00fcrich\",\"firmware\":\"1.2\",\"lat\":47.4,"
		"\"lon\":8.5,\"metrics\":{\"temp\":{\"unit\":\"\\u00b0C\",\"type\":\"gauge\"},\"n\":{},"
		"\"odd\":7}}"), &scratch, &b, &e), 0);
	assert_true(slice_is(b.name, "rack \"7\""));
	assert_true(slice_is(b.network, "gpu") && slice_is(b.kind, "worker"));
	assert_true(slice_is(b.site, "Z\xc3\xbcrich") && slice_is(b.firmware, "1.2"));
	assert_true(b.lat == 47.4 && b.lon == 8.5);
	buf_init(&more, 4096);
	rest = b.metrics;
	assert_true(tele_birth_metric(&rest, &more, &m));
	assert_true(slice_is(m.name, "temp") && slice_is(m.unit, "\xc2\xb0" "C") &&
		slice_is(m.type, "gauge"));
	assert_true(tele_birth_metric(&rest, &more, &m));
	assert_true(slice_is(m.name, "n") && !m.unit.n && !m.type.n);
	assert_true(tele_birth_metric(&rest, &more, &m));
	assert_true(slice_is(m.name, "odd") && !m.unit.n);
	assert_false(tele_birth_metric(&rest, &more, &m));
	buf_fini(&more);
}

static void test_birth_odd(void **state)
{
	struct tele_birth b;

	assert_int_equal(tele_birth_decode(slice_of("{\"name\":5,\"lat\":91,\"lon\":8}"), &scratch, &b,
		&e), 0);
	assert_true(!b.name.n && isnan(b.lat) && isnan(b.lon) && !b.metrics.n);
	assert_int_equal(tele_birth_decode(slice_of("7"), &scratch, &b, &e), -1);
	assert_int_equal(tele_birth_decode(slice_of("{\"name\":\"x"), &scratch, &b, &e), -1);
}

static void test_notes(void **state)
{
	struct tele_note n;

	assert_int_equal(tele_note_decode(slice_of("{\"status\":\"degraded\",\"reason\":\"a\\tb\"}"),
		&scratch, &n, &e), 0);
	assert_int_equal(n.status, TELE_DEGRADED);
	assert_true(slice_is(n.text, "a\tb"));
	assert_int_equal(tele_note_decode(slice_of("{\"status\":1}"), &scratch, &n, &e), 0);
	assert_int_equal(n.status, TELE_UNSAID);
	assert_int_equal(tele_note_decode(slice_of("[]"), &scratch, &n, &e), -1);
}

static void message_is(const char *data, const char *want)
{
	buf_reset(&scratch);
	assert_int_equal(tele_message(slice_of(data), &scratch), 0);
	assert_string_equal(scratch.p, want);
}

static void test_message(void **state)
{
	char text[1024] = "\"", want[400] = "";

	message_is("{\"a\":{\"message\":\"no\"},\"message\":\"fan \\u26a0 stuck\"}",
		"fan \xe2\x9a\xa0 stuck");
	message_is("{\"reason\":\"r\",\"message\":5}", "r");
	message_is("\"plain \\\"text\\\"\"", "plain \"text\"");
	message_is("{\"a\":1}", "{\"a\":1}");
	message_is("", "");
	for (int i = 0; i < 100; i++)
		strcat(text, "\xe2\x82\xac");
	strcat(text, "\"");
	for (int i = 0; i < 80; i++)
		strcat(want, "\xe2\x82\xac");
	message_is(text, want);
}

static int setup(void **state)
{
	buf_init(&scratch, 1 << 16);
	return 0;
}

static int teardown(void **state)
{
	buf_fini(&scratch);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds), cmocka_unit_test(test_values),
		cmocka_unit_test(test_odd_values_cost_themselves), cmocka_unit_test(test_times),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_birth), cmocka_unit_test(test_birth_odd),
		cmocka_unit_test(test_notes), cmocka_unit_test(test_message),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
