#include "model/trail.h"

#include <stddef.h>

#include "model/state.h"

#define STEPS_MIN 4096
#define MARKS_MAX 262144
#define TICK_MS	  1000 /* between two readings of our clock */
#define MARK_MS	  500  /* between two marks */

void trail_init(struct trail *t, uint64_t memory, int64_t begun_ms)
{
	*t = (struct trail){ .begun_ms = begun_ms, .last_ms = begun_ms,
		.cap = memory / sizeof(struct trail_step), .marks_cap = MARKS_MAX };
	if (t->cap < STEPS_MIN)
		t->cap = STEPS_MIN;
}

void trail_fini(struct trail *t)
{
	region_fini(&t->steps_mem);
	region_fini(&t->marks_mem);
}

/* An array that is used up to place n, at most cap. */
static void *reserve(struct region *r, uint64_t n, uint64_t cap, size_t size)
{
	uint64_t want = n + n / 2 + 1024;

	if (n * size <= r->bytes)
		return r->p;
	return region_grow(r, (want < cap ? want : cap) * size, false);
}

/* A change counts from the moment we learned of it.  Our clock is read once a second; within that
 * second the record's own time tells more. */
static int64_t learned_ms(struct model *m, int64_t at_ms)
{
	struct trail *t = &m->trail;
	int64_t now = m->now_ms ? m->now_ms : t->begun_ms;

	if (!now)
		return 0;
	if (at_ms < now)
		at_ms = now;
	else if (at_ms > now + TICK_MS)
		at_ms = now + TICK_MS;
	if (at_ms > t->last_ms)
		t->last_ms = at_ms;
	return t->last_ms;
}

/* Texts that many share are counted for each: rather too few steps than too much memory. */
static uint64_t text_cost(const struct model *m, const struct trail_step *s)
{
	return s->reason ? str_get(&m->strs, s->reason).n + 48 : 0;
}

static void push(struct model *m, const struct trail_step *s)
{
	struct trail *t = &m->trail;
	uint64_t at = t->end % t->cap;

	t->steps = reserve(&t->steps_mem, at + 1, t->cap, sizeof(*t->steps));
	t->texts += text_cost(m, s);
	while (t->end > t->first &&
		(t->end - t->first == t->cap || t->texts > t->cap * sizeof(*s))) {
		const struct trail_step *old = trail_at(t, t->first++);

		t->texts -= text_cost(m, old);
		str_drop(&m->strs, old->reason);
		if (old->at_ms > t->begun_ms)
			t->begun_ms = old->at_ms;
	}
	t->steps[at] = *s;
	t->end++;
}

void trail_status(struct model *m, const struct device *d, uint8_t is, int64_t at_ms)
{
	str_keep(&m->strs, d->reason);
	push(m, &(struct trail_step){ .at_ms = learned_ms(m, at_ms), .since_ms = d->since_ms,
		.device = (uint32_t)(d - m->devices), .life = d->life, .reason = d->reason,
		.was = d->status, .is = is });
}

void trail_text(struct model *m, const struct device *d, unsigned which, int64_t at_ms)
{
	uint32_t was = *device_word((struct device *)d, which);

	str_keep(&m->strs, was);
	push(m, &(struct trail_step){ .at_ms = learned_ms(m, at_ms),
		.device = (uint32_t)(d - m->devices), .reason = was, .was = TRAIL_TEXT,
		.is = (uint8_t)which });
}

void trail_moved(struct model *m, const struct device *d, int64_t at_ms)
{
	push(m, &(struct trail_step){ .at_ms = learned_ms(m, at_ms), .place = d->network,
		.device = (uint32_t)(d - m->devices), .was = TRAIL_MOVED });
}

void trail_gone(struct model *m, const struct device *d)
{
	for (unsigned i = 0; i < DEVICE_WORDS; i++)
		trail_text(m, d, i, 0);
	trail_moved(m, d, 0);
	trail_status(m, d, STATUS_UNKNOWN, 0);
	push(m, &(struct trail_step){ .at_ms = learned_ms(m, 0), .place = d->id,
		.device = (uint32_t)(d - m->devices), .was = TRAIL_GONE });
}

void trail_born(struct model *m, uint32_t device, int64_t at_ms, bool again)
{
	push(m, &(struct trail_step){ .at_ms = at_ms ? learned_ms(m, at_ms) : 0, .device = device,
		.was = again ? TRAIL_AGAIN : TRAIL_BORN, .is = STATUS_UNKNOWN });
}

static void mark(struct trail *t, int64_t at_ms, uint64_t n, uint32_t series)
{
	uint64_t at = t->marks_end % t->marks_cap;
	struct trail_mark *last = t->marks_end > t->marks_first ?
		&t->marks[(t->marks_end - 1) % t->marks_cap] : NULL;

	if (last && ((n <= last->n && series == last->series) || at_ms < last->at_ms + MARK_MS))
		return;
	t->marks = reserve(&t->marks_mem, at + 1, t->marks_cap, sizeof(*t->marks));
	t->marks_first += t->marks_end - t->marks_first == t->marks_cap;
	t->marks[at] = (struct trail_mark){ at_ms, n, series };
	t->marks_end++;
}

void trail_tick(struct model *m)
{
	struct trail *t = &m->trail;

	if (!t->begun_ms)
		t->begun_ms = m->now_ms;
	if (m->now_ms > t->last_ms)
		t->last_ms = m->now_ms;
	if (m->event_last || m->series_n)
		mark(t, m->now_ms, m->event_last, m->series_n);
}

void trail_recorded(struct model *m, int64_t seen_ms, uint64_t n)
{
	mark(&m->trail, seen_ms, n, 0);
}

/* --- looking back ----------------------------------------------------------------------- */

const struct trail_step *trail_at(const struct trail *t, uint64_t serial)
{
	return &t->steps[serial % t->cap];
}

int64_t trail_reach_ms(const struct trail *t)
{
	return t->begun_ms ? t->begun_ms : INT64_MAX;
}

static const struct trail_mark *mark_at(const struct trail *t, uint64_t serial)
{
	return serial >= t->marks_first && serial < t->marks_end ? &t->marks[serial % t->marks_cap]
								 : NULL;
}

/* The first mark after at_ms; marks_end when there is none. */
static uint64_t mark_after(const struct trail *t, int64_t at_ms)
{
	uint64_t lo = t->marks_first, hi = t->marks_end;

	while (lo < hi) {
		uint64_t mid = lo + (hi - lo) / 2;

		if (mark_at(t, mid)->at_ms <= at_ms)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static const struct event *event_after(const struct model *m, uint64_t n)
{
	return ring_get(m->events, ring_at_or_after(m->events, n + 1));
}

uint64_t trail_event(const struct model *m, int64_t at_ms)
{
	const struct trail_mark *k = mark_at(&m->trail, mark_after(&m->trail, at_ms) - 1);
	const struct event *ev;
	uint64_t n = k ? k->n : model_events_first(m) - 1;

	/* between two marks the events' own times tell */
	while ((ev = event_after(m, n)) && ev->at_ms <= at_ms)
		n = ev->n;
	return n;
}

void trail_series(const struct model *m, int64_t at_ms, uint32_t *least, uint32_t *most)
{
	uint64_t after = mark_after(&m->trail, at_ms);
	const struct trail_mark *a = mark_at(&m->trail, after - 1), *b = mark_at(&m->trail, after);

	*least = a ? a->series : 0;
	*most = b && b->series ? b->series : m->series_n;
}
