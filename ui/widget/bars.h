/* Rows of short texts: tabs, the status line, the hints of keys. */
#ifndef UI_WIDGET_BARS_H
#define UI_WIDGET_BARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/widget/rect.h"

struct tab {
	const char *key, *name; /* of ASCII */
	unsigned badge; /* a number to mind; 0: none */
	uint16_t badge_look;
};

/* "1 Overview  2 Devices  3 Alerts 4"; the tab in front always shows.  Where room is short the names of
 * the others are cut, to three letters at least: "1 Ove  2 Devices  3 Ale 4".  Returns the cells used. */
int tabs_draw(struct term *t, struct rect r, int row, const struct tab *tabs, size_t n, size_t on);
/* The tab under a column of the rectangle, or -1. */
int tabs_at(struct rect r, const struct tab *tabs, size_t n, size_t on, int col);

struct span {
	struct slice text;
	uint16_t look;
};

/* Texts from the left, two cells apart; texts from the right, first come first kept. */
void line_draw(struct term *t, struct rect r, int row, const struct span *left, size_t n_left,
	const struct span *right, size_t n_right);

struct hint {
	const char *key, *what;
};

/* "enter open  / filter  ? help": as many as fit, whole. */
int hints_draw(struct term *t, struct rect r, int row, const struct hint *h, size_t n);

#endif
