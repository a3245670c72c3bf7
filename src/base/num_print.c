#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/num.h"
#include "base/num_dec.h"

/* digits * 10^e, the shortest that reads back as the same double */
struct shortest {
	uint64_t digits;
	int e;
};

static size_t put_u64(char *s, uint64_t v)
{
	char t[20];
	size_t i = sizeof(t);

	do
		t[--i] = (char)('0' + v % 10);
	while (v /= 10);
	memcpy(s, t + i, sizeof(t) - i);
	return sizeof(t) - i;
}

/* round(v * 10^k), ties up, in integers: v = m * 2^-s exactly, with 0 <= k <= 19. */
static uint64_t scaled(double v, int k)
{
	unsigned __int128 p;
	int e;
	uint64_t m = (uint64_t)ldexp(frexp(v, &e), 53);
	int s = 53 - e;

	p = (unsigned __int128)m * num_pow10(k);
	if (s <= 0)
		return (uint64_t)(p << -s);
	if (s > 126)
		return 0;
	return (uint64_t)((p + ((unsigned __int128)1 << (s - 1))) >> s);
}

/* Most metrics were short decimals once: 21.5, 0.125, 99.97. */
static bool try_short(double v, struct shortest *out)
{
	static const double pow10[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6 };

	if (v < 0x1p53 && (double)(int64_t)v == v) {
		*out = (struct shortest){ (uint64_t)v, 0 };
		return true;
	}
	for (int k = 1; k <= 6; k++) {
		double r = v * pow10[k];

		if (r >= 0x1p52) /* above, adding a half would round itself */
			return false;
		r = (double)(int64_t)(r + 0.5);
		if (r / pow10[k] == v) {
			*out = (struct shortest){ (uint64_t)r, -k };
			return true;
		}
	}
	return false;
}

/* 15 digits always survive the trip, 17 always identify; in between, try. */
static bool try_digits(double v, struct shortest *out)
{
	int k;

	if (v < 1e-2 || v >= 1e15)
		return false;
	k = 14 - (int)floor(log10(v));
	for (int i = 0; i < 4 && k <= 19; i++, k++) {
		uint64_t d = scaled(v, k);

		if (num_scale10(d, -k) != v)
			continue;
		for (; k > 0 && d % 10 == 0; k--)
			d /= 10;
		*out = (struct shortest){ d, -k };
		return true;
	}
	return false;
}

static void put_shortest(struct buf *b, bool neg, struct shortest d)
{
	char s[48];
	size_t n = 0, k = (size_t)-d.e, len;
	char t[20];

	if (neg)
		s[n++] = '-';
	len = put_u64(t, d.digits);
	if (k >= len) {
		s[n++] = '0';
		s[n++] = '.';
		for (; k > len; k--)
			s[n++] = '0';
		memcpy(s + n, t, len);
	} else {
		memcpy(s + n, t, len - k);
		if (k) {
			s[n + len - k] = '.';
			memcpy(s + n + len - k + 1, t + len - k, k);
			n++;
		}
	}
	buf_add(b, s, n + len);
}

static void by_printf(struct buf *b, double v)
{
	locale_t old = uselocale(num_c_locale());
	char s[40];
	double back;
	int n = 0;

	for (int prec = 15; prec <= 17; prec++) {
		n = snprintf(s, sizeof(s), "%.*g", prec, v);
		if (num_f64(slice_mem(s, (size_t)n), &back) == 0 && back == v)
			break;
	}
	uselocale(old);
	/* an integer of many digits would read back as an integer, and not fit one */
	if (!memchr(s, '.', (size_t)n) && !memchr(s, 'e', (size_t)n))
		n += snprintf(s + n, sizeof(s) - (size_t)n, ".0");
	buf_add(b, s, (size_t)n);
}

int buf_addf64(struct buf *b, double v)
{
	double a = fabs(v);
	struct shortest d;

	if (isnan(v))
		buf_adds(b, "NaN");
	else if (isinf(v))
		buf_adds(b, v < 0 ? "-Inf" : "+Inf");
	else if (v == 0)
		buf_adds(b, signbit(v) ? "-0.0" : "0");
	else if (try_short(a, &d) || try_digits(a, &d))
		put_shortest(b, v < 0, d);
	else
		by_printf(b, v);
	return b->full ? -1 : 0;
}

