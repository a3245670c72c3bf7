#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "tests/console/screen.h"
#include "ui/term/squeeze.h"

static void what_is_said_twice_is_said_once(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "plain", "\033[mplain" },
		{ "\033[38;5;231m\033[48;5;237mx\033[38;5;80m\033[48;5;237my",
			"\033[0;38;5;231;48;5;237mx\033[38;5;80my" },
		{ "\033[1ma\033(B\033[m\033[1mb", "\033[0;1mab" },
		{ "\033[1m\033[31ma\033[39;49m\033(B\033[m b", "\033[0;1;31ma\033[m b" },
		{ "\033[31mab\033[3bc\033[b", "\033[0;31mabbbbcc" },
		{ "a\033[7m", "\033[ma" }, /* nothing is drawn with it yet */
		{ "\033[2;3Ha\033[2;30Hb", "\033[2;3H\033[ma\033[30Gb" },
		{ "\033[2;3Ha\033[3;30Hb", "\033[2;3H\033[ma\033[3;30Hb" },
		{ "\033[2;3Ha\r\033[2;5Hb\033[5X\033[2;9Hc", "\033[2;3H\033[ma\r\033[5Gb\033[5X\033[9Gc" },
		{ "\033[4da\033[4;5Hb\n\033[4;5Hc", "\033[4d\033[ma\033[5Gb\n\033[4;5Hc" },
		{ "\033[2;3Ha\033[L\033[2;5Hb", "\033[2;3H\033[ma\033[L\033[2;5Hb" },
		{ "\033[1;4ma\033[22mb", "\033[0;1;4ma\033[0;4mb" },
		{ "\033[31m\033[2;3H\033[32mx", "\033[2;3H\033[0;32mx" },
		{ "\033[1ma\033[m\017\033[1mb", "\033[0;1mab" },
		{ "\033[7m\033[K\033[m", "\033[0;7m\033[K" },
		{ "\033[91;102mx\033[39my", "\033[0;91;102mx\033[39my" },
		{ "\033[31m\rx", "\r\033[0;31mx" },
		{ "x\033[58;5;3my\033[mz", "\033[mx\033[58;5;3my\033[mz" },
		{ "\033[31", "\033[m\033[31" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct squeeze s = { .cha = true };
		struct buf b;

		squeeze_forget(&s);
		buf_init(&b, 1000);
		squeeze_frame(&s, slice_of(cases[i].in), &b);
		assert_string_equal(b.p, cases[i].out);
		buf_fini(&b);
	}
}

static void some_numbers_stand_for_24_bits(void **state)
{
	int32_t direct[256];
	struct squeeze s = { .direct = direct };
	struct buf b;

	memset(direct, -1, sizeof(direct));
	direct[254] = 0x303a4f;
	squeeze_forget(&s);
	buf_init(&b, 1000);
	squeeze_frame(&s, slice_of("\033[38;5;80m\033[48;5;254mx\033[38;5;254my\033[mz"), &b);
	assert_string_equal(b.p, "\033[0;38;5;80;48;2;48;58;79mx\033[38;2;48;58;79my\033[mz");
	buf_fini(&b);
}

/* Any mixture of what ncurses says looks the same; like it, without lines that wrap. */
static void the_picture_is_the_same(void **state)
{
	static const char *const parts[] = { "\033[m", "\033(B\033[m", "\033[1m", "\033[4m",
		"\033[7m", "\033[22m", "\033[24m", "\033[27m", "\033[31m", "\033[38;5;200m",
		"\033[48;5;17m", "\033[39m", "\033[49m", "\033[39;49m", "\033[97m", "\033[104m",
		"\033[0;1;38;5;9m", "abc", "█▌", " ", "\033[K", "x\033[7b", "\033[5X", "\033[3;4H", "\033[3;9H", "\033[3d", "\033[6G",
		"\r\n", "\b", "\033[2;5r", "\033[L", "\033[1J", "\r" };
	unsigned seed = 99;

	for (int round = 0; round < 400; round++) {
		struct screen *a = screen_new(6, 400), *b = screen_new(6, 400);
		struct squeeze s = { .cha = round & 1 };
		char *ca, *cb;

		squeeze_forget(&s);
		for (int frame = 0; frame < 3; frame++) {
			struct buf in, out;

			buf_init(&in, 10000);
			buf_init(&out, 20000);
			for (int i = 0; i < 30; i++) {
				seed = seed * 1103515245 + 12345;
				buf_adds(&in, parts[(seed >> 16) % ARRAY_LEN(parts)]);
			}
			squeeze_frame(&s, buf_slice(&in), &out);
			screen_feed(a, in.p, in.len);
			screen_feed(b, out.p, out.len);
			buf_fini(&in);
			buf_fini(&out);
		}
		ca = screen_cells(a);
		cb = screen_cells(b);
		assert_string_equal(ca, cb);
		free(ca);
		free(cb);
		screen_free(a);
		screen_free(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_said_twice_is_said_once),
		cmocka_unit_test(some_numbers_stand_for_24_bits),
		cmocka_unit_test(the_picture_is_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
