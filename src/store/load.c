#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "store/batch.h"
#include "store/internal.h"
#include "store/rows.h"

/* Steps through a statement that db_prepare() made on a reader of its own; ends both. */
struct scan {
	sqlite3 *h;
	sqlite3_stmt *s;
};

static int scan_begin(struct scan *c, const char *path, const char *sql, struct err *e)
{
	c->s = NULL;
	c->h = db_reader(path, e);
	if (c->h)
		c->s = db_prepare(c->h, sql, e);
	if (c->s)
		return 0;
	sqlite3_close(c->h);
	return err_prefix(e, "cannot read %s", path);
}

static int64_t scan_end(struct scan *c, const char *path, int64_t rows, struct err *e)
{
	if (sqlite3_reset(c->s) != SQLITE_OK) {
		db_fail(c->h, e);
		rows = err_prefix(e, "cannot read %s", path);
	}
	sqlite3_finalize(c->s);
	sqlite3_close(c->h);
	return rows;
}

static void copy_meta(struct journal *j, struct slice key, sqlite3_stmt *s)
{
	if (slice_is(key, "instance"))
		snprintf(j->instance, sizeof(j->instance), "%.*s", SLICE_ARG(rows_text(s, 1)));
	else if (slice_is(key, "last_n"))
		j->last_n = (uint64_t)sqlite3_column_int64(s, 1);
}

static int load_meta(struct journal *j, struct err *e)
{
	sqlite3_stmt *s = db_prepare(j->db.h, "SELECT key, value FROM meta", e);

	if (!s)
		return -1;
	while (sqlite3_step(s) == SQLITE_ROW)
		copy_meta(j, rows_text(s, 0), s);
	return sqlite3_finalize(s) == SQLITE_OK ? 0 : db_fail(j->db.h, e);
}

static int load_recent(struct journal *j, struct err *e)
{
	sqlite3_stmt *s = db_prepare(j->db.h, "SELECT origin, id FROM events ORDER BY n DESC LIMIT ?",
		e);

	if (!s)
		return -1;
	sqlite3_bind_int64(s, 1, RECENT_KEYS);
	while (sqlite3_step(s) == SQLITE_ROW)
		if (sqlite3_column_bytes(s, 1))
			recent_add(&j->recent, rows_text(s, 0), rows_text(s, 1));
	return sqlite3_finalize(s) == SQLITE_OK ? 0 : db_fail(j->db.h, e);
}

int journal_load_start(struct journal *j, struct err *e)
{
	if (load_meta(j, e) == 0 && load_recent(j, e) == 0)
		return 0;
	/* Damage that the bounded check at opening did not reach. */
	if (!db_damaged(sqlite3_errcode(j->db.h)))
		return -1;
	return db_replace(&j->db, sqlite3_errmsg(j->db.h), e) < 0 ? -1 : load_meta(j, e);
}

int64_t journal_load_events(struct journal *j, uint32_t max_n,
	void (*fn)(void *arg, const struct journal_event *e), void *arg, struct err *e)
{
	struct journal_event row;
	struct delta_event ev;
	struct scan c;
	int64_t rows = 0;

	if (scan_begin(&c, j->db.path, "SELECT " ROWS_EVENT " FROM events WHERE n >= (SELECT min(n)"
		" FROM (SELECT n FROM events ORDER BY n DESC LIMIT ?)) ORDER BY n", e) < 0)
		return -1;
	sqlite3_bind_int64(c.s, 1, max_n);
	for (; sqlite3_step(c.s) == SQLITE_ROW; rows++) {
		rows_event(c.s, &ev, &row);
		fn(arg, &row);
	}
	return scan_end(&c, j->db.path, rows, e);
}

static void row_block(sqlite3_stmt *s, struct delta_block *b)
{
	struct slice hash = rows_text(s, 6), parent = rows_text(s, 7);

	*b = (struct delta_block){
		.ledger = MODEL_NONE,
		.number = (uint64_t)sqlite3_column_int64(s, 0),
		.at_ms = sqlite3_column_int64(s, 1),
		.txs = (uint32_t)sqlite3_column_int64(s, 2),
		.logs = (uint32_t)sqlite3_column_int64(s, 3),
		.gas_used = (uint64_t)sqlite3_column_int64(s, 4),
		.gas_limit = (uint64_t)sqlite3_column_int64(s, 5),
	};
	if (hash.n == sizeof(b->hash))
		memcpy(b->hash, hash.p, hash.n);
	if (parent.n == sizeof(b->parent))
		memcpy(b->parent, parent.p, parent.n);
}

