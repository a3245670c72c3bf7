#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/json.h"

static struct buf out;
static struct jw w;

static json_t *load(const char *s)
{
	struct err e = { 0 };
	json_t *v = json_load(slice_of(s), &e);

	if (!v)
		fail_msg("%s: %s", s, e.text);
	return v;
}

static void fresh(void)
{
	buf_reset(&out);
	jw_init(&w, &out);
}

static void one_odd_number_hides_nothing(void **state)
{
	json_t *v =
		load("{\"id\":\"a\\\\\",\"big\":18446744073709551616,\"huge\":[1e999,-1E+999],"
		     "\"max\":9223372036854775807,\"min\":-9223372036854775808,"
		     "\"s\":\"99999999999999999999 \\\"1e999\",\"wei\": 1000000000000000000000 ,"
		     "\"f\":1.25}");

	assert_string_equal(json_str(v, "id", ""), "a\\");
	assert_string_equal(json_str(v, "big", ""), "18446744073709551616");
	assert_string_equal(
		json_string_value(json_array_get(json_object_get(v, "huge"), 1)), "-1E+999");
	assert_true(json_i64(v, "max", 0) == INT64_MAX);
	assert_true(json_i64(v, "min", 0) == INT64_MIN);
	assert_string_equal(json_str(v, "s", ""), "99999999999999999999 \"1e999");
	assert_true(json_f64(v, "wei", 0) == 1e21);
	assert_true(json_f64(v, "f", 0) == 1.25);
	json_decref(v);
}

static void what_is_not_json_is_refused(void **state)
{
	static const char *const bad[] = { "", " ", "{", "[1,]", "{\"a\":1,}", "nul", "01", "-",
		"1.", ".5", "+1", "NaN", "012345678901234567890", "-012345678901234567890",
		"{12345678901234567890:1}", "[1e999\"a\"]", "1e9991e999", "\"\xff\"",
		"\"\xed\xa0\x80\"", "\"\\ud800\"", "\"\\u0000\"", "\"a", "\"a\\\"", "\"\n\"",
		"[1] x", "1e", "123456789012345678901.", "{\"a\" 1}", "'a'", "[\"a\":1]", "]" };
	struct err e;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		json_t *v = json_load(slice_of(bad[i]), &e);

		if (v)
			fail_msg("accepted: %s", bad[i]);
		assert_int_equal(e.class, ERR_UNREACH);
	}
	assert_null(json_load(slice_mem("1\0", 2), &e));
	assert_null(json_load(slice_mem(NULL, 0), &e));
}

static void errors_say_where(void **state)
{
	struct err e;

	assert_null(json_load(slice_of("{\n\"a\": 1e999,\n\"b\": [1e999 x]}"), &e));
	assert_non_null(strstr(e.text, "line 3"));
	assert_non_null(strstr(e.text, "byte 27"));
	assert_null(json_load(slice_of("[\"ok\", \x1b[31m]"), &e));
	assert_null(strchr(e.text, '\x1b'));
	assert_null(strchr(e.text, '\n'));
}

