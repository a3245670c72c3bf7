#include "model/past.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "model/past_in.h"

#define CHUNK 128 /* rows between two looks at the clock */

/* What moves or grows with the live model: to be read anew in every turn. */
static void borrow(struct past *p)
{
	const struct model *live = p->live;
	struct model *m = &p->m;

	m->strs = live->strs;
	m->ids = live->ids;
	m->ids_n = live->ids_n;
	m->by_id = live->by_id;
	m->keys = live->keys;
	m->keys_n = live->keys_n;
	m->by_key = live->by_key;
	m->by_series = live->by_series;
	m->history = live->history;
	m->sources = live->sources;
	m->sources_n = live->sources_n;
	m->events = live->events;
	m->logs = live->logs;
}

/* Small pages: to make a huge one can take the time of several turns. */
struct past *past_new(struct model *live, int64_t at_ms)
{
	struct past *p = xcalloc(1, sizeof(*p));

	p->live = live;
	p->m.live = live;
	p->m.spec = live->spec;
	p->m.now_ms = at_ms;
	p->known = at_ms >= trail_reach_ms(&live->trail);
	p->copied = live->devices_n;
	region_grow(&p->m.devices_mem, ((size_t)p->copied + 1) * sizeof(*p->m.devices), false);
	region_grow(&p->m.order_mem, ((size_t)p->copied + 1) * sizeof(*p->m.order), false);
	p->m.devices = p->m.devices_mem.p;
	p->m.order = p->m.order_mem.p;
	p->notes = xcalloc((size_t)p->copied + 1, sizeof(*p->notes));
	p->m.devices_n = p->copied;
	alerts_init(&p->m);
	return p;
}

static void drop_texts(struct past *p)
{
	struct strtab *t = &p->live->strs;

	for (uint32_t i = 0; i < p->copied && i < p->kept; i++) {
		struct device *d = &p->m.devices[i];

		for (unsigned k = 0; k < DEVICE_WORDS; k++)
			str_drop(t, *device_word(d, k));
		str_drop(t, d->reason);
	}
}

void past_free(struct past *p)
{
	if (!p)
		return;
	drop_texts(p);
	region_fini(&p->m.devices_mem);
	region_fini(&p->m.order_mem);
	region_fini(&p->m.series_mem);
	ledgers_fini(&p->m);
	alerts_fini(&p->m);
	free(p->m.networks);
	free(p->m.revived);
	free(p->notes);
	free(p);
}

/* Of n rows so many are done at the end of this step. */
static uint64_t chunk_end(const struct past *p, uint64_t n)
{
	return p->at + CHUNK < n ? p->at + CHUNK : n;
}

/* --- devices ---------------------------------------------------------------------------- */

/* As it is now; what it says of the moment comes in the next steps. */
static void device_copy(struct past *p, uint32_t row)
{
	struct strtab *t = &p->live->strs;
	struct device *d = &p->m.devices[row];

	*d = p->live->devices[row];
	for (unsigned i = 0; i < DEVICE_WORDS; i++)
		str_keep(t, *device_word(d, i));
	str_keep(t, d->reason);
	p->kept = row + 1;
	d->first = d->last = d->health_series = MODEL_NONE;
	d->series_n = 0;
	if (d->last_seen_ms > p->m.now_ms)
		d->last_seen_ms = SEEN_DUE;
}

static bool devices_step(struct past *p)
{
	uint64_t end = chunk_end(p, p->copied);

	for (; p->at < end; p->at++)
		device_copy(p, (uint32_t)p->at);
	return p->at == p->copied;
}

/* --- statuses ----------------------------------------------------------------------------- */

static bool trail_step(struct past *p)
{
	const struct trail *t = &p->live->trail;

	if (p->m.now_ms < trail_reach_ms(t))
		p->known = false; /* it has given way meanwhile */
	if (p->at < t->first)
		p->at = t->first;
	for (int i = 0; i < CHUNK && p->at < t->end; i++)
		past_take(p, trail_at(t, p->at++));
	return p->at == t->end;
}

