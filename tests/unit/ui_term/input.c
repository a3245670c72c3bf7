#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "ui/term/input.h"
#include "ui/term/keys.h"

static void say(struct buf *b, const struct term_event *ev)
{
	static const char *const mouse[] = { "press", "release", "drag", "wheel-up", "wheel-down" };

	if (b->len)
		buf_addc(b, ' ');
	switch (ev->type) {
	case TERM_EV_KEY:
		key_name(b, ev->key);
		break;
	case TERM_EV_MOUSE:
		buf_addf(b, "%s:%d@%d,%d", mouse[ev->mouse], ev->button, ev->row, ev->col);
		break;
	case TERM_EV_PASTE:
		buf_addf(b, "paste:%.*s%s", SLICE_ARG(ev->text), ev->cut ? "(cut)" : "");
		break;
	case TERM_EV_ACK:
		buf_adds(b, "ACK");
		break;
	case TERM_EV_FENCE:
		buf_adds(b, "FENCE");
		break;
	case TERM_EV_MODE:
		buf_addf(b, "MODE:%d=%d", ev->row, ev->col);
		break;
	default:
		buf_addf(b, "?%d", ev->type);
	}
}

/* The events of some bytes, fed in pieces of n, with a long silence at the end. */
static char *events(const char *bytes, size_t len, size_t n)
{
	struct input in;
	struct term_event ev;
	struct buf b;

	input_init(&in);
	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < len; i += n) {
		size_t want = len - i < n ? len - i : n;

		assert_int_equal(input_feed(&in, bytes + i, want, 1000), want);
		while (input_next(&in, &ev))
			say(&b, &ev);
	}
	while (input_tick(&in, 1000000, &ev))
		say(&b, &ev);
	assert_true(input_deadline(&in) < 0);
	input_fini(&in);
	return b.p;
}

static const struct {
	const char *bytes, *want;
} cases[] = {
	{ "jK:/ ", "j K : / space" },
	{ "\r\n\t\x7f\b", "enter enter tab backspace backspace" },
	{ "\x01\x1a\x1c", "ctrl-a ctrl-z ctrl-\\" },
	{ "\033[A\033[B\033OC\033OD", "up down right left" },
	{ "\033[1;5A\033[1;2B\033[1;3C\033[1;8D",
		"ctrl-up shift-down alt-right ctrl-alt-shift-left" },
	{ "\033[H\033[F\033[1~\033[4~\033[7~\033[8~", "home end home end home end" },
	{ "\033[5~\033[6~\033[2~\033[3~\033[3;5~", "pgup pgdn insert delete ctrl-delete" },
	{ "\033OP\033OS\033[15~\033[24~\033[[A\033[[E", "f1 f4 f5 f12 f1 f5" },
	{ "\033[1;2R\033[15;5~", "shift-f3 ctrl-f5" },
	{ "\033[Z", "shift-tab" },
	{ "\033x\033\r\033\x01", "alt-x alt-enter ctrl-alt-a" },
	{ "\033", "esc" },
	{ "\033\033", "esc esc" },
	{ "\033\033[A", "esc up" },
	{ "\033[", "alt-[" },
	{ "\033O", "alt-O" },
	{ "\033]", "alt-]" },
	{ "\xc3\x9f\xe2\x82\xac\xf0\x9f\x98\x80", "ß € 😀" },
	{ "\033\xc3\xa9", "alt-é" },
	/* what is not UTF-8, or cannot be seen, is no key */
	{ "a\xff\xc3(\x80z", "a ( z" },
	{ "a\xe2\x80\xae"
	  "b",
		"a b" },
	{ "\xed\xa0\x80q", "q" },
	/* answers, asked for and not */
	{ "\033[0n", "ACK" },
	{ "\033[3n", "ACK" },
	{ "\033[?62;22c", "FENCE" },
	{ "\033[?2026;2$y", "MODE:2026=2" },
	{ "\033[24;80R\033[>41;379;0c\033[8;24;80t\033[?1u\033[I\033[O", "" },
	{ "\033]10;rgb:ffff/ffff/ffff\033\\q", "q" },
	{ "\033]11;rgb:0000/0000/0000\aq", "q" },
	{ "\033P>|term(1)\033\\q", "q" },
	{ "\033_Gi=1;OK\033\\q", "q" },
	{ "\033]52;c;OnF1aXQK\033[Aq", "up q" },
	/* the mouse */
	{ "\033[<0;10;5M\033[<0;10;5m", "press:1@4,9 release:1@4,9" },
	{ "\033[<32;1;1M\033[<64;3;2M\033[<65;3;2M\033[<2;1;1M",
		"drag:1@0,0 wheel-up:0@1,2 wheel-down:0@1,2 press:3@0,0" },
	{ "\033[<0;0;0M\033[<0;1M\033[<999;1;1M", "" },
	{ "\033[M !!q", "press:1@0,0 q" },
	/* pastes: no key among them */
	{ "\033[200~:quit\r\033[201~x", "paste::quit\r x" },
	{ "\033[200~a\033[20b\033[201~", "paste:a\033[20b" },
	{ "\033[200~\033\033[201~", "paste:\033" },
	{ "\033[201~x", "x" },
	{ "\033[200~never ends", "paste:never ends(cut)" },
	/* modified characters as some terminals send them */
	{ "\033[97;5u\033[27;5;105~\033[13;2u\033[27u", "ctrl-a ctrl-i shift-enter esc" },
	{ "\033[0u\033[8238u\033[99999999999u", "" },
	/* broken sequences */
	{ "\033[12\033[A", "up" },
	{ "\033[12\x01", "ctrl-a" },
	{ "\033[12", "" },
	{ "\033[0", "" },
	{ "\033[?$$$$$yq", "q" },
	{ "\033[111111111111111111111111111111111111111111111111111111111111111111111111111111Aq",
		"q" },
};

