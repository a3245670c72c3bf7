/* What the collector says of itself, and the console of its line, in a few rows. */
#ifndef UI_SCREEN_PLUMBING_H
#define UI_SCREEN_PLUMBING_H

#include <jansson.h>

#include "ui/widget/rect.h"

#define PLUMBING_ROWS 6 /* with its rule */

struct stage;
struct term;

/* status: an answer of `status`; NULL: none yet. */
void plumbing_draw(struct stage *st, const json_t *status, struct term *t, struct rect r);

#endif
