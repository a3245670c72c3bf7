#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "tests/console/screen.h"
#include "ui/term/term.h"

struct rig {
	struct term *t;
	struct screen *s;
	int64_t now;
};

static const struct term_opts plain = { .in_fd = -1,
	.out_fd = -1,
	.type = "xterm-256color",
	.rows = 6,
	.cols = 30,
	.utf8 = TERM_ALWAYS,
	.colour = TERM_ALWAYS };

static struct rig rig_open(struct term_opts o)
{
	struct rig r = { .now = 1000000 };
	struct err e = { 0 };

	r.t = term_open(&o, r.now, &e);
	if (!r.t)
		fail_msg("%s", e.text);
	r.s = screen_new(o.rows, o.cols);
	return r;
}

static void rig_close(struct rig *r)
{
	term_close(r->t);
	screen_free(r->s);
}

/* One frame onto the screen; returns its bytes. */
static size_t rig_frame(struct rig *r)
{
	struct slice out;
	size_t n;

	term_flush(r->t, r->now);
	out = term_output(r->t);
	n = out.n;
	screen_feed(r->s, out.p, n);
	term_take(r->t);
	r->now += 100;
	return n;
}

static void put(struct rig *r, int row, int col, const char *s, uint16_t look)
{
	term_put(r->t, row, col, 1000, slice_of(s), look);
}

static void expect(struct rig *r, const char *want)
{
	char *got = screen_text(r->s);

	assert_string_equal(got, want);
	free(got);
}

/* Two screens' cells: the first line that differs, rather than both whole. */
static void same_cells(const char *a, const char *b)
{
	size_t i = 0, line = 0;

	while (a[i] && a[i] == b[i]) {
		i++;
		if (a[i - 1] == '\n')
			line = i;
	}
	if (a[i] || b[i])
		fail_msg("'%.40s' is not '%.40s'", a + line, b + line);
}

static void what_is_put_is_shown(void **state)
{
	struct rig r = rig_open(plain);

	put(&r, 0, 0, "Devices", ROLE_TITLE);
	put(&r, 1, 2, "naïve €5 日本 e\xcc\x81", ROLE_TEXT);
	put(&r, 2, 25, "clipped at the edge", ROLE_TEXT);
	put(&r, 3, -3, "clipped", ROLE_TEXT);
	put(&r, 9, 0, "nowhere", ROLE_TEXT);
	term_putc(r.t, 4, 0, 0x2588, ROLE_GAUGE);
	put(&r, 5, 28, "日本", ROLE_TEXT);
	rig_frame(&r);
	expect(&r, "Devices\n  naïve €5 日本 e\xcc\x81\n                         clipp\npped\n█\n"
		   "                            日\n");
	rig_close(&r);
}

static void wide_characters_are_never_halved(void **state)
{
	struct rig r = rig_open(plain);

	put(&r, 0, 0, "日本語日本語", ROLE_TEXT);
	put(&r, 1, 0, "ab日本", ROLE_TEXT);
	rig_frame(&r);
	put(&r, 0, 1, "x", ROLE_TEXT); /* cuts the first in two */
	put(&r, 0, 4, "y", ROLE_TEXT);
	put(&r, 1, 1, "日", ROLE_TEXT);
	put(&r, 5, 29, "日", ROLE_TEXT); /* no room */
	rig_frame(&r);
	expect(&r, " x本y 日本語\na日 本\n\n\n\n\n");
	rig_close(&r);
}

static void hostile_names_are_harmless(void **state)
{
	static const char *const names[] = { "\033]52;c;QUJD\a",
		"\x9b"
		"31m",
		"\xc2\x9b"
		"31m",
		"a\xe2\x80\xae"
		"b",
		"a\xe2\x80\x8b\xe2\x80\x8d"
		"b",
		"\xff\xfe", "tab\there\nline\r", "\xf3\xa0\x81\x81tag",
		"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb" };
	struct term_opts o = plain;
	struct rig r;
	struct slice out;

	o.colour = TERM_NEVER;
	r = rig_open(o);
	rig_frame(&r);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		term_clear(r.t);
		put(&r, 0, 0, names[i], ROLE_TEXT);
		term_flush(r.t, r.now);
		out = term_output(r.t);
		for (size_t k = 0; k < out.n; k++) {
			unsigned char c = (unsigned char)out.p[k];

			/* nothing but our own cursor moves and erasures */
			if (c == 0x1b)
				assert_true(k + 1 < out.n && out.p[k + 1] == '[');
			else if (c < 0x20)
				assert_true(c == '\r' || c == '\n' || c == '\b');
			assert_int_not_equal(c, 0x7f);
		}
		assert_true(utf8_valid(out.p, out.n));
		assert_null(memmem(out.p, out.n, "\xe2\x80\xae", 3));
		assert_null(memmem(out.p, out.n, "\xc2\x9b", 2));
		term_take(r.t);
	}
	rig_close(&r);
}

