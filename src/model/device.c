#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "model/state.h"

#define STRING_MAX 255
#define STALE_AFTER_MAX ((int64_t)30 * 86400000)

void devices_fini(struct model *m)
{
	region_fini(&m->devices_mem);
	region_fini(&m->order_mem);
	region_fini(&m->nets_mem);
	free(m->ids);
	index_fini(&m->by_id);
}

/* --- look-ups ------------------------------------------------------------------- */

static bool id_eq(const void *owner, uint32_t row, const void *key)
{
	const struct model *m = owner;

	/* a model of the past knows fewer than the index */
	return device_there(m, row) &&
	       slice_eq(device_id(m, &m->devices[row]), *(const struct slice *)key);
}

uint32_t model_device(const struct model *m, struct slice id)
{
	uint32_t row = index_find(&m->by_id, hash_bytes(id.p, id.n), id_eq, m, &id);

	for (uint32_t i = 0; row == MODEL_NONE && i < m->revived_n; i++)
		if (id_eq(m, m->revived[i], &id))
			row = m->revived[i];
	return row;
}

struct slice model_device_id(const struct model *m, uint32_t device)
{
	return device < m->devices_n ? device_id(m, &m->devices[device]) : slice_of("");
}

uint32_t model_device_source(const struct model *m, uint32_t device)
{
	return device < m->devices_n ? m->devices[device].source : MODEL_NONE;
}

enum device_status model_device_status(const struct model *m, uint32_t device)
{
	return device < m->devices_n ? m->devices[device].status : STATUS_UNKNOWN;
}

uint32_t model_devices_n(const struct model *m)
{
	return m->devices_n - m->forget.gone_n;
}

/* --- status and health ------------------------------------------------------------ */

uint8_t status_health(enum device_status s)
{
	static const uint8_t by[] = { [STATUS_UNKNOWN] = HEALTH_NONE, [STATUS_UP] = 100,
		[STATUS_DEGRADED] = 60, [STATUS_STALE] = 30, [STATUS_DOWN] = 0 };

	return by[s];
}

static unsigned health_part(uint8_t health)
{
	return health < 10 * HEALTH_PARTS ? health / 10u : HEALTH_PARTS - 1;
}

void device_health_set(struct model *m, struct device *d, uint8_t health)
{
	struct network *n = &m->networks[d->network];

	if (d->health == health)
		return;
	if (d->health != HEALTH_NONE) {
		n->health_sum -= d->health;
		n->health_n--;
		n->by_health[health_part(d->health)]--;
	}
	d->health = health;
	if (health != HEALTH_NONE) {
		n->health_sum += health;
		n->health_n++;
		n->by_health[health_part(health)]++;
	}
}

uint8_t device_health(const struct model *m, const struct device *d)
{
	const struct series *s;

	if (d->health_series == MODEL_NONE)
		return status_health(d->status);
	s = &m->series[d->health_series];
	if (!series_current(m, s) || !(s->last.value >= 0 && s->last.value <= 100))
		return status_health(d->status);
	return (uint8_t)lround(s->last.value);
}

/* What stands beside the device, for those that look at all of them. */
static void mirror(struct model *m, const struct device *d)
{
	m->order[d - m->devices] = device_order(m, d);
	m->nets[d - m->devices] = (uint16_t)d->network;
}

static void status_change(struct model *m, struct device *d, enum device_status s, int64_t at_ms)
{
	bool was_alive = device_alive(d);
	struct network *n = &m->networks[d->network];

	if (d->status == s)
		return;
	trail_status(m, d, (uint8_t)s, at_ms);
	n->by_status[d->status]--;
	n->by_status[s]++;
	m->status_n[d->status]--;
	m->status_n[s]++;
	d->status = (uint8_t)s;
	d->since_ms = at_ms;
	mirror(m, d);
	if (was_alive && !device_alive(d))
		d->life++; /* from now on none of its values is current */
	str_set(&m->strs, &d->reason, slice_of(""));
	device_health_set(m, d, device_health(m, d));
}

void device_status_set(struct model *m, struct device *d, enum device_status s, int64_t at_ms)
{
	struct cause was = alert_cause(d);

	status_change(m, d, s, at_ms);
	alert_moved(m, d, &was, at_ms);
}

/* By our own clock where there is one: a device whose clock is wrong is not stale for that. */
static void device_heard(struct model *m, struct device *d, int64_t at_ms)
{
	int64_t ahead = d->stale_after_ms ? d->stale_after_ms : m->spec.stale_after_ms;

	if (m->now_ms && at_ms < m->now_ms)
		d->heard_ms = m->now_ms;
	else if (m->now_ms && at_ms > m->now_ms + ahead)
		d->heard_ms = m->now_ms + ahead;
	else
		d->heard_ms = at_ms;
	if (time_newer(at_ms, d->last_seen_ms))
		d->last_seen_ms = at_ms;
	if (time_newer(at_ms, m->networks[d->network].last_seen_ms))
		m->networks[d->network].last_seen_ms = at_ms;
}

