/*
 * How rare is a feature's value by its own past: an adaptive tail in 16 bytes.  The 90 % and 98 %
 * points of log2 of the feature are followed by stochastic approximation (Robbins and Monro 1951),
 * what lies beyond as an exponential of the mean excess, so a power law of the feature itself.
 */
#ifndef DETECT_TAIL_H
#define DETECT_TAIL_H

#include <stdint.h>

#include "detect/state.h"

#define TAIL_SKIP 12 /* the first values are not looked at: spreads are nothing yet */
#define TAIL_WARM 24 /* so many more before it says anything */

/* -log10 of the chance of v (not negative), then learns it; n: values that it has had so far. */
float tail_step(struct tail *t, uint32_t n, double v);

#endif
