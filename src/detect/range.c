/* Beyond all that was seen: cheap, and of all features those with the fewest false alarms. */
#include <math.h>

#include "detect/constants.h"
#include "detect/inside.h"

#define HOLD_SPARE 2 /* rows that a record must exceed the last by */

void range_init(struct range *g, double x)
{
	*g = (struct range){ .low = x, .high = x };
}

static void beyond_look(const struct range *g, struct row *r)
{
	double width = g->high - g->low, above = r->x - g->high, below = g->low - r->x;
	double beyond = more(above, below);

	if (width > 0 && beyond > 0)
		signal_set(r, FEATURE_RANGE,
			(float)less(beyond / width / constants.range_step, constants.surprise_max),
			above > below ? g->high : g->low, r->x);
}

static void record_look(float *most, struct row *r, enum detect_feature f, float v)
{
	if (v <= *most)
		return;
	if (*most > 0)
		signal_set(r, f, less(log2_of(v / *most) / constants.record_step,
			constants.surprise_max), *most, v);
	*most = v;
}

void range_look(struct range *g, struct row *r, double step)
{
	beyond_look(g, r);
	record_look(&g->step, r, FEATURE_STEP, (float)step);
	g->high = more(g->high, r->x);
	g->low = less(g->low, r->x);
}

static void hold_look(struct records *o, struct row *r, bool same)
{
	if (!same) {
		o->longest = o->hold > o->longest ? o->hold : o->longest;
		o->hold = 0;
		o->moved = true;
		return;
	}
	o->hold += o->hold < UINT16_MAX;
	if (o->moved && o->hold > o->longest + HOLD_SPARE)
		signal_set(r, FEATURE_HOLD, less(log2_of((float)o->hold / (float)(o->longest + HOLD_SPARE)) /
			constants.record_hold, constants.surprise_max), o->longest, o->hold);
}

void records_look(struct records *o, struct row *r, bool same)
{
	hold_look(o, r, same);
	if (r->slot >= 0 && r->season_known)
		record_look(&o->season, r, FEATURE_SEASON_RECORD, (float)fabs(r->x - r->season[0]));
}
