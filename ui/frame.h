/* The frame around a page: tabs, breadcrumbs, news, hints, the state of the line. */
#ifndef UI_FRAME_H
#define UI_FRAME_H

#include <stdbool.h>

#include "ui/widget/rect.h"

struct buf;
struct shell;

void frame_draw(struct shell *s);
/* What a page has to draw on. */
struct rect frame_room(struct shell *s);
/* The tab under a column of the first row, or -1. */
int frame_tab_at(struct shell *s, int col);
/* How the line to the terminal is: coarse, so that showing how little is sent does not itself
 * send. */
void frame_line_stats(struct shell *s, struct buf *b);
/* The clock shows another minute than drawn last. */
bool frame_clock_moved(struct shell *s);

#endif
