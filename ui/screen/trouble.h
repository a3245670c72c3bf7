/* What is wrong, in few lines: events that tell the same story are told once, with how many there are. */
#ifndef UI_SCREEN_TROUBLE_H
#define UI_SCREEN_TROUBLE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "ui/widget/rect.h"

struct client_view;
struct term;

/* Alerts that are open, the worst first, and how many there are of each severity.  v may be NULL. */
void trouble_alerts_draw(struct client_view *v, const json_t *counts, struct term *t, struct rect r,
	bool up);
/* Events, newest first, by message and severity as long as they follow one another. */
void trouble_events_draw(struct client_view *v, struct term *t, struct rect r, bool up);

#endif
