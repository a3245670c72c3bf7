/* The rows above a plot: what each line is, and its value at the cursor. */
#include <math.h>
#include <stdio.h>

#include "ui/term/term.h"
#include "ui/widget/axis.h"
#include "ui/widget/canvas.h"
#include "ui/widget/plot_in.h"

#define SAMPLE 4 /* cells of line before a name, where there are several */

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

double plot_forecast_at(const struct plot_forecast *f, int64_t t_ms)
{
	size_t i = 0;

	while (i < f->n && f->range[i].t_ms <= t_ms)
		i++;
	return i && (i < f->n || f->range[i - 1].t_ms == t_ms) ? f->mid[i - 1] : NAN;
}

static bool reads(const struct plot *p)
{
	return p->cursor_ms >= p->from_ms && p->cursor_ms <= p->to_ms;
}

/* "71.5", "71.5 expected", "-", or, on a scale of its own, "40-72". */
static void value_text(const struct plot *p, const struct frame *f, size_t i, char *out, size_t n)
{
	const struct scale *s = plot_scale(f, i);
	double v = plot_value_at(&p->series[i], p->cursor_ms), then;
	char a[32], b[32];

	*out = '\0';
	if (reads(p)) {
		then = i == 0 && p->now_ms && p->cursor_ms > p->now_ms
			       ? plot_forecast_at(&p->forecast, p->cursor_ms)
			       : NAN;
		axis_number(a, sizeof(a), isnan(then) ? v : then, s->step / 10);
		snprintf(out, n, "%s%s", isnan(then) && isnan(v) ? "-" : a,
			isnan(then) ? "" : " expected");
	} else if (f->axes == AXES_OWN) {
		axis_number(a, sizeof(a), s->lo, s->step / 10);
		axis_number(b, sizeof(b), s->hi, s->step / 10);
		snprintf(out, n, "%s to %s", a, b);
	}
}

/* Cells that one of them takes. */
static int entry_cells(const struct plot *p, const struct frame *f, size_t i)
{
	char text[80];

	value_text(p, f, i, text, sizeof(text));
	return (p->n_series > 1 ? SAMPLE : 1) + 1 + text_cells(p->series[i].name)
	       + (*text ? text_cells(slice_of(text)) + 1 : 0)
	       + (p->series[i].unit.n ? text_cells(p->series[i].unit) + 1 : 0)
	       + (f->at_right[i] && f->axes == AXES_TWO ? 2 : 0);
}

static int time_cells(const struct plot *p)
{
	return reads(p) ? 10 : 0;
}

int legend_rows(struct rect r, const struct plot *p, const struct frame *f)
{
	int at = time_cells(p), rows = 1;

	for (size_t i = 0; i < p->n_series; i++) {
		int cells = entry_cells(p, f, i);

		if (at && at + cells > r.cols) {
			at = 0;
			rows++;
		}
		at += cells + 2;
	}
	return rows > 1 && r.rows > 6 ? 2 : 1;
}

/* A piece of the line itself, so that it is known without colour. */
static void draw_sample(struct term *t, struct rect r, int row, int at, size_t i)
{
	struct canvas c;

	canvas_init(&c, 1, SAMPLE);
	for (int x = 0; x < 2 * SAMPLE; x++)
		if (line_on(i, x))
			canvas_vline(&c, x, 2, 2, (uint16_t)(ROLE_PLOT1 + i));
	canvas_draw(&c, t, (struct rect){ r.row + row, r.col + at, 1, SAMPLE });
	canvas_fini(&c);
}

static void draw_entry(struct term *t, const struct plot *p, const struct frame *f, int row, int at,
	size_t i)
{
	uint16_t look = (uint16_t)(ROLE_PLOT1 + i);
	struct rect r = f->legend;
	char text[80];

	value_text(p, f, i, text, sizeof(text));
	if (p->n_series > 1)
		draw_sample(t, r, row, at, i);
	else
		draw_glyph(t, r, row, at, 0x25a0, look);
	at += (p->n_series > 1 ? SAMPLE : 1) + 1;
	at += draw_text(t, r, row, at, p->series[i].name, ROLE_LABEL) + 1;
	if (*text)
		at += draw_text(t, r, row, at, slice_of(text), look) + 1;
	if (p->series[i].unit.n)
		at += draw_text(t, r, row, at, p->series[i].unit, ROLE_DIM) + 1;
	if (f->at_right[i] && f->axes == AXES_TWO)
		draw_glyph(t, r, row, at, 0x2192, ROLE_AXIS);
}

void legend_draw(struct term *t, const struct plot *p, const struct frame *f)
{
	struct rect r = f->legend;
	int at = 0, row = 0;
	char time[32];

	if (reads(p)) {
		axis_time(time, sizeof(time), p->cursor_ms, 1000);
		draw_text(t, r, 0, 0, slice_of(time), ROLE_ACCENT);
		at = time_cells(p);
	}
	for (size_t i = 0; i < p->n_series; i++) {
		int cells = entry_cells(p, f, i);

		if (at && at + cells > r.cols && row + 1 < r.rows) {
			row++;
			at = 0;
		}
		draw_entry(t, p, f, row, at, i);
		at += cells + 2;
	}
}
