#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/jtext.h"

static void whole_values(void **state)
{
	static const char *const good[] = { "1", " -2.5e+10 ", "\"\"", "\"a\\\"b\\u00e9\"", "true", "null",
		"[]", "[1,2 , 3]", "{}", "{\"a\":1,\"b\":[{}]}", "\n{ \"a\" : [ null ] }\t",
		"123456789012345678901234567890" };
	static const char *const bad[] = { "", " ", "1 2", "tru", "[1,]", "[,1]", "[1 2]", "{1:2}", "{\"a\"}",
		"{\"a\":}", "{\"a\":1,}", "[1", "{\"a\":1", "\"a", "\"a\\q\"", "\"a\n\"", "[}", "]", "{]",
		"{\"a\":1]", "nullx", "\"a\\", "'a'", "{,}", "{\"a\" 1}", ":", "," };

	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		if (!jtext_whole(slice_of(good[i])))
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (jtext_whole(slice_of(bad[i])))
			fail_msg("taken: %s", bad[i]);
}

static void depth_is_bounded(void **state)
{
	char s[2 * (JTEXT_DEPTH + 1)];

	for (size_t i = 0; i <= JTEXT_DEPTH; i++) {
		s[i] = '[';
		s[JTEXT_DEPTH + 1 + i] = ']';
	}
	assert_true(jtext_whole(slice_mem(s + 1, 2 * JTEXT_DEPTH)));
	assert_false(jtext_whole(slice_mem(s, sizeof(s))));
}

/* Every cut of a sound text is refused, and none is read past its end. */
static void cuts(void **state)
{
	const char *text = "{\"id\":7,\"result\":{\"rows\":[{\"a\":\"x\\n\"},{\"b\":[true,null]}]}}";
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++) {
		char *copy = malloc(i ? i : 1);

		memcpy(copy, text, i);
		assert_false(jtext_whole(slice_mem(copy, i)));
		free(copy);
	}
	assert_true(jtext_whole(slice_of(text)));
}

static void walks(void **state)
{
	struct jtext_walk w;
	struct slice k, v;

	assert_int_equal(jtext_open(&w, slice_of(" {\"a\":1, \"b\\\"\":[2]} ")), 0);
	assert_int_equal(jtext_next(&w, &k, &v), 1);
	assert_true(slice_is(k, "a") && slice_is(v, "1"));
	assert_int_equal(jtext_next(&w, &k, &v), 1);
	assert_true(slice_is(k, "b\\\"") && slice_is(v, "[2]"));
	assert_int_equal(jtext_next(&w, &k, &v), 0);
	assert_int_equal(jtext_open(&w, slice_of("[1,\"x\"]")), 0);
	assert_int_equal(jtext_next(&w, NULL, &v), 1);
	assert_int_equal(jtext_next(&w, NULL, &v), 1);
	assert_true(slice_is(v, "\"x\""));
	assert_int_equal(jtext_next(&w, NULL, &v), 0);
	assert_int_equal(jtext_open(&w, slice_of("7")), -1);
	assert_int_equal(jtext_open(&w, slice_of("[1 2]")), 0);
	assert_int_equal(jtext_next(&w, NULL, &v), 1);
	assert_int_equal(jtext_next(&w, NULL, &v), -1);
}

/* Into a value that is long, and out again behind it. */
static void walks_within(void **state)
{
	struct jtext_walk w, in;
	struct slice k, v;

	assert_int_equal(jtext_open(&w, slice_of(" {\"a\" : [1, {\"b\":2} ] , \"c\":3}")), 0);
	assert_int_equal(jtext_ahead(&w, &k), 1);
	assert_true(slice_is(k, "a"));
	assert_int_equal(jtext_into(&in, &w), 0);
	assert_int_equal(jtext_next(&in, NULL, &v), 1);
	assert_true(slice_is(v, "1"));
	assert_int_equal(jtext_next(&in, NULL, &v), 1);
	assert_true(slice_is(v, "{\"b\":2}"));
	assert_int_equal(jtext_next(&in, NULL, &v), 0);
	jtext_out(&w, &in);
	assert_int_equal(jtext_ahead(&w, &k), 1);
	assert_true(slice_is(k, "c"));
	assert_int_equal(jtext_into(&in, &w), -1);
	assert_int_equal(jtext_take(&w, &v), 0);
	assert_true(slice_is(v, "3"));
	assert_int_equal(jtext_ahead(&w, &k), 0);
	assert_int_equal(jtext_open(&w, slice_of("{\"a\":[1")), 0);
	assert_int_equal(jtext_ahead(&w, &k), 1);
	assert_int_equal(jtext_into(&in, &w), 0);
	assert_int_equal(jtext_next(&in, NULL, &v), 1);
	assert_int_equal(jtext_next(&in, NULL, &v), -1);
	jtext_out(&w, &in);
	assert_int_equal(jtext_next(&w, &k, &v), -1);
}

static void members(void **state)
{
	struct slice v, o = slice_of("{\"a\":{\"b\":1},\"b\":2}");

	assert_true(jtext_get(o, "b", &v));
	assert_true(slice_is(v, "2"));
	assert_false(jtext_get(o, "c", &v));
	assert_false(jtext_get(slice_of("[1]"), "a", &v));
	assert_false(jtext_get(slice_of(""), "a", &v));
}

static void plain_is(const char *json, const char *want, size_t n)
{
	struct buf b;

	buf_init(&b, 1000);
	jtext_plain(slice_of(json), &b);
	if (b.len != n || memcmp(b.p, want, n) != 0)
		fail_msg("%s gave '%s'", json, b.p);
	buf_fini(&b);
}

static void member_is(const char *json, const char *want)
{
	char *got = jtext_member(slice_of(json), "a");

	assert_string_equal(got, want);
	free(got);
}

static void members_as_text(void **state)
{
	member_is("{\"b\":\"no\",\"a\":\"x\\ny\"}", "x\ny");
	member_is("{\"a\":null}", "");
	member_is("{\"a\":7}", "");
	member_is("{\"b\":\"no\"}", "");
	member_is("[]", "");
}

static void plain(void **state)
{
	plain_is("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "a\"\\/\b\f\n\r\t", 9);
	plain_is("\"\\u00e9\\u20ac\\ud83d\\ude00\"", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9);
	plain_is("\"\\ud83dx\"", "\xef\xbf\xbdx", 4);
	plain_is("\"\\ud83d\\u0041\"", "\xef\xbf\xbd" "A", 4);
	plain_is("\"\\ude00\"", "\xef\xbf\xbd", 3);
	plain_is("\"\\u12\"", "\xef\xbf\xbd" "12", 5);
	plain_is("\"\\u0000\"", "\0", 1);
	plain_is("1.50", "1.50", 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_values), cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(cuts), cmocka_unit_test(walks), cmocka_unit_test(walks_within),
		cmocka_unit_test(members), cmocka_unit_test(members_as_text),
		cmocka_unit_test(plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
