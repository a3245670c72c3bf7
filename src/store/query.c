#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "loop/loop.h"
#include "store/internal.h"
#include "store/rows.h"

#define QUERY_US 5000000 /* a query that takes longer is given up */

/* One query on its way.  In the pool thread it belongs to that thread whole. */
struct query {
	struct query *next, **prev;
	bool orphan; /* the journal is closed: nobody to tell */
	journal_rows_fn *fn;
	void *arg;
	struct journal_query q;
	char *path;
	int64_t deadline_us;

	struct journal_event *v; /* each .ev heads a block of its own with the row's bytes */
	size_t n, cap, bytes;
	bool more, failed;
	struct err e;
};

struct row {
	struct delta_event ev;
	char bytes[];
};

#define SELECT "SELECT " ROWS_EVENT " FROM events WHERE "
/* Parameters: 1 from_ms, 2 to_ms, 3 after_n, 4 after_ms, 5 limit.  "+at_ms" keeps the planner
 * from sorting when the order is that of n. */
static const char *const sql[2][2] = {
	{ SELECT "n > ?3 AND +at_ms BETWEEN ?1 AND ?2 AND ?4 = ?4 ORDER BY n LIMIT ?5",
	  SELECT "n < ?3 AND +at_ms BETWEEN ?1 AND ?2 AND ?4 = ?4 ORDER BY n DESC LIMIT ?5" },
	{ SELECT "(at_ms, n) > (?4, ?3) AND at_ms BETWEEN ?1 AND ?2 ORDER BY at_ms, n LIMIT ?5",
	  SELECT "(at_ms, n) < (?4, ?3) AND at_ms BETWEEN ?1 AND ?2"
		" ORDER BY at_ms DESC, n DESC LIMIT ?5" },
};

static struct slice keep(char **to, struct slice s)
{
	struct slice kept = { *to, s.n };

	if (s.n)
		memcpy(*to, s.p, s.n);
	*to += s.n;
	return kept;
}

static void keep_row(struct query *q, const struct journal_event *je)
{
	const struct delta_event *ev = je->ev;
	size_t n = je->source.n + je->device.n + ev->origin.n + ev->id.n + ev->type.n +
		ev->subject.n + ev->message.n + ev->data.n;
	struct row *r = xmalloc(sizeof(*r) + n);
	char *to = r->bytes;
	struct journal_event *out;

	if (q->n == q->cap) {
		q->cap = q->cap ? q->cap * 2 : 64;
		q->v = xreallocarray(q->v, q->cap, sizeof(*q->v));
	}
	out = &q->v[q->n++];
	q->bytes += sizeof(*r) + n;
	r->ev = *ev;
	*out = (struct journal_event){ .ev = &r->ev, .seen_ms = je->seen_ms };
	out->source = keep(&to, je->source);
	out->device = keep(&to, je->device);
	r->ev.origin = keep(&to, ev->origin);
	r->ev.id = keep(&to, ev->id);
	r->ev.type = keep(&to, ev->type);
	r->ev.subject = keep(&to, ev->subject);
	r->ev.message = keep(&to, ev->message);
	r->ev.data = keep(&to, ev->data);
}

static void bind(sqlite3_stmt *s, const struct journal_query *q)
{
	bool start = !q->after_n;
	int64_t first_n = q->newest_first ? INT64_MAX : 0;
	int64_t first_ms = q->newest_first ? INT64_MAX : INT64_MIN;

	sqlite3_bind_int64(s, 1, q->from_ms);
	sqlite3_bind_int64(s, 2, q->to_ms ? q->to_ms : INT64_MAX);
	sqlite3_bind_int64(s, 3, start ? first_n : (int64_t)q->after_n);
	sqlite3_bind_int64(s, 4, start ? first_ms : q->after_ms);
	sqlite3_bind_int64(s, 5, (int64_t)q->limit + 1);
}

static void run(struct query *q, sqlite3 *h, sqlite3_stmt *s)
{
	struct journal_event je;
	struct delta_event ev;

	bind(s, &q->q);
	while (sqlite3_step(s) == SQLITE_ROW) {
		if (q->n == q->q.limit || q->bytes > JOURNAL_QUERY_BYTES) {
			q->more = true;
			break;
		}
		rows_event(s, &ev, &je);
		keep_row(q, &je);
	}
	if (sqlite3_reset(s) == SQLITE_OK)
		return;
	q->failed = true;
	if (sqlite3_errcode(h) == SQLITE_INTERRUPT)
		err_set(&q->e, ERR_REFUSED, "the question takes too long: ask for less time");
	else
		db_fail(h, &q->e);
}

static int out_of_time(void *arg)
{
	const struct query *q = arg;

	return clock_mono_us_now() > q->deadline_us;
}

static void in_thread(void *arg)
{
	struct query *q = arg;
	sqlite3 *h = db_reader(q->path, &q->e);
	sqlite3_stmt *s = NULL;

	q->deadline_us = clock_mono_us_now() + QUERY_US;
	if (h) {
		sqlite3_progress_handler(h, 10000, out_of_time, q);
		s = db_prepare(h, sql[q->q.by_time][q->q.newest_first], &q->e);
	}
	if (s)
		run(q, h, s);
	else
		q->failed = true;
	sqlite3_finalize(s);
	sqlite3_close(h);
}

static void free_query(struct query *q)
{
	for (size_t i = 0; i < q->n; i++)
		free(q->v[i].ev);
	free(q->v);
	free(q->path);
	free(q);
}

static void done(void *arg, bool cancelled)
{
	struct query *q = arg;

	if (!q->orphan) {
		*q->prev = q->next;
		if (q->next)
			q->next->prev = q->prev;
		if (cancelled)
			q->failed = true, err_set(&q->e, ERR_OURS, "the collector ends");
		if (q->failed)
			q->fn(q->arg, NULL, 0, false, &q->e);
		else
			q->fn(q->arg, q->v, q->n, q->more, NULL);
	}
	free_query(q);
}

void journal_query_events(struct journal *j, const struct journal_query *ask, journal_rows_fn *fn,
	void *arg)
{
	struct query *q = xcalloc(1, sizeof(*q));

	q->q = *ask;
	if (q->q.limit < 1 || q->q.limit > JOURNAL_QUERY_ROWS)
		q->q.limit = JOURNAL_QUERY_ROWS;
	q->fn = fn;
	q->arg = arg;
	q->path = xstrdup(j->db.path);
	q->next = j->queries;
	q->prev = &j->queries;
	if (q->next)
		q->next->prev = &q->next;
	j->queries = q;
	loop_work(j->loop, in_thread, done, q);
}

void journal_orphan_queries(struct journal *j)
{
	for (struct query *q = j->queries; q; q = q->next)
		q->orphan = true;
	j->queries = NULL;
}
