#include "ui/screen/feed.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/jtext.h"
#include "base/num.h"
#include "client/client.h"
#include "client/follow.h"
#include "client/view.h"

#define FIELDS "n,time,severity,type,device,network,message,source,subject,id,data"

const struct feed_row *feed_row(const struct feed *f, uint64_t i)
{
	return i >= f->first && i < f->total ? &f->rows[i % FEED_MAX] : NULL;
}

static void drop_oldest(struct feed *f)
{
	struct feed_row *r = &f->rows[f->first++ % FEED_MAX];

	f->bytes -= r->n;
	free(r->json);
	*r = (struct feed_row){ 0 };
}

static void add(struct feed *f, struct slice row)
{
	struct feed_row *r = &f->rows[f->total % FEED_MAX];
	struct slice number;

	while (f->total - f->first == FEED_MAX || (f->total > f->first && f->bytes + row.n > FEED_BYTES))
		drop_oldest(f);
	f->bytes += row.n;
	*r = (struct feed_row){ xmemdup0(row.p, row.n), row.n, 0 };
	if (jtext_get(row, "n", &number))
		num_u64(number, &r->number);
	f->total++;
}

static void on_rows(void *arg, struct slice rows, uint64_t missed)
{
	struct feed *f = arg;
	struct jtext_walk w;
	struct slice row;

	f->missed += missed;
	if (jtext_open(&w, rows) == 0)
		while (jtext_next(&w, NULL, &row) == 1)
			add(f, row);
	f->changed(f->arg);
}

static void on_refused(void *arg, const struct err *e)
{
	struct feed *f = arg;

	f->refused = *e;
	f->refused_at = client_error_at(e);
	f->changed(f->arg);
}

static void clear(struct feed *f)
{
	while (f->total > f->first)
		drop_oldest(f);
	f->first = f->total = f->missed = 0;
}

void feed_init(struct feed *f, struct client *c, void (*changed)(void *arg), void *arg)
{
	f->client = c;
	f->changed = changed;
	f->arg = arg;
}

void feed_fini(struct feed *f)
{
	client_follow_free(f->follow);
	f->follow = NULL;
	clear(f);
	free(f->filter);
}

static void follow(struct feed *f, uint64_t after, int64_t since_ms)
{
	struct client_follow_spec s = { .filter = f->filter, .fields = FIELDS, .after = after,
		.since_ms = since_ms, .rows = on_rows, .refused = on_refused, .arg = f };

	f->refused.class = ERR_NONE;
	client_follow_free(f->follow);
	f->follow = client_follow_new(f->client, &s);
}

void feed_start(struct feed *f, const char *filter, int64_t back_ms)
{
	char *copy = filter && *filter ? xstrdup(filter) : NULL;

	clear(f);
	free(f->filter);
	f->filter = copy;
	follow(f, 0, clock_wall_ms() - back_ms);
}

void feed_pause(struct feed *f)
{
	client_follow_free(f->follow);
	f->follow = NULL;
}

void feed_resume(struct feed *f)
{
	const struct feed_row *last = f->total ? feed_row(f, f->total - 1) : NULL;

	if (!f->follow)
		follow(f, last ? last->number : 0, last ? 0 : clock_wall_ms() - 600000);
}