static void nothing_changes_nothing_is_sent(void **state)
{
	struct rig r = rig_open(plain);

	put(&r, 0, 0, "still", ROLE_TEXT);
	assert_true(rig_frame(&r) > 0);
	term_clear(r.t);
	put(&r, 0, 0, "still", ROLE_TEXT);
	assert_int_equal(rig_frame(&r), 0);
	put(&r, 0, 0, "stilt", ROLE_TEXT);
	assert_in_range(rig_frame(&r), 1, 16);
	rig_close(&r);
}

static void redrawing_changes_no_cell(void **state)
{
	struct rig r = rig_open(plain);
	static const char *const words[] = { "日本", "up", "▲ hot", "", "e\xcc\x81", "0123456789" };
	unsigned seed = 7;
	char *a, *b;

	for (int i = 0; i < 300; i++) {
		for (int k = 0; k < 3; k++) {
			seed = seed * 1103515245 + 12345;
			put(&r, (int)(seed >> 8) % 6, (int)(seed >> 12) % 32 - 1,
				words[(seed >> 20) % ARRAY_LEN(words)],
				(uint16_t)((seed >> 16) % ROLE_COUNT));
			if (seed & 1)
				term_lay(r.t, (int)(seed >> 9) % 6, 0, 1, 30, LOOK_SELECTED);
			if (seed % 5 == 0)
				term_fill(r.t, (int)(seed >> 9) % 6, (int)(seed >> 5) % 20, 2, 7,
					ROLE_TEXT);
		}
		rig_frame(&r);
		a = screen_cells(r.s);
		term_redraw(r.t);
		rig_frame(&r);
		b = screen_cells(r.s);
		same_cells(a, b);
		free(a);
		free(b);
	}
	rig_close(&r);
}

static void a_new_size_is_told_and_drawn(void **state)
{
	struct rig r = rig_open(plain);
	struct term_event ev;
	int rows, cols;

	put(&r, 0, 0, "small", ROLE_TEXT);
	rig_frame(&r);
	term_resize(r.t, 3, 50);
	screen_resize(r.s, 3, 50);
	assert_true(term_next_event(r.t, r.now, &ev));
	assert_int_equal(ev.type, TERM_EV_RESIZE);
	term_size(r.t, &rows, &cols);
	assert_int_equal(rows, 3);
	assert_int_equal(cols, 50);
	put(&r, 2, 40, "now wider", ROLE_TEXT);
	rig_frame(&r);
	expect(&r, "\n\n                                        now wider\n");
	for (int i = 1; i < 40; i += 3) {
		term_resize(r.t, i, 40 - i);
		put(&r, 0, 0, "any size", ROLE_TEXT);
		rig_frame(&r);
	}
	rig_close(&r);
}

static void the_cursor_shows_where_it_is_put(void **state)
{
	struct rig r = rig_open(plain);

	rig_frame(&r);
	assert_false(screen_mode(r.s, 25));
	term_cursor(r.t, 2, 3);
	rig_frame(&r);
	assert_true(screen_mode(r.s, 25));
	term_cursor(r.t, 2, 300);
	rig_frame(&r);
	assert_false(screen_mode(r.s, 25));
	rig_close(&r);
}

