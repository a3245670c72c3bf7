#include "tests/unit/ui_widget/draw.h"

#include <math.h>

#include "base/alloc.h"
#include "ui/widget/axis.h"
#include "ui/widget/plot.h"
#include "ui/widget/spark.h"

static void lines_axes_and_gaps(void **state)
{
	struct paper p = paper_open(8, 48);
	struct plot_point a[61];
	struct plot plot = {
		.from_ms = 1764000000000, .lo = NAN, .hi = NAN, .limit = 55, .cursor_ms = -1
	};

	for (int i = 0; i < 61; i++) {
		a[i] = (struct plot_point){ plot.from_ms + i * 60000, (float)i, (float)i };
		if (i > 30 && i < 45)
			a[i].min = a[i].max = NAN;
	}
	plot.to_ms = plot.from_ms + 3600000;
	plot.series[0] = (struct plot_series){ slice_of("load"), slice_of("%"), a, 61, 0 };
	plot.n_series = 1;
	plot_draw(p.t, p.r, &plot);
	paper_expect(&p, "■ load %\n"
			 "60 ┤┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈⣀⣀⠤⠤⠔⠒⠉\n"
			 "   │                                ⠠⠔⠒⠊⠉\n"
			 "40 ┤\n"
			 "20 ┤              ⢀⣀⡠⠤⠒⠒⠊⠉⠁\n"
			 "   │       ⢀⡠⠤⠤⠒⠊⠉⠁\n"
			 " 0 ┤⣀⡠⠤⠒⠒⠉⠉⠁\n"
			 "   └16:00                 16:30\n");
	paper_close(&p);
}

static void a_cursor_reads_the_values(void **state)
{
	struct paper p = paper_open(5, 40);
	struct plot_point a[] = { { 0, 10, 12 }, { 10000, 20, 22 }, { 30000, NAN, NAN },
		{ 60000, 5, 5 } };
	struct plot plot = { .to_ms = 60000, .lo = 0, .hi = 30, .limit = NAN, .cursor_ms = 15000 };
	char *row;
	int64_t at;

	plot.series[0] = (struct plot_series){ slice_of("temp"), slice_of("°C"), a, 4, 12000 };
	plot.n_series = 1;
	plot_draw(p.t, p.r, &plot);
	paper_show(&p);
	row = screen_row(p.s, 0);
	assert_string_equal(row, "00:00:15  ■ temp 22 °C");
	free(row);
	assert_true(isnan(plot_value_at(&plot.series[0], -1)));
	assert_true(plot_value_at(&plot.series[0], 10000) == 22);
	assert_true(isnan(plot_value_at(&plot.series[0], 23000))); /* too long ago */
	assert_true(isnan(plot_value_at(&plot.series[0], 30000)));
	assert_true(plot_time_at(p.r, &plot, 39, &at));
	assert_in_range(at, 58000, 60000);
	assert_false(plot_time_at(p.r, &plot, 1, &at));
	paper_close(&p);
}

static void odd_data_do_no_harm(void **state)
{
	struct paper p = paper_open(12, 60);
	struct plot_point a[] = { { 0, -INFINITY, INFINITY }, { 5, 1e30f, 1e30f },
		{ 5, -1e30f, 1e30f }, { 9, NAN, 1 }, { 10, 0, 0 }, { 999999, 1, 1 } };
	struct plot plot = { .to_ms = 10, .lo = NAN, .hi = NAN, .limit = NAN, .cursor_ms = 4 };

	plot.series[0] = (struct plot_series){ slice_of("x\033]0;y\a"), slice_of(""), a, 6, 0 };
	plot.n_series = 1;
	plot.band = (struct plot_band){ a, 6 };
	for (int h = 0; h < 12; h++)
		for (int w = 0; w < 60; w += 7)
			plot_draw(p.t, (struct rect){ 0, 0, h, w }, &plot);
	plot.to_ms = plot.from_ms;
	plot_draw(p.t, p.r, &plot);
	plot.to_ms = 10;
	plot.series[0].n = 0;
	plot.band.n = 0;
	plot_draw(p.t, p.r, &plot); /* nothing known: axes alone */
	plot.series[0].pts = (struct plot_point[]){ { 3, 7, 7 } };
	plot.series[0].n = 1;
	plot_draw(p.t, p.r, &plot); /* one value */
	paper_show(&p);
	paper_close(&p);
}

static void axes_have_round_numbers(void **state)
{
	char s[32];

	assert_true(axis_step(0, 100, 5) == 20);
	assert_true(axis_step(0, 97, 4) == 50);
	assert_true(fabs(axis_step(0.1, 0.35, 5) - 0.05) < 1e-12);
	assert_true(axis_step(5, 5, 3) == 1);
	axis_number(s, sizeof(s), 0.25, 0.05);
	assert_string_equal(s, "0.25");
	axis_number(s, sizeof(s), -0.0, 1);
	assert_string_equal(s, "0");
	axis_number(s, sizeof(s), 40, 20);
	assert_string_equal(s, "40");
	assert_int_equal(axis_time_step(3600000, 6), 600000);
	assert_int_equal(axis_time_step(86400000 * 7LL, 7), 86400000);
	axis_time(s, sizeof(s), 1764000000000, 60000);
	assert_string_equal(s, "16:00");
	axis_time(s, sizeof(s), 1764000000000, 1000);
	assert_string_equal(s, "16:00:00");
	axis_time(s, sizeof(s), 1764000000000, 86400000);
	assert_string_equal(s, "24 Nov");
}

static void sparks_bars_gauges_and_heat(void **state)
{
	struct paper p = paper_open(6, 40);
	const float v[] = { 0, 1, 2, 3, 4, NAN, 6, 7 }, flat[] = { 5, 5, 5 };
	const uint8_t heat[] = { 0, 1, 2, 3, 4, 255, 0 };

	spark_draw(p.t, p.r, 0, 0, 10, v, 8, NAN, NAN, ROLE_SPARK);
	spark_draw(p.t, p.r, 0, 12, 3, v, 8, 0, 70, ROLE_SPARK);
	spark_draw(p.t, p.r, 0, 18, 5, flat, 3, NAN, NAN, ROLE_SPARK);
	bar_draw(p.t, p.r, 1, 0, 8, 0.5, ROLE_GAUGE);
	bar_draw(p.t, p.r, 1, 10, 8, 0.001, ROLE_GAUGE);
	bar_draw(p.t, p.r, 1, 20, 8, 7, ROLE_GAUGE);
	bar_draw(p.t, p.r, 1, 30, 8, NAN, ROLE_GAUGE);
	bar_draw(p.t, p.r, 2, 0, 4, 0.72, ROLE_GAUGE);
	gauge_draw(p.t, p.r, 3, slice_of("quorum"), 0.5, slice_of("97 %"), ROLE_GAUGE);
	heat_draw(p.t, (struct rect){ 4, 2, 2, 4 }, heat, 7);
	paper_expect(&p, "  ▁▂▃▄▅ ▇█   ▁▁     ▁▁▁\n"
			 "████      ▏         ████████\n"
			 "██▉\n"
			 "quorum         ██████······         97 %\n"
			 "  ·░▒▓\n"
			 "  █ ·\n");
	paper_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_axes_and_gaps),
		cmocka_unit_test(a_cursor_reads_the_values),
		cmocka_unit_test(odd_data_do_no_harm),
		cmocka_unit_test(axes_have_round_numbers),
		cmocka_unit_test(sparks_bars_gauges_and_heat),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
