#include "tests/unit/ui_widget/draw.h"

#include <math.h>
#include <stdio.h>

#include "base/alloc.h"
#include "ui/widget/table.h"

static const struct table_col cols[] = {
	{ "NAME", 6, 8, 1, false, true },
	{ "STATUS", 4, 8, 0, false, false },
	{ "TEMP", 4, 6, 0, true, false },
	{ "UTIL", 4, 16, 1, true, false },
};

static uint64_t asked_low, asked_high;
static size_t asked;

static void value(void *arg, uint64_t row, int col, struct table_cell *c)
{
	static char text[64];
	static const float spark[] = { 1, 2, 3, NAN, 8 };

	asked++;
	asked_low = row < asked_low ? row : asked_low;
	asked_high = row > asked_high ? row : asked_high;
	if (col == 0)
		snprintf(text, sizeof(text), row == 3 ? "日本のとても長い名前" : "dev-%llu",
			(unsigned long long)row);
	else if (col == 1)
		snprintf(text, sizeof(text), row % 2 ? "▲ hot" : "● up");
	else if (col == 2)
		snprintf(text, sizeof(text), "%d.5", (int)(row % 100));
	else
		snprintf(text, sizeof(text), "%d %%", (int)(row % 100));
	c->text = slice_of(text);
	c->look = col == 1 && row % 2 ? ROLE_CRIT : ROLE_TEXT;
	if (col == 3 && row % 2)
		c->spark = spark, c->n_spark = 5, c->graph_look = ROLE_SPARK;
	else if (col == 3)
		c->bar = (double)(row % 100) / 8;
}

static bool marked(void *arg, uint64_t row)
{
	return row == 2;
}

static const struct table_rows rows = { .cell = value, .marked = marked };

static struct table table(uint64_t total)
{
	return (struct table){
		.cols = cols, .n_cols = 4, .total = total, .sort_col = 2, .sort = TABLE_DESCENDING
	};
}

static void it_looks_so(void **state)
{
	struct paper p = paper_open(6, 60);
	struct table t = table(100);

	table_draw(&t, p.t, p.r, &rows);
	paper_expect(&p, "  NAME            STATUS     TEMP▼                     UTIL\n"
			 "› dev-0           ● up         0.5                      0 %\n"
			 "  dev-1           ▲ hot        1.5           ▁▂▃ █      1 %\n"
			 " *dev-2           ● up         2.5  ███▌                2 %\n"
			 "  日本のとても…   ▲ hot        3.5           ▁▂▃ █      3 %\n"
			 "  dev-4           ● up         4.5  ███████             4 %\n");
	table_draw(&t, p.t, p.r, &rows);
	paper_show(&p);
	assert_true(screen_look(p.s, 1, 3).bg >= 0); /* the selected row */
	assert_true(screen_look(p.s, 1, 40).bg < 0); /* but not under its graph */
	assert_true(screen_look(p.s, 2, 3).bg < 0);
	assert_true(screen_look(p.s, 3, 3).bg >= 0); /* the marked one */
	assert_int_not_equal(screen_look(p.s, 1, 3).bg, screen_look(p.s, 3, 3).bg);
	paper_close(&p);
}

static int has_bg(struct paper *p, int row, int col)
{
	return screen_look(p->s, row, col).bg >= 0;
}

static void a_wide_row_shows_the_cursor_at_its_head(void **state)
{
	struct paper p = paper_open(4, 200);
	struct table t = table(100);
	char *row;

	table_draw(&t, p.t, p.r, &rows);
	paper_show(&p);
	row = screen_row(p.s, 1);
	assert_non_null(strstr(row, "\u2039")); /* the angle that closes it */
	assert_int_equal(strcmp(strstr(row, "\u2039"), "\u2039"), 0);
	free(row);
	assert_true(has_bg(&p, 1, 3));
	assert_true(has_bg(&p, 1, 63));
	assert_false(has_bg(&p, 1, 110));
	assert_true(has_bg(&p, 3, 3)); /* a mark, too */
	assert_false(has_bg(&p, 3, 110));
	paper_close(&p);
}

