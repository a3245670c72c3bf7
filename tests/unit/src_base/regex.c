#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/regex.h"

static struct regex *make(const char *pattern, int flags)
{
	struct err e;
	struct regex *r = regex_new(slice_of(pattern), flags, NULL, &e);

	assert_non_null(r);
	return r;
}

static void matches(void **state)
{
	struct regex *r = make("^f0\\d+$", 0), *i = make("gr\u00dcn", REGEX_ICASE);

	assert_true(regex_match(r, slice_of("f01234")));
	assert_false(regex_match(r, slice_of("F01234")));
	assert_false(regex_match(r, slice_mem(NULL, 0)));
	assert_true(regex_match(i, slice_of("Gr\u00fcn")));
	regex_free(r);
	regex_free(i);
}

static void finds_one_after_the_other(void **state)
{
	struct regex *r = make("\\bb", 0);
	struct slice s = slice_of("ab b b");
	size_t a, b;

	assert_true(regex_find(r, s, 0, &a, &b));
	assert_int_equal(a, 3);
	assert_int_equal(b, 4);
	assert_true(regex_find(r, s, b, &a, &b));
	assert_int_equal(a, 5);
	assert_false(regex_find(r, s, b, &a, &b));
	assert_false(regex_find(r, s, 7, &a, &b));
	/* what stands before `from` still counts: "b" at 1 has a letter before it */
	assert_true(regex_find(r, s, 1, &a, &b));
	assert_int_equal(a, 3);
	regex_free(r);
}

static void errors_point_at_the_place(void **state)
{
	static char big[1025];
	struct err e;
	size_t at;

	assert_null(regex_new(slice_of("a(b"), 0, &at, &e));
	assert_int_equal(at, 3);
	assert_string_equal(e.text, "regular expression: missing closing parenthesis at byte 4");
	assert_int_equal(e.class, ERR_USAGE);
	assert_null(regex_new(slice_of("x*+?*"), 0, &at, &e));
	memset(big, 'a', sizeof(big));
	assert_null(regex_new(slice_mem(big, sizeof(big)), 0, &at, &e));
	assert_int_equal(at, 1024);
	assert_null(regex_new(slice_of("((a{1000}){1000}){1000}"), 0, &at, &e));
	assert_null(regex_new(slice_of("\\C"), 0, &at, &e));
	memset(big, '(', sizeof(big));
	assert_null(regex_new(slice_mem(big, 1024), 0, &at, &e));
	assert_null(regex_new(slice_of("\xff"), 0, &at, &e));
}

static void runaway_patterns_are_cut_and_counted(void **state)
{
	static const char *const evil[] = { "^(a+)+$", "^(a|aa)+$", "^(([a-z])+.)+[A-Z]([a-z])+$",
		"^(?:(?:a*)*)*b$", "^(a?){30}a{30}$" };
	static char s[4096];

	memset(s, 'a', sizeof(s));
	s[sizeof(s) - 1] = '!';
	for (size_t k = 0; k < 2; k++) {
		struct regex *r = make(evil[k], 0);

		assert_false(regex_match(r, slice_mem(s, sizeof(s))));
		assert_int_equal(regex_limited(r), 1);
		regex_free(r);
	}
	for (size_t k = 2; k < ARRAY_LEN(evil); k++) {
		struct regex *r = make(evil[k], 0);

		regex_match(r, slice_mem(s, sizeof(s)));
		regex_free(r);
	}
}

/* Recursion as deep as the subject: more than any stack, so it must end by the limit. */
static void deep_recursion_is_cut(void **state)
{
	struct regex *r = make("^(\\((?1)*\\))$", 0);
	size_t n = 1 << 20;
	char *s = xmalloc(n);

	memset(s, '(', n);
	assert_false(regex_match(r, slice_mem(s, n)));
	assert_int_equal(regex_limited(r), 1);
	assert_true(regex_match(r, slice_of("(()())")));
	free(s);
	regex_free(r);
}

static void subjects_need_not_be_utf8(void **state)
{
	struct regex *r = make("n.de", 0);

	assert_true(regex_match(r, slice_of("\xff\xc3 node \x80")));
	assert_false(regex_match(r, slice_of("n\xff"
					     "de")));
	assert_true(regex_match(r, slice_mem("\0node", 5)));
	assert_int_equal(regex_limited(r), 0);
	regex_free(r);
}

static void start_never_passes_the_end(void **state)
{
	struct regex *r = regex_new(slice_of("(?=ab\\K)"), 0, NULL, NULL);
	size_t a = 0, b = 0;

	if (r && regex_find(r, slice_of("xab"), 0, &a, &b))
		assert_true(a <= b);
	regex_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches),
		cmocka_unit_test(finds_one_after_the_other),
		cmocka_unit_test(errors_point_at_the_place),
		cmocka_unit_test(runaway_patterns_are_cut_and_counted),
		cmocka_unit_test(deep_recursion_is_cut),
		cmocka_unit_test(subjects_need_not_be_utf8),
		cmocka_unit_test(start_never_passes_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
