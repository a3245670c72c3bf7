/*
 * Values over time: braille lines, axes with round numbers, several series, gaps left as gaps,
 * a cursor that reads the values out.  Many points in one column show as the range they span,
 * so that no peak is lost by scaling.
 *
 * Series are told apart by colour and by how the line is broken.  Where their units differ, the
 * second unit has an axis of its own at the right; with more than two units each series has its
 * own scale, from its least to its most, and the legend gives both.
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

/* Where the first series' values are usual: drawn behind all others. */
struct plot_band {
	const struct plot_point *pts;
	size_t n;
};

/* Where the first series is expected to go: the likely course, and the range about it. */
struct plot_forecast {
	const struct plot_point *range;
	const float *mid; /* one for each point of the range */
	size_t n;
};

struct plot {
	int64_t from_ms, to_ms;
	double lo, hi;	   /* both NaN: from what is shown; of the first series' unit */
	double limit;	   /* a line across; NaN: none */
	int64_t cursor_ms; /* < from_ms: none */
	int64_t span_ms;   /* the other end of a span being chosen; 0: none */
	int64_t now_ms;	   /* a mark where the future begins; 0: none */
	struct plot_series series[PLOT_SERIES_MAX];
	size_t n_series;
	struct plot_band band;
	struct plot_forecast forecast;
};

/* The first rows name the series, or read them out at the cursor; the last is the time axis. */
void plot_draw(struct term *t, struct rect r, const struct plot *p);
/* Where the lines are within a rectangle that it would be drawn in; cols 0: there is no room. */
struct rect plot_body(struct rect r, const struct plot *p);
/* The moment under a column of the rectangle, for the mouse; false: beside the plot. */
bool plot_time_at(struct rect r, const struct plot *p, int col, int64_t *t_ms);
/* The value at or last before a moment, no further than gap_ms; NaN: none. */
double plot_value_at(const struct plot_series *s, int64_t t_ms);
/* The likely value at a moment; NaN: the forecast does not reach there. */
double plot_forecast_at(const struct plot_forecast *f, int64_t t_ms);

#endif
