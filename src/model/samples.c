#include <math.h>

#include "model/state.h"

#define AHEAD 8 /* samples whose memory is asked for at once */

float counter_rate(double was, double is, int64_t ms)
{
	return (float)((is >= was ? is - was : is) / ((double)ms / 1000));
}

/* Between the last two. */
static float rate_of(const struct series *s, int64_t at_ms, double v)
{
	int64_t ms = at_ms - s->last.at_ms;

	return ms <= 0 ? s->rate : counter_rate(s->last.value, v, ms);
}

static void sample_apply(struct model *m, struct device *d, uint32_t row, int64_t at_ms, double v)
{
	struct series *s = &m->series[row];
	const struct key *k = &m->keys[s->key];
	bool fresh = !s->seen || s->life != d->life;

	if (s->seen && !time_newer(at_ms, s->last.at_ms)) {
		m->late++;
		return;
	}
	if (k->type == SERIES_COUNTER)
		s->rate = fresh || s->absent || isnan(v) ? NAN : rate_of(s, at_ms, v);
	history_push(m, row, at_ms, v, s->seen && fresh);
	s->seen = true;
	s->life = d->life;
	s->absent = isnan(v);
	if (k->health)
		device_health_set(m, d, v >= 0 && v <= 100 ? (uint8_t)lround(v) :
				status_health(d->status));
}

static void prefetch_series(const struct model *m, const struct sample *v, uint32_t n)
{
	for (uint32_t i = 0; i < n && i < AHEAD; i++)
		if (v[i].series < m->series_n)
			__builtin_prefetch(&m->series[v[i].series], 1);
}

static void prefetch_blocks(const struct model *m, const struct sample *v, uint32_t n)
{
	for (uint32_t i = 0; i < n && i < AHEAD; i++)
		if (v[i].series < m->series_n)
			history_prefetch(m->history, &m->series[v[i].series]);
}

int samples_apply(struct model *m, struct delta_samples *d, struct err *e)
{
	struct device *dev;
	uint32_t bad = 0;

	prefetch_series(m, d->v, d->n);
	if (!device_there(m, d->device) || !time_ok(d->at_ms))
		return refuse(m, e, "samples: no such device or time");
	dev = &m->devices[d->device];
	m->samples_seen += d->n;
	if (dev->status == STATUS_DOWN && d->at_ms <= dev->since_ms) {
		m->late += d->n; /* sent before it died, come after */
		return 0;
	}
	device_seen(m, d->device, d->at_ms);
	for (uint32_t i = 0; i < d->n; i++) {
		if (i % AHEAD == 0) {
			prefetch_blocks(m, d->v + i, d->n - i);
			prefetch_series(m, d->v + i + AHEAD, d->n > i + AHEAD ? d->n - i - AHEAD : 0);
		}
		if (d->v[i].series < m->series_n &&
			m->series[d->v[i].series].device == d->device)
			sample_apply(m, dev, d->v[i].series, d->at_ms, d->v[i].value);
		else
			bad++;
	}
	return bad ? refuse(m, e, "samples: %u of series that are not the device's", bad) : 0;
}
