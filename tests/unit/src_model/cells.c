/* Devices by place: which cell a device is in, what is counted, the order, the bounds. */
#include "tests/unit/src_model/world.h"

#include "model/cells.h"

static uint32_t put(struct model *m, const char *id, const char *site, double lat, double lon,
	enum device_status st)
{
	struct delta d = { .kind = DELTA_DEVICE,
		.device = { .id = S(id), .network = S("net"), .site = S(site), .lat = lat, .lon = lon,
			.source = MODEL_NONE, .at_ms = T0 } };

	apply(m, &d);
	status(m, d.device.device, st, T0);
	return d.device.device;
}

static struct cells *make(const char *filter, double w, double s, double e, double n, uint32_t cols,
	uint32_t rows)
{
	struct cells_spec spec = { S(filter), w, s, e, n, cols, rows };
	struct err err;
	size_t at;

	return cells_new(&spec, &at, &err);
}

/* "x,y devices worst down/stale/degraded/unknown site[+]" */
static const char *text(const struct model *m, struct cells *c)
{
	static char out[4096];
	size_t n, len = 0;

	assert_non_null(c);
	assert_int_equal(cells_step(c, m, 0), 1);
	const struct cell *v = cells_list(c, &n);

	out[0] = '\0';
	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(out + len, sizeof(out) - len,
			"%s%u,%u %u %u %u/%u/%u/%u %.*s%s", i ? "|" : "", v[i].x, v[i].y,
			v[i].devices, v[i].worst, v[i].by_status[STATUS_DOWN],
			v[i].by_status[STATUS_STALE], v[i].by_status[STATUS_DEGRADED],
			v[i].by_status[STATUS_UNKNOWN], SLICE_ARG(cell_site(m, &v[i])),
			v[i].mixed ? "+" : "");
	cells_free(c);
	return out;
}

static struct model *world(void)
{
	struct model_spec spec = { 0 };
	struct model *m = model_new(&spec);

	put(m, "a", "fra", 50.11, 8.72, STATUS_UP);
	put(m, "b", "fra", 50.22, 8.63, STATUS_DEGRADED);
	put(m, "c", "fra", 50.11, 8.72, STATUS_DOWN);
	put(m, "d", "nyc", 40.7, -74, STATUS_UP);
	put(m, "e", "syd", -33.9, 151.2, STATUS_STALE);
	put(m, "f", "syd", -33.9, 151.2, STATUS_STALE);
	put(m, "g", "nowhere", NAN, NAN, STATUS_DOWN);
	put(m, "h", "half", 10, NAN, STATUS_UP);
	return m;
}

static void each_device_is_counted_where_it_stands(void **state)
{
	struct model *m = world();
	struct cells *c = make("", -180, -90, 180, 90, 4, 2);
	struct cells_sum sum;

	assert_int_equal(cells_step(c, m, 0), 1);
	cells_sum(c, &sum);
	assert_int_equal(sum.placed, 6);
	assert_int_equal(sum.unplaced, 2);
	assert_int_equal(sum.outside, 0);
	assert_float_equal(sum.west, -74, 1e-6);
	assert_float_equal(sum.east, 151.2, 1e-6);
	assert_float_equal(sum.south, -33.9, 1e-6);
	assert_float_equal(sum.north, 50.22, 1e-6);
	assert_string_equal(text(m, c), "3,1 2 3 0/2/0/0 syd|2,0 3 4 1/0/1/0 fra|1,0 1 0 0/0/0/0 nyc");
	assert_string_equal(text(m, make("site=fra and status!=down", -180, -90, 180, 90, 4, 2)),
		"2,0 2 2 0/0/1/0 fra");
	model_free(m);
}

static void a_box_takes_what_is_inside(void **state)
{
	struct model *m = world();
	struct cells *c = make("", 8, 50, 9, 51, 10, 10);
	struct cells_sum sum;

	assert_int_equal(cells_step(c, m, 0), 1);
	cells_sum(c, &sum);
	assert_int_equal(sum.outside, 3);
	assert_string_equal(text(m, c), "7,8 2 4 1/0/0/0 fra|6,7 1 2 0/0/1/0 fra");
	model_free(m);
}

static void a_cell_knows_the_middle_of_its_devices(void **state)
{
	struct model *m = world();
	struct cells *c = make("site=fra", 0, 45, 20, 60, 1, 1);
	size_t n;

	put(m, "x", "east", 10, 179, STATUS_UP);
	put(m, "y", "east", 10, -177, STATUS_UP);
	assert_int_equal(cells_step(c, m, 0), 1);
	assert_float_equal(cells_list(c, &n)[0].lat, (2 * 50.11 + 50.22) / 3, 1e-6);
	assert_float_equal(cells_list(c, &n)[0].lon, (2 * 8.72 + 8.63) / 3, 1e-6);
	cells_free(c);
	c = make("site=east", 170, 0, 190, 20, 1, 1);
	assert_int_equal(cells_step(c, m, 0), 1);
	assert_float_equal(cells_list(c, &n)[0].lon, -179, 1e-6);
	cells_free(c);
	model_free(m);
}

