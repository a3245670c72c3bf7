/*
 * Which part of the world a map shows: cells of the screen to degrees and back.  Plate carree, true
 * to shape at the latitude of its middle (a cell is taken to be twice as high as wide).  Edges lie
 * on a lattice of whole cells, so that a device does not change its cell when the map is moved.
 */
#ifndef UI_SCREEN_MAP_VIEW_H
#define UI_SCREEN_MAP_VIEW_H

#include <stdbool.h>

struct map_view {
	double lat, lon; /* the middle */
	double dot;	 /* degrees of latitude a braille dot */
	int rows, cols;	 /* cells; set before anything else */
};

/* What that is, rounded to the lattice. */
struct map_box {
	double west, north; /* of the corner; west from -180 to 180 */
	double lon_cell, lat_cell;
	int rows, cols;
};

struct map_box map_box(const struct map_view *v);
double map_box_south(const struct map_box *b);
double map_box_east(const struct map_box *b);
/* The cell of a place; false: not in the box. */
bool map_box_cell(const struct map_box *b, double lat, double lon, int *row, int *col);
/* The middle of a cell; longitude from -180 to 180. */
void map_box_place(const struct map_box *b, int row, int col, double *lat, double *lon);
double lon_round(double lon);

/* The rows in which the whole world fits a map of so many columns. */
int map_world_rows(int cols);
void map_fit_world(struct map_view *v);
/* west, south, east, north; with some room around. */
void map_fit(struct map_view *v, const double extent[4]);
void map_move(struct map_view *v, int rows, int cols);
/* By steps of half as much again; what stands in this cell stays there. */
void map_zoom(struct map_view *v, int steps, int row, int col);

#endif
