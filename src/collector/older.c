#include "collector/older.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "collector/api_conn.h"

#define OLDER_MEMORY (64u << 20)

struct older { /* outlives who asked */
	journal_rows_fn *fn; /* NULL: dropped, or counts are asked for */
	journal_counts_fn *counts;
	void *arg;
};

static void got(void *arg, const struct journal_event *v, size_t n, bool more, const struct err *e)
{
	struct older o = *(struct older *)arg;

	free(arg);
	if (o.fn)
		o.fn(o.arg, v, n, more, e);
}

struct older *older_ask(struct api *a, const struct journal_query *q, journal_rows_fn *fn,
	void *arg)
{
	struct older *o = xmalloc(sizeof(*o));

	*o = (struct older){ .fn = fn, .arg = arg };
	if (a->env.recorded_events(a->env.arg, q, got, o))
		return o;
	free(o);
	return NULL;
}

static void got_counts(void *arg, const uint32_t *v, int64_t oldest_ms, const struct err *e)
{
	struct older o = *(struct older *)arg;

	free(arg);
	if (o.counts)
		o.counts(o.arg, v, oldest_ms, e);
}

struct older *older_count(struct api *a, const struct journal_count *q, journal_counts_fn *fn,
	void *arg)
{
	struct older *o = xmalloc(sizeof(*o));

	*o = (struct older){ .counts = fn, .arg = arg };
	if (a->env.recorded_counts(a->env.arg, q, got_counts, o))
		return o;
	free(o);
	return NULL;
}

void older_drop(struct older *o)
{
	if (!o)
		return;
	o->fn = NULL;
	o->counts = NULL;
}

static void add_older(struct model *m, const struct journal_event *je)
{
	struct delta d = { .kind = DELTA_SOURCE, .source = { .name = je->source,
		.kind = slice_of(""), .url = slice_of("") } };
	struct delta ev = { .kind = DELTA_EVENT, .event = *je->ev };
	struct err e;

	if (je->source.n && model_apply(m, &d, &e) == 0)
		ev.event.source = d.source.source;
	d = (struct delta){ .kind = DELTA_DEVICE, .device = { .id = je->device, .lat = NAN,
		.lon = NAN, .source = MODEL_NONE } };
	if (je->device.n && model_apply(m, &d, &e) == 0)
		ev.event.device = d.device.device;
	model_apply(m, &ev, &e);
}

struct model *older_model(const struct journal_event *v, size_t n)
{
	struct model *m = model_new(&(struct model_spec){ .memory = OLDER_MEMORY });
	bool down = n > 1 && v[0].ev->n > v[n - 1].ev->n;

	for (size_t i = 0; i < n; i++)
		add_older(m, &v[down ? n - 1 - i : i]);
	return m;
}
