/*
 * A screen of cells in memory: what has been drawn, before it is anybody's escape sequences.
 * Everything is clipped; a wide character that does not fit whole is left out.
 */
#ifndef UI_TERM_GRID_H
#define UI_TERM_GRID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "ui/term/role.h"

#define GRID_MARKS 2 /* combining marks a cell keeps */

struct cell {
	uint32_t ch; /* 0: the right half of the wide character before it */
	uint32_t mark[GRID_MARKS];
	uint16_t look;
	uint16_t width; /* 1, 2; 0 with ch 0 */
};

struct grid {
	int rows, cols;
	struct cell *cells; /* rows * cols */
};

void grid_init(struct grid *g, int rows, int cols);
void grid_fini(struct grid *g);
/* Blank afterwards. */
void grid_resize(struct grid *g, int rows, int cols);
/* Blanks in this look; clipped. */
void grid_fill(struct grid *g, int row, int col, int rows, int cols, uint16_t look);
/* Clean UTF-8 into at most `cells` cells; returns the cells used. */
int grid_put(struct grid *g, int row, int col, int cells, struct slice clean, uint16_t look);
/* One code point of width 1. */
void grid_putc(struct grid *g, int row, int col, uint32_t cp, uint16_t look);
/* Lays bits over the look of what stands there. */
void grid_lay(struct grid *g, int row, int col, int rows, int cols, uint16_t bits);

static inline struct cell *grid_row(const struct grid *g, int row)
{
	return g->cells + (size_t)row * (size_t)g->cols;
}

#endif
