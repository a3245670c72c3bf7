/*
 * A question to the journal's file, answered in a pool thread over a connection of its own, and told
 * in the loop's thread.  Each kind of question heads its struct with this and gives its table.
 */
#ifndef STORE_READING_H
#define STORE_READING_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct journal;
struct reading;

struct reading_ops {
	void (*bind)(const struct reading *r, sqlite3_stmt *s);
	bool (*row)(struct reading *r, sqlite3_stmt *s); /* in the thread; false: no more are wanted */
	void (*tell)(struct reading *r, const struct err *e); /* NULL: all went well */
	void (*end)(struct reading *r);			      /* frees it */
};

struct reading {
	const struct reading_ops *ops;
	const char *sql;

	struct reading *next, **prev;
	bool orphan; /* the journal is closed: nobody to tell */
	bool failed;
	char *path;
	int64_t deadline_us;
	struct err e;
};

/* ops and sql are set, the rest is zeros; from now on it ends itself. */
void reading_start(struct journal *j, struct reading *r);

#endif
