#include "ui/widget/spark.h"

#include <math.h>

#include "ui/term/term.h"

void spark_draw(struct term *t, struct rect r, int row, int col, int width, const float *v,
	size_t n, float lo, float hi, uint16_t look)
{
	size_t shown = width < 0 ? 0 : n < (size_t)width ? n : (size_t)width;

	v += n - shown;
	if (isnan(lo) || isnan(hi)) {
		lo = INFINITY;
		hi = -INFINITY;
		for (size_t i = 0; i < shown; i++)
			if (isfinite(v[i])) {
				lo = v[i] < lo ? v[i] : lo;
				hi = v[i] > hi ? v[i] : hi;
			}
	}
	for (size_t i = 0; i < shown; i++) {
		int at = col + width - (int)shown + (int)i, step;
		float part = hi > lo ? (v[i] - lo) / (hi - lo) : 0;

		if (!isfinite(v[i]))
			continue;
		step = (int)(part * 7.999f);
		step = step < 0 ? 0 : step > 7 ? 7 : step;
		draw_glyph(t, r, row, at, 0x2581 + (uint32_t)step, look);
	}
}

void bar_draw(
	struct term *t, struct rect r, int row, int col, int width, double part, uint16_t look)
{
	int eighths;

	if (isnan(part) || width <= 0)
		return;
	part = part < 0 ? 0 : part > 1 ? 1 : part;
	eighths = (int)lround(part * width * 8);
	if (eighths == 0 && part > 0)
		eighths = 1; /* a little is not nothing */
	for (int i = 0; i < width; i++, eighths -= 8)
		if (eighths >= 8)
			draw_glyph(t, r, row, col + i, 0x2588, look);
		else if (eighths > 0)
			draw_glyph(t, r, row, col + i, 0x2590 - (uint32_t)eighths, look);
}

#define STACK_MAX 8

/* The cell that rounding left over, or took, is the largest part's. */
static void stack_share(const struct stack_part *v, size_t n, int width, int *cells)
{
	double total = 0;
	size_t largest = 0;
	int left = width;

	for (size_t i = 0; i < n; i++)
		total += v[i].n > 0 ? v[i].n : 0;
	for (size_t i = 0; i < n; i++) {
		cells[i] = v[i].n > 0 ? (int)(v[i].n / total * width) : 0;
		cells[i] += v[i].n > 0 && !cells[i];
		left -= cells[i];
		largest = v[i].n > v[largest].n ? i : largest;
	}
	if (total > 0)
		cells[largest] += left;
}

void stack_draw(struct term *t, struct rect r, int row, int col, int width,
	const struct stack_part *v, size_t n)
{
	int cells[STACK_MAX] = { 0 }, at = 0;

	n = n < STACK_MAX ? n : STACK_MAX;
	stack_share(v, n, width, cells);
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < cells[i] && at < width; k++)
			draw_glyph(t, r, row, col + at++, v[i].glyph, v[i].look);
}

void gauge_draw(struct term *t, struct rect r, int row, struct slice what, double part,
	struct slice value, uint16_t look)
{
	int label = 14, tail = 12, width = r.cols - label - tail - 2;

	if (width < 4) { /* no room for a bar */
		label = r.cols / 2;
		tail = r.cols - label - 2;
		width = 0;
	}
	draw_field(t, r, row, 0, label, what, ROLE_LABEL, ALIGN_LEFT);
	for (int i = 0; i < width; i++)
		draw_glyph(t, r, row, label + 1 + i, 0xb7, ROLE_GAUGE_REST);
	bar_draw(t, r, row, label + 1, width, part, look);
	draw_field(t, r, row, r.cols - tail, tail, value, look, ALIGN_RIGHT);
}

void heat_draw(struct term *t, struct rect r, const uint8_t *levels, size_t n)
{
	/* By shape too, not by colour alone; shades have no stand-ins that could be told apart. */
	static const uint32_t shades[] = { 0xb7, 0x2591, 0x2592, 0x2593, 0x2588 };
	static const uint32_t ascii[] = { '.', '-', '+', '*', '#' };
	const uint32_t *glyphs = term_glyphs(t) == GLYPH_ASCII ? ascii : shades;

	for (size_t i = 0; i < n && r.cols > 0 && i / (size_t)r.cols < (size_t)r.rows; i++)
		if (levels[i] < 5)
			draw_glyph(t, r, (int)(i / (size_t)r.cols), (int)(i % (size_t)r.cols),
				glyphs[levels[i]], (uint16_t)(ROLE_HEAT0 + levels[i]));
}
