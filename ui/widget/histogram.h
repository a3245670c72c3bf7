/*
 * How many there were, over time: a bar for each piece of the span, in the colour of its worst,
 * with the worst's sign under it.
 */
#ifndef UI_WIDGET_HISTOGRAM_H
#define UI_WIDGET_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/widget/rect.h"

struct term;

struct histogram_bar {
	uint32_t all, warn, error; /* warn and error are among all */
};

struct histogram {
	struct histogram_bar *v; /* its owner frees them */
	size_t n;
	int64_t from_ms, step_ms;
	int64_t known_ms;  /* before this nothing is known */
	int64_t cursor_ms; /* a moment to point at; 0: none */
};

/* Cells that are left for bars in a rectangle: as many as there should be pieces. */
int histogram_cells(struct rect r);
/* At least 3 rows: bars, signs, times. */
void histogram_draw(struct term *t, struct rect r, const struct histogram *h);
/* The piece under a column of the rectangle, or -1. */
int histogram_at(struct rect r, const struct histogram *h, int col);

#endif