static void whatever_the_cut(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (size_t n = 1; n < 8; n++) {
			char *got = events(cases[i].bytes, strlen(cases[i].bytes), n);

			if (strcmp(got, cases[i].want) != 0)
				fail_msg("case %zu in pieces of %zu: '%s', not '%s'", i, n, got,
					cases[i].want);
			free(got);
		}
}

static void an_esc_alone_waits(void **state)
{
	struct input in;
	struct term_event ev;

	input_init(&in);
	input_feed(&in, "\033", 1, 1000);
	assert_false(input_next(&in, &ev));
	assert_true(input_deadline(&in) == 1025);
	assert_false(input_tick(&in, 1024, &ev));
	assert_true(input_tick(&in, 1025, &ev));
	assert_int_equal(ev.key, TERM_KEY_ESC);
	/* an answer cut after its introducer is not Alt-[ and a digit: it has a second */
	input_feed(&in, "\033[", 2, 2000);
	assert_false(input_next(&in, &ev));
	assert_false(input_tick(&in, 2900, &ev));
	input_feed(&in, "0n", 2, 2900);
	assert_true(input_next(&in, &ev));
	assert_int_equal(ev.type, TERM_EV_ACK);
	input_fini(&in);
}

static void a_megabyte_pasted_is_bounded(void **state)
{
	struct input in;
	struct term_event ev;
	char piece[1000];
	size_t total = 0;
	int pastes = 0;

	memset(piece, 'x', sizeof(piece));
	input_init(&in);
	input_feed(&in, "\033[200~", 6, 0);
	while (total < 1 << 20) {
		total += input_feed(&in, piece, sizeof(piece), 0);
		assert_false(input_next(&in, &ev));
	}
	input_feed(&in, "\033[201~q", 7, 0);
	while (input_next(&in, &ev))
		if (ev.type == TERM_EV_PASTE) {
			assert_true(ev.cut && ev.text.n <= INPUT_PASTE_MAX && ev.text.n > 60000);
			pastes++;
		} else {
			assert_int_equal(ev.key, 'q');
		}
	assert_int_equal(pastes, 1);
	assert_true(in.paste.cap <= 64);
	input_fini(&in);
}

static void keys_have_names(void **state)
{
	static const char *const names[] = { "a", "ctrl-a", "alt-enter", "ctrl-alt-shift-f12",
		"space", "shift-tab", "-", "ctrl--", "ß", "alt-space", "pgdn" };
	struct buf b;

	buf_init(&b, 100);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		buf_reset(&b);
		assert_int_not_equal(key_parse(slice_of(names[i])), 0);
		key_name(&b, key_parse(slice_of(names[i])));
		assert_string_equal(b.p, names[i]);
	}
	assert_int_equal(key_parse(slice_of("ctrl-")), 0);
	assert_int_equal(key_parse(slice_of("enterr")), 0);
	assert_int_equal(key_parse(slice_of("")), 0);
	assert_int_equal(key_parse(slice_of("\033")), 0);
	buf_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_the_cut),
		cmocka_unit_test(an_esc_alone_waits),
		cmocka_unit_test(a_megabyte_pasted_is_bounded),
		cmocka_unit_test(keys_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
