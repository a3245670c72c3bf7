#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "wire/cloudevent.h"

#define MUST "\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\""

static struct ce_decoder d;
static struct err e;
static char *copy;

/* Decodes from the heap, so that sanitizers see a step over the end. */
static int decode(const char *text, size_t n)
{
	free(copy);
	copy = malloc(n ? n : 1);
	memcpy(copy, text, n);
	return ce_decode(&d, slice_mem(copy, n), &e);
}

static void good(const char *text)
{
	if (decode(text, strlen(text)) < 0)
		fail_msg("%s: %s", text, e.text);
}

static void bad(const char *text, const char *why)
{
	if (decode(text, strlen(text)) == 0)
		fail_msg("%s was taken", text);
	if (!strstr(e.text, why))
		fail_msg("%s: \"%s\", wanted \"%s\"", text, e.text, why);
}

static const char sample[] =
	"{\"specversion\":\"1.0\",\"id\":\"01J9ZK3T4W-42\",\"source\":\"https://gw.example/filecoin/f01234\","
	"\"type\":\"net.depin.device.health.v1\",\n \"subject\":\"f01234/deadline/17\","
	"\"time\":\"2026-11-22T09:52:11Z\",\"sequence\":\"00000000000000000042\","
	"\"severitytext\":\"WARN\",\"severitynumber\":13,\n \"datacontenttype\":\"application/json\","
	"\"partitionkey\":\"f01234\",\"traceparent\":\"00-x\",\"sampledrate\":30,\"flag\":true,\n"
	" \"data\":{\"epoch\":6057001,\"faults\" : [3, {\"a\":null}] }}\n";

static void test_sample(void **state)
{
	const struct cloudevent *ev = &d.ev;

	good(sample);
	assert_true(slice_is(ev->id, "01J9ZK3T4W-42"));
	assert_true(slice_is(ev->source, "https://gw.example/filecoin/f01234"));
	assert_true(slice_is(ev->type, "net.depin.device.health.v1"));
	assert_true(slice_is(ev->subject, "f01234/deadline/17"));
	assert_true(slice_is(ev->sequence, "00000000000000000042"));
	assert_true(slice_is(ev->partitionkey, "f01234"));
	assert_true(slice_is(ev->datacontenttype, "application/json"));
	assert_true(slice_is(ev->severitytext, "WARN"));
	assert_int_equal(ev->severity, 13);
	assert_int_equal(ev->extensions, 3);
	assert_true(ev->has_time);
	assert_true(ev->time_ms == 1795341131000);
	assert_true(slice_is(ev->data, "{\"epoch\":6057001,\"faults\" : [3, {\"a\":null}] }"));
	assert_int_equal(ev->dssematerial.n, 0);
}

static void test_cut_anywhere(void **state)
{
	for (size_t n = 0; n < sizeof(sample) - 3; n++)
		assert_int_equal(decode(sample, n), -1);
	assert_int_equal(decode(sample, sizeof(sample) - 2), 0);
}

static void test_required(void **state)
{
	bad("{}", "id is missing");
	bad("{\"specversion\":\"1.0\",\"id\":\"\",\"source\":\"/s\",\"type\":\"t\"}", "id");
	bad("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":null,\"type\":\"t\"}", "source");
	bad("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\"}", "type");
	bad("{\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"}", "specversion");
	bad("{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"}", "specversion");
	bad("{\"specversion\":1.0,\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"}", "string");
}

static void test_refused(void **state)
{
	bad("", "empty");
	bad("[]", "not an object");
	bad("{" MUST "} x", "after the end");
	bad("{" MUST ",}", "attribute was expected");
	bad("{," MUST "}", "attribute was expected");
	bad("{" MUST ",\"id\":\"2\"}", "twice");
	bad("{" MUST ",\"x\":\"2\",\"x\":1}", "twice");
	bad("{" MUST ",\"BadName\":1}", "outside");
	bad("{" MUST ",\"\":1}", "without a name");
	bad("{" MUST ",\"x\":{}}", "object or an array");
	bad("{" MUST ",\"x\":[1]}", "object or an array");
	bad("{" MUST ",\"severitynumber\":{}}", "object or an array");
	bad("{" MUST ",\"subject\":5}", "string");
	bad("{" MUST ",\"subject\":\"a\x01\"}", "control");
	bad("{" MUST ",\"subject\":\"a\x7f\"}", "control");
	bad("{" MUST ",\"subject\":\"a\xc2\x85\"}", "control");
	bad("{" MUST ",\"subject\":\"a\\u001b[31m\"}", "control");
	bad("{" MUST ",\"subject\":\"a\\u0000\"}", "control");
	bad("{" MUST ",\"x\":\"\\u0085\"}", "control");
	bad("{" MUST ",\"subject\":\"\\ud800\"}", "surrogate");
	bad("{" MUST ",\"subject\":\"\\udc00\\ud800\"}", "surrogate");
	bad("{" MUST ",\"subject\":\"\xff\"}", "UTF-8");
	bad("{" MUST ",\"subject\":\"\xed\xa0\x80\"}", "UTF-8");
	bad("{" MUST ",\"subject\":\"\\x\"}", "escape");
	bad("{" MUST ",\"time\":\"yesterday\"}", "RFC 3339");
	bad("{" MUST ",\"time\":\"2026-02-30T00:00:00Z\"}", "RFC 3339");
	bad("{" MUST ",\"data\":1,\"data_base64\":\"AA==\"}", "at once");
}

