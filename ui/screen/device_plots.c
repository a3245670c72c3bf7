/* A device's plots: the chosen value and what is laid over it first, then others. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "ui/screen/device.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"

/* Values in the unit people read: a ratio as percent. */
static void scale_points(struct plot_point *to, const struct plot_point *from, size_t n,
	double times)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (struct plot_point){ from[i].t_ms, (float)(from[i].min * times),
			(float)(from[i].max * times) };
}

static void add_series(struct device *s, struct plot *p, struct device_series *d)
{
	struct plot_series *ser = &p->series[p->n_series++];
	struct plot_point *pts = xcalloc(d->n + 1, sizeof(*pts));
	double times;

	*ser = (struct plot_series){ .name = slice_of(d->key), .pts = pts, .n = d->n };
	ser->unit = value_sign(device_unit(s, slice_of(d->key)), &times);
	scale_points(pts, d->pts, d->n, times);
}

/* Of the first series: where it is usual, and where it is expected to go. */
static void add_expected(struct device *s, struct plot *p, struct device_series *d)
{
	struct plot_point *band = xcalloc(d->n_band + 1, sizeof(*band));
	struct plot_point *range = xcalloc(d->n_range + 1, sizeof(*range));
	float *mid = xcalloc(d->n_range + 1, sizeof(*mid));
	double times;

	value_sign(device_unit(s, slice_of(d->key)), &times);
	scale_points(band, d->band, d->n_band, times);
	scale_points(range, d->range, d->n_range, times);
	for (size_t i = 0; i < d->n_range; i++)
		mid[i] = (float)(d->mid[i] * times);
	p->band = (struct plot_band){ band, d->n_band };
	p->forecast = (struct plot_forecast){ range, mid, d->n_range };
	if (!d->n_range || s->back_ms)
		return;
	p->now_ms = s->to_ms;
	if (range[d->n_range - 1].t_ms > p->to_ms)
		p->to_ms = range[d->n_range - 1].t_ms;
}

static void begin_plot(const struct device *s, struct plot *p)
{
	*p = (struct plot){ .from_ms = s->to_ms - s->span_ms, .to_ms = s->to_ms, .lo = NAN, .hi = NAN,
		.limit = NAN, .cursor_ms = s->cursor_ms ? s->to_ms - s->cursor_ms : INT64_MIN };
	if (s->drag.button == 3 && s->drag.moved && s->cursor_ms)
		p->span_ms = s->drag.at_ms;
}

static void end_plot(struct plot *p)
{
	for (size_t i = 0; i < p->n_series; i++)
		free((void *)p->series[i].pts);
	free((void *)p->band.pts);
	free((void *)p->forecast.range);
	free((void *)p->forecast.mid);
}

static void draw_first(struct device *s, struct term *t, struct rect r)
{
	struct device_series *d = s->chosen ? device_plot(s, slice_of(s->chosen)) : &s->plots[0];
	struct plot p;

	begin_plot(s, &p);
	if (!d || !d->key)
		d = &s->plots[0];
	if (!d->key) {
		draw_text(t, r, 0, 0, slice_of("no history yet"), ROLE_DIM);
		return;
	}
	add_series(s, &p, d);
	add_expected(s, &p, d);
	for (size_t i = 0; i < s->n_over; i++) {
		struct device_series *o = device_plot(s, slice_of(s->over[i]));

		if (o && o != d)
			add_series(s, &p, o);
	}
	plot_draw(t, r, &p);
	s->plot = plot_body(r, &p);
	s->plot_from = p.from_ms;
	s->plot_to = p.to_ms;
	end_plot(&p);
}

/* One that is not in the first plot. */
static void draw_other(struct device *s, struct term *t, struct rect r, struct device_series *d)
{
	struct plot p;

	begin_plot(s, &p);
	add_series(s, &p, d);
	add_expected(s, &p, d);
	plot_draw(t, r, &p);
	end_plot(&p);
}

static bool in_first(const struct device *s, const struct device_series *d)
{
	return (s->chosen ? slice_is(slice_of(d->key), s->chosen) : d == &s->plots[0])
	       || device_over(s, slice_of(d->key)) >= 0;
}

static int plots_that_fit(const struct device *s, struct rect r)
{
	int n = r.rows / 9 - (s->n_over ? 1 : 0);

	n = n < 1 ? 1 : n > DEVICE_PLOTS ? DEVICE_PLOTS : n;
	return (size_t)n > s->n_series && s->n_series ? (int)s->n_series : n;
}

void device_draw_plots(struct device *s, struct term *t, struct rect r)
{
	int n = plots_that_fit(s, r), had = s->n_plots, shares = n + (s->n_over && n > 1 ? 1 : 0);
	struct rect first = rect_cut_top(&r, r.rows * (shares - n + 1) / shares);

	s->n_plots = n;
	s->plot_cols = r.cols - 8;
	draw_first(s, t, first);
	for (size_t i = 0; i < DEVICE_FETCH && n > 1; i++)
		if (s->plots[i].key && !in_first(s, &s->plots[i])) {
			draw_other(s, t, rect_cut_top(&r, r.rows / (n - 1)), &s->plots[i]);
			n--;
		}
	if (s->n_plots != had)
		device_ask_history(s, true);
}
