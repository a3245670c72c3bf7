/*
 * Shapes never seen: the last eight points, as level and as shape, against the nearest of a few
 * shapes kept.  What is new is kept; when there is no room, what came least often goes.
 */
#include <math.h>
#include <string.h>

#include "detect/constants.h"
#include "detect/inside.h"
#include "detect/tail.h"

#define DIMENSIONS (2 * SHAPE_POINTS)
#define LEVEL_UNIT 16 /* of a spread */
#define SHAPE_UNIT 64 /* of a window's range */
#define HITS_MAX   250
#define AGE_ROWS   2000

/* Mean of the rows of a point, or its extreme when that sticks out: a spike must not drown. */
static bool point_done(struct shapes *s, double v, int rows, double scale, float *point)
{
	if (s->under_way == 0)
		s->min = s->max = (float)v;
	s->min = less(s->min, (float)v);
	s->max = more(s->max, (float)v);
	s->sum += (float)v;
	if (++s->under_way < rows)
		return false;
	*point = s->sum / (float)rows;
	if (more(s->max - *point, *point - s->min) > scale)
		*point = s->max - *point > *point - s->min ? s->max : s->min;
	s->sum = 0;
	s->under_way = 0;
	return true;
}

static int8_t octet(double v)
{
	return (int8_t)clamp(v, -127, 127);
}

static void describe(const struct shapes *s, double mean, double scale, int8_t out[DIMENSIONS])
{
	double lo = INFINITY, hi = -INFINITY, sum = 0, range;

	for (int i = 0; i < SHAPE_POINTS; i++) {
		lo = less(lo, s->points[i]);
		hi = more(hi, s->points[i]);
		sum += s->points[i];
	}
	range = more(hi - lo, constants.shape_unit * scale);
	for (int i = 0; i < SHAPE_POINTS; i++) {
		out[i] = octet((s->points[i] - mean) / scale * LEVEL_UNIT);
		out[SHAPE_POINTS + i] = octet((s->points[i] - sum / SHAPE_POINTS) / range * SHAPE_UNIT);
	}
}

/* The nearest of those kept, and its distance in spreads. */
static int nearest(const struct shapes *s, const int8_t w[DIMENSIONS], double *distance)
{
	int best = INT32_MAX, at = 0;

	for (int k = 0; k < s->n; k++) {
		int d = 0;

		for (int i = 0; i < DIMENSIONS; i++)
			d += (s->v[k][i] - w[i]) * (s->v[k][i] - w[i]);
		if (d < best) {
			best = d;
			at = k;
		}
	}
	*distance = s->n ? sqrt((double)best / DIMENSIONS) / LEVEL_UNIT : 0;
	return at;
}

static int least_hit(const struct shapes *s)
{
	int least = 0;

	for (int k = 1; k < s->n; k++)
		if (s->hits[k] < s->hits[least])
			least = k;
	return least;
}

static void keep(struct shapes *s, int k, const int8_t w[DIMENSIONS])
{
	memcpy(s->v[k], w, DIMENSIONS);
	s->hits[k] = 2;
}

/* Moves an eighth of the way, rounded. */
static void draw(struct shapes *s, int k, const int8_t w[DIMENSIONS])
{
	for (int i = 0; i < DIMENSIONS; i++) {
		int e = w[i] - s->v[k][i];

		s->v[k][i] += (int8_t)(e / 8 + (e % 8 > 3) - (e % 8 < -3));
	}
	s->hits[k] += s->hits[k] < HITS_MAX;
}

static void learn(struct shapes *s, const int8_t w[DIMENSIONS], int k, double distance)
{
	if (s->n == 0 || (distance > constants.shape_new && s->n < SHAPES_MAX))
		keep(s, s->n++, w);
	else if (distance > 1)
		keep(s, least_hit(s), w);
	else
		draw(s, k, w);
	if (++s->age < AGE_ROWS)
		return;
	s->age = 0;
	for (int i = 0; i < s->n; i++)
		s->hits[i] -= s->hits[i] / 4;
}

void shapes_look(struct shapes *s, struct row *r, enum detect_feature f, int rows, double mean)
{
	int8_t w[DIMENSIONS];
	double distance;
	float point;
	int k;

	if (!point_done(s, r->x - r->origin, rows, r->scale, &point))
		return;
	memmove(s->points, s->points + 1, sizeof(s->points) - sizeof(*s->points));
	s->points[SHAPE_POINTS - 1] = point;
	if (s->filled < SHAPE_POINTS && ++s->filled < SHAPE_POINTS)
		return;
	describe(s, mean - r->origin, r->scale, w);
	k = nearest(s, w, &distance);
	learn(s, w, k, distance);
	signal_set(r, f, tail_step(&s->tail, s->rows, distance), 0, distance);
	s->rows += s->rows < UINT16_MAX;
}