/* Nobody knows how they were. */
static bool forget_step(struct past *p)
{
	uint64_t end = chunk_end(p, p->m.devices_n);

	for (; !p->known && p->at < end; p->at++) {
		struct device *d = &p->m.devices[p->at];

		d->status = STATUS_UNKNOWN;
		d->since_ms = 0;
		past_text(p, &d->reason, 0);
	}
	return p->known || p->at == p->m.devices_n;
}

/* But events may tell, those that had come by then. */
static bool told_step(struct past *p)
{
	uint64_t last, n;

	if (p->known)
		return true;
	last = trail_event(p->live, p->m.now_ms);
	for (int i = 0; i < CHUNK; i++) {
		n = ring_at_or_after(p->live->events, p->at + 1);
		if (n > last)
			return true;
		past_tell(p, ring_get(p->live->events, n));
		p->at = n;
	}
	return false;
}

/* --- values -------------------------------------------------------------------------------- */

/* Rows rise with time: none from the first one of a later device on was there. */
static void count_begin(struct past *p)
{
	const struct model *live = p->live;

	trail_series(live, p->m.now_ms, &p->least, &p->m.series_n);
	for (uint32_t i = p->m.devices_n; i < live->devices_n; i++)
		if (live->devices[i].first < p->m.series_n)
			p->m.series_n = live->devices[i].first;
}

static bool had_sample(const struct past *p, uint32_t row)
{
	const struct series *s = &p->live->series[row];
	struct history_at h;

	return s->seen && (s->last.at_ms <= p->m.now_ms ||
				  history_at(p->live, row, p->m.now_ms, &h));
}

/* Nor any behind the last one that had a sample, but for those known to have been there. */
static bool count_step(struct past *p)
{
	if (p->at++ == 0)
		count_begin(p);
	for (int i = 0; i < CHUNK; i++, p->m.series_n--)
		if (p->m.series_n <= p->least || had_sample(p, p->m.series_n - 1))
			return true;
	return false;
}

static void series_link(struct past *p, uint32_t row)
{
	struct model *m = &p->m;
	struct series *s = &m->series[row];
	struct device *d = &m->devices[s->device];

	s->next = MODEL_NONE;
	s->block = MODEL_NONE; /* its samples are the live one's */
	if (d->first == MODEL_NONE)
		d->first = row;
	else
		m->series[d->last].next = row;
	d->last = row;
	d->series_n++;
	if (m->keys[s->key].health)
		d->health_series = row;
}

static void series_take(struct past *p, uint32_t row)
{
	struct series *s = &p->m.series[row];

	*s = p->live->series[row];
	if (!past_same_device(p, s->device))
		s->key = KEY_UNUSED;
	p->m.forget.unused_n += s->key == KEY_UNUSED;
	series_link(p, row);
	past_value(p, s);
}

static bool series_step(struct past *p)
{
	uint64_t end = chunk_end(p, p->m.series_n);

	if (p->at == 0)
		p->m.series = region_grow(&p->m.series_mem,
			((size_t)p->m.series_n + 1) * sizeof(*p->m.series), false);
	for (; p->at < end; p->at++)
		series_take(p, (uint32_t)p->at);
	return p->at == p->m.series_n;
}

/* --- sums ------------------------------------------------------------------------------------- */

static void sums_begin(struct past *p)
{
	struct model *m = &p->m;

	m->networks_n = p->live->networks_n;
	m->networks = xcalloc(m->networks_n, sizeof(*m->networks));
	for (uint32_t i = 0; i < m->networks_n; i++) {
		m->networks[i].name = p->live->networks[i].name;
		m->networks[i].events_rate = NAN;
	}
}

