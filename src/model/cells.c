#include "model/cells.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "model/filter.h"

#define CHUNK 256 /* devices between looks at the clock */

struct cells {
	struct filter *filter;
	double west, north, col_deg, row_deg;
	uint32_t cols, rows;
	uint64_t next; /* the device to look at */
	bool scanned;  /* all have been */
	struct cell *grid, *list;
	size_t n;
	struct cells_sum sum;
	int32_t west_e7, south_e7, east_e7, north_e7; /* of all that are placed */
};

int cells_check(const struct cells_spec *s, struct err *e)
{
	bool lon = s->west >= -360 && s->west < s->east && s->east <= 540 &&
		   s->east - s->west <= 360.000001;

	if (!lon || !(s->south >= -90 && s->south < s->north && s->north <= 90))
		return err_set(e, ERR_USAGE, "the box must have west < east <= west + 360 and "
					     "-90 <= south < north <= 90");
	if (s->cols < 1 || s->rows < 1 || s->cols > CELLS_SIDE_MAX || s->rows > CELLS_SIDE_MAX ||
		s->cols * s->rows > CELLS_GRID_MAX)
		return err_set(e, ERR_USAGE, "a grid has 1 to %d columns and rows, %d cells at most",
			CELLS_SIDE_MAX, CELLS_GRID_MAX);
	return 0;
}

struct cells *cells_new(const struct cells_spec *s, size_t *at, struct err *e)
{
	struct cells *c = xcalloc(1, sizeof(*c));

	*at = 0;
	c->filter = filter_new(&rows_devices, s->filter, at, e);
	c->west = s->west;
	c->north = s->north;
	c->cols = s->cols;
	c->rows = s->rows;
	c->col_deg = (s->east - s->west) / s->cols;
	c->row_deg = (s->north - s->south) / s->rows;
	c->west_e7 = c->south_e7 = INT32_MAX;
	c->east_e7 = c->north_e7 = INT32_MIN;
	if (!c->filter) {
		cells_free(c);
		return NULL;
	}
	c->grid = xcalloc((size_t)c->cols * c->rows, sizeof(*c->grid));
	return c;
}

void cells_free(struct cells *c)
{
	if (!c)
		return;
	filter_free(c->filter);
	free(c->grid);
	free(c->list);
	free(c);
}

/* The cell that a place is in, NULL outside the box.  Its southern edge belongs to it, or the pole
 * would be nowhere. */
static struct cell *cell_at(struct cells *c, double lat, double lon)
{
	double x = (lon - c->west) / c->col_deg, y = (c->north - lat) / c->row_deg;
	double turn = 360 / c->col_deg;
	struct cell *at;

	while (x < 0)
		x += turn;
	while (x >= turn)
		x -= turn;
	if (y >= c->rows && y < c->rows + 1e-9)
		y = c->rows - 1;
	if (!(x < c->cols && y >= 0 && y < c->rows))
		return NULL;
	at = &c->grid[(size_t)y * c->cols + (size_t)x];
	at->lon += x; /* sums, until finish() */
	at->lat += y;
	return at;
}

static void extent_add(struct cells *c, const struct device *d)
{
	c->west_e7 = d->lon < c->west_e7 ? d->lon : c->west_e7;
	c->east_e7 = d->lon > c->east_e7 ? d->lon : c->east_e7;
	c->south_e7 = d->lat < c->south_e7 ? d->lat : c->south_e7;
	c->north_e7 = d->lat > c->north_e7 ? d->lat : c->north_e7;
}

static void cell_add(struct cell *at, const struct device *d, uint32_t device)
{
	uint8_t rank = (uint8_t)status_words[d->status].rank;

	at->mixed |= at->devices && at->site != d->site;
	if (!at->devices || rank > at->worst) {
		at->worst = rank;
		at->site = d->site;
		at->device = device;
	}
	at->devices++;
	at->by_status[d->status]++;
}

