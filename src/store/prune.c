#include "store/prune.h"

#include <stdbool.h>

#include "store/db.h"

#define CHUNK 64 /* between two looks at the size */
#define PAGE 4096
/* Free pages are used again by the next events; only many of them are worth a shorter file. */
#define VACUUM_ABOVE 1024

int prune_init(struct prune *p, sqlite3 *h, int64_t max_age_ms, uint64_t max_bytes)
{
	*p = (struct prune){ .h = h, .max_age_ms = max_age_ms, .max_bytes = max_bytes };
	p->head = db_prepare(h, "SELECT n, seen_ms FROM events ORDER BY n LIMIT ?1", NULL);
	p->drop = db_prepare(h, "DELETE FROM events WHERE n <= ?1", NULL);
	p->alerts = db_prepare(h, "DELETE FROM alerts WHERE NOT open AND at_ms < ?1", NULL);
	p->blocks = db_prepare(h, "DELETE FROM blocks WHERE number <= ?1 + (SELECT max(b.number)"
		" FROM blocks b WHERE b.ledger = blocks.ledger)", NULL);
	p->pages = db_prepare(h, "PRAGMA page_count", NULL);
	p->unused = db_prepare(h, "PRAGMA freelist_count", NULL);
	return p->head && p->drop && p->alerts && p->blocks && p->pages && p->unused ? 0 : -1;
}

void prune_fini(struct prune *p)
{
	sqlite3_finalize(p->head);
	sqlite3_finalize(p->drop);
	sqlite3_finalize(p->alerts);
	sqlite3_finalize(p->blocks);
	sqlite3_finalize(p->pages);
	sqlite3_finalize(p->unused);
	*p = (struct prune){ 0 };
}

static int64_t scalar(sqlite3_stmt *s)
{
	int64_t v = sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;

	sqlite3_reset(s);
	return v;
}

uint64_t prune_bytes(struct prune *p)
{
	return (uint64_t)(scalar(p->pages) - scalar(p->unused)) * PAGE;
}

static int run(sqlite3_stmt *s, int64_t bound)
{
	int rc;

	sqlite3_bind_int64(s, 1, bound);
	rc = sqlite3_step(s);
	sqlite3_reset(s);
	return rc == SQLITE_DONE ? 0 : -1;
}

/* How many of the oldest events, `max` at most, are to go, and the number of the last of them. */
static int64_t find_bound(struct prune *p, int64_t older_than_ms, bool over_size, int64_t max,
	int64_t *bound)
{
	int64_t rows = 0;

	sqlite3_bind_int64(p->head, 1, max);
	while (sqlite3_step(p->head) == SQLITE_ROW) {
		if (!over_size && sqlite3_column_int64(p->head, 1) >= older_than_ms)
			break;
		*bound = sqlite3_column_int64(p->head, 0);
		rows++;
	}
	return sqlite3_reset(p->head) == SQLITE_OK ? rows : -1;
}

int64_t prune_events(struct prune *p, int64_t now_ms, int64_t max_rows)
{
	int64_t done = 0, rows, bound = 0;

	while (done < max_rows) {
		rows = find_bound(p, now_ms - p->max_age_ms, prune_bytes(p) > p->max_bytes,
			max_rows - done < CHUNK ? max_rows - done : CHUNK, &bound);
		if (rows == 0)
			break;
		if (rows < 0 || run(p->drop, bound) < 0)
			return -1;
		done += rows;
	}
	return done;
}

int prune_rest(struct prune *p, int64_t now_ms)
{
	if (run(p->alerts, now_ms - p->max_age_ms) < 0 || run(p->blocks, -PRUNE_BLOCKS) < 0)
		return -1;
	return db_exec(p->h, "DELETE FROM acks WHERE alert NOT IN (SELECT id FROM alerts)", NULL);
}

int prune_vacuum(struct prune *p)
{
	if (scalar(p->unused) <= VACUUM_ABOVE)
		return 0;
	return db_exec(p->h, "PRAGMA incremental_vacuum(256)", NULL);
}
