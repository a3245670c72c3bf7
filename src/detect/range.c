/* Beyond all that was seen: cheap, and of all features those with the fewest false alarms. */
#include <math.h>

#include "detect/constants.h"
#include "detect/inside.h"

#define HOLD_SPARE 2 /* rows that a record must exceed the last by */

void range_init(struct range *g, double x)
{
	*g = (struct range){ .low = x, .high = x };
}

static void beyond_look(double low, double high, struct row *r, enum detect_feature f, double v)
{
	double width = high - low, above = v - high, below = low - v;
	double beyond = above > below ? above : below;

	if (width > 0 && beyond > 0)
		signal_set(r, f, (float)less(beyond / width / constants.range_step, constants.surprise_max),
			above > below ? high : low, v);
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

void range_look(struct range *g, struct row *r, double step, double burst)
{
	beyond_look(g->low, g->high, r, FEATURE_RANGE, r->x);
	record_look(&g->step, r, FEATURE_STEP, (float)step);
	record_look(&g->burst, r, FEATURE_STORM, (float)burst);
	g->high = r->x > g->high ? r->x : g->high;
	g->low = r->x < g->low ? r->x : g->low;
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

void records_look(struct records *o, struct row *r, double mean, bool same)
{
	float m = (float)(mean - r->origin);

	beyond_look(o->low, o->high, r, FEATURE_PLATEAU, m);
	o->low = less(o->low, m);
	o->high = more(o->high, m);
	hold_look(o, r, same);
	if (r->slot >= 0 && r->season_known)
		record_look(&o->season, r, FEATURE_SEASON_RECORD, (float)fabs(r->x - r->season[0]));
}
