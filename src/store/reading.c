#include "store/reading.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "loop/loop.h"
#include "store/internal.h"

#define READ_US 5000000 /* one that takes longer is given up */

static void read_rows(struct reading *r, sqlite3 *h, sqlite3_stmt *s)
{
	r->ops->bind(r, s);
	while (sqlite3_step(s) == SQLITE_ROW)
		if (!r->ops->row(r, s))
			break;
	if (sqlite3_reset(s) == SQLITE_OK)
		return;
	r->failed = true;
	if (sqlite3_errcode(h) == SQLITE_INTERRUPT)
		err_set(&r->e, ERR_REFUSED, "the question takes too long: ask for less time");
	else
		db_fail(h, &r->e);
}

static int out_of_time(void *arg)
{
	const struct reading *r = arg;

	return clock_mono_us_now() > r->deadline_us;
}

static void in_thread(void *arg)
{
	struct reading *r = arg;
	sqlite3 *h = db_reader(r->path, &r->e);
	sqlite3_stmt *s = NULL;

	r->deadline_us = clock_mono_us_now() + READ_US;
	if (h) {
		sqlite3_progress_handler(h, 10000, out_of_time, r);
		s = db_prepare(h, r->sql, &r->e);
	}
	if (s)
		read_rows(r, h, s);
	else
		r->failed = true;
	sqlite3_finalize(s);
	sqlite3_close(h);
}

static void done(void *arg, bool cancelled)
{
	struct reading *r = arg;

	if (!r->orphan) {
		*r->prev = r->next;
		if (r->next)
			r->next->prev = r->prev;
		if (cancelled)
			r->failed = true, err_set(&r->e, ERR_OURS, "the collector ends");
		r->ops->tell(r, r->failed ? &r->e : NULL);
	}
	free(r->path);
	r->ops->end(r);
}

void reading_start(struct journal *j, struct reading *r)
{
	r->path = xstrdup(j->db.path);
	r->next = j->readings;
	r->prev = &j->readings;
	if (r->next)
		r->next->prev = &r->next;
	j->readings = r;
	loop_work(j->loop, in_thread, done, r);
}

void journal_orphan_readings(struct journal *j)
{
	for (struct reading *r = j->readings; r; r = r->next)
		r->orphan = true;
	j->readings = NULL;
}
