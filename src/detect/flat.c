/* A gauge that stopped moving: the mean step of the last ten rows against that of the long run. */
#include <math.h>

#include "detect/constants.h"
#include "detect/inside.h"
#include "detect/tail.h"

void flat_look(struct flat *f, struct row *r, double step, uint32_t n)
{
	double least = 1e-9 * r->scale, usual = f->step_long + least, still;

	f->step_short += (float)(0.1 * (step - f->step_short));
	still = log2_of((float)(usual / (f->step_short + 0.01 * f->step_long + least)));
	signal_set(r, FEATURE_FLAT, tail_step(&f->tail, n, more(0, still)), usual, f->step_short);
	if (n >= 60)
		step = less(step, 12 * usual + 0.1 * r->scale);
	f->step_long += (float)(rate_of(n + 1, constants.rows_slow) * (step - f->step_long));
}