static void lesser_terminals_get_lesser_means(void **state)
{
	static const struct {
		const char *type;
		enum term_when utf8, colour;
		bool high, colours;
	} matrix[] = {
		{ "xterm-256color", TERM_ALWAYS, TERM_ALWAYS, true, true },
		{ "xterm-256color", TERM_NEVER, TERM_ALWAYS, false, true },
		{ "xterm-256color", TERM_ALWAYS, TERM_NEVER, true, false },
		{ "xterm", TERM_ALWAYS, TERM_ALWAYS, true, true },
		{ "linux", TERM_ALWAYS, TERM_ALWAYS, true, true },
		{ "screen", TERM_ALWAYS, TERM_ALWAYS, true, true },
		{ "vt100", TERM_NEVER, TERM_ALWAYS, false, false },
		{ "vt220", TERM_NEVER, TERM_AUTO, false, false },
		{ "tmux-256color", TERM_ALWAYS, TERM_ALWAYS, true, true },
		{ "ansi", TERM_NEVER, TERM_ALWAYS, false, true },
	};

	for (size_t i = 0; i < ARRAY_LEN(matrix); i++) {
		struct term_opts o = plain;
		struct rig r;
		struct slice out;
		bool high = false;

		o.type = matrix[i].type;
		o.utf8 = matrix[i].utf8;
		o.colour = matrix[i].colour;
		r = rig_open(o);
		put(&r, 0, 0, "─ é ▲ ⣿ 日 ok", ROLE_CRIT);
		term_flush(r.t, r.now);
		out = term_output(r.t);
		for (size_t k = 0; k < out.n; k++)
			high |= (unsigned char)out.p[k] >= 0x80;
		assert_int_equal(high, matrix[i].high);
		screen_feed(r.s, out.p, out.n);
		assert_int_equal(screen_look(r.s, 0, 10).fg >= 0, matrix[i].colours);
		if (!matrix[i].high)
			expect(&r, "- ? ^ : ?? ok\n\n\n\n\n\n");
		rig_close(&r);
	}
}

/* Every role of every theme, plain, selected and marked: what libvterm shows is what the theme
 * says, whichever the depth. */
static void colours_are_those_of_the_theme(struct rig *r, const struct theme *t, enum theme_depth d)
{
	static const uint16_t over[] = { 0, LOOK_SELECTED, LOOK_MARKED };

	for (int i = 0; i < ROLE_COUNT * 3; i++)
		put(r, i / 3, i % 3, "x", (uint16_t)(i / 3 | over[i % 3]));
	rig_frame(r);
	for (int i = 0; i < ROLE_COUNT * 3; i++) {
		struct theme_style s = theme_style(t, (uint16_t)(i / 3 | over[i % 3]), d);
		struct screen_look l = screen_look(r->s, i / 3, i % 3);

		if (d == THEME_16) { /* "xterm" has eight, and makes the bright ones by bold */
			s.fg = s.fg < 8 ? s.fg : s.fg - 8;
			s.bg = s.bg < 8 ? s.bg : s.bg - 8;
		}
		if (l.fg != s.fg || l.bg != s.bg)
			fail_msg("%s at depth %d, role %s: %x on %x, not %x on %x", t->name, d,
				role_name((enum term_role)(i / 3)), l.fg, l.bg, s.fg, s.bg);
		assert_int_equal(l.underline, (s.attrs & THEME_UNDERLINE) != 0);
		assert_int_equal(l.reverse, (s.attrs & THEME_REVERSE) != 0);
	}
}

static void four_depths_show_the_themes(void **state)
{
	static const struct {
		enum theme_depth depth;
		const char *type;
		enum term_when colour, rgb;
	} kinds[] = { { THEME_MONO, "xterm-256color", TERM_NEVER, TERM_ALWAYS },
		{ THEME_16, "xterm", TERM_ALWAYS, TERM_ALWAYS },
		{ THEME_256, "xterm-256color", TERM_ALWAYS, TERM_NEVER },
		{ THEME_RGB, "xterm-256color", TERM_ALWAYS, TERM_ALWAYS },
		{ THEME_RGB, "xterm-direct", TERM_ALWAYS, TERM_NEVER } };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct term_opts o = plain;
		struct rig r;

		o.type = kinds[i].type;
		o.colour = kinds[i].colour;
		o.rgb = kinds[i].rgb;
		o.rows = ROLE_COUNT;
		r = rig_open(o);
		assert_int_equal(term_depth(r.t), kinds[i].depth);
		for (size_t n = 0; theme_builtin(n); n++) {
			struct theme t;

			assert_int_equal(theme_load(&t, theme_builtin(n), NULL), 0);
			term_set_theme(r.t, &t);
			colours_are_those_of_the_theme(&r, &t, kinds[i].depth);
		}
		rig_close(&r);
	}
}