static void depth_is_bounded(void **state)
{
	char s[200];
	struct err e;
	json_t *v;

	memset(s, '[', 64);
	memset(s + 64, ']', 64);
	v = json_load(slice_mem(s, 128), &e);
	assert_non_null(v);
	fresh();
	jw_json(&w, v);
	assert_memory_equal(out.p, s, 128);
	json_decref(v);
	memset(s, '[', 65);
	memset(s + 65, ']', 65);
	assert_null(json_load(slice_mem(s, 130), &e));
	assert_string_equal(e.text, "JSON: nested deeper than 64");
	v = load("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"");
	json_decref(v);
}

static void members_are_typed(void **state)
{
	json_t *v = load("{\"s\":\"12\",\"i\":7,\"f\":2.5,\"t\":true,\"n\":null,\"bad\":\"12x\"}");

	assert_string_equal(json_str(v, "i", "def"), "def");
	assert_string_equal(json_str(v, "gone", "def"), "def");
	assert_int_equal(json_i64(v, "s", 0), 12);
	assert_int_equal(json_i64(v, "bad", -1), -1);
	assert_int_equal(json_i64(v, "f", -1), -1);
	assert_int_equal(json_i64(v, "n", -1), -1);
	assert_true(json_f64(v, "i", 0) == 7);
	assert_true(json_f64(v, "s", 0) == 12);
	assert_true(json_flag(v, "t", false));
	assert_true(json_flag(v, "i", true));
	assert_false(json_flag(NULL, "t", false));
	json_decref(v);
}

static void writes(void **state)
{
	fresh();
	jw_object(&w);
	jw_key(&w, "id");
	jw_str(&w, slice_of("gpu-17"));
	jw_key(&w, "v");
	jw_array(&w);
	jw_i64(&w, INT64_MIN);
	jw_u64(&w, UINT64_MAX);
	jw_f64(&w, 0.1);
	jw_f64(&w, NAN);
	jw_f64(&w, -INFINITY);
	jw_bool(&w, true);
	jw_bool(&w, false);
	jw_null(&w);
	jw_raw(&w, slice_of("{}"));
	jw_time(&w, 0);
	jw_time(&w, 1795341131042);
	jw_end(&w);
	jw_key(&w, "o");
	jw_object(&w);
	jw_end(&w);
	jw_end(&w);
	assert_string_equal(out.p,
		"{\"id\":\"gpu-17\",\"v\":[-9223372036854775808,18446744073709551615,0.1,"
		"null,null,true,false,null,{},null,\"2026-11-22T09:52:11.042Z\"],"
		"\"o\":{}}");
}

static void strings_are_escaped(void **state)
{
	static const struct {
		struct slice in;
		const char *text;
	} t[] = {
		{ { "", 0 }, "\"\"" },
		{ { NULL, 0 }, "\"\"" },
		{ { "q\"b\\s/", 6 }, "\"q\\\"b\\\\s/\"" },
		{ { "\b\t\n\f\r\x01\x1f\0", 8 }, "\"\\b\\t\\n\\f\\r\\u0001\\u001f\\u0000\"" },
		{ { "1234567\x1b", 8 }, "\"1234567\\u001b\"" },
		{ { "12345678901\"4567", 16 }, "\"12345678901\\\"4567\"" },
		{ { "\x7f\xc2\x9b", 3 }, "\"\\u007f\\u009b\"" },
		{ { "\u00e9\u6f22\U0001F600", 9 }, "\"\u00e9\u6f22\U0001F600\"" },
		{ { "\u202e\u200b\u2028", 9 }, "\"\\u202e\\u200b\\u2028\"" },
		{ { "\U000E0041", 4 }, "\"\\udb40\\udc41\"" },
		{ { "a\xff\xc3", 3 }, "\"a\ufffd\ufffd\"" },
	};

	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		fresh();
		jw_str(&w, t[i].in);
		assert_string_equal(out.p, t[i].text);
	}
}

/* Every byte in every place of a word, read back by Jansson. */
static void strings_round_trip(void **state)
{
	for (int c = 1; c < 0x80; c++)
		for (size_t at = 0; at < 17; at++) {
			char s[18] = "abcdefghijklmnopq";
			json_t *v;

			s[at] = (char)c;
			fresh();
			jw_str(&w, slice_of(s));
			v = json_load(buf_slice(&out), NULL);
			assert_non_null(v);
			assert_string_equal(json_string_value(v), s);
			json_decref(v);
		}
}

static void doubles_round_trip(void **state)
{
	static const double t[] = { 0.1, 1e22, 1.7976931348623157e308, 4.9e-324, 9.3e18, -123.456,
		9007199254740993.0, 1e-7, 5e15 };

	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		json_t *v;

		fresh();
		jw_f64(&w, t[i]);
		v = json_load(buf_slice(&out), NULL);
		assert_true(json_is_number(v));
		assert_true(json_number_value(v) == t[i]);
		json_decref(v);
	}
}

static void a_full_buffer_shows(void **state)
{
	struct buf small;

	buf_init(&small, 8);
	jw_init(&w, &small);
	jw_array(&w);
	jw_str(&w, slice_of("longer than eight"));
	jw_i64(&w, 5);
	jw_end(&w);
	assert_true(small.full);
	assert_string_equal(small.p, "[");
	buf_fini(&small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_odd_number_hides_nothing),
		cmocka_unit_test(what_is_not_json_is_refused),
		cmocka_unit_test(errors_say_where),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(members_are_typed),
		cmocka_unit_test(writes),
		cmocka_unit_test(strings_are_escaped),
		cmocka_unit_test(strings_round_trip),
		cmocka_unit_test(doubles_round_trip),
		cmocka_unit_test(a_full_buffer_shows),
	};
	int rc;

	buf_init(&out, 65536);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	buf_fini(&out);
	return rc;
}
