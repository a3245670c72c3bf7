#include "ui/widget/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ui/term/term.h"
#include "ui/widget/axis.h"
#include "ui/widget/plot_in.h"

#define TIME_LABEL 13 /* cells from one time on the axis to the next, at least */

int plot_x(const struct frame *f, int64_t t_ms)
{
	return (int)((double)(t_ms - f->from) / (double)f->span * (2 * f->body.cols - 1) + 0.5);
}

int plot_y(const struct frame *f, const struct scale *s, double v)
{
	int h = 4 * f->body.rows - 1;
	double y = (s->hi - v) / (s->hi - s->lo) * h;

	return y < -1 ? -1 : y > h + 1 ? h + 1 : (int)lround(y);
}

const struct scale *plot_scale(const struct frame *f, size_t i)
{
	return f->axes == AXES_OWN ? &f->own[i] : f->at_right[i] ? &f->right : &f->left;
}

static int64_t to_time(const struct frame *f, int col)
{
	return f->from + (int64_t)((2.0 * col + 0.5) / (2 * f->body.cols - 1) * (double)f->span);
}

/* --- scales --- */

static void include(const struct plot_point *p, size_t n, const struct plot *plot, struct scale *s)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i].t_ms < plot->from_ms || p[i].t_ms > plot->to_ms)
			continue;
		if (isfinite(p[i].min) && p[i].min < s->lo)
			s->lo = p[i].min;
		if (isfinite(p[i].max) && p[i].max > s->hi)
			s->hi = p[i].max;
	}
}

static void widen(struct scale *s)
{
	if (!(s->lo <= s->hi)) {
		s->lo = 0;
		s->hi = 1;
	}
	if (s->lo == s->hi) { /* a flat line lies in the middle */
		double d = s->lo == 0 ? 1 : fabs(s->lo) * 0.1;

		s->lo -= d;
		s->hi += d;
	}
}

static void round_range(struct scale *s, int rows)
{
	s->step = axis_step(s->lo, s->hi, rows / 2 > 1 ? rows / 2 : 1);
	s->lo = floor(s->lo / s->step + 1e-9) * s->step;
	s->hi = ceil(s->hi / s->step - 1e-9) * s->step;
}

/* How many units there are, and which series have not the first one's. */
static enum plot_axes choose_axes(const struct plot *p, struct frame *f)
{
	struct slice second = { 0 };
	enum plot_axes axes = AXES_ONE;

	for (size_t i = 1; i < p->n_series; i++) {
		f->at_right[i] = !slice_eq(p->series[i].unit, p->series[0].unit);
		if (!f->at_right[i])
			continue;
		if (axes == AXES_TWO && !slice_eq(p->series[i].unit, second))
			return AXES_OWN;
		second = p->series[i].unit;
		axes = AXES_TWO;
	}
	return axes;
}

static void find_scales(const struct plot *p, struct frame *f, int rows)
{
	bool given = p->lo < p->hi;

	f->left = f->right = (struct scale){ INFINITY, -INFINITY, 1 };
	for (size_t i = 0; i < p->n_series; i++) {
		struct scale *s = f->at_right[i] ? &f->right : &f->left;

		include(p->series[i].pts, p->series[i].n, p, s);
		f->own[i] = (struct scale){ INFINITY, -INFINITY, 1 };
		include(p->series[i].pts, p->series[i].n, p, &f->own[i]);
		if (i == 0) {
			include(p->band.pts, p->band.n, p, &f->own[0]);
			include(p->forecast.range, p->forecast.n, p, &f->own[0]);
		}
		widen(&f->own[i]);
		f->own[i].step = axis_step(f->own[i].lo, f->own[i].hi, 4);
	}
	include(p->band.pts, p->band.n, p, &f->left);
	include(p->forecast.range, p->forecast.n, p, &f->left);
	widen(&f->left);
	widen(&f->right);
	if (f->axes == AXES_OWN) {
		f->left = (struct scale){ 0, 100, 50 };
	} else if (given) {
		f->left = (struct scale){ p->lo, p->hi, axis_step(p->lo, p->hi, rows / 2 > 1 ? rows / 2 : 1) };
	} else {
		round_range(&f->left, rows);
	}
	round_range(&f->right, rows);
}

/* The round numbers of the axis, from below. */
static double tick(const struct scale *s, int i)
{
	return (ceil(s->lo / s->step - 1e-9) + i) * s->step;
}

static int ticks(const struct scale *s)
{
	double n = (s->hi - tick(s, 0)) / s->step + 1 + 1e-6;

	return n > 0 && n < 1000 ? (int)n : 0;
}

