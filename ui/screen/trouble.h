/*
 * What is wrong, in few lines: rows that tell the same story are told once, with how many there
 * are.  A site that lost its power is one line and not two hundred.
 */
#ifndef UI_SCREEN_TROUBLE_H
#define UI_SCREEN_TROUBLE_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/widget/rect.h"

struct client_view;
struct term;

/* Devices that are not up, by site, status and reason.  v may be NULL. */
void trouble_devices_draw(struct client_view *v, struct term *t, struct rect r, bool up);
/* How many lines that takes. */
uint64_t trouble_devices_rows(struct client_view *v);
/* Events, newest first, by message and severity as long as they follow one another. */
void trouble_events_draw(struct client_view *v, struct term *t, struct rect r, bool up);

#endif
