/* Numbers as a few cells: sparklines, bars, gauges and heat strips. */
#ifndef UI_WIDGET_SPARK_H
#define UI_WIDGET_SPARK_H

#include <stddef.h>
#include <stdint.h>

#include "ui/widget/rect.h"

/*
 * The last `width` values, the newest at the right.  NaN is a gap.  lo and hi fix the scale;
 * when both are NaN it is that of the values shown, and a flat line lies at the bottom.
 */
void spark_draw(struct term *t, struct rect r, int row, int col, int width, const float *v,
	size_t n, float lo, float hi, uint16_t look);
/* A bar of `width` cells, filled to `part` (0..1) in eighths of a cell; NaN draws nothing. */
void bar_draw(
	struct term *t, struct rect r, int row, int col, int width, double part, uint16_t look);
/* Parts of a whole, side by side: each that is not nothing has a cell at least, and a glyph of
 * its own, so that they are told apart without colour. */
struct stack_part {
	double n;
	uint32_t glyph;
	uint16_t look;
};
void stack_draw(struct term *t, struct rect r, int row, int col, int width,
	const struct stack_part *v, size_t n);
/* "cpu  ██████▌     71 %": what, a bar, a value, in one row of the rectangle. */
void gauge_draw(struct term *t, struct rect r, int row, struct slice what, double part,
	struct slice value, uint16_t look);
/* One cell a level (0 calm .. 4 worst, 255 nothing), filling the rectangle row by row. */
void heat_draw(struct term *t, struct rect r, const uint8_t *levels, size_t n);

#endif
