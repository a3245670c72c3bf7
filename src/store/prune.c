#include "store/prune.h"

#include "store/db.h"

#define CHUNK 64 /* between two looks at the size */
#define PAGE 4096
/* Free pages are used again by the next events; only many of them are worth a shorter file. */
#define VACUUM_ABOVE 1024
#define KEPT_ROWS 4096	  /* looked at a call */
#define KEPT_OVERHEAD 24  /* of a row, beside its texts */
#define KEPT_AFTER "(source, id) > (ifnull(?1, ''), ifnull(?2, ''))"
#define KEPT_SIZE "length(CAST(source || id || data AS BLOB))"

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
	p->piece = db_prepare(h, "SELECT source, id FROM kept WHERE " KEPT_AFTER
		" ORDER BY source, id LIMIT 1 OFFSET ?3", NULL);
	/* bytes are behind every text */
	p->old = db_prepare(h, "DELETE FROM kept WHERE " KEPT_AFTER " AND (source, id) <="
		" (ifnull(?3, x''), ifnull(?4, x'')) AND seen_ms < ?5 RETURNING " KEPT_SIZE, NULL);
	return p->head && p->drop && p->alerts && p->blocks && p->pages && p->unused &&
		p->piece && p->old ? 0 : -1;
}

void prune_fini(struct prune *p)
{
	sqlite3_finalize(p->head);
	sqlite3_finalize(p->drop);
	sqlite3_finalize(p->alerts);
	sqlite3_finalize(p->blocks);
	sqlite3_finalize(p->pages);
	sqlite3_finalize(p->unused);
	sqlite3_finalize(p->piece);
	sqlite3_finalize(p->old);
	sqlite3_value_free(p->kept_at[0]);
	sqlite3_value_free(p->kept_at[1]);
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

/* --- what is kept: a row a device, which must not push the events out ------------------------ */

void prune_kept(struct prune *p, size_t bytes)
{
	p->kept_bytes += bytes + KEPT_OVERHEAD;
}

/* Counted here and not at start-up, as there may be a million of them, and again each time all of
 * them have been looked at. */
static int kept_count(struct prune *p)
{
	sqlite3_stmt *s;

	if (p->kept_known)
		return 0;
	s = db_prepare(p->h, "SELECT ifnull(sum(" KEPT_SIZE "), 0), count(*) FROM kept", NULL);
	if (!s || sqlite3_step(s) != SQLITE_ROW) {
		sqlite3_finalize(s);
		return -1;
	}
	p->kept_bytes = (uint64_t)sqlite3_column_int64(s, 0) +
		(uint64_t)sqlite3_column_int64(s, 1) * KEPT_OVERHEAD;
	p->kept_known = true;
	return sqlite3_finalize(s) == SQLITE_OK ? 0 : -1;
}

/* Pages are two thirds full where rows come in any order. */
static bool over_size(struct prune *p)
{
	return prune_bytes(p) > p->max_bytes + p->kept_bytes / 2 * 3;
}

static void bind_key(sqlite3_stmt *s, int at, sqlite3_value *const key[2])
{
	for (int i = 0; i < 2; i++)
		if (key[i])
			sqlite3_bind_value(s, at + i, key[i]);
		else
			sqlite3_bind_null(s, at + i);
}

/* Where this piece ends, in to[]; NULLs: with the last row. */
static int piece_end(struct prune *p, sqlite3_value *to[2])
{
	bind_key(p->piece, 1, p->kept_at);
	sqlite3_bind_int64(p->piece, 3, KEPT_ROWS - 1);
	to[0] = to[1] = NULL;
	if (sqlite3_step(p->piece) == SQLITE_ROW)
		for (int i = 0; i < 2; i++)
			to[i] = sqlite3_value_dup(sqlite3_column_value(p->piece, i));
	return sqlite3_reset(p->piece) == SQLITE_OK ? 0 : -1;
}

static int drop_old(struct prune *p, sqlite3_value *const to[2], int64_t before_ms)
{
	bind_key(p->old, 1, p->kept_at);
	bind_key(p->old, 3, to);
	sqlite3_bind_int64(p->old, 5, before_ms);
	while (sqlite3_step(p->old) == SQLITE_ROW) {
		uint64_t bytes = (uint64_t)sqlite3_column_int64(p->old, 0) + KEPT_OVERHEAD;

		p->kept_bytes -= bytes < p->kept_bytes ? bytes : p->kept_bytes;
	}
	return sqlite3_reset(p->old) == SQLITE_OK ? 0 : -1;
}

static int kept_prune(struct prune *p, int64_t before_ms)
{
	sqlite3_value *to[2];
	int rc;

	if (piece_end(p, to) < 0)
		return -1;
	rc = drop_old(p, to, before_ms);
	p->kept_known = p->kept_known && to[0];
	for (int i = 0; i < 2; i++) {
		sqlite3_value_free(p->kept_at[i]);
		p->kept_at[i] = to[i];
	}
	return rc;
}

/* --- events ------------------------------------------------------------------------------------ */

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

	if (kept_count(p) < 0)
		return -1;
	while (done < max_rows) {
		rows = find_bound(p, now_ms - p->max_age_ms, over_size(p),
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
	return kept_prune(p, now_ms - p->max_age_ms);
}

int prune_vacuum(struct prune *p)
{
	if (scalar(p->unused) <= VACUUM_ABOVE)
		return 0;
	return db_exec(p->h, "PRAGMA incremental_vacuum(256)", NULL);
}