static int add_real(struct buf *b, bool exponent, int decimals, double v, const char *tail)
{
	locale_t old = uselocale(num_c_locale());
	int rc = exponent ? buf_addf(b, "%.*e%s", decimals, v, tail)
			  : buf_addf(b, "%.*f%s", decimals, v, tail);

	uselocale(old);
	return rc;
}

/* What lies within NEAR of a half is left to printf(), which knows all of the number's digits. */
#define NEAR 1e-3

int buf_addfixed(struct buf *b, double v, int decimals)
{
	static const double tens[] = { 1, 10, 100, 1000 };
	double scaled, rest;
	char text[24], *p = text + sizeof(text);
	uint64_t n;

	if (decimals < 0 || decimals >= (int)ARRAY_LEN(tens) || !(fabs(v) < 1e8))
		return add_real(b, false, decimals, v, "");
	scaled = fabs(v) * tens[decimals];
	n = (uint64_t)scaled;
	rest = scaled - (double)n;
	if (fabs(rest - 0.5) < NEAR)
		return add_real(b, false, decimals, v, "");
	n += rest > 0.5;
	for (int i = 0; i <= decimals || n; i++, n /= 10) {
		if (i && i == decimals)
			*--p = '.';
		*--p = (char)('0' + n % 10);
	}
	if (signbit(v))
		*--p = '-';
	return buf_add(b, p, (size_t)(text + sizeof(text) - p));
}

int buf_addage(struct buf *b, int64_t ms)
{
	static const struct {
		int64_t ms;
		char unit;
	} units[] = { { 86400000, 'd' }, { 3600000, 'h' }, { 60000, 'm' }, { 1000, 's' } };

	if (ms < 0)
		ms = 0;
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (ms >= units[i].ms)
			return buf_addf(b, "%lld%c", (long long)(ms / units[i].ms), units[i].unit);
	return buf_addf(b, "%lldms", (long long)ms);
}

/* Three significant digits; what rounds up to four moves on to the next prefix. */
static int add_si(struct buf *b, double a, const char *sep, const char *unit)
{
	static const char *const prefixes[] = { "", "k", "M", "G", "T", "P", "E" };
	int decimals;
	size_t i = 0;
	char tail[32];

	for (; a >= 999.5 && i < ARRAY_LEN(prefixes) - 1; i++)
		a /= 1000;
	decimals = a >= 99.95 ? 0 : a >= 9.995 ? 1 : 2;
	if (i == 0 && a == nearbyint(a))
		decimals = 0;
	else if (i == 0 && a < 0.995)
		decimals = 3;
	snprintf(tail, sizeof(tail), "%s%s%s", sep, prefixes[i], unit);
	return add_real(b, false, decimals, a, tail);
}

int buf_addsi(struct buf *b, double v, const char *unit)
{
	const char *sep = unit && *unit && *unit != '%' ? " " : "";
	char tail[32];

	if (!unit)
		unit = "";
	snprintf(tail, sizeof(tail), "%s%s", sep, unit);
	if (!isfinite(v))
		return buf_addf64(b, v);
	if (fabs(v) >= 1e21 || (v != 0 && fabs(v) < 0.001))
		return add_real(b, true, 1, v, tail);
	if (v < 0 && buf_addc(b, '-') < 0)
		return -1;
	return add_si(b, fabs(v), sep, unit);
}

int buf_addsize(struct buf *b, uint64_t bytes)
{
	static const char *const units[] = { " KiB", " MiB", " GiB", " TiB", " PiB", " EiB" };
	double v = (double)bytes / 1024;
	size_t i = 0;

	if (bytes < 1024)
		return buf_addf(b, "%u B", (unsigned)bytes);
	for (; v >= 1023.95 && i < ARRAY_LEN(units) - 1; i++)
		v /= 1024;
	return add_real(b, false, 1, v, units[i]);
}
