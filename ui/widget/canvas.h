/* Dots of a quarter of a row and half a column: braille characters as a drawing paper. */
#ifndef UI_WIDGET_CANVAS_H
#define UI_WIDGET_CANVAS_H

#include <stdint.h>

#include "ui/widget/rect.h"

struct canvas {
	int rows, cols; /* in cells; dots are 4 * rows by 2 * cols */
	uint8_t *dots;	/* braille bits a cell */
	uint16_t *look; /* of who drew there last */
};

void canvas_init(struct canvas *c, int rows, int cols);
void canvas_fini(struct canvas *c);
/* x from the left, y from the top, in dots; clipped. */
void canvas_dot(struct canvas *c, int x, int y, uint16_t look);
void canvas_vline(struct canvas *c, int x, int y0, int y1, uint16_t look);
/* From point to point, however far outside; each `every`-th dot. */
void canvas_line(struct canvas *c, double x0, double y0, double x1, double y1, uint16_t look,
	int every);
/* Cells without a dot leave what stands there. */
void canvas_draw(const struct canvas *c, struct term *t, struct rect r);

#endif
