#include "ui/screen/feed.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/jtext.h"
#include "base/num.h"
#include "client/client.h"
#include "client/follow.h"
#include "client/view.h"

#define FIELDS	  "n,time,severity,type,device,network,message,source,subject,id,data"
#define ORIGIN	  (UINT64_C(1) << 40) /* rows are counted from here, so that older ones have room */
#define PAGE	  500
#define FILL_ROWS 200 /* at the start, a filter that passes little is asked for again */
#define FILL_ASKS 20

struct feed_row *feed_row_mut(struct feed *f, uint64_t i)
{
	return i >= f->first && i < f->total ? &f->rows[i % FEED_MAX] : NULL;
}

const struct feed_row *feed_row(const struct feed *f, uint64_t i)
{
	return feed_row_mut((struct feed *)f, i);
}

uint64_t feed_find(const struct feed *f, uint64_t number)
{
	uint64_t lo = f->first, hi = f->total;

	while (lo < hi) {
		uint64_t mid = lo + (hi - lo) / 2;

		if (f->rows[mid % FEED_MAX].number < number)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* --- rows come and go --- */

static void drop(struct feed *f, uint64_t i)
{
	struct feed_row *r = &f->rows[i % FEED_MAX];

	f->bytes -= r->n;
	free(r->json);
	*r = (struct feed_row){ 0 };
}

static bool full(const struct feed *f, size_t more)
{
	return f->total - f->first == FEED_MAX
	       || (f->total > f->first && f->bytes + more > FEED_BYTES);
}

static void unfollow(struct feed *f)
{
	client_follow_free(f->follow);
	f->follow = NULL;
}

/* What was dropped at an end can be asked for again. */
static void drop_oldest(struct feed *f)
{
	drop(f, f->first++);
	f->before = feed_row(f, f->first) ? feed_row(f, f->first)->number : 0;
}

static void drop_newest(struct feed *f)
{
	drop(f, --f->total);
	f->after = f->total > f->first ? feed_row(f, f->total - 1)->number : 0;
	f->tail = false;
	unfollow(f);
}

static struct feed_row read_row(struct slice row)
{
	struct feed_row r = { xmemdup0(row.p, row.n), row.n, 0, HIT_UNKNOWN };
	struct slice number;

	if (jtext_get(row, "n", &number))
		num_u64(number, &r.number);
	return r;
}

static void append(struct feed *f, struct slice row)
{
	struct feed_row r = read_row(row);

	while (full(f, r.n))
		drop_oldest(f);
	f->bytes += r.n;
	f->rows[f->total++ % FEED_MAX] = r;
	f->last = r.number > f->last ? r.number : f->last;
}

static void prepend(struct feed *f, struct slice row)
{
	struct feed_row r = read_row(row);

	while (full(f, r.n))
		drop_newest(f);
	f->bytes += r.n;
	f->rows[--f->first % FEED_MAX] = r;
	f->last = r.number > f->last ? r.number : f->last;
}

static void each_row(struct feed *f, struct slice rows, void (*add)(struct feed *, struct slice))
{
	struct jtext_walk w;
	struct slice row;

	if (jtext_open(&w, rows) == 0)
		while (jtext_next(&w, NULL, &row) == 1)
			add(f, row);
}

static void clear(struct feed *f)
{
	while (f->total > f->first)
		drop(f, --f->total);
	f->first = f->total = ORIGIN;
	f->missed = f->before = f->after = f->landed = 0;
	f->tail = f->ready = f->asking_older = f->asking_newer = false;
	f->fill = 0;
	f->refused.class = ERR_NONE;
	unfollow(f);
	asker_fini(&f->asker);
}

/* --- following --- */

/* Where somebody reads what is furthest back, nothing of it gives way: the newest wait. */
static void append_new(struct feed *f, struct slice row)
{
	const struct feed_row *newest = feed_row(f, f->total - 1);

	if (f->still && newest && full(f, row.n)) {
		f->after = newest->number;
		f->tail = false;
	}
	if (f->tail)
		append(f, row);
}

static void on_rows(void *arg, struct slice rows, uint64_t missed)
{
	struct feed *f = arg;

	f->missed += missed;
	each_row(f, rows, append_new);
	if (!f->tail)
		unfollow(f);
	f->changed(f->arg);
}

static void refuse(struct feed *f, const struct err *e)
{
	f->refused = *e;
	f->refused_at = client_error_at(e);
}

static void on_refused(void *arg, const struct err *e)
{
	refuse(arg, e);
	((struct feed *)arg)->changed(((struct feed *)arg)->arg);
}

static void follow(struct feed *f)
{
	struct client_follow_spec s = { .filter = f->filter, .fields = FIELDS, .after = f->last,
		.since_ms = f->last ? 0 : 1, .rows = on_rows, .refused = on_refused, .arg = f };

	unfollow(f);
	f->tail = true;
	f->after = 0;
	f->follow = client_follow_new(f->client, &s);
}

/* --- pages --- */

static void ask(struct feed *f, const char *side, uint64_t number, int64_t at_ms, asker_text_fn *fn)
{
	struct buf b;
	struct jw w;

	buf_init(&b, 1 << 16);
	jw_init(&w, &b);
	jw_object(&w);
	if (side)
		jw_key(&w, side), jw_i64(&w, at_ms ? at_ms : (int64_t)number);
	if (f->filter)
		jw_key(&w, "filter"), jw_str(&w, slice_of(f->filter));
	jw_key(&w, "fields"), jw_str(&w, slice_of(FIELDS));
	jw_key(&w, "limit"), jw_i64(&w, PAGE);
	jw_end(&w);
	asker_call_text(&f->asker, f->client, "scroll", buf_slice(&b), fn, f);
	buf_fini(&b);
}

static uint64_t member(struct slice answer, const char *name)
{
	struct slice v;
	uint64_t n = 0;

	return jtext_get(answer, name, &v) && num_u64(v, &n) == 0 ? n : 0;
}

static struct slice rows_of(struct slice answer)
{
	struct slice rows;

	return jtext_get(answer, "rows", &rows) ? rows : slice_of("[]");
}

/* True: an answer is here. */
static bool arrived(struct feed *f, const struct err *e)
{
	if (e && e->class == ERR_USAGE)
		refuse(f, e);
	f->ready = f->ready || !e;
	return !e;
}

static void older_came(void *arg, struct slice answer, const struct err *e)
{
	struct feed *f = arg;

	f->asking_older = false;
	if (arrived(f, e)) {
		each_row(f, rows_of(answer), prepend);
		f->before = member(answer, "next");
		if (f->fill > 0 && f->total - f->first < FILL_ROWS) {
			f->fill--;
			feed_older(f);
		}
	}
	f->changed(f->arg);
}

static void newest_came(void *arg, struct slice answer, const struct err *e)
{
	struct feed *f = arg;

	if (!e) {
		f->last = member(answer, "last");
		follow(f);
	}
	older_came(f, answer, e);
}

static void newer_came(void *arg, struct slice answer, const struct err *e)
{
	struct feed *f = arg;

	f->asking_newer = false;
	if (arrived(f, e)) {
		each_row(f, rows_of(answer), append);
		f->after = member(answer, "next");
		f->last = f->after ? f->last : member(answer, "last");
		if (!f->after)
			follow(f);
	}
	f->changed(f->arg);
}

/* The page from a place on; then what is before it. */
static void jump_came(void *arg, struct slice answer, const struct err *e)
{
	struct feed *f = arg;

	if (!e) {
		f->before = member(answer, "from") + 1;
		f->landed = f->total + 1;
	}
	newer_came(f, answer, e);
	if (!e)
		feed_older(f);
}

void feed_older(struct feed *f)
{
	if (!f->before || f->asking_older || !f->client)
		return;
	f->asking_older = true;
	ask(f, "before", f->before, 0, older_came);
}

void feed_newer(struct feed *f)
{
	if (f->tail || !f->after || f->asking_newer || !f->client)
		return;
	f->asking_newer = true;
	ask(f, "after", f->after, 0, newer_came);
}

/* --- from outside --- */

void feed_init(struct feed *f, struct client *c, void (*changed)(void *arg), void *arg)
{
	f->client = c;
	f->changed = changed;
	f->arg = arg;
	f->first = f->total = ORIGIN;
}

void feed_fini(struct feed *f)
{
	clear(f);
	free(f->filter);
}

void feed_filter(struct feed *f, const char *filter)
{
	char *copy = filter && *filter ? xstrdup(filter) : NULL; /* may be f->filter itself */

	free(f->filter);
	f->filter = copy;
}

void feed_start(struct feed *f, const char *filter)
{
	feed_filter(f, filter);
	clear(f);
	f->asking_older = true;
	f->fill = FILL_ASKS;
	ask(f, NULL, 0, 0, newest_came);
}

void feed_jump(struct feed *f, uint64_t number, int64_t at_ms)
{
	clear(f);
	f->asking_newer = true;
	if (number)
		ask(f, "after", number - 1, 0, jump_came);
	else
		ask(f, "at", 0, at_ms, jump_came);
}

void feed_pause(struct feed *f)
{
	unfollow(f);
}

void feed_resume(struct feed *f)
{
	if (f->tail && !f->follow)
		follow(f);
	else if (!f->ready && !f->asking_older && !f->asking_newer)
		feed_start(f, f->filter);
}