void device_seen(struct model *m, uint32_t device, int64_t at_ms)
{
	struct device *d = &m->devices[device];

	device_heard(m, d, at_ms);
	if (d->status != STATUS_UP && d->status != STATUS_DEGRADED)
		device_status_set(m, d, STATUS_UP, at_ms);
	if (!d->in_wheel)
		stale_plan(m, device);
}

/* same: the status stayed as it was. */
static void reason_set(struct model *m, struct device *d, struct slice reason, bool same,
	int64_t at_ms)
{
	if (reason.n > STRING_MAX)
		reason.n = STRING_MAX;
	if (!reason.n || slice_eq(reason, str_get(&m->strs, d->reason)))
		return;
	if (same)
		trail_status(m, d, d->status, at_ms);
	str_set(&m->strs, &d->reason, reason);
}

int status_apply(struct model *m, struct delta_status *s, struct err *e)
{
	struct cause was;
	struct device *d;
	bool same;

	if (!device_there(m, s->device) || s->status > STATUS_STALE || !time_ok(s->at_ms))
		return refuse(m, e, "status: no such device, status or time");
	d = &m->devices[s->device];
	was = alert_cause(d);
	same = d->status == s->status;
	status_change(m, d, s->status, s->at_ms);
	reason_set(m, d, s->reason, same, s->at_ms);
	alert_moved(m, d, &was, s->at_ms);
	if (m->now_ms)
		d->heard_ms = m->now_ms; /* spoken of: not to be forgotten yet */
	if (device_alive(d)) {
		device_heard(m, d, s->at_ms);
		if (!d->in_wheel)
			stale_plan(m, s->device);
	}
	return 0;
}

/* --- birth and identity ----------------------------------------------------------- */

static uint32_t id_store(struct model *m, struct slice id)
{
	uint32_t at = m->ids_n;

	while (m->ids_cap - at < id.n + 1) {
		m->ids_cap = m->ids_cap ? m->ids_cap + m->ids_cap / 2 : 4096;
		m->ids = xrealloc(m->ids, m->ids_cap);
	}
	m->ids[at] = (char)(unsigned char)id.n;
	memcpy(m->ids + at + 1, id.p, id.n);
	m->ids_n += (uint32_t)id.n + 1;
	return at;
}

static void devices_reserve(struct model *m, size_t n)
{
	if (n * sizeof(*m->devices) > m->devices_mem.bytes)
		m->devices = region_grow(&m->devices_mem,
			(n + n / 2 + 31) * sizeof(*m->devices), true);
	if (n * sizeof(*m->order) > m->order_mem.bytes)
		m->order = region_grow(&m->order_mem, (n + n / 2 + 31) * sizeof(*m->order), true);
	if (n * sizeof(*m->nets) > m->nets_mem.bytes)
		m->nets = region_grow(&m->nets_mem, (n + n / 2 + 31) * sizeof(*m->nets), true);
}

/* Where a forgotten one was, if there is one: its series are there to be used again. */
static struct device device_place(struct model *m, struct slice id, uint32_t *row)
{
	struct device d = { .first = MODEL_NONE, .last = MODEL_NONE };

	*row = forget_place(m);
	if (*row == MODEL_NONE) {
		*row = m->devices_n;
		devices_reserve(m, (size_t)*row + 1);
		d.id = id_store(m, id);
		m->devices_n++;
		return d;
	}
	d.first = m->devices[*row].first;
	d.last = m->devices[*row].last;
	d.life = m->devices[*row].life;
	d.id = id_store(m, id); /* a model of the past may still read the old one */
	return d;
}

static uint32_t device_create(struct model *m, struct slice id, int64_t at_ms)
{
	bool again = m->forget.free != MODEL_NONE;
	uint32_t row;
	struct device d = device_place(m, id, &row);

	d.source = d.wheel_next = d.health_series = MODEL_NONE;
	d.lat = d.lon = PLACE_NONE;
	d.health = HEALTH_NONE;
	d.since_ms = d.heard_ms = at_ms ? at_ms : m->now_ms;
	m->devices[row] = d;
	mirror(m, &m->devices[row]);
	m->networks[0].by_status[STATUS_UNKNOWN]++;
	m->status_n[STATUS_UNKNOWN]++;
	index_put(&m->by_id, hash_bytes(id.p, id.n), row);
	trail_born(m, row, at_ms, again);
	return row;
}

