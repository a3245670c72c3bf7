/*
 * The file under the journal: opening it safely, its schema, its lock, and what is done when it
 * is damaged.  Used by one thread at a time.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/err.h"

struct db {
	sqlite3 *h;
	char *path;
	bool sync_full;
	int lock_fd;
	char notice[512]; /* what was done about a damaged file */
};

int db_open(struct db *d, const char *path, bool sync_full, struct err *e);
void db_close(struct db *d); /* accepts zeros with lock_fd -1 */
/* Moves a damaged file aside (FILE.damaged-N, its log too), opens a new one, sets the notice. */
int db_replace(struct db *d, const char *why, struct err *e);
/* Opens it again after db_replace() failed and left it closed. */
int db_reopen(struct db *d, struct err *e);

/* A connection for reading only, to be used in one thread; sqlite3_close() ends it. */
sqlite3 *db_reader(const char *path, struct err *e);

int db_exec(sqlite3 *h, const char *sql, struct err *e);
sqlite3_stmt *db_prepare(sqlite3 *h, const char *sql, struct err *e);
int db_fail(sqlite3 *h, struct err *e); /* SQLite's story; returns -1 */
bool db_damaged(int rc);		/* a result code that says the file is not sound */

#endif