static void test_bad_data(void **state)
{
	static const char *const data[] = { "{", "[", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
		"{a:1}", "01", "1.", ".5", "+1", "1e", "-", "tru", "nul", "NaN", "Infinity", "'a'",
		"[1 2]", "{\"a\":1]", "[1}", "\"\t\"", "\"\\u12g4\"", "[\"\xc0\xaf\"]", "", "]" };

	for (size_t i = 0; i < ARRAY_LEN(data); i++) {
		char *text = xasprintf("{" MUST ",\"data\":%s}", data[i]);

		if (decode(text, strlen(text)) == 0)
			fail_msg("%s was taken", text);
		free(text);
	}
}

static void data_is(const char *data)
{
	char *text = xasprintf("{\"data\":%s ," MUST "}", data);

	good(text);
	assert_true(slice_is(d.ev.data, data));
	free(text);
}

static void test_any_data(void **state)
{
	data_is("null");
	data_is("true");
	data_is("\"text\\n\\u00e9\\ud83d\\ude00\xe2\x82\xac\"");
	data_is("123456789012345678901234567890");
	data_is("-1.5e+999999");
	data_is("[ [ ] , { } , \"\" , 0 , -0.0 , false ]");
	data_is("{\"a\":{\"a\":1},\"a\":[{\"b\":[]}]}");
	good("{" MUST "}");
	assert_int_equal(d.ev.data.n, 0);
	bad("{" MUST ",\"data_base64\":\"AA==\",\"data\":null}", "at once"); /* null is data */
}

static void test_depth(void **state)
{
	char text[512];
	size_t n = 0;

	for (int depth = CE_DEPTH_MAX - 1; depth <= CE_DEPTH_MAX; depth++) {
		n = (size_t)sprintf(text, "{" MUST ",\"data\":");
		memset(text + n, '[', (size_t)depth);
		memset(text + n + depth, ']', (size_t)depth);
		strcpy(text + n + 2 * depth, "}");
		assert_int_equal(decode(text, strlen(text)), depth == CE_DEPTH_MAX ? -1 : 0);
	}
	assert_non_null(strstr(e.text, "deep"));
}

static void test_escapes(void **state)
{
	good("{" MUST ",\"subject\":\"a\\/b\\\"\\\\\\u00e9\\ud83d\\ude00\",\"partitionkey\":\"\\u0041\"}");
	assert_true(slice_is(d.ev.subject, "a/b\"\\\xc3\xa9\xf0\x9f\x98\x80"));
	assert_true(slice_is(d.ev.partitionkey, "A"));
}

static void test_scratch_limit(void **state)
{
	char *text = malloc(CE_SCRATCH + 200);
	size_t n = (size_t)sprintf(text, "{" MUST ",\"subject\":\"\\/");

	memset(text + n, 'x', CE_SCRATCH - 1);
	strcpy(text + n + CE_SCRATCH - 1, "\"}");
	bad(text, "too much");
	text[n + CE_SCRATCH - 3] = '"';
	text[n + CE_SCRATCH - 2] = '}';
	text[n + CE_SCRATCH - 1] = '\0';
	good(text);
	assert_int_equal(d.ev.subject.n, CE_SCRATCH - 2);
	free(text);
}

