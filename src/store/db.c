#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "store/lock.h"

#define APPLICATION 0x44506a31 /* "DPj1" */
#define SCHEMA 2
#define CHECK_US 1000000 /* quick_check reads at most this long: a big file is checked in part */

static const char create_sql[] =
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
	"CREATE TABLE events(n INTEGER PRIMARY KEY, at_ms INT, seen_ms INT, severity INT,"
	" source TEXT, device TEXT, origin TEXT, id TEXT, type TEXT, subject TEXT, message TEXT,"
	" data TEXT);"
	"CREATE INDEX events_at ON events(at_ms);"
	"CREATE TABLE cursors(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
	"CREATE TABLE blocks(ledger TEXT, number INT, hash BLOB, parent BLOB, at_ms INT, txs INT,"
	" logs INT, gas_used INT, gas_limit INT, PRIMARY KEY(ledger, number)) WITHOUT ROWID;"
	"CREATE TABLE alerts(id TEXT PRIMARY KEY, open INT, at_ms INT, json TEXT) WITHOUT ROWID;"
	"CREATE TABLE kept(source TEXT, id TEXT, status INT, data TEXT, seen_ms INT DEFAULT 0,"
	" PRIMARY KEY(source, id)) WITHOUT ROWID;";

int db_fail(sqlite3 *h, struct err *e)
{
	int os = sqlite3_system_errno(h);

	if (os && (sqlite3_errcode(h) & 0xff) != SQLITE_CORRUPT)
		return err_set(e, ERR_OURS, "%s (%s)", sqlite3_errmsg(h), strerror(os));
	return err_set(e, ERR_OURS, "%s", sqlite3_errmsg(h));
}

bool db_damaged(int rc)
{
	return (rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_NOTADB;
}

int db_exec(sqlite3 *h, const char *sql, struct err *e)
{
	return sqlite3_exec(h, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : db_fail(h, e);
}

sqlite3_stmt *db_prepare(sqlite3 *h, const char *sql, struct err *e)
{
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(h, sql, -1, &s, NULL) != SQLITE_OK)
		db_fail(h, e);
	return s;
}

static int64_t pragma_i64(sqlite3 *h, const char *sql)
{
	sqlite3_stmt *s = db_prepare(h, sql, NULL);
	int64_t v = s && sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) : -1;

	sqlite3_finalize(s);
	return v;
}

static int create(struct db *d, struct err *e)
{
	unsigned char r[8];
	char sql[256];

	if (getrandom(r, sizeof(r), 0) != sizeof(r))
		return err_set(e, ERR_OURS, "no random bytes: %s", strerror(errno));
	snprintf(sql, sizeof(sql),
		"INSERT INTO meta VALUES('instance', '%02x%02x%02x%02x%02x%02x%02x%02x');"
		"PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
		r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], APPLICATION, SCHEMA);
	if (db_exec(d->h, "BEGIN IMMEDIATE", e) < 0 || db_exec(d->h, create_sql, e) < 0 ||
		db_exec(d->h, sql, e) < 0)
		return -1;
	return 0;
}

/* Schema 1 did not know when what it keeps was last of use. */
static int upgrade(struct db *d, struct err *e)
{
	char sql[256];

	snprintf(sql, sizeof(sql), "BEGIN IMMEDIATE; ALTER TABLE kept ADD COLUMN seen_ms INT"
		" DEFAULT 0; UPDATE kept SET seen_ms = %lld; PRAGMA user_version = %d; COMMIT",
		(long long)clock_wall_ms(), SCHEMA);
	return db_exec(d->h, sql, e);
}

/* Nothing of another program or of a newer one of ours is touched. */
static int check_owner(struct db *d, bool *fresh, struct err *e)
{
	int64_t tables = pragma_i64(d->h, "SELECT count(*) FROM sqlite_schema");
	int64_t app, version;

	if (tables < 0)
		return db_fail(d->h, e);
	*fresh = tables == 0;
	if (*fresh)
		return 0;
	app = pragma_i64(d->h, "PRAGMA application_id");
	version = pragma_i64(d->h, "PRAGMA user_version");
	if (app != APPLICATION)
		return err_set(e, ERR_REFUSED, "%s is a database of another program", d->path);
	if (version == 1)
		return upgrade(d, e);
	if (version != SCHEMA)
		return err_set(e, ERR_REFUSED, "%s has schema %lld, this program knows %d: "
			"use the version that wrote it, or another path", d->path,
			(long long)version, SCHEMA);
	return 0;
}

static int out_of_time(void *deadline)
{
	return clock_mono_us_now() > *(int64_t *)deadline;
}

