/*
 * A table: a window onto rows that somebody else holds.  It asks for the cells it shows and no
 * others, so it costs the same for ten rows and for a million.  Rows are numbers here; what
 * the selection means (an id) is the owner's business, who moves the cursor after the id when
 * the order changes.
 */
#ifndef UI_WIDGET_TABLE_H
#define UI_WIDGET_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/widget/rect.h"

struct stack_part;

#define TABLE_COLS_MAX 64

struct table_col {
	const char *title;
	int min, want; /* cells; want 0: the title's width */
	int grow;      /* share of the room left over; 0: none */
	bool right;    /* numbers */
	bool pinned;   /* stays when scrolled sideways; only the first ones */
};

enum table_sort { TABLE_UNSORTED, TABLE_ASCENDING, TABLE_DESCENDING };

/* What a cell shows: text, or with text after it a sparkline, parts of a whole, or a bar; or heat. */
struct table_cell {
	struct slice text; /* valid until the next cell is asked for */
	uint16_t look;
	const float *spark; /* n_spark values, the newest last; NULL: none */
	size_t n_spark;
	float lo, hi; /* its scale; NaN: from the values shown */
	const struct stack_part *stack; /* n_stack parts; NULL: none */
	size_t n_stack;
	const uint8_t *heat; /* n_heat levels, the newest last, in all of the cell; NULL: none */
	size_t n_heat;
	double bar; /* 0..1; NaN: none */
	int tail;   /* cells kept for the text after a graph; 0: enough for most */
	uint16_t graph_look;
};

struct table_rows {
	/* Fills *c, which is blank text with neither spark nor bar. */
	void (*cell)(void *arg, uint64_t row, int col, struct table_cell *c);
	bool (*marked)(void *arg, uint64_t row); /* NULL: none is */
	void *arg;
};

struct table {
	const struct table_col *cols;
	int n_cols;
	int sort_col;
	enum table_sort sort;
	uint64_t total;	 /* rows there are */
	uint64_t cursor; /* the selected one; meaningless when total is 0 */
	bool passive;	 /* the cursor is elsewhere: none shows */
	uint64_t top;	 /* first row shown */
	int first_col;	 /* first of the scrolling columns shown */
	int page;	 /* rows the last drawing had room for */
	bool more_right; /* columns did not fit: there is something to scroll to */
};

void table_set_total(struct table *t, uint64_t total);
void table_move(struct table *t, int64_t by);
void table_move_to(struct table *t, uint64_t row);
void table_move_page(struct table *t, int pages);
void table_scroll(struct table *t, int cols);
/* The rows that a rectangle of this height shows: what to ask for before drawing. */
void table_window(struct table *t, int rect_rows, uint64_t *first, int *count);
/* The row or the column header under a place within the rectangle; false: neither. */
bool table_row_at(const struct table *t, int row, uint64_t *out);
bool table_col_at(const struct table *t, struct rect r, int col, int *out);
void table_draw(struct table *t, struct term *term, struct rect r, const struct table_rows *rows);

#endif
