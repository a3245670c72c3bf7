#include "tests/unit/ui_widget/draw.h"

#include <stdio.h>

#include "base/alloc.h"
#include "base/regex.h"
#include "ui/widget/bars.h"
#include "ui/widget/histogram.h"
#include "ui/widget/loglist.h"

static void value(void *arg, uint64_t n, struct log_line *l)
{
	static char text[80];

	snprintf(text, sizeof(text), "disk %d full, disk %d\033[2J fine", (int)n, (int)n + 1);
	l->time = slice_of("12:00:00");
	l->tag = slice_of("warning");
	l->sign = 0x25b2;
	l->look = ROLE_WARN;
	l->text = slice_of(text);
}

static const struct log_lines lines = { .line = value };

static void it_looks_so(void **state)
{
	struct paper p = paper_open(3, 60);
	struct loglist l = { .tag_width = 8 };
	struct regex *re =
		regex_new(slice_of("disk [0-9]+"), 0, &(size_t){ 0 }, &(struct err){ 0 });
	const char *want = "  12:00:00 ▲ warning  disk 7 full, disk 8^[[2J fine\n"
			   "  12:00:00 ▲ warning  disk 8 full, disk 9^[[2J fine\n"
			   "  12:00:00 ▲ warning  disk 9 full, disk 10^[[2J fine\n";

	loglist_set_total(&l, 10);
	loglist_draw(&l, p.t, p.r, &lines, NULL);
	paper_expect(&p, want);
	loglist_draw(&l, p.t, p.r, &lines, re); /* marking moves nothing */
	paper_expect(&p, want);
	loglist_draw(&l, p.t, p.r, &lines, re);
	paper_show(&p);
	assert_true(screen_look(p.s, 0, 22).bg >= 0);
	assert_true(screen_look(p.s, 0, 27).bg >= 0);
	assert_true(screen_look(p.s, 0, 28).bg < 0);
	assert_true(screen_look(p.s, 0, 35).bg >= 0);
	assert_true(screen_look(p.s, 2, 41).bg >= 0);
	loglist_shift(&l, 7);
	loglist_draw(&l, p.t, (struct rect){ 0, 0, 1, 60 }, &lines, re);
	paper_expect(&p, "  12:00:00 ▲ warning  full, disk 10^[[2J fine\n"
			 "  12:00:00 ▲ warning  disk 8 full, disk 9^[[2J fine\n"
			 "  12:00:00 ▲ warning  disk 9 full, disk 10^[[2J fine\n");
	regex_free(re);
	paper_close(&p);
}

static void long_lines_wrap(void **state)
{
	struct paper p = paper_open(6, 40);
	struct loglist l = { .tag_width = 8, .wrap = true };
	uint64_t n;

	loglist_set_total(&l, 10);
	loglist_draw(&l, p.t, p.r, &lines, NULL);
	paper_expect(&p, "  12:00:00 ▲ warning  disk 7 full, disk\n"
			 "                      8^[[2J fine\n"
			 "  12:00:00 ▲ warning  disk 8 full, disk\n"
			 "                      9^[[2J fine\n"
			 "  12:00:00 ▲ warning  disk 9 full, disk\n"
			 "                      10^[[2J fine\n");
	assert_true(loglist_line_at(&l, 0, &n) && n == l.top);
	assert_true(loglist_line_at(&l, 5, &n) && n == 9);
	assert_false(loglist_line_at(&l, 6, &n));
	loglist_move_to(&l, 2);
	loglist_draw(&l, p.t, p.r, &lines, NULL);
	paper_expect(&p, "› 12:00:00 ▲ warning  disk 2 full, disk\n"
			 "                      3^[[2J fine\n"
			 "  12:00:00 ▲ warning  disk 3 full, disk\n"
			 "                      4^[[2J fine\n"
			 "  12:00:00 ▲ warning  disk 4 full, disk\n"
			 "                      5^[[2J fine\n");
	assert_true(loglist_line_at(&l, 1, &n) && n == 2);
	for (int rows = 1; rows < 7; rows++) /* the cursor's line is in sight at any size */
		for (uint64_t at = 0; at < 10; at++) {
			loglist_move_to(&l, at);
			loglist_draw(&l, p.t, (struct rect){ 0, 0, rows, 40 }, &lines, NULL);
			assert_true(l.top <= at);
			assert_true(!loglist_line_at(&l, rows - 1, &n) || n >= at);
		}
	paper_close(&p);
}

