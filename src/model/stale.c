/*
 * Staleness by a wheel of seconds.  A device stands in the slot of the second in which it would
 * become stale had it said nothing more; when that second comes, it is marked, or moved on to
 * where it now belongs.  So a sample costs nothing here, and a tick only looks at the devices
 * whose time may have come.
 */
#include "model/state.h"

#define TICK_MAX 100000

static int64_t deadline_s(const struct model *m, const struct device *d)
{
	int64_t after = d->stale_after_ms ? d->stale_after_ms : m->spec.stale_after_ms;

	return (d->heard_ms + after + 999) / 1000;
}

void stale_plan(struct model *m, uint32_t device)
{
	struct device *d = &m->devices[device];
	int64_t at = deadline_s(m, d);
	uint32_t *slot;

	if (!m->wheel_s)
		m->wheel_s = m->now_ms ? m->now_ms / 1000 : d->heard_ms / 1000;
	if (at <= m->wheel_s)
		at = m->wheel_s + 1;
	if (at >= m->wheel_s + WHEEL_SLOTS)
		at = m->wheel_s + WHEEL_SLOTS - 1;
	slot = &m->wheel[at % WHEEL_SLOTS];
	d->wheel_next = *slot;
	d->in_wheel = true;
	*slot = device;
}

/* At most TICK_MAX of a list in one tick: a whole fleet that fell silent in the same second must
 * not stall the turn.  The rest waits for the next tick. */
static void slot_run(struct model *m, uint32_t at, uint32_t *left)
{
	uint32_t next;

	for (; at != MODEL_NONE && *left; at = next, --*left) {
		struct device *d = &m->devices[at];

		next = d->wheel_next;
		d->in_wheel = false;
		if (!device_alive(d))
			continue;
		if (!d->heard_ms)
			d->heard_ms = m->now_ms; /* known from before our clock */
		if (deadline_s(m, d) > m->wheel_s) {
			stale_plan(m, at);
			continue;
		}
		device_status_set(m, d, STATUS_STALE, m->now_ms);
	}
	m->wheel_rest = at;
}

static void slot_take(struct model *m, uint32_t slot, uint32_t *list)
{
	*list = m->wheel[slot];
	m->wheel[slot] = MODEL_NONE;
}

/* The clock jumped: everyone is planned anew. */
static void wheel_restart(struct model *m, int64_t now_s, uint32_t *left)
{
	uint32_t all = MODEL_NONE;

	for (uint32_t i = 0; i < WHEEL_SLOTS; i++) {
		uint32_t list, next;

		slot_take(m, i, &list);
		for (; list != MODEL_NONE; list = next) {
			next = m->devices[list].wheel_next;
			m->devices[list].wheel_next = all;
			all = list;
		}
	}
	m->wheel_s = now_s;
	slot_run(m, all, left);
}

void stale_tick(struct model *m)
{
	int64_t now_s = m->now_ms / 1000;
	uint32_t list, left = TICK_MAX;

	slot_run(m, m->wheel_rest, &left);
	if (!left)
		return;
	if (!m->wheel_s || now_s < m->wheel_s || now_s - m->wheel_s >= WHEEL_SLOTS) {
		wheel_restart(m, now_s, &left);
		return;
	}
	while (m->wheel_s < now_s && left) {
		m->wheel_s++;
		slot_take(m, (uint32_t)(m->wheel_s % WHEEL_SLOTS), &list);
		slot_run(m, list, &left);
	}
}
