/*
 * Values over time: braille lines, axes with round numbers, several series, gaps left as gaps,
 * a cursor that reads the values out.  Many points in one column show as the range they span,
 * so that no peak is lost by scaling.
 */
#ifndef UI_WIDGET_PLOT_H
#define UI_WIDGET_PLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/widget/rect.h"

#define PLOT_SERIES_MAX 6

struct plot_point {
	int64_t t_ms;
	float min, max; /* the same for a single value; NaN: nothing is known here */
};

struct plot_series {
	struct slice name, unit;
	const struct plot_point *pts; /* by time */
	size_t n;
	int64_t gap_ms; /* points further apart than this are not joined; 0: all are */
};

/* Where values are usual, or expected to come: drawn behind the series. */
struct plot_band {
	const struct plot_point *pts;
	size_t n;
};

struct plot {
	int64_t from_ms, to_ms;
	double lo, hi;	   /* both NaN: from what is shown */
	double limit;	   /* a line across; NaN: none */
	int64_t cursor_ms; /* < from_ms: none */
	int64_t now_ms;	   /* a mark where the future begins; 0: none */
	struct plot_series series[PLOT_SERIES_MAX];
	size_t n_series;
	struct plot_band band;
};

/* The first row names the series, or reads them out at the cursor; the last is the time axis. */
void plot_draw(struct term *t, struct rect r, const struct plot *p);
/* The moment under a column of the rectangle, for the mouse; false: beside the plot. */
bool plot_time_at(struct rect r, const struct plot *p, int col, int64_t *t_ms);
/* The value at or last before a moment, no further than gap_ms; NaN: none. */
double plot_value_at(const struct plot_series *s, int64_t t_ms);

#endif
