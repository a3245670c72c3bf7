/*
 * What was to come next: predictors that cost next to nothing, weighted by how well each has done
 * lately.  The residual is how far off their mix was; the burst, that it has been off for a while.
 */
#include <math.h>

#include "detect/constants.h"
#include "detect/inside.h"
#include "detect/tail.h"

#define NEAR_RATE   0.3
#define TREND_DAMP  0.98
#define AR_RATE	    0.02
#define LOSS_ROWS   200
#define PREDICTORS  (CORE_PREDICTORS + DEEP_PREDICTORS)

void mix_init(struct mix *m, double x)
{
	*m = (struct mix){ .last = x, .near = x, .trend = x };
}

/* Autoregression of the distance from the level (normalised least mean squares). */
static double ar_predict(const struct mix *m)
{
	double sum = 0;

	for (int i = 0; i < AR_ORDER; i++)
		sum += (double)m->ar[i] * m->past[i];
	return sum;
}

static void ar_learn(struct mix *m, const struct level *l, const struct row *r)
{
	double reach = 4 * (l->fast_sd + 1e-9 * r->scale), power = 1e-6 * r->scale * r->scale;
	double e = clamp(r->x - l->fast - ar_predict(m), -reach, reach);

	for (int i = 0; i < AR_ORDER; i++)
		power += (double)m->past[i] * m->past[i];
	for (int i = 0; i < AR_ORDER; i++)
		m->ar[i] += (float)(AR_RATE * e * m->past[i] / power);
	for (int i = AR_ORDER - 1; i > 0; i--)
		m->past[i] = m->past[i - 1];
	m->past[0] = (float)(r->x - l->fast);
}

static void predict(const struct mix *m, const struct level *l, const struct row *r,
	double p[PREDICTORS])
{
	p[0] = m->last;
	p[1] = m->near;
	p[2] = l->fast;
	p[3] = m->trend + m->slope;
	p[4] = l->fast + ar_predict(m);
	p[5] = r->season[0];
	p[6] = r->season[1];
}

/* Weights fall with the eighth power of the loss: the best few share. */
static double blend(const double *p, const double *loss, int n)
{
	double best = INFINITY, sum = 0, weights = 0;

	for (int i = 0; i < n; i++)
		best = loss[i] < best ? loss[i] : best;
	best += 1e-300;
	for (int i = 0; i < n; i++) {
		double w = best / (loss[i] + 1e-300);

		w *= w;
		w *= w;
		w *= w;
		sum += w * p[i];
		weights += w;
	}
	return sum / weights;
}

static void learn_losses(float *loss, const double *p, int n, double x, uint32_t rows)
{
	double rate = rate_of(rows, LOSS_ROWS);

	for (int i = 0; i < n; i++)
		loss[i] += (float)(rate * (fabs(x - p[i]) - loss[i]));
}

void mix_look(struct mix *m, const struct level *l, struct season *s, struct row *r,
	struct tail *residual, struct tail *burst)
{
	double p[PREDICTORS], loss[PREDICTORS], floor = 1e-9 * r->scale, sd;
	int n = s ? PREDICTORS : CORE_PREDICTORS;

	predict(m, l, r, p);
	for (int i = 0; i < n; i++)
		loss[i] = i < CORE_PREDICTORS ? m->loss[i] : s->loss[i - CORE_PREDICTORS];
	r->predicted = blend(p, loss, n);
	r->error = fabs(r->x - r->predicted);
	r->usual_error = m->error + floor;
	sd = m->error_sd + 0.1 * r->usual_error;
	m->error_short += (float)((r->error - m->error_short) / constants.rows_middle);
	signal_set(r, FEATURE_RESIDUAL, tail_step(residual, r->n,
		r->error / (r->usual_error + constants.error_soft * r->scale)), r->predicted, r->x);
	signal_set(r, FEATURE_BURST, tail_step(burst, r->n,
		more(0, m->error_short - r->usual_error) / sd), m->error, m->error_short);
	learn_losses(m->loss, p, CORE_PREDICTORS, r->x, r->n);
	if (s)
		learn_losses(s->loss, p + CORE_PREDICTORS, DEEP_PREDICTORS, r->x, r->n);
}

static void trend_learn(struct mix *m, double x)
{
	double was = m->trend;

	m->trend += m->slope;
	m->trend += NEAR_RATE * (x - m->trend);
	m->slope = (float)(TREND_DAMP * (m->slope + 0.03 * (m->trend - was - m->slope)));
}

void mix_learn(struct mix *m, const struct level *l, const struct row *r)
{
	double rate = rate_of(r->n + 1, constants.rows_slow), d;
	double e = r->n < 60 ? r->error : less(r->error, 12 * r->usual_error + 0.1 * r->scale);

	ar_learn(m, l, r);
	trend_learn(m, r->x);
	m->near += NEAR_RATE * (r->x - m->near);
	m->last = r->x;
	d = e - m->error;
	m->error += (float)(rate * d);
	m->error_sd = (float)sqrt((1 - rate) * ((double)m->error_sd * m->error_sd + rate * d * d));
}
