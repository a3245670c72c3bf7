#include "devnet/physics.h"

#include <math.h>

#include "devnet/noise.h"

#define HEAT_RISE   27.0 /* degrees of an overheat scenario */
#define HEAT_TAU_S  40.0
#define COOL_TAU_S  45.0
#define FILL_TO	    0.994
#define FILL_BACK_S 120.0
#define INSTALLED_S 1735689600.0 /* counters began some time after this: 2025-01-01 */

void physics_init(struct physics *p, const struct fleet *f)
{
	*p = (struct physics){ .fleet = f };
}

/* 1 at `peak` o'clock, -1 twelve hours later. */
static double daily(double hour, double peak)
{
	return cos((hour - peak) * (2 * M_PI / 24));
}

/* Weather moves with hours, clouds with minutes; the grid is shared by all sites of its
 * frequency and side of the world. */
static void climate_at(struct climate *c, uint64_t seed, const struct site *s, int64_t second)
{
	double t = (double)second, hour = fmod(t / 3600 + s->lon / 15 + 48, 24);
	uint64_t key = noise_mix(seed, (uint64_t)(s - sites));
	uint64_t grid = noise_mix(seed, 0x6e1d + (uint64_t)(s->grid_hz + (s->lon > 0) * 7));
	double up = daily(hour, 12.5) + 0.12, cloud = noise_smooth(key, t, 900);

	c->second = second;
	c->sun = up > 0 ? pow(up, 1.2) * (0.78 + 0.22 * cloud) / 1.14 : 0;
	c->heat = 4.2 * daily(hour, 15) + 2.4 * noise_smooth(key ^ 1, t, 10800) +
		  0.5 * noise_smooth(key ^ 2, t, 300) + (32 - fabs((double)s->lat)) * 0.12;
	c->eve = daily(hour, 19);
	c->day = daily(hour, 14);
	c->grid = s->grid_hz * 10 + 0.32 * noise_smooth(grid, t, 40) + 0.14 * noise_smooth(grid ^ 1, t, 7);
}

static const struct climate *climate_of(struct physics *p, size_t site, int64_t second)
{
	struct climate *c = &p->at[site];

	if (c->second != second)
		climate_at(c, p->fleet->seed, &sites[site], second);
	return c;
}

static bool strikes(const struct scenario *s, const struct device *d)
{
	return d->index >= s->first && d->index < s->last;
}

/* Rises towards HEAT_RISE while it lasts, then cools. */
static double overheat(const struct scenario *s, int64_t t_ms)
{
	int64_t end = t_ms < s->t1 ? t_ms : s->t1;
	double risen = HEAT_RISE * (1 - exp((double)(s->t0 - end) / (HEAT_TAU_S * 1000)));

	return t_ms < s->t1 ? risen : risen * exp((double)(s->t1 - t_ms) / (COOL_TAU_S * 1000));
}

static double added_heat(const struct effects *fx, const struct device *d, int64_t t_ms)
{
	double heat = 0;

	for (size_t i = 0; i < fx->n; i++)
		if (fx->v[i]->type->id == SC_OVERHEAT && strikes(fx->v[i], d))
			heat += overheat(fx->v[i], t_ms);
	return heat;
}

/* How far towards full, 0..1: steadily up, and back when somebody cleans up. */
static double filled(const struct effects *fx, const struct device *d, int64_t t_ms)
{
	double full = 0;

	for (size_t i = 0; i < fx->n; i++) {
		const struct scenario *s = fx->v[i];
		double x;

		if (s->type->id != SC_DISKFILL || !strikes(s, d))
			continue;
		x = t_ms < s->t1 ? (double)(t_ms - s->t0) / (double)(s->t1 - s->t0) :
				   1 - (double)(t_ms - s->t1) / (FILL_BACK_S * 1000);
		full = fmax(full, x);
	}
	return full;
}

void physics_forces(struct physics *p, const struct device *d, const struct effects *fx,
	int64_t t_ms, struct forces *out)
{
	const struct climate *c = climate_of(p, d->site, t_ms / 1000);
	double t = (double)t_ms / 1000, load;

	load = d->kind->load + d->kind->load_day * c->day + 0.1 * noise_unit(d->key, 0x10ad) +
	       0.18 * noise_smooth(d->key ^ 0x11, t, 420) + 0.1 * noise_smooth(d->key ^ 0x12, t, 60);
	*out = (struct forces){ .device = d, .effects = fx, .t_ms = t_ms,
		.load = load < 0 ? 0 : load > 1 ? 1 : load,
		.heat = c->heat, .sun = c->sun, .eve = c->eve, .grid = c->grid };
	if (fx->n)
		out->heat += added_heat(fx, d, t_ms);
}

/* Hours of a clock that runs faster by day (by daylight alone, for what the sun drives), so that
 * its count never falls. */
static double counted(const struct metric *m, uint64_t key, double t, double lon)
{
	double age = t - INSTALLED_S + 3e6 * noise_unit(key, 3);
	double days = t / 86400, wave = 86400 / (2 * M_PI);

	if (m->sun > 0)
		age += wave * sin((days + lon / 360 - 12.5 / 24) * (2 * M_PI));
	else
		age += 0.4 * wave * sin((days + noise_unit(key, 4)) * (2 * M_PI));
	return m->base * (1 + m->spread * noise_unit(key, 5)) * age / 3600;
}

static double gauge(const struct metric *m, uint64_t key, const struct forces *fo)
{
	double v = m->load * fo->load + m->heat * fo->heat + m->sun * fo->sun + m->eve * fo->eve +
		   m->grid * fo->grid + m->spread * noise_unit(key, 7);

	if (m->noise > 0)
		v += m->noise * noise_sensor(key, (double)fo->t_ms / 1000, m->period_s);
	return m->shape == SHAPE_TAIL ? m->base * exp(v) : m->base + v;
}

static double rounded(double v, const struct metric *m)
{
	static const double tens[] = { 1, 10, 100, 1000 };

	v = v < m->lo ? m->lo : v > m->hi ? m->hi : v;
	return nearbyint(v * tens[m->decimals]) / tens[m->decimals];
}

static const struct scenario *stuck_by(const struct forces *fo, size_t metric)
{
	for (size_t i = 0; metric == 0 && i < fo->effects->n; i++) {
		const struct scenario *s = fo->effects->v[i];

		if (s->type->id == SC_STUCK && strikes(s, fo->device) && fo->t_ms < s->t1 &&
			fo->t_ms > s->t0)
			return s;
	}
	return NULL;
}

double physics_value(struct physics *p, const struct forces *fo, size_t metric)
{
	const struct metric *m = &fo->device->kind->metrics[metric];
	const struct scenario *stuck = stuck_by(fo, metric);
	uint64_t key = fo->device->key + metric * 0x9e37u;
	struct forces then;
	double v;

	if (m->shape == SHAPE_COUNTER)
		return rounded(counted(m, key, (double)fo->t_ms / 1000,
				       sites[fo->device->site].lon), m);
	if (stuck) { /* what it was when it stuck */
		physics_forces(p, fo->device, fo->effects, stuck->t0, &then);
		fo = &then;
	}
	v = gauge(m, key, fo);
	if (m->shape == SHAPE_FILL && fo->effects->n)
		v += (FILL_TO - v) * filled(fo->effects, fo->device, fo->t_ms);
	return rounded(v, m);
}