static void device_add(struct cells *c, const struct model *m, uint32_t device)
{
	const struct device *d = &m->devices[device];
	struct cell *at;

	if (d->lat == PLACE_NONE || d->lon == PLACE_NONE) {
		c->sum.unplaced++;
		return;
	}
	c->sum.placed++;
	extent_add(c, d);
	at = cell_at(c, d->lat / 1e7, d->lon / 1e7);
	if (at)
		cell_add(at, d, device);
	else
		c->sum.outside++;
}

/* --- the end ------------------------------------------------------------------------------------ */

static uint32_t lost(const struct cell *c)
{
	return c->by_status[STATUS_DOWN] + c->by_status[STATUS_STALE];
}

static int descending(uint64_t a, uint64_t b)
{
	return (a < b) - (a > b);
}

static int worst_first(const void *pa, const void *pb)
{
	const struct cell *a = pa, *b = pb;
	int d = descending(lost(a), lost(b));

	d = d ? d : descending(a->by_status[STATUS_DEGRADED], b->by_status[STATUS_DEGRADED]);
	d = d ? d : descending(a->devices, b->devices);
	d = d ? d : descending(b->y, a->y);
	return d ? d : descending(b->x, a->x);
}

static double lon_round(double lon)
{
	lon -= 360 * floor((lon + 180) / 360);
	return lon >= -180 && lon < 180 ? lon : -180; /* of rounding */
}

static void cell_finish(const struct cells *c, struct cell *at, uint32_t x, uint32_t y)
{
	at->x = x;
	at->y = y;
	at->lat = c->north - at->lat / at->devices * c->row_deg;
	at->lon = lon_round(c->west + at->lon / at->devices * c->col_deg);
}

static void finish(struct cells *c)
{
	size_t all = 0;

	for (size_t i = 0; i < (size_t)c->cols * c->rows; i++)
		all += c->grid[i].devices > 0;
	c->list = xcalloc(all + 1, sizeof(*c->list));
	for (uint32_t y = 0; y < c->rows; y++)
		for (uint32_t x = 0; x < c->cols; x++) {
			struct cell *at = &c->grid[(size_t)y * c->cols + x];

			if (!at->devices)
				continue;
			cell_finish(c, at, x, y);
			c->list[c->n++] = *at;
		}
	qsort(c->list, c->n, sizeof(*c->list), worst_first);
	if (c->n > CELLS_MAX) {
		c->sum.left_out = c->n - CELLS_MAX;
		c->n = CELLS_MAX;
	}
	free(c->grid);
	c->grid = NULL;
}

int cells_step(struct cells *c, const struct model *m, int64_t budget_us)
{
	int64_t deadline = budget_us ? clock_mono_us_now() + budget_us : 0;

	filter_prepare(c->filter, m);
	while (c->next < m->devices_n) {
		uint64_t to = c->next + CHUNK < m->devices_n ? c->next + CHUNK : m->devices_n;

		for (; c->next < to; c->next++)
			if (!m->devices[c->next].gone && filter_match(c->filter, m, c->next))
				device_add(c, m, (uint32_t)c->next);
		if (deadline && clock_mono_us_now() >= deadline && c->next < m->devices_n)
			return 0;
	}
	if (!c->scanned && deadline) {
		c->scanned = true;
		return 0; /* putting thousands of cells in order is a step of its own */
	}
	if (c->grid)
		finish(c);
	return 1;
}

const struct cell *cells_list(const struct cells *c, size_t *n)
{
	*n = c->n;
	return c->list;
}

void cells_sum(const struct cells *c, struct cells_sum *out)
{
	bool any = c->sum.placed > 0;

	*out = c->sum;
	out->west = any ? c->west_e7 / 1e7 : NAN;
	out->east = any ? c->east_e7 / 1e7 : NAN;
	out->south = any ? c->south_e7 / 1e7 : NAN;
	out->north = any ? c->north_e7 / 1e7 : NAN;
}

struct slice cell_site(const struct model *m, const struct cell *c)
{
	/* By its device: m may be another model by now, of another moment. */
	return c->device < m->devices_n ? str_get(&m->strs, m->devices[c->device].site) :
					  slice_of("");
}
