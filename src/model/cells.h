/*
 * Devices by place: a grid over a box of the world, and how many devices of which status stand in
 * each of its cells.  For maps: their size on the wire is the map's, not the fleet's.
 */
#ifndef MODEL_CELLS_H
#define MODEL_CELLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

#define CELLS_SIDE_MAX 1000  /* columns or rows of a grid */
#define CELLS_GRID_MAX 40000 /* its places: a map of the largest terminal */
#define CELLS_MAX      10000 /* cells that are answered, the worst of them */

struct cells;
struct model;

struct cells_spec {
	struct slice filter; /* of devices */
	double west, south, east, north; /* degrees; east up to west + 360: over the date line */
	uint32_t cols, rows;
};

struct cell {
	uint32_t x, y; /* from the north-west corner */
	double lat, lon; /* where its devices are, on average */
	uint32_t devices;
	uint32_t by_status[5]; /* by enum device_status */
	uint32_t device, site; /* its worst device, and that one's site: cell_site() */
	uint8_t worst;	       /* rank: 0 up, 1 unknown, 2 degraded, 3 stale, 4 down */
	bool mixed;	       /* its devices are of several sites */
};

struct cells_sum {
	uint64_t placed, unplaced; /* devices that match, with a place on earth and without */
	uint64_t outside;	   /* placed, but not in the box */
	uint64_t left_out;	   /* cells beyond CELLS_MAX */
	double west, south, east, north; /* of all that are placed; NaN when none is */
};

/* Is there such a box and grid? */
int cells_check(const struct cells_spec *s, struct err *e);
/* Of a spec that was checked; *at: byte of the filter that is wrong. */
struct cells *cells_new(const struct cells_spec *s, size_t *at, struct err *e);
void cells_free(struct cells *c);
/* For about budget_us (0: to the end): 1 when done, 0 when more time is needed. */
int cells_step(struct cells *c, const struct model *m, int64_t budget_us);
/* After it is done, those with devices alone, most that are down or silent first. */
const struct cell *cells_list(const struct cells *c, size_t *n);
void cells_sum(const struct cells *c, struct cells_sum *out);
struct slice cell_site(const struct model *m, const struct cell *c);

#endif
