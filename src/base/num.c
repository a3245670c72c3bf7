#include "base/num.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/num_dec.h"

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

int num_u64(struct slice s, uint64_t *out)
{
	uint64_t v = 0;

	if (!s.n)
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		if (!digit(s.p[i]) || __builtin_mul_overflow(v, 10, &v) ||
			__builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
			return -1;
	}
	*out = v;
	return 0;
}

int num_i64(struct slice s, int64_t *out)
{
	bool neg = s.n && s.p[0] == '-';
	uint64_t v;

	if (neg)
		s = slice_mem(s.p + 1, s.n - 1);
	if (num_u64(s, &v) < 0 || v > (uint64_t)INT64_MAX + neg)
		return -1;
	*out = neg ? (int64_t)(0 - v) : (int64_t)v;
	return 0;
}

static int hex_digit(char c)
{
	if (digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int num_hex_u64(struct slice s, uint64_t *out)
{
	uint64_t v = 0;

	if (s.n < 2 || s.p[0] != '0' || (s.p[1] | 0x20) != 'x')
		return num_u64(s, out);
	if (s.n == 2)
		return -1;
	for (size_t i = 2; i < s.n; i++) {
		int d = hex_digit(s.p[i]);

		if (d < 0 || v >> 60)
			return -1;
		v = v << 4 | (uint64_t)d;
	}
	*out = v;
	return 0;
}

/* --- doubles -------------------------------------------------------------------------- */

static locale_t c_locale;

static void make_c_locale(void)
{
	c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* The comma of a German locale must not reach a wire. */
locale_t num_c_locale(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_c_locale);
	return c_locale;
}

static const uint64_t pow10_u64[20] = {
	1u,
	10u,
	100u,
	1000u,
	10000u,
	100000u,
	1000000u,
	10000000u,
	100000000u,
	1000000000u,
	10000000000u,
	100000000000u,
	1000000000000u,
	10000000000000u,
	100000000000000u,
	1000000000000000u,
	10000000000000000u,
	100000000000000000u,
	1000000000000000000u,
	10000000000000000000u,
};

uint64_t num_pow10(int k)
{
	return pow10_u64[k];
}

/*
 * m * 10^e, correctly rounded, for -19 <= e <= 19: up to 2^53 and 10^22 both operands are
 * exact doubles, so one IEEE operation rounds once.  Beyond, in 128-bit integers: the product is
 * exact, the quotient carries a sticky bit, and the conversion to double rounds once.
 */
double num_scale10(uint64_t m, int e)
{
	unsigned __int128 q;
	uint64_t d;
	int up;

	if (m == 0)
		return 0;
	if (m <= (uint64_t)1 << 53)
		return e < 0 ? (double)m / (double)pow10_u64[-e] : (double)m * (double)pow10_u64[e];
	if (e >= 0)
		return (double)((unsigned __int128)m * pow10_u64[e]);
	d = pow10_u64[-e];
	up = __builtin_clzll(m) + 64;
	q = (unsigned __int128)m << up;
	q = q / d | (q % d != 0);
	return ldexp((double)q, -up);
}

struct decimal {
	uint64_t m; /* the first 19 significant digits */
	int e;	    /* value = m * 10^e, when `exact` */
	bool neg, exact;
};

static const char *read_digits(const char *p, const char *end, struct decimal *d, int *sig)
{
	for (; p < end && digit(*p); p++) {
		if (*sig == 0 && *p == '0')
			continue;
		if (++*sig <= 19)
			d->m = d->m * 10 + (uint64_t)(*p - '0');
	}
	return p;
}

static const char *read_exponent(const char *p, const char *end, struct decimal *d)
{
	bool neg = p < end && *p == '-';
	int e = 0;

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	if (p == end || !digit(*p))
		return NULL;
	for (; p < end && digit(*p); p++)
		if (e < 100000)
			e = e * 10 + (*p - '0');
	d->e += neg ? -e : e;
	return p;
}

/* Checks the whole shape; NULL when the bytes are not a decimal number. */
static const char *read_decimal(struct slice s, struct decimal *d)
{
	const char *p = s.p, *end = s.p + s.n, *from;
	int sig = 0;
	size_t seen;

	*d = (struct decimal){ .neg = *p == '-' };
	if (*p == '-' || *p == '+')
		p++;
	from = p;
	p = read_digits(p, end, d, &sig);
	seen = (size_t)(p - from);
	if (p < end && *p == '.') {
		from = ++p;
		p = read_digits(p, end, d, &sig);
		seen += (size_t)(p - from);
		d->e -= (int)(p - from);
	}
	if (!seen)
		return NULL;
	d->exact = sig <= 19;
	if (p < end && (*p | 0x20) == 'e')
		p = read_exponent(p + 1, end, d);
	return p == end ? p : NULL;
}

static int special(struct slice s, double *out)
{
	bool neg = s.p[0] == '-', sign = neg || s.p[0] == '+';
	struct slice w = slice_mem(s.p + sign, s.n - sign);

	if (w.n == 3 && strncasecmp(w.p, "nan", 3) == 0)
		*out = NAN;
	else if ((w.n == 3 && strncasecmp(w.p, "inf", 3) == 0) ||
		 (w.n == 8 && strncasecmp(w.p, "infinity", 8) == 0))
		*out = neg ? -INFINITY : INFINITY;
	else
		return -1;
	return 0;
}

/* The long way, for the few numbers with many digits or a large exponent. */
static int by_strtod(struct slice s, double *out)
{
	char text[NUM_MAX_BYTES + 1];
	double v;

	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	v = strtod_l(text, NULL, num_c_locale());
	if (isinf(v))
		return -1;
	*out = v;
	return 0;
}

int num_f64(struct slice s, double *out)
{
	struct decimal d;
	double v;

	if (!s.n || s.n > NUM_MAX_BYTES)
		return -1;
	if (!read_decimal(s, &d))
		return special(s, out);
	if (d.m == 0)
		v = 0;
	else if (d.exact && d.e >= -19 && d.e <= 19)
		v = num_scale10(d.m, d.e);
	else
		return by_strtod(s, out);
	*out = d.neg ? -v : v;
	return 0;
}
