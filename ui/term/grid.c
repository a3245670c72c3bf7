#include "ui/term/grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/utf8.h"

static const struct cell blank = { .ch = ' ', .look = ROLE_TEXT, .width = 1 };

void grid_init(struct grid *g, int rows, int cols)
{
	*g = (struct grid){ 0 };
	grid_resize(g, rows, cols);
}

void grid_fini(struct grid *g)
{
	free(g->cells);
	*g = (struct grid){ 0 };
}

void grid_resize(struct grid *g, int rows, int cols)
{
	g->rows = rows;
	g->cols = cols;
	g->cells = xreallocarray(g->cells, (size_t)rows * (size_t)cols, sizeof(struct cell));
	grid_fill(g, 0, 0, rows, cols, ROLE_TEXT);
}

/* Half a wide character must not stay: blanks what [col, col+n) is about to cut in two. */
static void mend(struct grid *g, int row, int col, int n)
{
	struct cell *c = grid_row(g, row);

	if (col > 0 && c[col].ch == 0) {
		c[col - 1].ch = ' ';
		c[col - 1].width = 1;
	}
	if (col + n < g->cols && c[col + n].ch == 0) {
		c[col + n].ch = ' ';
		c[col + n].width = 1;
	}
}

static void clip(int *at, int *n, int max)
{
	if (*at < 0) {
		*n += *at;
		*at = 0;
	}
	if (*n > max - *at)
		*n = max - *at;
}

void grid_fill(struct grid *g, int row, int col, int rows, int cols, uint16_t look)
{
	struct cell c = blank, *first;

	c.look = look;
	clip(&row, &rows, g->rows);
	clip(&col, &cols, g->cols);
	if (cols <= 0 || rows <= 0)
		return;
	for (int r = row; r < row + rows && cols < g->cols; r++)
		mend(g, r, col, cols);
	first = grid_row(g, row) + col;
	for (int i = 0; i < cols; i++)
		first[i] = c;
	for (int r = row + 1; r < row + rows; r++)
		memcpy(grid_row(g, r) + col, first, sizeof(c) * (size_t)cols);
}

static void add_mark(struct cell *c, uint32_t cp)
{
	for (int i = 0; i < GRID_MARKS; i++)
		if (!c->mark[i]) {
			c->mark[i] = cp;
			return;
		}
}

static void set(struct grid *g, int row, int col, uint32_t cp, int width, uint16_t look)
{
	struct cell *c = grid_row(g, row) + col;

	mend(g, row, col, width);
	c[0] = (struct cell){ .ch = cp, .look = look, .width = (uint16_t)width };
	if (width == 2)
		c[1] = (struct cell){ .look = look };
}

/* The printable ASCII at the beginning, which most text is; returns the cells used. */
static int put_plain(struct grid *g, int row, int col, int cells, struct slice s, uint16_t look)
{
	size_t most = col < 0 || cells < 0 ? 0 : (size_t)cells;
	int n = (int)utf8_plain(s.p, s.n < most ? s.n : most);
	struct cell *c = grid_row(g, row) + col;

	if (n)
		mend(g, row, col, n);
	for (int i = 0; i < n; i++)
		c[i] = (struct cell){ .ch = (unsigned char)s.p[i], .look = look, .width = 1 };
	return n;
}

/* The next code point and its width. */
static size_t next_cp(struct slice s, size_t at, uint32_t *cp, int *width)
{
	size_t len;

	*width = 1;
	len = utf8_decode(s.p + at, s.n - at, cp);
	if (len == 0 || utf8_hidden(*cp)) { /* not cleaned: never on a screen */
		*cp = '?';
		return len ? len : 1;
	}
	*width = utf8_cp_width(*cp);
	return len;
}

int grid_put(struct grid *g, int row, int col, int cells, struct slice s, uint16_t look)
{
	int used = 0, last = -1, most = cells < g->cols - col ? cells : g->cols - col;
	uint32_t cp;
	size_t len;

	if (row < 0 || row >= g->rows)
		return 0;
	for (size_t i = 0; i < s.n; i += len) {
		int at = col + used;
		int w = put_plain(g, row, at, most - used, slice_mem(s.p + i, s.n - i), look);

		if (w) {
			len = (size_t)w;
			used += w;
			last = at + w - 1;
			continue;
		}
		len = next_cp(s, i, &cp, &w);
		if (w == 0) {
			if (last >= 0)
				add_mark(grid_row(g, row) + last, cp);
			continue;
		}
		if (used + w > most)
			break;
		last = -1;
		if (at >= 0) {
			set(g, row, at, cp, w, look);
			last = at;
		}
		used += w;
	}
	return used;
}

void grid_putc(struct grid *g, int row, int col, uint32_t cp, uint16_t look)
{
	if (row >= 0 && row < g->rows && col >= 0 && col < g->cols)
		set(g, row, col, cp, 1, look);
}

void grid_lay(struct grid *g, int row, int col, int rows, int cols, uint16_t bits)
{
	clip(&row, &rows, g->rows);
	clip(&col, &cols, g->cols);
	for (int r = row; r < row + rows; r++)
		for (int i = col; i < col + cols; i++)
			grid_row(g, r)[i].look |= bits;
}
