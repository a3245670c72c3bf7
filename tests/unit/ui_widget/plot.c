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

static void ramp(struct plot_point *a, int n, int64_t from, int64_t step, float lo, float hi)
{
	for (int i = 0; i < n; i++) {
		a[i].t_ms = from + i * step;
		a[i].min = a[i].max = lo + (hi - lo) * (float)i / (float)(n - 1);
	}
}

static void a_second_unit_has_an_axis_of_its_own(void **state)
{
	struct paper p = paper_open(7, 50);
	struct plot_point a[31], b[31];
	struct plot plot = { .to_ms = 3600000, .lo = NAN, .hi = NAN, .limit = NAN, .cursor_ms = -1 };

	ramp(a, 31, 0, 120000, 20, 60);
	ramp(b, 31, 0, 120000, 900, 300);
	plot.series[0] = (struct plot_series){ slice_of("temp"), slice_of("C"), a, 31, 0 };
	plot.series[1] = (struct plot_series){ slice_of("power"), slice_of("W"), b, 31, 0 };
	plot.n_series = 2;
	plot_draw(p.t, p.r, &plot);
	paper_expect(&p, "⠤⠤⠤⠤ temp C  ⠤⠤⠤  power W →\n"
			 "60 ┤⠤⠤⣀ ⣀⣀                          ⢀⣀⣀⠤⠔⠒⠒⠉├ 1000\n"
			 "   │      ⠉ ⠑⠒⠒ ⠢⠤⠤ ⢄⣀⣀     ⢀⣀⠤⠤⠔⠒⠉⠉⠁       │\n"
			 "40 ┤               ⢀⣀⣀⠤⠤⠭⠛⠉⠉⠓⠒⠤ ⠤⠤⣀ ⣀⡀      ├ 500\n"
			 "   │       ⢀⣀⣀⠤⠔⠒⠒⠉⠁                 ⠈⠉ ⠑⠒⠒ │\n"
			 "20 ┤⣀⠤⠤⠔⠒⠉⠉⠁                                ├ 0\n"
			 "   └00:00               00:30\n");
	plot.cursor_ms = 1800000;
	plot_draw(p.t, p.r, &plot);
	paper_expect(&p, "00:30:00  ⠤⠤⠤⠤ temp 40 C  ⠤⠤⠤  power 600 W →\n"
			 "60 ┤⠤⠤⣀ ⣀⣀              ┊           ⢀⣀⣀⠤⠔⠒⠒⠉├ 1000\n"
			 "   │      ⠉ ⠑⠒⠒ ⠢⠤⠤ ⢄⣀⣀ ┊   ⢀⣀⠤⠤⠔⠒⠉⠉⠁       │\n"
			 "40 ┤               ⢀⣀⣀⠤⠤┊⠛⠉⠉⠓⠒⠤ ⠤⠤⣀ ⣀⡀      ├ 500\n"
			 "   │       ⢀⣀⣀⠤⠔⠒⠒⠉⠁    ┊            ⠈⠉ ⠑⠒⠒ │\n"
			 "20 ┤⣀⠤⠤⠔⠒⠉⠉⠁            ┊                   ├ 0\n"
			 "   └00:00               00:30\n");
	paper_close(&p);
}

static void more_units_have_scales_of_their_own(void **state)
{
	struct paper p = paper_open(8, 50);
	struct plot_point a[31], b[31], c[31];
	struct plot plot = { .to_ms = 3600000, .lo = NAN, .hi = NAN, .limit = NAN, .cursor_ms = -1 };

	ramp(a, 31, 0, 120000, 20, 60);
	ramp(b, 31, 0, 120000, 900, 300);
	ramp(c, 31, 0, 120000, 7, 7);
	plot.series[0] = (struct plot_series){ slice_of("temp"), slice_of("C"), a, 31, 0 };
	plot.series[1] = (struct plot_series){ slice_of("power"), slice_of("W"), b, 31, 0 };
	plot.series[2] = (struct plot_series){ slice_of("jobs"), slice_of("/s"), c, 31, 0 };
	plot.n_series = 3;
	plot_draw(p.t, p.r, &plot);
	paper_expect(&p, "⠤⠤⠤⠤ temp 20 to 60 C  ⠤⠤⠤  power 300 to 900 W\n"
			 "⠄⠠ ⠄ jobs 6.30 to 7.70 /s\n"
			 "100 % ┤⠉⠒⠒ ⠤⣀⣀                            ⣀⣀⣀⠤⠔⠒⠒⠉\n"
			 "      │        ⠉⠉⠉ ⠢⠤⠤ ⡀         ⢀⣀⠤⠤⠔⠒⠉⠉⠉\n"
			 " 50 % ┤⠄⠠ ⠄⠠ ⠄⠠ ⠄⠠ ⠄⠠ ⠄⢨⣉⣍⡠⠶⠤⠴⠊⣍⣩⡁⠄⠠ ⠄⠠ ⠄⠠ ⠄⠠ ⠄⠠ ⠄\n"
			 "      │        ⣀⣀⣀⠤⠔⠒⠒⠉⠁         ⠈ ⠒⠒⠢ ⣀⣀⣀\n"
			 "  0 % ┤⣀⠤⠤⠤⠒⠊⠉⠉                            ⠉⠉⠒ ⠤⠤⣀\n"
			 "      └00:00                00:30\n");
	paper_close(&p);
}