static void tick_text(const struct frame *f, const struct scale *s, int i, char *out, size_t n)
{
	size_t len;

	axis_number(out, n, tick(s, i), s->step);
	len = strlen(out);
	if (f->axes == AXES_OWN)
		snprintf(out + len, n - len, " %%");
}

static int label_cells(const struct frame *f, const struct scale *s)
{
	char text[32];
	int most = 1;

	for (int i = 0; i < ticks(s); i++) {
		int n;

		tick_text(f, s, i, text, sizeof(text));
		n = (int)strlen(text);
		most = n > most ? n : most;
	}
	return most;
}

/* Takes the legend's rows, the time axis and the numbers' columns off the rectangle. */
static bool make_frame(struct rect r, const struct plot *p, struct frame *f)
{
	if (r.rows < 3 || r.cols < 10 || p->to_ms <= p->from_ms)
		return false;
	*f = (struct frame){ .body = r, .from = p->from_ms, .span = p->to_ms - p->from_ms };
	f->axes = choose_axes(p, f);
	find_scales(p, f, r.rows - 2);
	f->legend = rect_cut_top(&f->body, legend_rows(r, p, f));
	rect_cut_bottom(&f->body, 1);
	rect_cut_left(&f->body, label_cells(f, &f->left) + 2);
	if (f->axes == AXES_TWO)
		rect_cut_right(&f->body, label_cells(f, &f->right) + 2);
	return f->body.cols >= 4 && f->body.rows >= 1;
}

/* --- axes --- */

static void draw_numbers(struct term *t, const struct frame *f, struct rect r, bool right)
{
	const struct scale *s = right ? &f->right : &f->left;
	int line = right ? 0 : r.cols - 1;
	char text[32];

	for (int i = 0; i < r.rows; i++)
		draw_glyph(t, r, i, line, 0x2502, ROLE_AXIS);
	for (int i = 0; i < ticks(s); i++) {
		int row = plot_y(f, s, tick(s, i)) / 4;

		tick_text(f, s, i, text, sizeof(text));
		draw_field(t, r, row, right ? 2 : 0, r.cols - 2, slice_of(text), ROLE_AXIS,
			right ? ALIGN_LEFT : ALIGN_RIGHT);
		draw_glyph(t, r, row, line, right ? 0x251c : 0x2524, ROLE_AXIS);
	}
}

static void draw_times(struct term *t, const struct frame *f)
{
	struct rect r = f->body;
	int64_t step = axis_time_step(f->span, f->body.cols / TIME_LABEL);
	int64_t at = (f->from + step - 1) / step * step;
	char text[32];

	r.row += r.rows;
	r.rows = 1;
	draw_glyph(t, (struct rect){ r.row, r.col - 1, 1, 1 }, 0, 0, 0x2514, ROLE_AXIS);
	for (; at <= f->from + f->span; at += step) {
		int col = plot_x(f, at) / 2, n;

		axis_time(text, sizeof(text), at, step);
		n = (int)strlen(text);
		if (col + n <= r.cols)
			draw_text(t, r, 0, col, slice_of(text), ROLE_AXIS);
	}
}

static void draw_axes(struct term *t, const struct frame *f, struct rect r)
{
	struct rect left = f->body, right = f->body;

	left.col = r.col;
	left.cols = f->body.col - r.col;
	draw_numbers(t, f, left, false);
	right.col = f->body.col + f->body.cols;
	right.cols = r.col + r.cols - right.col;
	if (f->axes == AXES_TWO)
		draw_numbers(t, f, right, true);
	draw_times(t, f);
}

void plot_draw(struct term *t, struct rect r, const struct plot *p)
{
	struct frame f;

	draw_blank(t, r, ROLE_TEXT);
	if (!make_frame(r, p, &f)) {
		draw_text(t, r, 0, 0, slice_of("no room for a plot"), ROLE_DIM);
		return;
	}
	legend_draw(t, p, &f);
	draw_axes(t, &f, r);
	lines_draw(t, p, &f);
}

struct rect plot_body(struct rect r, const struct plot *p)
{
	struct frame f;

	return make_frame(r, p, &f) ? f.body : (struct rect){ 0 };
}

bool plot_time_at(struct rect r, const struct plot *p, int col, int64_t *t_ms)
{
	struct frame f;

	if (!make_frame(r, p, &f) || col < f.body.col - r.col
		|| col >= f.body.col - r.col + f.body.cols)
		return false;
	*t_ms = to_time(&f, col - (f.body.col - r.col));
	return true;
}
