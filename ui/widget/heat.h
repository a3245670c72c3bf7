/* Many things as few cells, the worst first: how many things a cell stands for, and which cells. */
#ifndef UI_WIDGET_HEAT_H
#define UI_WIDGET_HEAT_H

#include <stddef.h>
#include <stdint.h>

#define HEAT_LEVELS 5 /* 0 calm .. 4 worst, as heat_draw() takes them */
#define HEAT_NOTHING 255

/* The least of 1, 2, 5, 10, 20 ... things a cell with which `most` of them fit so many cells. */
uint64_t heat_scale(uint64_t most, int cells);
/* Cells for so many things of each level, `per` a cell, worst first.  However few of a level there
 * are, they have a cell of their own.  Returns the cells, at most max. */
size_t heat_fill(const uint64_t counts[HEAT_LEVELS], uint64_t per, uint8_t *levels, size_t max);
/* The worst of each piece of n levels, the newest at the end, for so many cells; returns how many
 * it took. */
size_t heat_squeeze(const uint8_t *v, size_t n, uint8_t *levels, size_t cells);

#endif