int64_t journal_load_blocks(struct journal *j, struct slice ledger, uint32_t max_n,
	void (*fn)(void *arg, const struct delta_block *b), void *arg, struct err *e)
{
	struct delta_block b;
	struct scan c;
	int64_t rows = 0;

	if (scan_begin(&c, j->db.path, "SELECT * FROM (SELECT number, at_ms, txs, logs, gas_used,"
		" gas_limit, hash, parent FROM blocks WHERE ledger = ? ORDER BY number DESC LIMIT ?)"
		" ORDER BY number", e) < 0)
		return -1;
	sqlite3_bind_text64(c.s, 1, ledger.p, ledger.n, SQLITE_STATIC, SQLITE_UTF8);
	sqlite3_bind_int64(c.s, 2, max_n);
	for (; sqlite3_step(c.s) == SQLITE_ROW; rows++) {
		row_block(c.s, &b);
		fn(arg, &b);
	}
	return scan_end(&c, j->db.path, rows, e);
}

int64_t journal_load_alerts(struct journal *j,
	void (*fn)(void *arg, struct slice id, bool open, int64_t at_ms, struct slice json),
	void *arg, struct err *e)
{
	struct scan c;
	int64_t rows = 0;

	if (scan_begin(&c, j->db.path, "SELECT id, open, at_ms, json FROM alerts", e) < 0)
		return -1;
	for (; sqlite3_step(c.s) == SQLITE_ROW; rows++)
		fn(arg, rows_text(c.s, 0), sqlite3_column_int(c.s, 1),
			sqlite3_column_int64(c.s, 2), rows_text(c.s, 3));
	return scan_end(&c, j->db.path, rows, e);
}

/* Those of a batch that is not durable yet. */
static int64_t pending_kept(const struct buf *batch, struct slice source,
	void (*fn)(void *arg, struct slice id, int status, struct slice data), void *arg)
{
	struct slice rest = buf_slice(batch);
	struct record r;
	int64_t rows = 0;

	while (batch_next(&rest, &r))
		if (r.kind == RECORD_KEEP && slice_eq(r.texts[0], source)) {
			fn(arg, r.texts[1], (int)r.ints[0], r.texts[2]);
			rows++;
		}
	return rows;
}

int64_t journal_load_kept(struct journal *j, struct slice source,
	void (*fn)(void *arg, struct slice id, int status, struct slice data), void *arg,
	struct err *e)
{
	struct scan c;
	int64_t rows = 0;

	if (scan_begin(&c, j->db.path, "SELECT id, status, data FROM kept WHERE source = ?", e) < 0)
		return -1;
	sqlite3_bind_text64(c.s, 1, source.p, source.n, SQLITE_STATIC, SQLITE_UTF8);
	for (; sqlite3_step(c.s) == SQLITE_ROW; rows++)
		fn(arg, rows_text(c.s, 0), sqlite3_column_int(c.s, 1), rows_text(c.s, 2));
	rows += pending_kept(j->given, source, fn, arg);
	rows += pending_kept(j->open, source, fn, arg);
	return scan_end(&c, j->db.path, rows, e);
}

int journal_cursor_get(struct journal *j, struct slice name, char **value, struct err *e)
{
	struct slice v;
	struct scan c;
	int found = 0;

	*value = NULL;
	if (scan_begin(&c, j->db.path, "SELECT value FROM cursors WHERE name = ?", e) < 0)
		return -1;
	sqlite3_bind_text64(c.s, 1, name.p, name.n, SQLITE_STATIC, SQLITE_UTF8);
	if (sqlite3_step(c.s) == SQLITE_ROW) {
		v = rows_text(c.s, 0);
		*value = xmemdup0(v.p, v.n);
		found = 1;
	}
	return (int)scan_end(&c, j->db.path, found, e);
}