static void what_is_usual_and_what_will_come(void **state)
{
	struct paper p = paper_open(10, 60);
	struct plot_point a[31], band[31], range[11];
	float mid[11];
	struct plot plot = { .to_ms = 3600000, .lo = NAN, .hi = NAN, .limit = 90, .cursor_ms = -1,
		.now_ms = 2400000 };

	ramp(a, 31, 0, 80000, 50, 70);
	for (int i = 0; i < 31; i++)
		band[i] = (struct plot_point){ a[i].t_ms, 40, 48 };
	for (int i = 0; i < 11; i++) {
		mid[i] = 70 + (float)i * 2;
		range[i] = (struct plot_point){ 2400000 + i * 120000, mid[i] - (float)i, mid[i] + (float)i };
	}
	plot.series[0] = (struct plot_series){ slice_of("temp"), slice_of("C"), a, 31, 0 };
	plot.n_series = 1;
	plot.band = (struct plot_band){ band, 31 };
	plot.forecast = (struct plot_forecast){ range, mid, 11 };
	plot_draw(p.t, p.r, &plot);
	paper_expect(&p, "■ temp C\n"
			 "100 ┤                                    ┊              ░░░\n"
			 "    │┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┊┈┈┈┈┈┈┈┈┈┈┈┈┈┈⡀⠠┈⠂\n"
			 " 80 ┤                                    ┊     ░⢀░⠄⠐░⠂⠈░░░░\n"
			 "    │                                    ┊⢀░⠄⠐░⠁░░░░░░░░\n"
			 "    │                       ⣀⣀⣀⡠⠤⠤⠤⠒⠒⠒⠊⠉⠉⠉░\n"
			 " 60 ┤        ⢀⣀⣀⣀⠤⠤⠤⠔⠒⠒⠒⠉⠉⠉⠉             ┊\n"
			 "    │⠤⠒⠒⠒⠊⠉⠉⠉⠁░░░░░░░░░░░░░░░░░░░░░░░░░░░┊\n"
			 " 40 ┤░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░┊\n"
			 "    └00:00        00:15         00:30         00:45\n");
	plot.cursor_ms = 3000000;
	plot_draw(p.t, p.r, &plot);
	paper_show(&p);
	assert_true(plot_forecast_at(&plot.forecast, 3000000) == 80);
	assert_true(isnan(plot_forecast_at(&plot.forecast, 2000000)));
	assert_true(isnan(plot_forecast_at(&plot.forecast, 9000000)));
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
	plot.series[1] = (struct plot_series){ slice_of("y"), slice_of("\033[2J"), a, 6, 0 };
	plot.series[2] = (struct plot_series){ slice_of("z"), slice_of("u"), a, 6, 0 };
	plot.n_series = 3;
	plot.band = (struct plot_band){ a, 6 };
	plot.forecast = (struct plot_forecast){ a, (float[]){ NAN, INFINITY, 1e30f, 0, 1, 2 }, 6 };
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
		cmocka_unit_test(a_second_unit_has_an_axis_of_its_own),
		cmocka_unit_test(more_units_have_scales_of_their_own),
		cmocka_unit_test(what_is_usual_and_what_will_come),
		cmocka_unit_test(odd_data_do_no_harm),
		cmocka_unit_test(axes_have_round_numbers),
		cmocka_unit_test(sparks_bars_gauges_and_heat),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