static void bars_over_time(void **state)
{
	struct paper p = paper_open(5, 60);
	struct histogram_bar v[50] = { 0 };
	struct histogram h = { .v = v, .n = 50, .from_ms = 1764000000000, .step_ms = 60000,
		.known_ms = 1764000000000 + 10 * 60000, .cursor_ms = 1764000000000 + 30 * 60000 };

	for (int i = 10; i < 50; i++)
		v[i] = (struct histogram_bar){ (uint32_t)(i % 17), i == 20, i == 35 ? 2 : 0 };
	v[49].all = 1000;
	histogram_draw(p.t, p.r, &h);
	paper_expect(&p, " 1000 ┤                                                 █\n"
			 "      │                                                 █\n"
			 "      │          ▁▁▁▁▁▁▁ ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁ ▁▁▁▁▁▁▁▁▁▁▁▁▁▁█\n"
			 "      │··········          ▲              ✖\n"
			 "      └16:00          16:15          ▲6:30          16:45\n");
	assert_int_equal(histogram_at(p.r, &h, 7), 0);
	assert_int_equal(histogram_at(p.r, &h, 56), 49);
	assert_int_equal(histogram_at(p.r, &h, 6), -1);
	assert_int_equal(histogram_at(p.r, &h, 57), -1);
	for (int rows = 0; rows < 6; rows++)
		for (int c = 0; c < 60; c++)
			histogram_draw(p.t, (struct rect){ 0, 0, rows, c }, &h);
	h.n = 0;
	histogram_draw(p.t, p.r, &h);
	h.step_ms = 0;
	histogram_draw(p.t, p.r, &h);
	paper_close(&p);
}

static void a_pattern_that_matches_nothing_long_ends(void **state)
{
	static const char *const patterns[] = { "", "x*", "^", "(?=d)", ".", "$" };
	struct paper p = paper_open(2, 60);
	struct loglist l = { 0 };
	char *first = NULL;

	loglist_set_total(&l, 2);
	for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
		struct regex *re =
			regex_new(slice_of(patterns[i]), 0, &(size_t){ 0 }, &(struct err){ 0 });
		char *now;

		loglist_draw(&l, p.t, p.r, &lines, re);
		paper_show(&p);
		now = screen_text(p.s);
		if (first)
			assert_string_equal(first, now);
		else
			first = now;
		if (first != now)
			free(now);
		regex_free(re);
	}
	free(first);
	paper_close(&p);
}

static void it_follows_until_one_looks_back(void **state)
{
	struct loglist l = { 0 };
	uint64_t first;
	int count;

	loglist_set_total(&l, 100);
	loglist_window(&l, 10, &first, &count);
	assert_int_equal(first, 90);
	loglist_move(&l, -5);
	assert_true(l.paused);
	assert_int_equal(l.cursor, 94);
	loglist_set_total(&l, 200); /* more comes, the view stands */
	loglist_window(&l, 10, &first, &count);
	assert_int_equal(first, 90);
	assert_int_equal(l.cursor, 94);
	loglist_move(&l, 1000);
	assert_false(l.paused);
	loglist_set_total(&l, 300);
	assert_int_equal(l.cursor, 299);
	loglist_move_page(&l, -1);
	assert_int_equal(l.cursor, 290);
	loglist_follow(&l, true);
	assert_int_equal(l.cursor, 299);
	loglist_move(&l, -1000);
	assert_int_equal(l.cursor, 0);
	loglist_set_total(&l, 0);
	loglist_move(&l, -1);
	loglist_window(&l, 10, &first, &count);
	assert_int_equal(count, 0);
}

