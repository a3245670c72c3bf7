/* What the screens of ledgers share. */
#ifndef UI_SCREEN_CHAIN_H
#define UI_SCREEN_CHAIN_H

#include "ui/screen/list.h"
#include "ui/screen/pretty.h"

/* Of a block's `orphaned`, of a log's `removed`. */
bool chain_orphaned(const json_t *row, const char *key);
/* "● in chain", "✖ orphaned", and its role. */
struct slice chain_state(bool orphaned, uint16_t *look);
/* Logs, and where there is room the one under the cursor in full. */
void chain_logs_draw(struct list *logs, struct pretty *p, struct term *t, struct rect r);

#endif
