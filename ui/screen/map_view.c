#include "ui/screen/map_view.h"

#include <math.h>

#define STEP	  1e-5 /* degrees: edges are multiples, so that they are exact in a filter */
#define SPAN_MAX  170.0 /* degrees from top to bottom */
#define TOP	  84.0 /* the whole world: from here */
#define WORLD	  144.0 /* so far down; Antarctica is let off */
#define WORLD_LAT 12.0
#define DOT_MIN	  0.0005
#define ZOOM	  1.5

static double parallel(double lat)
{
	double c = cos(lat * M_PI / 180);

	return c < 0.3 ? 0.3 : c;
}

static double dot_max(int cols)
{
	return 180.0 / (cols > 0 ? cols : 1) * parallel(WORLD_LAT);
}

static double down_to_step(double deg)
{
	double n = floor(deg / STEP + 1e-6);

	return (n < 1 ? 1 : n) * STEP;
}

double lon_round(double lon)
{
	lon -= 360 * floor((lon + 180) / 360);
	return lon >= -180 && lon < 180 ? lon : -180; /* of rounding */
}

struct map_box map_box(const struct map_view *v)
{
	struct map_box b = { .rows = v->rows > 0 ? v->rows : 1, .cols = v->cols > 0 ? v->cols : 1 };
	double high;

	b.lat_cell = down_to_step(fmin(4 * v->dot, SPAN_MAX / b.rows));
	b.lon_cell = v->dot >= dot_max(b.cols) ? 360 : 2 * v->dot / parallel(v->lat);
	b.lon_cell = down_to_step(fmin(b.lon_cell, 360.0 / b.cols));
	high = b.rows * b.lat_cell;
	b.north = round((v->lat + high / 2) / b.lat_cell) * b.lat_cell;
	b.north = fmax(fmin(b.north, 90), high - 90);
	b.west = lon_round(round(v->lon / b.lon_cell - b.cols / 2.0) * b.lon_cell);
	return b;
}

double map_box_south(const struct map_box *b)
{
	return b->north - b->rows * b->lat_cell;
}

double map_box_east(const struct map_box *b)
{
	return b->west + b->cols * b->lon_cell;
}

bool map_box_cell(const struct map_box *b, double lat, double lon, int *row, int *col)
{
	double from_west = lon - b->west, y = floor((b->north - lat) / b->lat_cell), x;

	from_west -= 360 * floor(from_west / 360);
	x = floor(from_west / b->lon_cell);
	*row = y >= 0 && y < b->rows ? (int)y : -1;
	*col = x < b->cols ? (int)x : -1;
	return *row >= 0 && *col >= 0;
}

void map_box_place(const struct map_box *b, int row, int col, double *lat, double *lon)
{
	*lat = b->north - (row + 0.5) * b->lat_cell;
	*lon = lon_round(b->west + (col + 0.5) * b->lon_cell);
}

int map_world_rows(int cols)
{
	return (int)ceil(WORLD / (4 * dot_max(cols)));
}

/* The middle goes no further than the box can follow, so that each move can be undone. */
static void keep_in_world(struct map_view *v)
{
	double half;

	v->dot = fmax(DOT_MIN, fmin(v->dot, dot_max(v->cols)));
	half = map_box(v).lat_cell * v->rows / 2;
	v->lat = fmax(fmin(v->lat, 90 - half), half - 90);
	v->lon = lon_round(v->lon);
}

void map_fit_world(struct map_view *v)
{
	v->dot = dot_max(v->cols);
	v->lat = TOP - v->rows * 2 * v->dot;
	v->lon = 0;
	keep_in_world(v);
}

void map_fit(struct map_view *v, const double extent[4])
{
	double high = (extent[3] - extent[1]) * 1.2 / (4.0 * v->rows), wide;

	v->lat = (extent[1] + extent[3]) / 2;
	v->lon = (extent[0] + extent[2]) / 2;
	wide = (extent[2] - extent[0]) * 1.2 * parallel(v->lat) / (2.0 * v->cols);
	v->dot = fmax(fmax(high, wide), 20 * DOT_MIN);
	keep_in_world(v);
}

void map_move(struct map_view *v, int rows, int cols)
{
	struct map_box b = map_box(v);

	v->lat -= rows * b.lat_cell;
	v->lon += cols * b.lon_cell;
	keep_in_world(v);
}

void map_zoom(struct map_view *v, int steps, int row, int col)
{
	struct map_box b = map_box(v);
	double lat, lon;

	map_box_place(&b, row, col, &lat, &lon);
	v->dot /= pow(ZOOM, steps);
	keep_in_world(v);
	v->lat = lat - (v->rows / 2.0 - row - 0.5) * map_box(v).lat_cell;
	keep_in_world(v); /* the parallel is known now, and with it how wide a cell is */
	v->lon = lon - (col + 0.5 - v->cols / 2.0) * map_box(v).lon_cell;
	keep_in_world(v);
}
