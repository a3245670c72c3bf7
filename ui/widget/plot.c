#include "ui/widget/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "ui/term/term.h"
#include "ui/widget/axis.h"
#include "ui/widget/canvas.h"

#define TIME_LABEL 13 /* cells from one time on the axis to the next, at least */

/* A plot's scale: where its body lies and what its edges mean. */
struct scale {
	struct rect body;
	double lo, hi, step;
	int64_t from, span;
};

static int x_of(const struct scale *s, int64_t t_ms)
{
	return (int)((double)(t_ms - s->from) / (double)s->span * (2 * s->body.cols - 1) + 0.5);
}

static int y_of(const struct scale *s, double v)
{
	int h = 4 * s->body.rows - 1;
	double y = (s->hi - v) / (s->hi - s->lo) * h;

	return y < -1 ? -1 : y > h + 1 ? h + 1 : (int)lround(y);
}

static int64_t to_time(const struct scale *s, int col)
{
	return s->from + (int64_t)((2.0 * col + 0.5) / (2 * s->body.cols - 1) * (double)s->span);
}

/* --- the scale --- */

static void include(
	const struct plot_point *p, size_t n, const struct plot *plot, double *lo, double *hi)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i].t_ms < plot->from_ms || p[i].t_ms > plot->to_ms)
			continue;
		if (isfinite(p[i].min) && p[i].min < *lo)
			*lo = p[i].min;
		if (isfinite(p[i].max) && p[i].max > *hi)
			*hi = p[i].max;
	}
}

static void find_range(const struct plot *p, struct scale *s)
{
	s->lo = INFINITY;
	s->hi = -INFINITY;
	for (size_t i = 0; i < p->n_series; i++)
		include(p->series[i].pts, p->series[i].n, p, &s->lo, &s->hi);
	include(p->band.pts, p->band.n, p, &s->lo, &s->hi);
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

static void round_range(struct scale *s, bool given)
{
	int most = s->body.rows / 2 > 1 ? s->body.rows / 2 : 1;

	s->step = axis_step(s->lo, s->hi, most);
	if (given)
		return;
	s->lo = floor(s->lo / s->step + 1e-9) * s->step;
	s->hi = ceil(s->hi / s->step - 1e-9) * s->step;
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

static int label_cells(const struct scale *s)
{
	char text[32];
	int most = 1;

	for (int i = 0; i < ticks(s); i++) {
		int n;

		axis_number(text, sizeof(text), tick(s, i), s->step);
		n = (int)strlen(text);
		most = n > most ? n : most;
	}
	return most;
}

/* Takes the legend's row, the time axis and the numbers' columns off the rectangle. */
static bool make_scale(struct rect r, const struct plot *p, struct scale *s)
{
	bool given = p->lo < p->hi;

	if (r.rows < 3 || r.cols < 10 || p->to_ms <= p->from_ms)
		return false;
	*s = (struct scale){ .body = r, .lo = p->lo, .hi = p->hi, .from = p->from_ms };
	s->span = p->to_ms - p->from_ms;
	rect_cut_top(&s->body, 1);
	rect_cut_bottom(&s->body, 1);
	if (!given)
		find_range(p, s);
	round_range(s, given);
	rect_cut_left(&s->body, label_cells(s) + 2);
	return s->body.cols >= 4;
}

/* --- axes --- */

static void draw_numbers(struct term *t, const struct scale *s, int width)
{
	struct rect r = s->body;
	char text[32];

	r.col -= width;
	r.cols = width;
	for (int i = 0; i < r.rows; i++)
		draw_glyph(t, r, i, width - 1, 0x2502, ROLE_AXIS);
	for (int i = 0; i < ticks(s); i++) {
		int row = y_of(s, tick(s, i)) / 4;

		axis_number(text, sizeof(text), tick(s, i), s->step);
		draw_field(t, r, row, 0, width - 2, slice_of(text), ROLE_AXIS, ALIGN_RIGHT);
		draw_glyph(t, r, row, width - 1, 0x2524, ROLE_AXIS);
	}
}

static void draw_times(struct term *t, const struct scale *s)
{
	struct rect r = s->body;
	int64_t step = axis_time_step(s->span, s->body.cols / TIME_LABEL);
	int64_t at = (s->from + step - 1) / step * step;
	char text[32];

	r.row += r.rows;
	r.rows = 1;
	draw_glyph(t, (struct rect){ r.row, r.col - 1, 1, 1 }, 0, 0, 0x2514, ROLE_AXIS);
	for (; at <= s->from + s->span; at += step) {
		int col = x_of(s, at) / 2, n;

		axis_time(text, sizeof(text), at, step);
		n = (int)strlen(text);
		if (col + n <= r.cols)
			draw_text(t, r, 0, col, slice_of(text), ROLE_AXIS);
	}
}

/* --- what lies behind --- */

static void draw_limit(struct term *t, const struct scale *s, double limit)
{
	if (isnan(limit) || limit < s->lo || limit > s->hi)
		return;
	for (int col = 0; col < s->body.cols; col++)
		draw_glyph(t, s->body, y_of(s, limit) / 4, col, 0x2508, ROLE_LIMIT);
}

static void draw_band(struct term *t, const struct scale *s, const struct plot_band *b)
{
	for (size_t i = 0; i + 1 < b->n; i++) {
		int from = x_of(s, b->pts[i].t_ms) / 2, to = x_of(s, b->pts[i + 1].t_ms) / 2;

		if (!isfinite(b->pts[i].min) || !isfinite(b->pts[i].max))
			continue;
		from = from < 0 ? 0 : from;
		for (int col = from; col < to && col < s->body.cols; col++)
			for (int row = y_of(s, b->pts[i].max) / 4;
				row <= y_of(s, b->pts[i].min) / 4; row++)
				draw_glyph(t, s->body, row, col, 0x2591, ROLE_BAND);
	}
}

static void draw_upright(struct term *t, const struct scale *s, int64_t at, uint16_t look)
{
	int col = x_of(s, at) / 2;

	if (at < s->from || at > s->from + s->span)
		return;
	for (int row = 0; row < s->body.rows; row++)
		draw_glyph(t, s->body, row, col, 0x250a, look);
}

/* --- the series --- */

struct pen {
	int x, y; /* the middle of the last point; x -1: lifted */
	int64_t t_ms;
};

/* From the pen to (x, y) without holes, however steep. */
static void join(struct canvas *c, const struct pen *pen, int x, int y, uint16_t look)
{
	int last = pen->y;

	if (x == pen->x)
		canvas_vline(c, x, pen->y, y, look);
	for (int k = pen->x + 1; k <= x; k++) {
		int at = (int)lround(pen->y + (double)(y - pen->y) * (k - pen->x) / (x - pen->x));

		canvas_vline(c, k, last + (at > last) - (at < last), at, look);
		last = at;
	}
}

static void draw_series(
	struct canvas *c, const struct scale *s, const struct plot_series *ser, uint16_t look)
{
	struct pen pen = { .x = -1 };

	for (size_t i = 0; i < ser->n; i++) {
		const struct plot_point *p = &ser->pts[i];
		int x, top, low;

		if (p->t_ms < s->from || p->t_ms > s->from + s->span)
			continue;
		if (!isfinite(p->min) || !isfinite(p->max) ||
			(ser->gap_ms && p->t_ms - pen.t_ms > ser->gap_ms))
			pen.x = -1;
		if (!isfinite(p->min) || !isfinite(p->max))
			continue;
		x = x_of(s, p->t_ms);
		top = y_of(s, p->max);
		low = y_of(s, p->min);
		canvas_vline(c, x, top, low, look);
		if (pen.x >= 0)
			join(c, &pen, x, (top + low) / 2, look);
		pen = (struct pen){ x, (top + low) / 2, p->t_ms };
	}
}

double plot_value_at(const struct plot_series *s, int64_t t_ms)
{
	const struct plot_point *p = NULL;
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->pts[mid].t_ms <= t_ms)
			lo = mid + 1;
		else
			hi = mid;
	}
	p = lo ? &s->pts[lo - 1] : NULL;
	if (!p || (s->gap_ms && t_ms - p->t_ms > s->gap_ms))
		return NAN;
	return p->max;
}