static void device_sum(struct past *p, struct device *d)
{
	static const struct cause well;
	struct model *m = &p->m;
	struct network *n;

	if (d->gone) {
		m->forget.gone_n++;
		m->order[d - m->devices] = ORDER_GONE;
		return;
	}
	if (d->network >= m->networks_n)
		d->network = 0;
	n = &m->networks[d->network];
	past_glimpse(p, d);
	d->health = HEALTH_NONE;
	device_health_set(m, d, device_health(m, d));
	n->by_status[d->status]++;
	m->status_n[d->status]++;
	if (device_glimpsed(d) > n->last_seen_ms)
		n->last_seen_ms = device_glimpsed(d);
	m->order[d - m->devices] = device_order(m, d);
	d->unlisted = false;
	alert_moved(m, d, &well, 0);
}

static bool sums_step(struct past *p)
{
	uint64_t end = chunk_end(p, p->m.devices_n);

	if (p->at == 0)
		sums_begin(p);
	for (; p->at < end; p->at++)
		device_sum(p, &p->m.devices[p->at]);
	return p->at == p->m.devices_n;
}

/* --- ledgers and events -------------------------------------------------------------------------- */

static void ledger_begin(struct past *p, const struct ledger *l)
{
	struct delta_ledger d = { .name = slice_of(l->name), .kind = slice_of(l->kind),
		.network = slice_of(l->network), .chain_id = l->chain_id };
	struct err ignored;

	ledger_apply(&p->m, &d, &ignored);
}

/* True: no more of this ledger's. */
static bool blocks_step(struct past *p, uint32_t ledger)
{
	const struct ledger *l = &p->live->ledgers[ledger];

	if (p->at < l->first)
		p->at = l->first;
	for (int i = 0; i < CHUNK && p->at < l->end; i++, p->at++)
		block_again(&p->m, ledger, &l->blocks[p->at % l->cap]);
	return p->at >= l->end;
}

/* The blocks come once more, as they came then: reorgs happen again, later ones do not. */
static bool ledgers_step(struct past *p)
{
	uint32_t n = p->m.ledgers_n;

	if (n && !blocks_step(p, n - 1))
		return false;
	if (n == p->live->ledgers_n)
		return true;
	ledger_begin(p, &p->live->ledgers[n]);
	p->at = 0;
	return false;
}

static bool events_step(struct past *p)
{
	p->m.event_last = trail_event(p->live, p->m.now_ms);
	p->m.log_last = logs_upto(&p->m, p->live->log_last);
	return true;
}

/* What servers said is firing; what people knew of it nobody keeps. */
static bool alerts_step(struct past *p)
{
	for (int i = 0; i < CHUNK; i++) {
		uint64_t n = ring_at_or_after(p->live->events, p->at + 1);

		if (n > p->m.event_last)
			return true;
		alert_event_again(&p->m, ring_get(p->live->events, n));
		p->at = n;
	}
	return false;
}

/* --- all of it -------------------------------------------------------------------------------------- */

static bool (*const steps[])(struct past *p) = { devices_step, trail_step, forget_step, told_step,
	count_step, series_step, sums_step, ledgers_step, events_step,
	alerts_step };

bool past_step(struct past *p, int64_t budget_us)
{
	int64_t until = clock_mono_us_now() + budget_us;

	borrow(p);
	while (p->stage < ARRAY_LEN(steps)) {
		if (steps[p->stage](p)) {
			p->stage++;
			p->at = 0;
		}
		if (budget_us && clock_mono_us_now() >= until)
			break;
	}
	return p->stage == ARRAY_LEN(steps);
}

const struct model *past_model(struct past *p)
{
	borrow(p);
	return &p->m;
}

int64_t past_at_ms(const struct past *p)
{
	return p->m.now_ms;
}

uint64_t past_bytes(const struct past *p)
{
	return (uint64_t)p->copied * (sizeof(struct device) + sizeof(*p->m.order) +
		       sizeof(*p->notes)) + (uint64_t)p->m.series_n * sizeof(struct series);
}

void past_reach(const struct model *live, struct past_reach *out)
{
	const struct event *ev = ring_get(live->events, ring_first(live->events));
	int64_t history = history_oldest_ms(live->history);

	*out = (struct past_reach){ .statuses_ms = trail_reach_ms(&live->trail),
		.history_ms = history ? history : INT64_MAX,
		.events_ms = ev ? ev->at_ms : INT64_MAX };
}