static void too_narrow_it_scrolls_sideways(void **state)
{
	struct paper p = paper_open(3, 24);
	struct table t = table(2);

	table_draw(&t, p.t, p.r, &rows);
	paper_expect(&p, "  NAME    STAT…   TEMP▼▶\n› dev-0   ● up      0.5\n"
			 "  dev-1   ▲ hot     1.5\n");
	assert_true(t.more_right);
	table_scroll(&t, 1);
	table_draw(&t, p.t, p.r, &rows);
	paper_expect(&p, "◀ NAME     TEMP▼   UTIL\n› dev-0      0.5    0 %\n"
			 "  dev-1      1.5    1 %\n");
	assert_false(t.more_right);
	table_scroll(&t, 1);
	table_scroll(&t, -5);
	assert_int_equal(t.first_col, 0);
	paper_close(&p);
}

static void only_what_shows_is_asked_for(void **state)
{
	struct paper p = paper_open(11, 60);
	struct table t = table(1000000);

	table_draw(&t, p.t, p.r, &rows);
	table_move_to(&t, 500000);
	asked = 0;
	asked_low = UINT64_MAX;
	asked_high = 0;
	table_draw(&t, p.t, p.r, &rows);
	assert_int_equal(asked, 40);
	assert_int_equal(asked_high, 500000);
	assert_int_equal(asked_low, 499991);
	paper_close(&p);
}

static void the_cursor_stays_within(void **state)
{
	struct paper p = paper_open(6, 60);
	struct table t = table(10);
	uint64_t row, first;
	int count;

	table_draw(&t, p.t, p.r, &rows);
	table_move(&t, -5);
	assert_int_equal(t.cursor, 0);
	table_move_page(&t, 1);
	assert_int_equal(t.cursor, 4);
	table_move(&t, 100);
	assert_int_equal(t.cursor, 9);
	assert_int_equal(t.top, 5);
	table_set_total(&t, 3);
	assert_int_equal(t.cursor, 2);
	assert_int_equal(t.top, 0);
	table_set_total(&t, 0);
	assert_int_equal(t.cursor, 0);
	table_draw(&t, p.t, p.r, &rows);
	table_move(&t, 1);
	assert_int_equal(t.cursor, 0);
	table_set_total(&t, 10);
	table_window(&t, 6, &first, &count);
	assert_int_equal(count, 5);
	assert_true(table_row_at(&t, 3, &row));
	assert_int_equal(row, 2);
	assert_false(table_row_at(&t, 0, &row));
	assert_false(table_row_at(&t, 6, &row));
	paper_close(&p);
}

static void columns_are_found_under_the_mouse(void **state)
{
	struct table t = table(1);
	int col;

	assert_true(table_col_at(&t, (struct rect){ 0, 0, 5, 60 }, 18, &col));
	assert_int_equal(col, 1);
	assert_true(table_col_at(&t, (struct rect){ 0, 0, 5, 60 }, 59, &col));
	assert_int_equal(col, 3);
	assert_false(table_col_at(&t, (struct rect){ 0, 0, 5, 60 }, 0, &col));
}

/* Any size at all: nothing drawn outside, nothing crashes. */
static void any_size(void **state)
{
	struct paper p = paper_open(20, 80);
	struct table t = table(50);

	for (int h = 0; h < 8; h++)
		for (int w = 0; w < 70; w += 3) {
			term_fill(p.t, 0, 0, 20, 80, ROLE_TEXT);
			for (int r = 0; r < 20; r++)
				for (int c = 0; c < 80; c++)
					term_putc(p.t, r, c, '.', ROLE_DIM);
			table_draw(&t, p.t, (struct rect){ 5, 5, h, w }, &rows);
			paper_show(&p);
			for (int r = 0; r < 20; r++) {
				char *line = screen_row(p.s, r);

				assert_memory_equal(line, ".....", 5);
				if (r < 5 || r >= 5 + h)
					assert_int_equal(strspn(line, "."), 80);
				assert_string_equal(line + strlen(line) - 4, "....");
				free(line);
			}
		}
	paper_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_looks_so),
		cmocka_unit_test(a_wide_row_shows_the_cursor_at_its_head),
		cmocka_unit_test(too_narrow_it_scrolls_sideways),
		cmocka_unit_test(only_what_shows_is_asked_for),
		cmocka_unit_test(the_cursor_stays_within),
		cmocka_unit_test(columns_are_found_under_the_mouse),
		cmocka_unit_test(any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