static void test_many_extensions(void **state)
{
	for (int n = CE_ATTRS_MAX; n <= CE_ATTRS_MAX + 1; n++) {
		char text[2048];
		size_t at = (size_t)sprintf(text, "{" MUST);

		for (int i = 0; i < n; i++)
			at += (size_t)sprintf(text + at, ",\"x%d\":null", i);
		strcpy(text + at, "}");
		assert_int_equal(decode(text, strlen(text)), n > CE_ATTRS_MAX ? -1 : 0);
	}
}

static void time_is(const char *time, int64_t want)
{
	char text[256];

	sprintf(text, "{" MUST ",\"time\":\"%s\"}", time);
	for (int i = 0; i < 2; i++) { /* the second time its day is known */
		good(text);
		if (d.ev.time_ms != want)
			fail_msg("%s: %lld", time, (long long)d.ev.time_ms);
	}
}

static void test_times(void **state)
{
	time_is("2026-11-22T09:52:11Z", 1795341131000);
	time_is("2026-11-22T09:52:11.5Z", 1795341131500);
	time_is("2026-11-22T09:52:11.042Z", 1795341131042);
	time_is("2026-11-22T09:52:11.0429999999Z", 1795341131042);
	time_is("2026-11-22T10:52:11+01:00", 1795341131000);
	time_is("2026-11-22T23:59:59.999Z", 1795391999999);
	time_is("2026-11-22t09:52:11z", 1795341131000);
	time_is("2026-12-31T23:59:60Z", 1798761600000);
	time_is("2027-01-01T00:00:00Z", 1798761600000);
	time_is("1969-12-31T23:59:59.250Z", -750);
	time_is("1970-01-01T00:00:00.000Z", 0);
	bad("{" MUST ",\"time\":\"1970-01-01T24:00:00.000Z\"}", "RFC 3339");
	bad("{" MUST ",\"time\":\"1970-01-01T00:00:00.Z\"}", "RFC 3339");
	bad("{" MUST ",\"time\":\"1970-01-01T00:00:00.1xZ\"}", "RFC 3339");
	bad("{" MUST ",\"time\":\"1970-01-01T00:00:0000Z\"}", "RFC 3339");
}

static void test_severity(void **state)
{
	good("{" MUST ",\"severitytext\":\"error\"}");
	assert_int_equal(d.ev.severity, 17);
	good("{" MUST ",\"severitytext\":\"INFO3\",\"severitynumber\":\"22\"}");
	assert_int_equal(d.ev.severity, 22);
	good("{" MUST ",\"severitynumber\":99999999999999999999}");
	assert_int_equal(d.ev.severity, 0);
	assert_int_equal(ce_severity(slice_of("INFO3")), 11);
	assert_int_equal(ce_severity(slice_of("loud")), 0);
	assert_int_equal(ce_severity(slice_of("")), 0);
}

/* --- batches */

static int good_n, bad_n, stop_at = -1;

static int on_event(void *arg, struct ce_decoder *dec, const struct err *why)
{
	if (dec)
		good_n++;
	else
		bad_n++;
	return good_n == stop_at ? -1 : 0;
}

static int batch(const char *text)
{
	good_n = bad_n = 0;
	return ce_decode_batch(&d, slice_of(text), on_event, NULL, &e);
}

static void test_batch(void **state)
{
	assert_int_equal(batch("[]"), 0);
	assert_int_equal(batch(" [ {" MUST "} , {" MUST "} ] "), 2);
	assert_int_equal(batch("{" MUST "}"), 1);
	assert_int_equal(batch("[{" MUST "},{\"id\":\"x\"},7,{" MUST "}]"), 2);
	assert_int_equal(bad_n, 2);
	assert_int_equal(batch("[{" MUST "},"), -1);
	assert_int_equal(good_n, 1);
	assert_int_equal(batch("[{" MUST "},]"), -1);
	assert_int_equal(batch("[{},]"), -1);
	assert_int_equal(batch("[{" MUST "}]]"), -1);
	assert_int_equal(batch("\"x\""), -1);
	assert_int_equal(batch(""), -1);
	stop_at = 1;
	assert_int_equal(batch("[{" MUST "},{" MUST "}]"), 1);
	assert_int_equal(good_n, 1);
	stop_at = -1;
}

static int done(void **state)
{
	free(copy);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sample), cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_required), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_bad_data), cmocka_unit_test(test_any_data),
		cmocka_unit_test(test_depth), cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_scratch_limit), cmocka_unit_test(test_many_extensions),
		cmocka_unit_test(test_times), cmocka_unit_test(test_severity),
		cmocka_unit_test(test_batch),
	};

	return cmocka_run_group_tests(tests, NULL, done);
}
