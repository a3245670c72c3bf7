#include "ui/widget/worldmap.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "ui/term/role.h"
#include "ui/widget/canvas.h"
#include "ui/widget/worldmap_data.h"

#define FINE_DOT   0.3 /* degrees: below it a dot shows more than the coarse map has */
#define BORDER_DOT 0.75 /* above it borders would only blur the coasts */

struct reader {
	const struct worldmap_data *data;
	size_t at;
	int32_t x, y; /* the last point, in steps */
};

/* What is drawn on: dots a degree, and the dots of a turn around the world. */
struct drawing {
	struct canvas *c;
	double west, north, per_lon, per_lat, turn;
	bool borders;
};

/* A digit of base 64 by its ASCII, from '+' on. */
static const uint8_t digits[] = {
	62, 0, 0, 0, 63, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3,
	4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 0, 0, 0,
	0, 0, 0, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45,
	46, 47, 48, 49, 50, 51,
};

static uint32_t number(struct reader *r)
{
	uint32_t v = 0;

	for (unsigned shift = 0; r->at < r->data->n && shift < 30; shift += 5) {
		uint8_t d = digits[r->data->text[r->at++] - '+'];

		v |= (d & 31u) << shift;
		if (d < 32)
			break;
	}
	return v;
}

static int32_t difference(struct reader *r)
{
	uint32_t v = number(r);

	return v & 1 ? -(int32_t)(v / 2) - 1 : (int32_t)(v / 2);
}

static void next_point(struct reader *r)
{
	r->x += difference(r);
	r->y += difference(r);
}

static bool apart(double a, double b, double most)
{
	return (a < 0 && b < 0) || (a > most && b > most);
}

/* x is where the line begins, counted from the west of the view: drawn there, and where it comes
 * round again. */
static void draw_segment(const struct drawing *d, double x, double dx, double y, double dy,
	bool border)
{
	for (double at = x - d->turn; at < x + 1.5 * d->turn; at += d->turn)
		if (!apart(at, at + dx, 2 * d->c->cols))
			canvas_line(d->c, at, y, at + dx, y + dy, border ? ROLE_BORDER : ROLE_AXIS,
				border ? 2 : 1);
}

static void draw_line(const struct drawing *d, struct reader *r, uint32_t n, bool border)
{
	double step = r->data->step;

	next_point(r);
	while (--n > 0) {
		double lon = r->x * step, y = (d->north - r->y * step) * d->per_lat, dx, dy, x;

		next_point(r);
		dx = r->x * step - lon;
		dx -= dx > 180 ? 360 : dx < -180 ? -360 : 0; /* the short way round */
		dy = (d->north - r->y * step) * d->per_lat - y;
		if ((border && !d->borders) || apart(y, y + dy, 4 * d->c->rows))
			continue;
		x = (lon - d->west) * d->per_lon;
		draw_segment(d, x - floor(x / d->turn) * d->turn, dx * d->per_lon, y, dy, border);
	}
}

void worldmap_draw(struct canvas *c, const struct worldmap_view *v)
{
	struct reader r = { .data = v->lat_dot < FINE_DOT ? &worldmap_fine : &worldmap_coarse };
	struct drawing d = { c, v->west, v->north, 1 / v->lon_dot, 1 / v->lat_dot,
		360 / v->lon_dot, v->lat_dot <= BORDER_DOT };
	uint32_t head;

	if (!(v->lon_dot > 0 && v->lat_dot > 0))
		return;
	while ((head = number(&r)) > 1)
		draw_line(&d, &r, head / 2, head & 1);
}
