#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "ui/term/reach.h"
#include "ui/term/term.h"

static void texts_become_sequences(void **state)
{
	static const struct {
		const char *text, *copy, *notice;
	} cases[] = {
		{ "", "\033]52;c;\a", "\033]9;\a" },
		{ "f", "\033]52;c;Zg==\a", "\033]9;f\a" },
		{ "fo", "\033]52;c;Zm8=\a", "\033]9;fo\a" },
		{ "foo", "\033]52;c;Zm9v\a", "\033]9;foo\a" },
		{ "4;1;50", "\033]52;c;NDsxOzUw\a", "\033]9; 4;1;50\a" },
		/* neither a line end nor an escape leaves */
		{ "a\nb", "\033]52;c;YV5KYg==\a", "\033]9;a^Jb\a" },
		{ "\a\033]0;x", "\033]52;c;XkdeW10wO3g=\a", "\033]9;^G^[]0;x\a" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b;

		buf_init(&b, 1000);
		assert_int_equal(reach_copy(&b, slice_of(cases[i].text), REACH_DIRECT), 0);
		assert_string_equal(b.p, cases[i].copy);
		buf_reset(&b);
		reach_notify(&b, slice_of(cases[i].text), REACH_DIRECT);
		assert_string_equal(b.p, cases[i].notice);
		buf_fini(&b);
	}
}

static void multiplexers_pass_them_on(void **state)
{
	struct buf b;
	size_t parts = 0;
	char *big = xcalloc(1, 3001);

	buf_init(&b, 1 << 20);
	reach_copy(&b, slice_of("foo"), REACH_TMUX);
	assert_string_equal(b.p, "\033]52;c;Zm9v\a\033Ptmux;\033\033]52;c;Zm9v\a\033\\");
	buf_reset(&b);
	reach_copy(&b, slice_of("foo"), REACH_SCREEN);
	assert_string_equal(b.p, "\033P\033]52;c;Zm9v\a\033\\");
	buf_reset(&b);
	memset(big, 'x', 3000);
	reach_copy(&b, slice_of(big), REACH_SCREEN);
	for (const char *p = b.p; (p = strstr(p, "\033P")); p += 2)
		parts++;
	assert_int_equal(parts, (4000 + 8 + 699) / 700);
	buf_fini(&b);
	free(big);
}

static void limits_hold(void **state)
{
	char *big = xcalloc(1, REACH_COPY_MAX + 2);
	struct buf b;

	buf_init(&b, 1 << 20);
	memset(big, 'x', REACH_COPY_MAX + 1);
	assert_int_equal(reach_copy(&b, slice_of(big), REACH_DIRECT), -1);
	assert_int_equal(b.len, 0);
	big[REACH_COPY_MAX - 1] = '\0';
	assert_int_equal(reach_copy(&b, slice_of(big), REACH_DIRECT), 0);
	buf_reset(&b);
	reach_notify(&b, slice_of(big), REACH_DIRECT);
	assert_int_equal(b.len, REACH_NOTICE_MAX + 5);
	buf_fini(&b);
	free(big);
}

/* What was not allowed is not sent, and bells do not ring in a row. */
static void only_what_is_allowed(void **state)
{
	struct term_opts o = { .in_fd = -1, .out_fd = -1, .type = "xterm-256color" };

	for (int on = 0; on < 2; on++) {
		struct err e;
		struct term *t;
		size_t n;

		o.copy = o.notify = o.bell = on;
		t = term_open(&o, 1000, &e);
		assert_non_null(t);
		term_take(t);
		assert_int_equal(term_copy(t, slice_of("x"), &e), on - 1);
		term_notify(t, slice_of("x"), 1000);
		term_bell(t, 1000);
		n = term_output(t).n;
		assert_int_equal(n > 0, on);
		term_bell(t, 1500);
		term_notify(t, slice_of("x"), 1500);
		assert_int_equal(term_output(t).n, n);
		term_bell(t, 2100);
		assert_int_equal(term_output(t).n, n + (size_t)on);
		term_close(t);
	}
	o.type = "vt100";
	{
		struct err e;
		struct term *t = term_open(&o, 1000, &e);

		assert_int_equal(term_copy(t, slice_of("x"), &e), -1);
		term_close(t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_become_sequences),
		cmocka_unit_test(multiplexers_pass_them_on),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(only_what_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
