/*
 * The few functions that every row calls many times, without the C library's care for NaN and
 * errno, which costs a call each.
 */
#ifndef DETECT_MATH_H
#define DETECT_MATH_H

#include <stdint.h>
#include <string.h>

static inline double less(double a, double b)
{
	return a < b ? a : b;
}

static inline double more(double a, double b)
{
	return a > b ? a : b;
}

static inline double clamp(double v, double lo, double hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

/* Of a positive normal number, to 1e-4: a polynomial of the mantissa, exact at 1 and 2. */
static inline float log2_of(float v)
{
	uint32_t bits;
	float m, e, p;

	memcpy(&bits, &v, sizeof(bits));
	e = (float)((int)(bits >> 23) - 127);
	bits = (bits & 0x7fffff) | 0x3f800000;
	memcpy(&m, &bits, sizeof(m));
	p = ((0.045815f * m - 0.289382f) * m + 0.711417f) * m - 0.910295f;
	return e + (m - 1) * (1 + (m - 2) * p);
}

#endif
