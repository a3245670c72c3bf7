/* Beyond all that was seen: cheap, and of all features the one with the fewest false alarms. */
#include "detect/constants.h"
#include "detect/inside.h"

void range_init(struct range *g, double x)
{
	*g = (struct range){ x, x };
}

void range_look(const struct range *g, struct row *r)
{
	double width = g->high - g->low, above = r->x - g->high, below = g->low - r->x;
	double beyond = above > below ? above : below, s;

	if (width <= 0 || beyond <= 0)
		return;
	s = beyond / width / constants.range_step;
	signal_set(r, FEATURE_RANGE, s > constants.surprise_max ? constants.surprise_max : (float)s,
		above > below ? g->high : g->low, r->x);
}

void range_learn(struct range *g, const struct row *r)
{
	g->high = r->x > g->high ? r->x : g->high;
	g->low = r->x < g->low ? r->x : g->low;
}
