/* The map under the user's hands. */
#include "tests/unit/ui/desk.h"

#define MAP "7"

static void the_worst_come_first(void **state)
{
	struct desk *d = desk_begin(30, 120, MAP);

	desk_expect(d, "8,498 devices; 12 more have no place");
	desk_expect(d, "Places, worst first  6");
	desk_keys(d, "n");
	desk_expect(d, "scl-1  33.4 S  70.6 W  1,266 devices  1,200 down");
	desk_keys(d, "n");
	desk_expect(d, "fra-2  50.1 N  8.7 E  734 devices  2 down  40 stale  3 degraded");
	desk_keys(d, "NN");
	desk_expect(d, "suv-1  18.1 S  178.4 E  90 devices  all up");
	desk_end(d);
}

static void a_place_opens_its_devices(void **state)
{
	struct desk *d = desk_begin(30, 120, MAP);

	desk_keys(d, "\r");
	desk_expect(d, "no place is under the cursor");
	desk_keys(d, "nn++++\r");
	desk_expect(d, "Map › Devices");
	assert_non_null(strstr(fake.last, "lat>"));
	assert_non_null(strstr(fake.last, " and lon>="));
	double south = strtod(strstr(fake.last, "lat>") + 4, NULL);
	double north = strtod(strstr(fake.last, "lat<=") + 5, NULL);

	assert_true(south < 50.1 && 50.1 <= north && north - south < 2);
	desk_keys(d, "\033");
	desk_expect(d, "fra-2  50.1");
	desk_end(d);
}

static void its_filter_goes_along(void **state)
{
	struct desk *d = desk_begin(30, 120, MAP);

	desk_keys(d, "/temp>60");
	assert_string_equal(fake.last, "temp>60");
	desk_keys(d, "\r");
	desk_expect(d, "filter temp>60");
	desk_keys(d, "n\r");
	assert_true(strncmp(fake.last, "(temp>60) and lat>", 18) == 0);
	desk_keys(d, "\033");
	desk_keys(d, "\033"); /* the cursor */
	desk_keys(d, "\033"); /* the filter */
	desk_expect_not(d, "filter temp");
	assert_string_equal(fake.last, "");
	desk_keys(d, "/temp>>6");
	desk_expect(d, "a value is missing");
	desk_keys(d, "\033");
	desk_expect_not(d, "a value is missing");
	desk_keys(d, ":map status=down\r");
	desk_expect(d, "filter status=down");
	desk_end(d);
}

static void same(struct desk *d, const char *was)
{
	char *now = screen_text(d->screen);

	if (strcmp(now, was) != 0)
		fail_msg("now:\n%s\nwas:\n%s", now, was);
	free(now);
}

static void closer_and_back(void **state)
{
	struct desk *d = desk_begin(30, 120, MAP);
	char *world = screen_text(d->screen), *now;

	desk_keys(d, "+");
	desk_expect(d, "here");
	now = screen_text(d->screen);
	assert_string_not_equal(world, now);
	free(now);
	desk_keys(d, "g");
	same(d, world);
	desk_keys(d, "-");
	same(d, world);
	desk_keys(d, "+++llljh");
	now = screen_text(d->screen);
	desk_keys(d, "lhjk");
	same(d, now);
	free(now);
	desk_keys(d, "f");
	desk_expect(d, "a cell is");
	desk_keys(d, ":fit\r");
	desk_expect(d, "fit world, or fit devices");
	desk_keys(d, ":pan away\r");
	desk_expect(d, "pan left, right, up or down");
	free(world);
	desk_end(d);
}

/* Where on the screen a character stands in the map. */
static bool find(struct desk *d, const char *what, int *row, int *col)
{
	for (*row = 3; *row < 25; ++*row) {
		char *text = screen_row(d->screen, *row), *at = strstr(text, what);

		*col = 0;
		for (char *p = text; at && p < at; p++)
			*col += (*p & 0xc0) != 0x80;
		free(text);
		if (at)
			return true;
	}
	return false;
}

static void the_mouse_drags_zooms_and_points(void **state)
{
	struct desk *d = desk_begin(30, 120, MAP);
	int row, col, was_row, was_col;

	assert_true(find(d, "✖", &was_row, &was_col));
	desk_mouse(d, 0, 10, 60, 'M');
	desk_mouse(d, 32, 10, 70, 'M');
	desk_mouse(d, 0, 10, 70, 'm');
	assert_true(find(d, "✖", &row, &col));
	assert_int_equal(row, was_row);
	assert_int_equal(col, was_col + 10);
	desk_mouse(d, 0, row, col + 1, 'M');
	desk_mouse(d, 0, row, col + 1, 'm');
	desk_expect(d, "scl-1  33.4 S");
	desk_mouse(d, 64, row, col, 'M');
	desk_expect(d, "here");
	desk_mouse(d, 65, row, col, 'M');
	desk_mouse(d, 0, 6, 60, 'M');
	desk_mouse(d, 0, 6, 60, 'm');
	desk_expect(d, "Places, worst first");
	desk_mouse(d, 0, row, col, 'M');
	desk_mouse(d, 0, row, col, 'm');
	desk_mouse(d, 0, row, col, 'M');
	desk_mouse(d, 0, row, col, 'm');
	desk_expect(d, "Map › Devices");
	desk_end(d);
}

/* By its worst device, or by how many are bad: fra-2 has lost two of 734. */
static void shades(void **state)
{
	struct desk *d = desk_begin(30, 120, MAP);

	desk_expect(d, "◆ sin-1");
	desk_expect(d, "▲ fra-2");
	desk_keys(d, "w");
	desk_expect(d, "✖ sin-1");
	desk_expect(d, "✖ fra-2");
	desk_keys(d, ":shade share\r");
	desk_expect(d, "◆ sin-1");
	desk_end(d);
}

static void a_lost_line_leaves_what_was_there(void **state)
{
	struct desk *d = desk_begin(30, 120, MAP);

	fake_hang_up();
	desk_show(d);
	desk_expect(d, "line lost");
	desk_keys(d, "+nl");
	desk_expect(d, "scl-1");
	desk_end(d);
}

static void every_size_is_drawn(void **state)
{
	struct desk *d = desk_begin(30, 120, MAP);

	for (int rows = 1; rows < 40; rows += 3)
		for (int cols = 30; cols < 260; cols += 23) {
			term_resize(d->term, rows, cols);
			screen_resize(d->screen, rows, cols);
			desk_keys(d, "n+lj-N");
		}
	desk_end(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worst_come_first),
		cmocka_unit_test(a_place_opens_its_devices),
		cmocka_unit_test(its_filter_goes_along),
		cmocka_unit_test(closer_and_back),
		cmocka_unit_test(the_mouse_drags_zooms_and_points),
		cmocka_unit_test(shades),
		cmocka_unit_test(a_lost_line_leaves_what_was_there),
		cmocka_unit_test(every_size_is_drawn),
	};

	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
