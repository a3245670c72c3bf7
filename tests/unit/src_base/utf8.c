#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/utf8.h"

static struct buf out;

static const char *clean(const char *s, size_t n, bool ascii)
{
	buf_reset(&out);
	assert_int_equal(text_clean(&out, slice_mem(s, n), ascii), 0);
	return out.p;
}

#define CLEAN(lit)	 clean(lit, sizeof(lit) - 1, false)
#define CLEAN_ASCII(lit) clean(lit, sizeof(lit) - 1, true)

static void every_code_point_round_trips(void **state)
{
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		uint32_t back = 0;
		char s[4];
		size_t n;

		if (cp >= 0xd800 && cp <= 0xdfff)
			continue;
		n = utf8_encode(cp, s);
		if (utf8_decode(s, n, &back) != n || back != cp)
			fail_msg("U+%04X", cp);
		if (n > 1 && utf8_decode(s, n - 1, &back) != 0)
			fail_msg("U+%04X cut off", cp);
	}
}

static void bad_bytes_are_refused(void **state)
{
	static const char *const bad[] = { "\x80", "\xbf", "\xc0\xaf", "\xc1\xbf", "\xc3", "\xc3(",
		"\xe0\x80\xaf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xe2\x82",
		"\xe2(\xa1", "\xf0\x80\x80\xaf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe", "\xff", "\xf0\x9f\x98" };
	uint32_t cp;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(utf8_decode(bad[i], strlen(bad[i]), &cp), 0);
		assert_false(utf8_valid(bad[i], strlen(bad[i])));
	}
	assert_true(utf8_valid("12345678\xc3\xa9", 10));
	assert_false(utf8_valid("12345678\xc3", 9));
	assert_true(utf8_valid("", 0));
}

static void widths(void **state)
{
	static const struct {
		const char *s;
		int cells;
	} t[] = { { "abc", 3 }, { "\u00e9", 1 }, { "e\u0301", 1 }, { "\u6f22\u5b57", 4 },
		{ "\uac00", 2 }, { "\u1112\u1161\u11ab", 2 }, { "\U0001F600", 2 }, { "\uff21", 2 },
		{ "\u00b1\u2500", 2 }, { "\u0e01\u0e34", 1 }, { "\u2588\u28ff", 2 },
		{ "\xff", 1 } };

	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		assert_int_equal(utf8_width(t[i].s, strlen(t[i].s)), t[i].cells);
	assert_int_equal(utf8_cp_width(0x1b), 0);
	assert_int_equal(utf8_cp_width(0x9b), 0);
	assert_int_equal(utf8_cp_width(0x202e), 0);
}

static void fit_never_cuts_a_cluster(void **state)
{
	assert_int_equal(utf8_fit("abc", 3, 2), 2);
	assert_int_equal(utf8_fit("abc", 3, 9), 3);
	assert_int_equal(utf8_fit("abc", 3, 0), 0);
	assert_int_equal(utf8_fit("e\u0301x", 4, 1), 3); /* the mark goes with its base */
	assert_int_equal(utf8_fit("a\u6f22", 4, 2), 1);	 /* half a wide one does not fit */
	assert_int_equal(utf8_fit("a\u6f22", 4, 3), 4);
}

static void controls_are_shown(void **state)
{
	assert_string_equal(CLEAN("a\x1b[31mred\x07"), "a^[[31mred^G");
	assert_string_equal(CLEAN("two\nlines\r\t"), "two^Jlines^M^I");
	assert_string_equal(CLEAN("nul\0!\x7f"), "nul^@!^?");
	assert_string_equal(CLEAN("\xc2\x9b"
				  "31m\xc2\x85"),
		"<9b>31m<85>");
	assert_string_equal(CLEAN("\x9b"
				  "31m"),
		"\ufffd31m");
	assert_string_equal(CLEAN("\xe0\x80\x9b"), "\ufffd\ufffd\ufffd"); /* overlong ESC-like */
	assert_string_equal(CLEAN("\u2028x\u2029"), "<2028>x<2029>");
}

static void deceivers_are_shown_or_dropped(void **state)
{
	assert_string_equal(CLEAN("gpj.\u202excod"), "gpj.<202e>xcod");
	assert_string_equal(CLEAN("\u2066a\u2069\u200e\u061c"), "<2066>a<2069><200e><61c>");
	assert_string_equal(CLEAN("ad\u200bmin\u200d\u00ad\ufeff"), "admin");
	assert_string_equal(CLEAN("\u2764\ufe0f"), "\u2764");
	assert_string_equal(CLEAN("x\U000E0041\U000E007F"), "x");
	assert_string_equal(CLEAN("\ue000\U0010FFFD\uffff"), "<e000><10fffd><ffff>");
	assert_string_equal(CLEAN("\U0001F468\u200d\U0001F469"), "\U0001F468\U0001F469");
}

static void marks_are_bounded(void **state)
{
	assert_string_equal(CLEAN("z\u0300\u0301\u0302\u0303\u0304"), "z\u0300\u0301\u0302");
	assert_string_equal(CLEAN("\u0301x"), "\u25cc\u0301x");
	assert_string_equal(CLEAN("a\u200b\u0301"), "a\u0301");
}

static void plain_text_is_untouched(void **state)
{
	static const char s[] = "gpu-17 \"r\u00e9gion\" <b> \u6f22 85% \u2014 ^[";

	assert_string_equal(CLEAN(s), s);
}

static void ascii_for_other_locales(void **state)
{
	assert_string_equal(CLEAN_ASCII("caf\u00e9 \u6f22\xff\x1b e\u0301"), "caf? ??^[ e");
	assert_string_equal(CLEAN_ASCII("\u202e"), "<202e>");
}

/* No code point, alone or after a letter, gets a control through, and twice is once. */
static void nothing_hidden_gets_through(void **state)
{
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		char s[8] = "a", *once;
		size_t n = 1;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		n += utf8_encode(c, s + 1);
		once = xstrdup(clean(s, n, c & 1));
		for (size_t i = 0; i < strlen(once);) {
			uint32_t cp = 0;
			size_t k = utf8_decode(once + i, strlen(once) - i, &cp);

			if (!k || utf8_hidden(cp))
				fail_msg("U+%04X lets U+%04X through", c, cp);
			i += k;
		}
		assert_string_equal(clean(once, strlen(once), c & 1), once);
		free(once);
	}
}

static void a_full_buffer_is_told(void **state)
{
	struct buf small;

	buf_init(&small, 4);
	assert_int_equal(text_clean(&small, slice_of("ab\x1b\x1b"), false), -1);
	assert_string_equal(small.p, "ab^[");
	buf_fini(&small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point_round_trips),
		cmocka_unit_test(bad_bytes_are_refused),
		cmocka_unit_test(widths),
		cmocka_unit_test(fit_never_cuts_a_cluster),
		cmocka_unit_test(controls_are_shown),
		cmocka_unit_test(deceivers_are_shown_or_dropped),
		cmocka_unit_test(marks_are_bounded),
		cmocka_unit_test(plain_text_is_untouched),
		cmocka_unit_test(ascii_for_other_locales),
		cmocka_unit_test(nothing_hidden_gets_through),
		cmocka_unit_test(a_full_buffer_is_told),
	};
	int rc;

	buf_init(&out, 65536);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	buf_fini(&out);
	return rc;
}
