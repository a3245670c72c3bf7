/* What a plot shows: the band, the limit, the lines, the future. */
#include <math.h>

#include "ui/term/term.h"
#include "ui/widget/canvas.h"
#include "ui/widget/plot_in.h"

/* --- what lies behind --- */

static void draw_limit(struct term *t, const struct frame *f, double limit)
{
	const struct scale *s = plot_scale(f, 0);

	if (isnan(limit) || limit < s->lo || limit > s->hi)
		return;
	for (int col = 0; col < f->body.cols; col++)
		draw_glyph(t, f->body, plot_y(f, s, limit) / 4, col, 0x2508, ROLE_LIMIT);
}

/* From each point to the next; the last one to its own column. */
static void draw_range(struct term *t, const struct frame *f, const struct plot_point *p, size_t n,
	uint32_t glyph)
{
	const struct scale *s = plot_scale(f, 0);

	for (size_t i = 0; i + 1 < n; i++) {
		int from = plot_x(f, p[i].t_ms) / 2, to = plot_x(f, p[i + 1].t_ms) / 2;

		if (!isfinite(p[i].min) || !isfinite(p[i].max))
			continue;
		from = from < 0 ? 0 : from;
		for (int col = from; col < to && col < f->body.cols; col++)
			for (int row = plot_y(f, s, p[i].max) / 4; row <= plot_y(f, s, p[i].min) / 4; row++)
				draw_glyph(t, f->body, row, col, glyph, ROLE_BAND);
	}
}

static void draw_upright(struct term *t, const struct frame *f, int64_t at, uint16_t look)
{
	int col = plot_x(f, at) / 2;

	if (at < f->from || at > f->from + f->span)
		return;
	for (int row = 0; row < f->body.rows; row++)
		draw_glyph(t, f->body, row, col, 0x250a, look);
}

static void lay_span(struct term *t, const struct frame *f, int64_t a, int64_t b)
{
	int from = plot_x(f, a < b ? a : b) / 2, to = plot_x(f, a < b ? b : a) / 2;

	from = from < 0 ? 0 : from;
	to = to >= f->body.cols ? f->body.cols - 1 : to;
	if (from <= to)
		term_lay(t, f->body.row, f->body.col + from, f->body.rows, to - from + 1,
			LOOK_REVERSE);
}

/* --- the lines --- */

bool line_on(size_t series, int x)
{
	static const struct {
		int period;
		unsigned on; /* bits, the lowest first */
	} styles[PLOT_SERIES_MAX] = { { 1, 0x1 }, { 8, 0x3f }, { 3, 0x1 }, { 10, 0x9f }, { 6, 0x7 },
		{ 5, 0x1 } };

	x = x < 0 ? -x : x;
	return styles[series].on >> (x % styles[series].period) & 1;
}

struct pen {
	struct canvas *c;
	size_t series;
	uint16_t look;
	int x, y; /* the middle of the last point; x -1: lifted */
	int64_t t_ms;
};

static void stroke(const struct pen *pen, int x, int y0, int y1)
{
	if (line_on(pen->series, x))
		canvas_vline(pen->c, x, y0, y1, pen->look);
}

/* From the pen to (x, y) without holes, however steep. */
static void join(const struct pen *pen, int x, int y)
{
	int last = pen->y;

	if (x == pen->x)
		stroke(pen, x, pen->y, y);
	for (int k = pen->x + 1; k <= x; k++) {
		int at = (int)lround(pen->y + (double)(y - pen->y) * (k - pen->x) / (x - pen->x));

		stroke(pen, k, last + (at > last) - (at < last), at);
		last = at;
	}
}

static void line_to(struct pen *pen, const struct frame *f, const struct scale *s,
	const struct plot_point *p)
{
	int x = plot_x(f, p->t_ms), top = plot_y(f, s, p->max), low = plot_y(f, s, p->min);

	stroke(pen, x, top, low);
	if (pen->x >= 0)
		join(pen, x, (top + low) / 2);
	pen->x = x;
	pen->y = (top + low) / 2;
	pen->t_ms = p->t_ms;
}

static void draw_series(struct canvas *c, const struct frame *f, const struct plot *plot, size_t n)
{
	const struct plot_series *ser = &plot->series[n];
	struct pen pen = { .c = c, .series = n, .look = (uint16_t)(ROLE_PLOT1 + n), .x = -1 };

	for (size_t i = 0; i < ser->n; i++) {
		const struct plot_point *p = &ser->pts[i];

		if (p->t_ms < f->from || p->t_ms > f->from + f->span)
			continue;
		if (!isfinite(p->min) || !isfinite(p->max)
			|| (ser->gap_ms && p->t_ms - pen.t_ms > ser->gap_ms))
			pen.x = -1;
		if (isfinite(p->min) && isfinite(p->max))
			line_to(&pen, f, plot_scale(f, n), p);
	}
}

/* Dotted, as nobody has seen it yet. */
static void draw_forecast(struct canvas *c, const struct frame *f, const struct plot_forecast *fc)
{
	struct pen pen = { .c = c, .series = 2, .look = ROLE_PLOT1, .x = -1 };

	for (size_t i = 0; i < fc->n; i++) {
		struct plot_point p = { fc->range[i].t_ms, fc->mid[i], fc->mid[i] };

		if (p.t_ms < f->from || p.t_ms > f->from + f->span || !isfinite(fc->mid[i]))
			pen.x = -1;
		else
			line_to(&pen, f, plot_scale(f, 0), &p);
	}
}

void lines_draw(struct term *t, const struct plot *p, const struct frame *f)
{
	struct canvas c;

	draw_range(t, f, p->band.pts, p->band.n, 0x2591);
	draw_range(t, f, p->forecast.range, p->forecast.n, 0x2591);
	draw_limit(t, f, p->limit);
	if (p->now_ms)
		draw_upright(t, f, p->now_ms, ROLE_AXIS);
	canvas_init(&c, f->body.rows, f->body.cols);
	draw_forecast(&c, f, &p->forecast);
	for (size_t i = p->n_series; i-- > 0;) /* the first above all */
		draw_series(&c, f, p, i);
	canvas_draw(&c, t, f->body);
	canvas_fini(&c);
	if (p->cursor_ms >= p->from_ms)
		draw_upright(t, f, p->cursor_ms, ROLE_ACCENT);
	if (p->span_ms)
		lay_span(t, f, p->cursor_ms, p->span_ms);
}
