/* How many events there were over time, and how bad they were. */
#include <stdlib.h>

#include "base/alloc.h"
#include "model/delta.h"
#include "store/internal.h"
#include "store/reading.h"

struct count {
	struct reading r;
	struct journal_count ask;
	journal_counts_fn *fn;
	void *arg;
	int64_t oldest_ms;
	uint32_t v[];
};

/* "+n" has the planner go by time.  The oldest event's row has no severity. */
static const char sql[] = "SELECT * FROM (SELECT at_ms, NULL FROM events ORDER BY n LIMIT 1)"
	" UNION ALL SELECT at_ms, severity FROM events WHERE at_ms >= ?1 AND at_ms < ?2 AND +n < ?3";

static void bind(const struct reading *r, sqlite3_stmt *s)
{
	const struct journal_count *a = &((const struct count *)r)->ask;

	sqlite3_bind_int64(s, 1, a->from_ms);
	sqlite3_bind_int64(s, 2, a->from_ms + a->step_ms * (int64_t)a->n);
	sqlite3_bind_int64(s, 3, (int64_t)(a->below_n < INT64_MAX ? a->below_n : INT64_MAX));
}

static bool row(struct reading *r, sqlite3_stmt *s)
{
	struct count *c = (struct count *)r;
	int64_t at = sqlite3_column_int64(s, 0);
	int severity = sqlite3_column_int(s, 1);

	if (sqlite3_column_type(s, 1) == SQLITE_NULL) {
		c->oldest_ms = at;
		return true;
	}
	if (severity < 0 || severity >= SEVERITIES)
		severity = SEVERITIES - 1;
	c->v[(at - c->ask.from_ms) / c->ask.step_ms * SEVERITIES + severity]++;
	return true;
}

static void tell(struct reading *r, const struct err *e)
{
	struct count *c = (struct count *)r;

	c->fn(c->arg, e ? NULL : c->v, c->oldest_ms, e);
}

static void end(struct reading *r)
{
	free((struct count *)r);
}

void journal_count_events(struct journal *j, const struct journal_count *ask,
	journal_counts_fn *fn, void *arg)
{
	static const struct reading_ops ops = { bind, row, tell, end };
	struct count *c = xcalloc(1, sizeof(*c) +
		(size_t)ask->n * SEVERITIES * sizeof(c->v[0]));

	c->ask = *ask;
	c->fn = fn;
	c->arg = arg;
	c->r.ops = &ops;
	c->r.sql = sql;
	reading_start(j, &c->r);
}