static void a_terminal_that_cannot_is_told_so(void **state)
{
	static const char *const types[] = { "dumb", "no-such-terminal", "" };

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		struct term_opts o = plain;
		struct err e = { 0 };

		o.type = types[i];
		assert_null(term_open(&o, 0, &e));
		assert_non_null(strstr(e.text, "--plain"));
	}
}

static void frames_wait_for_answers(void **state)
{
	struct term_opts o = plain;
	struct term_event ev;
	struct term_stats st;
	struct rig r;

	o.ask = TERM_ALWAYS;
	r = rig_open(o);
	for (int i = 0; i < 3; i++) {
		assert_true(term_may_draw(r.t, r.now));
		put(&r, 0, 0, i ? i == 1 ? "two" : "few" : "one", ROLE_TEXT);
		rig_frame(&r);
		if (i == 0)
			term_input(r.t, "\033[0n\033[0n", 8, r.now - 98);
		while (i == 0 && term_next_event(r.t, r.now - 98, &ev))
			fail_msg("an answer became an event");
	}
	assert_false(term_may_draw(r.t, r.now));
	/* a key is shown at once */
	term_input(r.t, "j", 1, r.now);
	assert_true(term_next_event(r.t, r.now, &ev));
	assert_true(term_may_draw(r.t, r.now));
	put(&r, 0, 0, "key", ROLE_TEXT);
	rig_frame(&r);
	assert_false(term_may_draw(r.t, r.now));
	/* answers are not events */
	term_input(r.t, "\033[0n\033[0n\033[0n\033[?2026;2$y", 23, r.now);
	assert_false(term_next_event(r.t, r.now, &ev));
	assert_true(term_may_draw(r.t, r.now));
	put(&r, 0, 0, "six", ROLE_TEXT);
	term_flush(r.t, r.now);
	assert_non_null(memmem(term_output(r.t).p, term_output(r.t).n, "\033[?2026h", 8));
	assert_memory_equal(term_output(r.t).p + term_output(r.t).n - 12, "\033[?2026l\033[5n", 12);
	term_stats(r.t, &st);
	assert_int_equal(st.frames, 5);
	assert_true(st.skipped >= 1);
	rig_close(&r);
}

/* Same pictures through a line with a small budget and one with none: the same end. */
static void a_budget_only_delays(void **state)
{
	struct term_opts o = plain, slow = plain;
	struct rig a, b;
	char *ca, *cb;
	char line[40];

	o.rows = slow.rows = 40;
	o.cols = slow.cols = 120;
	slow.rate = 2000;
	a = rig_open(o);
	b = rig_open(slow);
	rig_frame(&a);
	rig_frame(&b);
	for (int i = 0; i < 20; i++) {
		for (int row = 0; row < 40; row++) {
			snprintf(line, sizeof(line), "row %d value %x", row,
				(row + 1) * (i + 7) * 7919123u);
			put(&a, row, row, line, ROLE_TEXT);
			put(&b, row, row, line, ROLE_TEXT);
		}
		term_lay(a.t, i, 0, 1, 120, LOOK_SELECTED);
		term_lay(b.t, i, 0, 1, 120, LOOK_SELECTED);
		rig_frame(&a);
		assert_in_range(rig_frame(&b), 1, 1000);
		/* where the user is comes first */
		assert_true(screen_look(b.s, i, 5).bg == screen_look(a.s, i, 5).bg);
	}
	assert_true(term_incomplete(b.t));
	for (int i = 0; i < 100 && term_incomplete(b.t); i++)
		rig_frame(&b);
	ca = screen_cells(a.s);
	cb = screen_cells(b.s);
	same_cells(ca, cb);
	free(ca);
	free(cb);
	rig_close(&a);
	rig_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_put_is_shown),
		cmocka_unit_test(wide_characters_are_never_halved),
		cmocka_unit_test(hostile_names_are_harmless),
		cmocka_unit_test(nothing_changes_nothing_is_sent),
		cmocka_unit_test(redrawing_changes_no_cell),
		cmocka_unit_test(a_new_size_is_told_and_drawn),
		cmocka_unit_test(the_cursor_shows_where_it_is_put),
		cmocka_unit_test(lesser_terminals_get_lesser_means),
		cmocka_unit_test(four_depths_show_the_themes),
		cmocka_unit_test(a_terminal_that_cannot_is_told_so),
		cmocka_unit_test(frames_wait_for_answers),
		cmocka_unit_test(a_budget_only_delays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
