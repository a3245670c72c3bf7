/* Where the series is: two exponential means with spreads, and the short means against them. */
#include <math.h>

#include "detect/constants.h"
#include "detect/inside.h"
#include "detect/tail.h"

void level_init(struct level *l, double x)
{
	*l = (struct level){ .fast = x, .slow = x };
}

/* Rounding alone must not look like a spread. */
static double least(const struct level *l)
{
	return 1e-9 * (fabs(l->slow) + 1e-3);
}

double level_scale(const struct level *l)
{
	return l->slow_sd + least(l);
}

void level_look(struct level *l, struct row *r, struct tail *shift, struct tail *drift,
	struct tail *level)
{
	double fast_sd = l->fast_sd + least(l), x = r->x;
	double shortly, middle;

	l->short_off += (x - l->fast - l->short_off) / constants.rows_short;
	l->middle_off += (x - l->slow - l->middle_off) / constants.rows_middle;
	shortly = l->short_off;
	middle = l->middle_off;
	signal_set(r, FEATURE_SHIFT, tail_step(shift, r->n, fabs(shortly) / fast_sd), l->fast,
		l->fast + shortly);
	signal_set(r, FEATURE_DRIFT, tail_step(drift, r->n, fabs(middle) / r->scale), l->slow,
		l->slow + middle);
	signal_set(r, FEATURE_LEVEL, tail_step(level, r->n, fabs(x - l->slow) / r->scale), l->slow, x);
}

/* West's update of mean and variance; returns by how much the mean moved. */
static double learn(double *mean, float *sd, double x, double rate)
{
	double d = x - *mean;

	*mean += rate * d;
	*sd = (float)sqrt((1 - rate) * ((double)*sd * *sd + rate * d * d));
	return rate * d;
}

void level_learn(struct level *l, const struct row *r)
{
	double reach = constants.clip * r->scale;
	double x = r->n < 60 ? r->x : clamp(r->x, l->slow - reach, l->slow + reach);

	l->short_off -= learn(&l->fast, &l->fast_sd, x, rate_of(r->n + 1, constants.rows_fast));
	l->middle_off -= learn(&l->slow, &l->slow_sd, x, rate_of(r->n + 1, constants.rows_slow));
}
