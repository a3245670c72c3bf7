/*
 * Bytes of frames in which so much changes and no more: a table of 48 rows on 200 columns, drawn
 * whole each time, some of whose numbers are others.  Sums, not measurements.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "ui/term/term.h"

#define ROWS	50
#define COLS	200
#define NUMBERS 16 /* in a row, each on six cells */

static int numbers[ROWS][NUMBERS];

static void draw(struct term *t)
{
	char text[32];

	term_clear(t);
	for (int r = 1; r < ROWS - 1; r++) {
		snprintf(text, sizeof(text), "gpu-fra%d-%04d", r % 4, r);
		term_put(t, r, 2, 20, slice_of(text), ROLE_TEXT);
		term_put(t, r, 24, 8, slice_of(r % 5 ? "● up" : "▲ hot"), r % 5 ? ROLE_OK : ROLE_CRIT);
		for (int i = 0; i < NUMBERS; i++) {
			snprintf(text, sizeof(text), "%6d", numbers[r][i]);
			term_put(t, r, 40 + i * 9, 6, slice_of(text), i % 2 ? ROLE_TEXT : ROLE_DIM);
		}
	}
}

static struct term *begin(void)
{
	struct term_opts o = { .in_fd = -1, .out_fd = -1, .rows = ROWS, .cols = COLS,
		.type = "xterm-256color", .utf8 = TERM_ALWAYS, .colour = TERM_ALWAYS };
	struct err e;
	struct term *t = term_open(&o, 0, &e);

	if (!t)
		fail_msg("%s", e.text);
	for (int r = 0; r < ROWS; r++)
		for (int i = 0; i < NUMBERS; i++)
			numbers[r][i] = 100000 + r * 100 + i;
	draw(t);
	term_flush(t, 0);
	term_take(t);
	return t;
}

/* The mean of fifty frames in each of which every `step`th number is another. */
static size_t frames(struct term *t, int step)
{
	size_t sum = 0;

	for (int f = 0; f < 50; f++) {
		for (int i = f % step; i < ROWS * NUMBERS; i += step)
			numbers[i / NUMBERS][i % NUMBERS] = 100000 + (f * 7919 + i * 104729) % 900000;
		draw(t);
		term_flush(t, f);
		sum += term_output(t).n;
		term_take(t);
	}
	return sum / 50;
}

static void what_changes_is_what_is_sent(void **state)
{
	/* 800 numbers of 10,000 cells: every 24th is 2 % of the screen, every 5th a tenth of it */
	static const struct {
		int step;
		size_t limit;
	} cases[] = { { 24, 500 }, { 5, 3000 } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct term *t = begin();
		size_t n = frames(t, cases[i].step);

		print_message("every %dth number: %zu bytes, at most %zu\n", cases[i].step, n,
			cases[i].limit);
		assert_in_range(n, 100, cases[i].limit);
		draw(t);
		term_flush(t, 0);
		assert_int_equal(term_output(t).n, 0);
		term_close(t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_changes_is_what_is_sent) };

	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