/* One cell of several sites says so, and is called by the site of its worst. */
static void sites_that_share_a_cell(void **state)
{
	struct model *m = world();

	put(m, "i", "zrh", 47.4, 8.5, STATUS_UP);
	assert_string_equal(text(m, make("lat>45", 0, 0, 90, 90, 1, 1)), "0,0 4 4 1/0/1/0 fra+");
	model_free(m);
}

static void the_date_line_is_no_border(void **state)
{
	struct model *m = model_new(&(struct model_spec){ 0 });

	put(m, "w", "fiji", -17, 179.5, STATUS_UP);
	put(m, "e", "taveuni", -17, -179.5, STATUS_UP);
	put(m, "edge", "edge", -17, 180, STATUS_UP);
	assert_string_equal(text(m, make("", 179, -20, 181, -10, 4, 1)),
		"1,0 1 0 0/0/0/0 fiji|2,0 1 0 0/0/0/0 edge|3,0 1 0 0/0/0/0 taveuni");
	assert_string_equal(text(m, make("site=fiji", -181, -20, -179, -10, 2, 1)),
		"0,0 1 0 0/0/0/0 fiji");
	model_free(m);
}

/* The poles and the ends belong to the last cell or to the first, never to none. */
static void the_ends_of_the_world(void **state)
{
	struct model *m = model_new(&(struct model_spec){ 0 });

	put(m, "n", "n", 90, 0, STATUS_UP);
	put(m, "s", "s", -90, 0, STATUS_UP);
	put(m, "e", "e", 0, 180, STATUS_UP);
	put(m, "w", "w", 0, -180, STATUS_UP);
	assert_string_equal(text(m, make("", -180, -90, 180, 90, 2, 2)),
		"0,1 2 0 0/0/0/0 e+|1,0 1 0 0/0/0/0 n|1,1 1 0 0/0/0/0 s");
	model_free(m);
}

static void nonsense_is_refused(void **state)
{
	static const struct cells_spec bad[] = {
		{ { 0 }, 10, 0, 10, 1, 1, 1 },	    { { 0 }, 0, 1, 1, 1, 1, 1 },
		{ { 0 }, -180, -91, 180, 90, 1, 1 }, { { 0 }, -180, -90, 181, 90, 1, 1 },
		{ { 0 }, 0, 0, 1, 1, 0, 1 },	    { { 0 }, 0, 0, 1, 1, 1001, 1 },
		{ { 0 }, 0, 0, 1, 1, 201, 200 },    { { 0 }, NAN, 0, 1, 1, 1, 1 },
		{ { 0 }, 0, 0, 1, INFINITY, 1, 1 }, { { 0 }, -1e300, 0, 1, 1, 1, 1 },
	};
	struct err e;
	size_t at;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (cells_check(&bad[i], &e) == 0)
			fail_msg("%zu is taken", i);
	struct cells_spec filter = { S("status!=up and"), -180, -90, 180, 90, 1, 1 };

	assert_int_equal(cells_check(&filter, &e), 0);
	assert_null(cells_new(&filter, &at, &e));
	assert_int_equal(at, 14);
}

/* In slices it finds the same, also when devices are born in between. */
static void slices_find_the_same(void **state)
{
	struct model *m = model_new(&(struct model_spec){ 0 });
	struct cells *c;
	struct cells_sum sum;
	char id[16];
	int steps = 1;

	for (int i = 0; i < 5000; i++) {
		snprintf(id, sizeof(id), "d%d", i);
		put(m, id, "s", i % 180 - 90, i % 360 - 180, i % 2 ? STATUS_UP : STATUS_DOWN);
	}
	c = make("", -180, -90, 180, 90, 180, 90);
	while (!cells_step(c, m, 1))
		steps++;
	assert_true(steps > 5);
	cells_sum(c, &sum);
	assert_int_equal(sum.placed, 5000);
	assert_int_equal(sum.outside, 0);
	cells_free(c);
	model_free(m);
}

static void many_cells_are_cut_at_the_bound(void **state)
{
	struct model *m = model_new(&(struct model_spec){ 0 });
	struct cells *c = make("", 0, 0, 20, 20, 200, 200);
	struct cells_sum sum;
	char id[16];
	size_t n;

	for (int i = 0; i < 10200; i++) {
		snprintf(id, sizeof(id), "d%d", i);
		put(m, id, "s", 0.05 + i / 200 * 0.1, 0.05 + i % 200 * 0.1,
			i < 10100 ? STATUS_UP : STATUS_DOWN);
	}
	assert_int_equal(cells_step(c, m, 0), 1);
	const struct cell *v = cells_list(c, &n);

	cells_sum(c, &sum);
	assert_int_equal(n, CELLS_MAX);
	assert_int_equal(sum.left_out, 200);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(v[i].worst, 4);
	cells_free(c);
	model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_device_is_counted_where_it_stands),
		cmocka_unit_test(a_box_takes_what_is_inside),
		cmocka_unit_test(a_cell_knows_the_middle_of_its_devices),
		cmocka_unit_test(sites_that_share_a_cell),
		cmocka_unit_test(the_date_line_is_no_border),
		cmocka_unit_test(the_ends_of_the_world),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(slices_find_the_same),
		cmocka_unit_test(many_cells_are_cut_at_the_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
