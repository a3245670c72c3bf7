#include "detect/tail.h"

#include <math.h>

#include "detect/constants.h"
#include "detect/math.h"

#define LOG_MIN	   -8.0f
#define LOG_MAX	   12.0f
#define OUTLIER	   2.5f /* from this surprise on a value teaches less */
#define APART_MIN  0.05f

/* Start-up: at90 is the mean, at98 the largest of the first values. */
static void warm(struct tail *t, uint32_t n, float y)
{
	if (n == 0)
		t->at98 = y;
	t->at90 = n == 0 ? y : t->at90 + (y - t->at90) / (float)(n + 1);
	t->at98 = more(t->at98, y);
	if (n + 1 < TAIL_WARM)
		return;
	t->over90 = more(0.2f, (t->at98 - t->at90) * 0.5f);
	t->at90 = t->at98 - t->over90 * 0.8f;
	t->over90 = less(t->over90, 1);
	t->over98 = t->over90 * 0.7f;
	t->at98 = more(t->at98, t->at90 + 0.1f);
}

static float surprise(const struct tail *t, float y)
{
	float e90 = y - t->at90, e98 = y - t->at98, mix = constants.tail_extreme;

	if (e98 > 0)
		return 1.7f + 0.4343f * e98 / (t->over98 * mix + t->over90 * (1 - mix));
	return e90 > 0 ? 1 + 0.7f * e90 / (t->at98 - t->at90) : 0;
}

/* One point: up by (odds) when exceeded, down by 1 when not, so that it rests where one in
 * odds + 1 exceeds it. */
static void follow(float *at, float *over, float e, float odds, uint32_t n, float weight)
{
	float rows = less((float)n, constants.tail_rows), step = more(*over, 0.05f);

	if (n < 200)
		step *= 2;
	if (e <= 0) {
		*at -= step / (rows + odds + 1);
		return;
	}
	*at += weight * odds * step / (rows + odds + 1);
	*over += weight * (less(e, 6 * step + 0.3f) - *over) / (rows / (odds + 1) + 6);
}

float tail_step(struct tail *t, uint32_t n, double v)
{
	float y = v < 0.00390625 ? LOG_MIN : v > 4096 ? LOG_MAX : log2_of((float)v), s, weight;

	if (n < TAIL_SKIP)
		return 0;
	n -= TAIL_SKIP;
	if (n < TAIL_WARM) {
		warm(t, n, y);
		return 0;
	}
	s = y > LOG_MIN ? surprise(t, y) : 0;
	weight = s > OUTLIER ? constants.tail_outlier : 1;
	follow(&t->at90, &t->over90, y - t->at90, 9, n + 1, weight);
	follow(&t->at98, &t->over98, y - t->at98, 49, n + 1, weight);
	t->at98 = more(t->at98, t->at90 + APART_MIN);
	return less(s, constants.surprise_max);
}
