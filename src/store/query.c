#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "store/internal.h"
#include "store/reading.h"
#include "store/rows.h"

struct query {
	struct reading r;
	journal_rows_fn *fn;
	void *arg;
	struct journal_query q;

	struct journal_event *v; /* each .ev heads a block of its own with the row's bytes */
	size_t n, cap, bytes;
	bool more;
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

static void bind(const struct reading *r, sqlite3_stmt *s)
{
	const struct journal_query *q = &((const struct query *)r)->q;
	bool start = !q->after_n;
	int64_t first_n = q->newest_first ? INT64_MAX : 0;
	int64_t first_ms = q->newest_first ? INT64_MAX : INT64_MIN;

	sqlite3_bind_int64(s, 1, q->from_ms);
	sqlite3_bind_int64(s, 2, q->to_ms ? q->to_ms : INT64_MAX);
	sqlite3_bind_int64(s, 3, start ? first_n : (int64_t)q->after_n);
	sqlite3_bind_int64(s, 4, start ? first_ms : q->after_ms);
	sqlite3_bind_int64(s, 5, (int64_t)q->limit + 1);
}

static bool row(struct reading *r, sqlite3_stmt *s)
{
	struct query *q = (struct query *)r;
	struct journal_event je;
	struct delta_event ev;

	if (q->n == q->q.limit || q->bytes > JOURNAL_QUERY_BYTES) {
		q->more = true;
		return false;
	}
	rows_event(s, &ev, &je);
	keep_row(q, &je);
	return true;
}

static void tell(struct reading *r, const struct err *e)
{
	struct query *q = (struct query *)r;

	if (e)
		q->fn(q->arg, NULL, 0, false, e);
	else
		q->fn(q->arg, q->v, q->n, q->more, NULL);
}

static void end(struct reading *r)
{
	struct query *q = (struct query *)r;

	for (size_t i = 0; i < q->n; i++)
		free(q->v[i].ev);
	free(q->v);
	free(q);
}

void journal_query_events(struct journal *j, const struct journal_query *ask, journal_rows_fn *fn,
	void *arg)
{
	static const struct reading_ops ops = { bind, row, tell, end };
	struct query *q = xcalloc(1, sizeof(*q));

	q->q = *ask;
	if (q->q.limit < 1 || q->q.limit > JOURNAL_QUERY_ROWS)
		q->q.limit = JOURNAL_QUERY_ROWS;
	q->fn = fn;
	q->arg = arg;
	q->r.ops = &ops;
	q->r.sql = sql[ask->by_time][ask->newest_first];
	reading_start(j, &q->r);
}
