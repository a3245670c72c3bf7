/*
 * Forgetting: a device that has been down or silent for long is no longer shown.  Its place and its
 * series stay where they are, for numbers of rows are kept by many; they are given to another
 * device when nobody can mean the old one any more: results held for a client are gone after a
 * while, sources look at model_forgotten(), and events that speak of it are looked for here and
 * made to speak of none.  A series stays its place's for good.
 */
#include "model/state.h"

#define DEVICES_TICK 20000 /* looked at in a tick */
#define EVENTS_TICK  50000
#define REST_MS	     600000 /* a place rests at least so long */

void forget_init(struct model *m)
{
	m->forget = (struct forget){ .fresh = MODEL_NONE, .swept = MODEL_NONE,
		.free = MODEL_NONE };
}

uint64_t model_forgotten(const struct model *m)
{
	return m->forget.total;
}

/* While its source is away, and shortly after, silence means nothing. */
static bool is_listened_to(const struct model *m, const struct device *d)
{
	const struct source *s;
	int64_t wait = m->spec.forget_after_ms < REST_MS ? m->spec.forget_after_ms : REST_MS;

	if (d->source >= m->sources_n)
		return true;
	s = &m->sources[d->source];
	return s->s.state == SOURCE_LIVE && m->now_ms - s->since_ms > wait;
}

static bool is_over(const struct model *m, const struct device *d)
{
	/* in the wheel it is in another list of the same members */
	return !d->gone && !device_alive(d) && !d->in_wheel &&
	       m->now_ms - d->heard_ms > m->spec.forget_after_ms &&
	       m->now_ms - d->since_ms > m->spec.forget_after_ms && is_listened_to(m, d);
}

static void forget(struct model *m, uint32_t device)
{
	if (m->spec.forgotten)
		m->spec.forgotten(m->spec.arg, device);
	device_forget(m, device);
	m->devices[device].wheel_next = m->forget.fresh;
	m->forget.fresh = device;
	m->forget.gone_n++;
	m->forget.total++;
}

static void look_at_devices(struct model *m)
{
	struct forget *f = &m->forget;

	for (uint32_t n = 0; n < DEVICES_TICK && n < m->devices_n; n++) {
		if (f->at >= m->devices_n)
			f->at = 0;
		if (!m->devices[f->at].heard_ms)
			m->devices[f->at].heard_ms = m->now_ms; /* known from before our clock */
		if (is_over(m, &m->devices[f->at]))
			forget(m, f->at);
		f->at++;
	}
}

static void sweep_begin(struct model *m)
{
	m->forget.swept = m->forget.fresh;
	m->forget.fresh = MODEL_NONE;
	m->forget.event = 0;
	m->forget.since_ms = m->now_ms;
}

/* All that were forgotten, not only those being swept: none of them comes back. */
static bool sweep_events(struct model *m)
{
	struct forget *f = &m->forget;

	for (int i = 0; i < EVENTS_TICK; i++) {
		uint64_t n = ring_at_or_after(m->events, f->event + 1);
		struct event *ev;

		if (n > m->event_last)
			return true;
		f->event = n;
		ev = (struct event *)(uintptr_t)ring_get(m->events, n);
		if (ev->device < m->devices_n && m->devices[ev->device].gone)
			ev->device = MODEL_NONE;
	}
	return false;
}

static void sweep_end(struct model *m)
{
	struct forget *f = &m->forget;
	uint32_t next;

	for (uint32_t at = f->swept; at != MODEL_NONE; at = next) {
		next = m->devices[at].wheel_next;
		m->devices[at].wheel_next = f->free;
		f->free = at;
	}
	f->swept = MODEL_NONE;
}

void forget_tick(struct model *m)
{
	struct forget *f = &m->forget;

	if (m->spec.forget_after_ms <= 0)
		return;
	look_at_devices(m);
	if (f->swept == MODEL_NONE && f->fresh != MODEL_NONE)
		sweep_begin(m);
	/* the clock may have been set back: then the rest is longer */
	if (f->swept != MODEL_NONE && sweep_events(m) && m->now_ms - f->since_ms > REST_MS)
		sweep_end(m);
}

uint32_t forget_place(struct model *m)
{
	uint32_t device = m->forget.free;

	if (device == MODEL_NONE)
		return device;
	m->forget.free = m->devices[device].wheel_next;
	m->forget.gone_n--;
	return device;
}
