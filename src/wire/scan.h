/* Scanning shared by the text decoders of this folder.  Private to it. */
#ifndef WIRE_SCAN_H
#define WIRE_SCAN_H

#include <math.h>

#include "base/num.h"

static inline bool scan_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

static inline bool scan_blank(char c)
{
	return c == ' ' || c == '\t';
}

static inline const char *scan_blanks(const char *p, const char *end)
{
	while (p < end && scan_blank(*p))
		p++;
	return p;
}

/*
 * Reads [-]digits[.digits][e[+-]digits] at p, the shape of nearly every number on our wires.
 * Returns the byte after it, or NULL when it is not of this shape or too long to be exact
 * with one multiplication: then the slow, complete way has to read it.
 */
static inline const char *scan_f64(const char *p, const char *end, double *out)
{
	static const double ten[23] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
		1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
	const char *from, *dot = NULL;
	bool neg = p < end && *p == '-', eneg;
	uint64_t m = 0;
	int e = 0, x = 0;
	double v;

	p += neg;
	for (from = p; p < end && scan_digit(*p); p++)
		m = m * 10 + (uint64_t)(*p - '0');
	if (p == from)
		return NULL;
	if (p < end && *p == '.') {
		dot = ++p;
		for (; p < end && scan_digit(*p); p++)
			m = m * 10 + (uint64_t)(*p - '0');
		e = (int)(dot - p);
		if (!e)
			return NULL;
	}
	if (p - from > 19) /* m may have wrapped */
		return NULL;
	if (p < end && (*p | 0x20) == 'e') {
		p++;
		eneg = p < end && *p == '-';
		p += p < end && (*p == '-' || *p == '+');
		for (from = p; p < end && scan_digit(*p) && p - from < 4; p++)
			x = x * 10 + (*p - '0');
		if (p == from || p - from == 4)
			return NULL;
		e += eneg ? -x : x;
	}
	if (m > (uint64_t)1 << 53 || e < -22 || e > 22)
		return NULL;
	v = e < 0 ? (double)m / ten[-e] : (double)m * ten[e];
	*out = neg ? -v : v;
	return p;
}

#endif
