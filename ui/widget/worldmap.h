/*
 * Coasts and borders on a canvas.  Longitude and latitude go straight to columns and rows (plate
 * carree); whoever chooses the degrees of a dot may take the parallel of the view for true.
 */
#ifndef UI_WIDGET_WORLDMAP_H
#define UI_WIDGET_WORLDMAP_H

struct canvas;

struct worldmap_view {
	double west, north;	 /* degrees at the corner */
	double lon_dot, lat_dot; /* degrees a dot */
};

/* Any west: the world goes on beyond the date line.  Coasts in ROLE_AXIS; borders, dotted and only
 * where there is room for them, in ROLE_BORDER. */
void worldmap_draw(struct canvas *c, const struct worldmap_view *v);

#endif
