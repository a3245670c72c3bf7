/* Fast text for the hot paths: each writes at p, without a terminator, and returns its end. */
#ifndef DEVNET_DIGITS_H
#define DEVNET_DIGITS_H

#include <math.h>
#include <stdint.h>
#include <string.h>

static inline char *digits_text(char *p, const char *s)
{
	size_t n = strlen(s);

	memcpy(p, s, n);
	return p + n;
}

/* At least `width` digits; at most 20 characters. */
static inline char *digits_u64(char *p, uint64_t v, int width)
{
	char digits[24];
	int n = 0;

	for (; v || n < width || n == 0; v /= 10)
		digits[n++] = (char)('0' + v % 10);
	while (n)
		*p++ = digits[--n];
	return p;
}

/* 0 to 3 decimals; |v| below 10^15. */
static inline char *digits_fixed(char *p, double v, unsigned decimals)
{
	static const uint32_t tens[] = { 1, 10, 100, 1000 };
	int64_t scaled = (int64_t)nearbyint(v * tens[decimals]);
	uint64_t u = (uint64_t)(scaled < 0 ? -scaled : scaled);

	if (scaled < 0)
		*p++ = '-';
	p = digits_u64(p, u / tens[decimals], 1);
	if (decimals) {
		*p++ = '.';
		p = digits_u64(p, u % tens[decimals], (int)decimals);
	}
	return p;
}

#endif
