/* Alerts as rows of a list: the page of them, and the question before something is done to several. */
#ifndef UI_SCREEN_ALERTS_H
#define UI_SCREEN_ALERTS_H

#include "ui/screen/list.h"

#define ALERTS_COLS 9

extern const struct list_spec alerts_spec;
extern const struct list_col alerts_cols[ALERTS_COLS];

/* Somebody takes care of it, or it is over: it is told quietly. */
bool alert_calm(const json_t *row);
/* The device that it is about, or how many there are, and where. */
void alert_about(const json_t *row, struct buf *b);

#endif