static const struct tab tabs[] = { { "1", "Overview", 0, 0 }, { "2", "Devices", 0, 0 },
	{ "3", "Alerts", 4, ROLE_CRIT }, { "4", "Events", 0, 0 } };

static void tabs_and_lines(void **state)
{
	struct paper p = paper_open(4, 50);
	const struct span left[] = { { slice_of("filter  temp>80"), ROLE_BAR },
		{ slice_of("held"), ROLE_WARN } };
	const struct span right[] = { { slice_of("rtt 38 ms"), ROLE_DIM },
		{ slice_of("31 kB/s"), ROLE_DIM } };
	const struct hint hints[] = { { "enter", "open" }, { "/", "filter" }, { "?", "help" },
		{ "T", "a thing whose words have no room" } };

	assert_int_equal(tabs_draw(p.t, p.r, 0, tabs, 4, 1), 45);
	line_draw(p.t, p.r, 1, left, 2, right, 2);
	hints_draw(p.t, p.r, 2, hints, 4);
	draw_rule(p.t, p.r, 3, slice_of("incidents"));
	paper_expect(&p, " 1 Overview  2 Devices  3 Alerts 4  4 Events\n"
			 " filter  temp>80  held         31 kB/s  rtt 38 ms\n"
			 " enter open  / filter  ? help\n"
			 "── incidents ─────────────────────────────────────\n");
	assert_int_equal(tabs_at(p.r, tabs, 4, 1, 0), 0);
	assert_int_equal(tabs_at(p.r, tabs, 4, 1, 12), 1);
	assert_int_equal(tabs_at(p.r, tabs, 4, 1, 44), 3);
	assert_int_equal(tabs_at(p.r, tabs, 4, 1, 45), -1);
	paper_close(&p);
}

static void what_has_no_room_gives_way(void **state)
{
	struct paper p = paper_open(3, 22);
	const struct span left[] = { { slice_of("a long text at the left"), ROLE_BAR } };
	const struct span right[] = { { slice_of("rtt 38 ms"), ROLE_DIM },
		{ slice_of("nine more bytes"), 0 } };

	tabs_draw(p.t, p.r, 0, tabs, 4, 3); /* the one in front always shows */
	line_draw(p.t, p.r, 1, left, 1, right, 2);
	draw_field(p.t, p.r, 2, 0, 6, slice_of("日本語"), ROLE_TEXT, ALIGN_LEFT);
	draw_field(p.t, p.r, 2, 7, 5, slice_of("日本語"), ROLE_TEXT, ALIGN_LEFT);
	draw_field(p.t, p.r, 2, 13, 1, slice_of("ab"), ROLE_TEXT, ALIGN_LEFT);
	draw_field(p.t, p.r, 2, 15, 5, slice_of("7"), ROLE_TEXT, ALIGN_RIGHT);
	paper_expect(&p, " 3 Ale 4  4 Events\n a long t…  rtt 38 ms\n日本語 日本… …     7\n");
	paper_close(&p);
}

static void rectangles_are_cut(void **state)
{
	struct rect r = { 2, 3, 10, 20 }, a = rect_cut_top(&r, 1), b = rect_cut_bottom(&r, 2),
		    c = rect_cut_left(&r, 5), d = rect_cut_right(&r, 100), e = rect_cut_top(&r, -1);

	assert_true(a.row == 2 && a.rows == 1 && a.cols == 20);
	assert_true(b.row == 10 && b.rows == 2);
	assert_true(c.col == 3 && c.cols == 5 && c.rows == 7);
	assert_true(d.col == 8 && d.cols == 15);
	assert_true(e.rows == 0 && r.cols == 0 && r.rows == 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_looks_so),
		cmocka_unit_test(long_lines_wrap),
		cmocka_unit_test(bars_over_time),
		cmocka_unit_test(a_pattern_that_matches_nothing_long_ends),
		cmocka_unit_test(it_follows_until_one_looks_back),
		cmocka_unit_test(tabs_and_lines),
		cmocka_unit_test(what_has_no_room_gives_way),
		cmocka_unit_test(rectangles_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