static void draw_legend(struct term *t, struct rect r, const struct plot *p, double step)
{
	bool cursor = p->cursor_ms >= p->from_ms && p->cursor_ms <= p->to_ms;
	char number[32];
	int at = 0;

	if (cursor) {
		axis_time(number, sizeof(number), p->cursor_ms, 1000);
		at += 2 + draw_text(t, r, 0, at, slice_of(number), ROLE_ACCENT);
	}
	for (size_t i = 0; i < p->n_series && at < r.cols; i++) {
		uint16_t look = (uint16_t)(ROLE_PLOT1 + i);

		draw_glyph(t, r, 0, at, 0x25a0, look);
		at += 2 + draw_text(t, r, 0, at + 2, p->series[i].name, ROLE_LABEL) + 1;
		if (cursor) {
			double v = plot_value_at(&p->series[i], p->cursor_ms);

			axis_number(number, sizeof(number), v, step / 10);
			at += draw_text(t, r, 0, at, slice_of(isnan(v) ? "-" : number), look) + 1;
		}
		at += draw_text(t, r, 0, at, p->series[i].unit, ROLE_DIM) + 2;
	}
}

void plot_draw(struct term *t, struct rect r, const struct plot *p)
{
	struct scale s;
	struct canvas c;

	draw_blank(t, r, ROLE_TEXT);
	if (!make_scale(r, p, &s)) {
		draw_text(t, r, 0, 0, slice_of("no room for a plot"), ROLE_DIM);
		return;
	}
	draw_legend(t, r, p, s.step);
	draw_numbers(t, &s, s.body.col - r.col);
	draw_times(t, &s);
	draw_band(t, &s, &p->band);
	draw_limit(t, &s, p->limit);
	if (p->now_ms)
		draw_upright(t, &s, p->now_ms, ROLE_AXIS);
	canvas_init(&c, s.body.rows, s.body.cols);
	for (size_t i = 0; i < p->n_series; i++)
		draw_series(&c, &s, &p->series[i], (uint16_t)(ROLE_PLOT1 + i));
	canvas_draw(&c, t, s.body);
	canvas_fini(&c);
	if (p->cursor_ms >= p->from_ms)
		draw_upright(t, &s, p->cursor_ms, ROLE_ACCENT);
}

bool plot_time_at(struct rect r, const struct plot *p, int col, int64_t *t_ms)
{
	struct scale s;

	if (!make_scale(r, p, &s) || col < s.body.col - r.col || col >= r.cols)
		return false;
	*t_ms = to_time(&s, col - (s.body.col - r.col));
	return true;
}
