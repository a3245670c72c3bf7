/* The five layers of a DePIN, and the collector's own state, from an answer of `status`. */
#ifndef UI_SCREEN_LAYERS_H
#define UI_SCREEN_LAYERS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "ui/widget/rect.h"

#define LAYERS 5 /* rows each of the two takes */

struct term;

struct layers {
	const json_t *status; /* NULL: not here yet */
	const float *rates;   /* samples a second, the newest last */
	size_t n_rates;
	bool up; /* the line is there: what is shown is how it is */
	const char *chain; /* what to say of the blockchain, NULL: what status says */
};

void layers_draw(const struct layers *l, struct term *t, struct rect r);
void facts_draw(const struct layers *l, struct term *t, struct rect r);

#endif