/* SQLITE_OK: sound as far as was read. */
static int quick_check(struct db *d)
{
	int64_t deadline = clock_mono_us_now() + CHECK_US;
	sqlite3_stmt *s = db_prepare(d->h, "PRAGMA quick_check(1)", NULL);
	const char *word;
	int rc;

	if (!s)
		return sqlite3_errcode(d->h);
	sqlite3_progress_handler(d->h, 10000, out_of_time, &deadline);
	rc = sqlite3_step(s);
	word = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(s, 0) : "";
	if (rc == SQLITE_ROW)
		rc = word && strcmp(word, "ok") == 0 ? SQLITE_OK : SQLITE_CORRUPT;
	sqlite3_finalize(s);
	sqlite3_progress_handler(d->h, 0, NULL, NULL);
	return rc == SQLITE_INTERRUPT ? SQLITE_OK : rc;
}

/* SQLite creates files with the umask's mode, and gives its log and index that of the file. */
static int make_private(const char *path, struct err *e)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	int rc = 0;

	if (fd < 0)
		return err_set(e, ERR_OURS, "cannot open %s: %s", path, strerror(errno));
	if (fchmod(fd, 0600) < 0)
		rc = err_set(e, ERR_OURS, "cannot make %s private: %s", path, strerror(errno));
	close(fd);
	return rc;
}

static int configure(struct db *d, bool fresh, struct err *e)
{
	if (fresh && db_exec(d->h, "PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL",
		e) < 0)
		return -1;
	if (db_exec(d->h, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4000;"
		"PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16384;"
		"PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF", e) < 0)
		return -1;
	return db_exec(d->h, d->sync_full ? "PRAGMA synchronous = FULL" :
		"PRAGMA synchronous = NORMAL", e);
}

/* *rc is SQLite's own word, to tell a damaged file from one that cannot be used. */
static int open_once(struct db *d, int *rc, struct err *e)
{
	bool fresh = false;
	int r = -1;

	*rc = SQLITE_OK;
	if (make_private(d->path, e) < 0)
		return -1;
	if (sqlite3_open_v2(d->path, &d->h, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL)) {
		db_fail(d->h, e);
		goto out;
	}
	sqlite3_extended_result_codes(d->h, 1);
	sqlite3_busy_timeout(d->h, 5000);
	sqlite3_db_config(d->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (check_owner(d, &fresh, e) < 0 || configure(d, fresh, e) < 0)
		goto out;
	if (fresh && create(d, e) < 0)
		goto out;
	if (!fresh && (*rc = quick_check(d)) != SQLITE_OK) {
		err_set(e, ERR_OURS, "%s: %s", d->path, sqlite3_errstr(*rc));
		goto out;
	}
	r = 0;
out:
	if (r < 0) {
		if (*rc == SQLITE_OK)
			*rc = sqlite3_errcode(d->h);
		sqlite3_close(d->h);
		d->h = NULL;
	}
	return r;
}

static int move_aside(struct db *d, const char *why, struct err *e)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char *to = NULL;

	for (int i = 1;; i++) {
		free(to);
		to = xasprintf("%s.damaged-%d", d->path, i);
		if (access(to, F_OK) < 0)
			break;
	}
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		char *a = xasprintf("%s%s", d->path, ends[i]), *b = xasprintf("%s%s", to, ends[i]);
		int bad = rename(a, b) < 0 && errno != ENOENT;

		if (bad)
			err_set(e, ERR_OURS, "%s is damaged and cannot be renamed: %s", a,
				strerror(errno));
		free(a);
		free(b);
		if (bad) {
			free(to);
			return -1;
		}
	}
	snprintf(d->notice, sizeof(d->notice), "%s was damaged (%s): kept as %s, a new one begun",
		d->path, why, to);
	free(to);
	return 0;
}

int db_replace(struct db *d, const char *why, struct err *e)
{
	int rc;

	sqlite3_close(d->h);
	d->h = NULL;
	if (move_aside(d, why, e) < 0)
		return -1;
	return open_once(d, &rc, e);
}

int db_reopen(struct db *d, struct err *e)
{
	int rc;

	if (open_once(d, &rc, e) == 0)
		return 0;
	return db_damaged(rc) ? db_replace(d, sqlite3_errstr(rc), e) : -1;
}

int db_open(struct db *d, const char *path, bool sync_full, struct err *e)
{
	*d = (struct db){ .sync_full = sync_full, .path = xstrdup(path) };
	d->lock_fd = lock_take(path, e);
	if (d->lock_fd < 0 || db_reopen(d, e) < 0)
		goto fail;
	return 0;
fail:
	err_prefix(e, "journal");
	db_close(d);
	return -1;
}

void db_close(struct db *d)
{
	sqlite3_close(d->h);
	if (d->lock_fd >= 0)
		close(d->lock_fd);
	free(d->path);
	*d = (struct db){ .lock_fd = -1 };
}

sqlite3 *db_reader(const char *path, struct err *e)
{
	sqlite3 *h = NULL;

	if (sqlite3_open_v2(path, &h, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL)) {
		db_fail(h, e);
		sqlite3_close(h);
		return NULL;
	}
	sqlite3_busy_timeout(h, 2000);
	return h;
}
