#include "detect/detect.h"

#include <math.h>
#include <string.h>

#include "detect/constants.h"
#include "detect/inside.h"

#define QUIET_ROWS 12 /* too few to be surprised by anything */
#define VALUE_MAX  1e30 /* a float holds what is made of it */
#define ROWS_MAX   (1u << 30)
#define DAY_MS	   86400000

void detect_core_init(struct detect_core *c)
{
	*c = (struct detect_core){ 0 };
}

void detect_deep_init(struct detect_deep *d)
{
	*d = (struct detect_deep){ 0 };
}

static int slot_of(int64_t t_ms)
{
	int64_t in_day = t_ms % DAY_MS;

	if (t_ms == DETECT_NO_TIME)
		return -1;
	return (int)((in_day < 0 ? in_day + DAY_MS : in_day) * DAY_SLOTS / DAY_MS);
}

static void begin(struct detect_core *c, double x)
{
	level_init(&c->level, x);
	mix_init(&c->mix, x);
	range_init(&c->range, x);
}

static void deep_look(struct detect_core *c, struct detect_deep *d, struct row *r)
{
	season_look(&d->season, r);
	flat_look(&d->flat, r, fabs(r->x - c->mix.last), d->rows);
	shapes_look(&d->near, r, FEATURE_SHAPE, 1, c->level.slow);
	shapes_look(&d->wide, r, FEATURE_SHAPE_LONG, (int)constants.wide_rows, c->level.slow);
	sequences_look(&d->sequences, r);
	records_look(&d->records, r, r->x == c->mix.last);
	season_learn(&d->season, r);
	d->rows += d->rows < ROWS_MAX;
}

void detect_signals(struct detect_core *c, struct detect_deep *d, int64_t t_ms, double x,
	struct signal out[DETECT_FEATURES])
{
	struct row r = { .x = x, .slot = slot_of(t_ms), .n = c->rows, .signals = out };

	memset(out, 0, DETECT_FEATURES * sizeof(*out));
	if (c->rows == 0)
		begin(c, x);
	if (d && d->rows == 0)
		d->origin = x;
	c->rows += c->rows < ROWS_MAX;
	if (r.n == 0)
		return;
	r.scale = level_scale(&c->level);
	if (d) {
		r.origin = d->origin;
		season_predict(&d->season, &c->level, &r);
	}
	level_look(&c->level, &r, &c->tails[0], &c->tails[1], &c->tails[2]);
	mix_look(&c->mix, &c->level, d ? &d->season : NULL, &r, &c->tails[3], &c->tails[4]);
	range_look(&c->range, &r, fabs(x - c->mix.last));
	if (d)
		deep_look(c, d, &r);
	mix_learn(&c->mix, &c->level, &r);
	level_learn(&c->level, &r);
}

void detect_step(struct detect_core *core, struct detect_deep *deep, int64_t t_ms, double value,
	struct detect_verdict *out)
{
	struct signal signals[DETECT_FEATURES];

	*out = (struct detect_verdict){ 0 };
	if (!isfinite(value))
		return;
	detect_signals(core, deep, t_ms, clamp(value, -VALUE_MAX, VALUE_MAX), signals);
	if (core->rows <= QUIET_ROWS)
		return;
	detect_fuse(signals, core->rows, out);
	detect_alert(&core->alert, core->rows, out);
}
