/* Places on the screen, and text within them.  Everything is clipped to its rectangle. */
#ifndef UI_WIDGET_RECT_H
#define UI_WIDGET_RECT_H

#include <stdint.h>

#include "base/slice.h"

struct term;

struct rect {
	int row, col, rows, cols;
};

/* Cuts a piece off one side and returns it; what is left stays in *r.  Never negative. */
struct rect rect_cut_top(struct rect *r, int n);
struct rect rect_cut_bottom(struct rect *r, int n);
struct rect rect_cut_left(struct rect *r, int n);
struct rect rect_cut_right(struct rect *r, int n);

enum align { ALIGN_LEFT, ALIGN_RIGHT };

/* Coordinates are the rectangle's own.  Returns the cells used. */
int draw_text(struct term *t, struct rect r, int row, int col, struct slice s, uint16_t look);
/* A field of `width` cells: aligned, and cut with an ellipsis when too long. */
void draw_field(struct term *t, struct rect r, int row, int col, int width, struct slice s,
	uint16_t look, enum align a);
void draw_glyph(struct term *t, struct rect r, int row, int col, uint32_t cp, uint16_t look);
void draw_blank(struct term *t, struct rect r, uint16_t look);
/* "── title ─────" */
void draw_rule(struct term *t, struct rect r, int row, struct slice title);
/* Cells that some text would take. */
int text_cells(struct slice s);

#endif