void device_forget(struct model *m, uint32_t device)
{
	struct device *d = &m->devices[device];
	struct slice id = device_id(m, d);
	struct cause was = alert_cause(d);

	d->gone = true;
	alert_moved(m, d, &was, m->now_ms);
	trail_gone(m, d);
	index_remove(&m->by_id, hash_bytes(id.p, id.n), device);
	series_unuse(m, device);
	device_health_set(m, d, HEALTH_NONE);
	m->networks[d->network].by_status[d->status]--;
	m->status_n[d->status]--;
	for (unsigned i = 0; i < DEVICE_WORDS; i++)
		str_set(&m->strs, device_word(d, i), slice_of(""));
	str_set(&m->strs, &d->reason, slice_of(""));
	d->network = 0;
	d->health_series = MODEL_NONE;
	d->lat = d->lon = PLACE_NONE;
	d->life++;
	m->order[device] = ORDER_GONE;
	m->nets[device] = 0;
}

/* At most STRING_MAX bytes, never half a character. */
static struct slice cut(struct slice s)
{
	if (s.n <= STRING_MAX)
		return s;
	s.n = STRING_MAX;
	while (s.n && ((unsigned char)s.p[s.n] & 0xc0) == 0x80)
		s.n--;
	return s;
}

/* What was not told before has been so before: only what it replaces is noted. */
static void text_set(struct model *m, struct device *d, unsigned which, struct slice s,
	const struct delta_device *in)
{
	uint32_t *ref = device_word(d, which);

	if (slice_eq(s, str_get(&m->strs, *ref)))
		return;
	if (!in->created && (*ref || which == DEVICE_NAME))
		trail_text(m, d, which, in->at_ms);
	str_set(&m->strs, ref, s);
}

static int network_move(struct model *m, struct device *d, const struct delta_device *in,
	struct err *e)
{
	struct slice name = in->network;
	uint32_t to;

	if (!name.n || slice_eq(str_get(&m->strs, m->networks[d->network].name), cut(name)))
		return 0;
	to = network_take(m, cut(name));
	if (to == MODEL_NONE)
		return refuse(m, e, "device: more than %d networks", NETWORKS_MAX - 1);
	uint8_t health = d->health;

	if (!in->created && d->network)
		trail_moved(m, d, in->at_ms);
	device_health_set(m, d, HEALTH_NONE);
	m->networks[d->network].by_status[d->status]--;
	d->network = to;
	mirror(m, d);
	m->networks[to].by_status[d->status]++;
	device_health_set(m, d, health);
	return 0;
}

static void place_set(int32_t *to, double deg, double limit)
{
	if (deg >= -limit && deg <= limit)
		*to = (int32_t)lround(deg * 1e7);
}

static void identity_set(struct model *m, struct device *d, const struct delta_device *in)
{
	const struct slice texts[] = { in->name, in->kind, in->site, in->firmware };

	for (unsigned i = 0; i < DEVICE_WORDS; i++)
		if (texts[i].n)
			text_set(m, d, i, i == DEVICE_NAME && slice_eq(texts[i], device_id(m, d)) ?
				slice_of("") : cut(texts[i]), in);
	place_set(&d->lat, in->lat, 90);
	place_set(&d->lon, in->lon, 180);
	if (in->source != MODEL_NONE)
		d->source = in->source;
	if (in->stale_after_ms > 0)
		d->stale_after_ms = (uint32_t)(in->stale_after_ms > STALE_AFTER_MAX ?
				STALE_AFTER_MAX : in->stale_after_ms);
	mirror(m, d);
}

/* A birth: it is there, though none of its values is known yet. */
static void device_born(struct model *m, uint32_t row, int64_t at_ms)
{
	struct device *d = &m->devices[row];

	device_heard(m, d, at_ms);
	if (!device_alive(d))
		status_change(m, d, STATUS_UNKNOWN, at_ms);
}

int device_apply(struct model *m, struct delta_device *in, struct err *e)
{
	struct cause was;
	struct device *d;
	int rc;

	if (!in->id.n || in->id.n > STRING_MAX || !time_ok(in->at_ms))
		return refuse(m, e, "device: an id of 1 to %d bytes is needed", STRING_MAX);
	in->device = model_device(m, in->id);
	in->created = in->device == MODEL_NONE;
	if (in->created && m->devices_n >= m->spec.max_devices &&
		m->forget.free == MODEL_NONE)
		return refuse(m, e, "device: more than %u", m->spec.max_devices);
	if (in->created)
		in->device = device_create(m, in->id, in->at_ms);
	d = &m->devices[in->device];
	was = alert_cause(d);
	identity_set(m, d, in);
	if (in->at_ms)
		device_born(m, in->device, in->at_ms);
	if (!d->in_wheel && device_alive(d))
		stale_plan(m, in->device);
	rc = network_move(m, d, in, e);
	alert_moved(m, d, &was, in->at_ms);
	return rc;
}
