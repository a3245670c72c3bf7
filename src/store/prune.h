/* What keeps the journal within its age and size.  Bounded rows a call, inside the caller's
 * transaction, so that pruning never stalls recording. */
#ifndef STORE_PRUNE_H
#define STORE_PRUNE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct prune {
	sqlite3 *h;
	int64_t max_age_ms;
	uint64_t max_bytes;
	sqlite3_stmt *head, *drop, *alerts, *blocks, *pages, *unused, *piece, *old;
	uint64_t kept_bytes; /* of the rows of `kept` */
	bool kept_known;
	sqlite3_value *kept_at[2]; /* source and id looked at last; NULL: begin at the first */
};

#define PRUNE_BLOCKS 4096 /* of each ledger are kept */

int prune_init(struct prune *p, sqlite3 *h, int64_t max_age_ms, uint64_t max_bytes);
void prune_fini(struct prune *p); /* accepts zeros */
/* Removes at most max_rows of the oldest events that are over age or over size; returns how
 * many, or -1 with SQLite's error in h. */
int64_t prune_events(struct prune *p, int64_t now_ms, int64_t max_rows);
/* A row of so many bytes came into `kept`: these do not count towards max_bytes. */
void prune_kept(struct prune *p, size_t bytes);
/* Alerts that are closed and old, blocks beyond the newest, and of what is kept but old some
 * thousand rows.  For now and then. */
int prune_rest(struct prune *p, int64_t now_ms);
/* Gives a few free pages back to the file system; outside a transaction. */
int prune_vacuum(struct prune *p);
uint64_t prune_bytes(struct prune *p); /* in use */

#endif
