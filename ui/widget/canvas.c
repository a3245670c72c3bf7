#include "ui/widget/canvas.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "ui/term/term.h"

void canvas_init(struct canvas *c, int rows, int cols)
{
	size_t n = (size_t)(rows > 0 ? rows : 0) * (size_t)(cols > 0 ? cols : 0);

	*c = (struct canvas){ .rows = rows, .cols = cols };
	c->dots = xcalloc(n ? n : 1, sizeof(*c->dots));
	c->look = xcalloc(n ? n : 1, sizeof(*c->look));
}

void canvas_fini(struct canvas *c)
{
	free(c->dots);
	free(c->look);
	*c = (struct canvas){ 0 };
}

void canvas_dot(struct canvas *c, int x, int y, uint16_t look)
{
	/* Unicode's order of the eight dots: by column, the lowest row came later. */
	static const uint8_t bit[4][2] = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 },
		{ 0x40, 0x80 } };
	int i;

	if (x < 0 || y < 0 || x >= 2 * c->cols || y >= 4 * c->rows)
		return;
	i = y / 4 * c->cols + x / 2;
	c->dots[i] |= bit[y % 4][x % 2];
	c->look[i] = look;
}

void canvas_vline(struct canvas *c, int x, int y0, int y1, uint16_t look)
{
	int a = y0 < y1 ? y0 : y1, b = y0 < y1 ? y1 : y0;

	a = a < 0 ? 0 : a;
	b = b >= 4 * c->rows ? 4 * c->rows - 1 : b;
	for (int y = a; y <= b; y++)
		canvas_dot(c, x, y, look);
}

/* Cuts the line that goes by d from 0 to 1 where it leaves [0, most]: Liang and Barsky's way. */
static bool cut(double from, double d, double most, double *t0, double *t1)
{
	double a, b;

	if (fabs(d) < 1e-9)
		return from >= 0 && from <= most;
	a = -from / d;
	b = (most - from) / d;
	*t0 = fmax(*t0, fmin(a, b));
	*t1 = fmin(*t1, fmax(a, b));
	return *t0 <= *t1;
}

static int clamp(double v, int most)
{
	return v < 0 ? 0 : v > most ? most : (int)v;
}

void canvas_line(struct canvas *c, double x0, double y0, double x1, double y1, uint16_t look,
	int every)
{
	double dx = x1 - x0, dy = y1 - y0, t0 = 0, t1 = 1;
	bool flat = fabs(dx) > fabs(dy);
	int n;

	if (!cut(x0, dx, 2 * c->cols - 1e-6, &t0, &t1) || !cut(y0, dy, 4 * c->rows - 1e-6, &t0, &t1))
		return;
	n = (int)ceil(fmax(fabs(dx), fabs(dy)) * (t1 - t0));
	for (int i = 0; i <= n; i++) {
		double t = n ? t0 + (t1 - t0) * i / n : t0;
		int x = clamp(x0 + dx * t, 2 * c->cols - 1), y = clamp(y0 + dy * t, 4 * c->rows - 1);

		/* By place, not by count: short lines in a row are dotted as one. */
		if ((flat ? x : y) % every == 0)
			canvas_dot(c, x, y, look);
	}
}

void canvas_draw(const struct canvas *c, struct term *t, struct rect r)
{
	for (int row = 0; row < c->rows; row++)
		for (int col = 0; col < c->cols; col++)
			if (c->dots[row * c->cols + col])
				draw_glyph(t, r, row, col, 0x2800u + c->dots[row * c->cols + col],
					c->look[row * c->cols + col]);
}
