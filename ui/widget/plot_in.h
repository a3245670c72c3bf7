/* Inside the plot: what its files share. */
#ifndef UI_WIDGET_PLOT_IN_H
#define UI_WIDGET_PLOT_IN_H

#include "ui/widget/plot.h"

/* What the values of one unit, or one series, mean in rows. */
struct scale {
	double lo, hi, step;
};

enum plot_axes { AXES_ONE, AXES_TWO, AXES_OWN };

struct frame {
	struct rect body;    /* where the lines are */
	struct rect legend;  /* one or two rows */
	struct scale left, right; /* with AXES_OWN: left goes from 0 to 100 % */
	struct scale own[PLOT_SERIES_MAX];
	enum plot_axes axes;
	bool at_right[PLOT_SERIES_MAX];
	int64_t from, span;
};

int plot_x(const struct frame *f, int64_t t_ms);		       /* in dots */
int plot_y(const struct frame *f, const struct scale *s, double v); /* in dots */
const struct scale *plot_scale(const struct frame *f, size_t series);

/* plot_legend.c */
int legend_rows(struct rect r, const struct plot *p, const struct frame *f);
void legend_draw(struct term *t, const struct plot *p, const struct frame *f);
/* plot_lines.c */
void lines_draw(struct term *t, const struct plot *p, const struct frame *f);
/* Is the line of a series there, or broken, so many dots from the left? */
bool line_on(size_t series, int x);

#endif
