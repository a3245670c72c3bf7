/*
 * The outlines as text, borders before coasts: lines of points, each their number times two (plus
 * one for a border), then longitude and latitude of each, in steps, as the difference to the point
 * before.  A number is digits of base 64, five bits each, the lowest first, 32 added to all but its
 * last; a difference has its sign in the lowest bit.  A line of no points is the end.
 */
#ifndef UI_WIDGET_WORLDMAP_DATA_H
#define UI_WIDGET_WORLDMAP_DATA_H

#include <stddef.h>

struct worldmap_data {
	double step; /* degrees */
	size_t n;
	const char *text;
};

extern const struct worldmap_data worldmap_coarse, worldmap_fine;

#endif
