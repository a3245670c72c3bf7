/* Reading events back: from a statement's row to a struct journal_event.  Shared by start-up
 * (load.c) and by queries (query.c). */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include <sqlite3.h>

#include "model/delta.h"
#include "store/journal.h"

#define ROWS_EVENT "n, at_ms, seen_ms, severity, source, device, origin, id, type, subject, " \
	"message, data"

/* Borrowed from the statement until its next step. */
void rows_event(sqlite3_stmt *s, struct delta_event *ev, struct journal_event *out);
struct slice rows_text(sqlite3_stmt *s, int column);

#endif
