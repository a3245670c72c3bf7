/* A map's view: cells to degrees and back, moving and zooming within the world. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "ui/screen/map_view.h"

static const struct {
	int rows, cols;
} sizes[] = { { 16, 80 }, { 24, 120 }, { 39, 200 }, { 49, 250 }, { 2, 40 }, { 70, 60 }, { 1, 1 } };

#define FOR_SIZES(v)                                                                               \
	for (size_t i_ = 0; i_ < sizeof(sizes) / sizeof(*sizes); i_++)                             \
		for (struct map_view v = { .rows = sizes[i_].rows, .cols = sizes[i_].cols }; v.rows; \
			v.rows = 0)

/* What the collector would refuse. */
static void box_is_sound(const struct map_box *b)
{
	assert_true(b->lon_cell > 0 && b->lat_cell > 0);
	assert_true(b->north <= 90.0000001 && map_box_south(b) >= -90.0000001);
	assert_true(map_box_east(b) - b->west <= 360.0000001);
	assert_true(b->west >= -180 && b->west < 180);
}

static void the_world_fits(void **state)
{
	FOR_SIZES(v)
	{
		int row, col;

		map_fit_world(&v);
		struct map_box b = map_box(&v);

		box_is_sound(&b);
		assert_true(map_box_east(&b) - b.west > 350 || v.cols == 1);
		if (v.rows < map_world_rows(v.cols))
			continue;
		assert_true(map_box_cell(&b, 71, -179.9, &row, &col)); /* Wrangel island */
		assert_true(map_box_cell(&b, -54.9, -67.6, &row, &col)); /* Puerto Williams */
	}
}

static void a_place_is_in_its_cell(void **state)
{
	struct map_view v = { .lat = 50, .lon = 8, .dot = 0.01, .rows = 20, .cols = 60 };
	struct map_box b = map_box(&v);

	for (int row = 0; row < b.rows; row++)
		for (int col = 0; col < b.cols; col++) {
			double lat, lon;
			int at_row, at_col;

			map_box_place(&b, row, col, &lat, &lon);
			assert_true(map_box_cell(&b, lat, lon, &at_row, &at_col));
			assert_int_equal(at_row, row);
			assert_int_equal(at_col, col);
			assert_true(map_box_cell(&b, lat, lon + 360, &at_row, &at_col));
			assert_int_equal(at_col, col);
		}
}

/* A cell is twice as high as wide on the screen, and as high as wide on the ground. */
static void shapes_are_true_in_the_middle(void **state)
{
	for (double lat = -60; lat <= 60; lat += 20) {
		struct map_view v = { .lat = lat, .dot = 0.01, .rows = 20, .cols = 60 };
		struct map_box b = map_box(&v);

		assert_float_equal(b.lon_cell * cos(lat * M_PI / 180) * 2, b.lat_cell, 0.001);
	}
}

static void cells_stay_when_the_map_moves(void **state)
{
	struct map_view v = { .lat = 0, .lon = 8, .dot = 0.5, .rows = 20, .cols = 60 };
	struct map_box a = map_box(&v), b;

	map_move(&v, 0, 7);
	b = map_box(&v);
	assert_float_equal(b.west, a.west + 7 * a.lon_cell, 1e-9);
	assert_float_equal(b.lon_cell, a.lon_cell, 1e-12);
	map_move(&v, -3, -7);
	b = map_box(&v);
	assert_float_equal(b.north, a.north + 3 * a.lat_cell, 1e-9);
}

static void no_way_leaves_the_world(void **state)
{
	srandom(7);
	FOR_SIZES(v)
	{
		map_fit_world(&v);
		for (int i = 0; i < 3000; i++) {
			long r = random();
			struct map_box b;

			if (r % 3 == 0)
				map_move(&v, (int)(random() % 61) - 30, (int)(random() % 61) - 30);
			else
				map_zoom(&v, r % 3 == 1 ? 1 : -1, (int)(random() % v.rows),
					(int)(random() % v.cols));
			b = map_box(&v);
			box_is_sound(&b);
			if (!(v.lat >= -90 && v.lat <= 90 && v.lon >= -180 && v.lon < 180))
				fail_msg("%.17g %.17g", v.lat, v.lon);
		}
	}
}

/* Moved against the pole, one step back moves it again. */
static void the_pole_holds_nothing_back(void **state)
{
	struct map_view v = { .lat = 50, .lon = 8, .dot = 0.1, .rows = 20, .cols = 60 };
	struct map_box a, b;

	for (int i = 0; i < 100; i++)
		map_move(&v, -10, 0);
	a = map_box(&v);
	assert_true(a.north > 88);
	map_move(&v, 2, 0);
	b = map_box(&v);
	assert_true(b.north < a.north - a.lat_cell);
}

static void zoom_keeps_what_one_points_at(void **state)
{
	struct map_view v = { .rows = 24, .cols = 120 };
	double lat, lon;
	int row, col;

	map_fit_world(&v);
	struct map_box b = map_box(&v);

	map_box_place(&b, 7, 31, &lat, &lon);
	for (int i = 0; i < 12; i++) {
		map_zoom(&v, 1, 7, 31);
		b = map_box(&v);
		assert_true(map_box_cell(&b, lat, lon, &row, &col));
		assert_in_range(row, 5, 9);
		assert_in_range(col, 28, 34);
		map_box_place(&b, 7, 31, &lat, &lon);
	}
}

static void all_devices_fit(void **state)
{
	static const double extents[][4] = { { -105, -33, 151, 60 }, { 8, 50, 9, 50.5 },
		{ 10, 20, 10, 20 }, { -180, -89, 180, 89 } };

	for (size_t i = 0; i < sizeof(extents) / sizeof(*extents); i++) {
		struct map_view v = { .rows = 24, .cols = 120 };
		const double *e = extents[i];
		int row, col;

		map_fit_world(&v);
		map_fit(&v, e);
		struct map_box b = map_box(&v);

		box_is_sound(&b);
		if (i == 3)
			continue; /* nothing shows both poles */
		assert_true(map_box_cell(&b, e[1], e[0], &row, &col));
		assert_true(map_box_cell(&b, e[3], e[2], &row, &col));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_world_fits),
		cmocka_unit_test(a_place_is_in_its_cell),
		cmocka_unit_test(shapes_are_true_in_the_middle),
		cmocka_unit_test(cells_stay_when_the_map_moves),
		cmocka_unit_test(no_way_leaves_the_world),
		cmocka_unit_test(the_pole_holds_nothing_back),
		cmocka_unit_test(zoom_keeps_what_one_points_at),
		cmocka_unit_test(all_devices_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
