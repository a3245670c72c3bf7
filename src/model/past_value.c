/*
 * Values of a moment gone by.  To look one up is to decode up to a hundred samples, and most are
 * never asked for: so it is done when one is, and once.  A sample that history has given up by then
 * is not known any more.
 */
#include <math.h>

#include "model/past_in.h"

/* Of an earlier life of its device?  Then it says nothing about the moment. */
static bool is_of_life(const struct past *p, const struct series *s, bool after_break)
{
	const struct note *n = &p->notes[s->device];

	if (!p->known) /* a value is as good as it is fresh */
		return s->last.at_ms + p->m.spec.stale_after_ms >= p->m.now_ms;
	return !after_break || s->last.at_ms > n->died_ms;
}

static void life_set(struct past *p, struct series *s, bool after_break)
{
	const struct device *d = &p->m.devices[s->device];

	s->life = is_of_life(p, s, after_break) ? d->life : d->life - 1;
}

bool past_same_device(const struct past *p, uint32_t device)
{
	return p->live->devices[device].id == p->m.devices[device].id;
}

static void look_up(struct past *p, struct series *s)
{
	uint32_t row = (uint32_t)(s - p->m.series);
	struct history_at h;

	s->due = false;
	s->seen = past_same_device(p, s->device) && history_at(p->live, row, p->m.now_ms, &h);
	s->absent = !s->seen || isnan(h.value);
	if (!s->seen) {
		s->last.at_ms = 0;
		return;
	}
	s->last.value = h.value;
	s->last.at_ms = h.at_ms;
	if (p->m.keys[s->key].type == SERIES_COUNTER && !s->absent && !h.brk &&
		!isnan(h.was) && h.at_ms > h.was_ms)
		s->rate = counter_rate(h.was, h.value, h.at_ms - h.was_ms);
	life_set(p, s, h.brk_after);
}

void past_settle(const struct model *m, const struct series *s)
{
	struct past *p = (struct past *)m; /* the row says the same before and after */

	look_up(p, &p->m.series[s - m->series]);
}

void past_value(struct past *p, struct series *s)
{
	s->due = s->seen && s->last.at_ms > p->m.now_ms;
	if (s->due)
		s->rate = NAN;
	else if (!p->known)
		life_set(p, s, false);
}

/* --- when a device was seen last ------------------------------------------------------------ */

static int64_t seen_ms(const struct model *m, const struct series *s)
{
	series_settle(m, s);
	return s->seen ? s->last.at_ms : 0;
}

int64_t past_last_seen(const struct model *m, const struct device *d)
{
	struct past *p = (struct past *)m;
	int64_t last = d->heard_ms;

	for (uint32_t s = d->first; s != MODEL_NONE; s = m->series[s].next)
		if (seen_ms(m, &m->series[s]) > last)
			last = seen_ms(m, &m->series[s]);
	p->m.devices[d - m->devices].last_seen_ms = last;
	return last;
}

void past_glimpse(struct past *p, struct device *d)
{
	const struct note *n = &p->notes[d - p->m.devices];
	uint32_t s = d->health_series != MODEL_NONE ? d->health_series : d->first;

	if (d->last_seen_ms != SEEN_DUE)
		return;
	d->heard_ms = n->heard_ms;
	if (s != MODEL_NONE && seen_ms(&p->m, &p->m.series[s]) > d->heard_ms)
		d->heard_ms = seen_ms(&p->m, &p->m.series[s]);
}
