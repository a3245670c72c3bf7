#include "evm/u256.h"

#include <math.h>

#include "base/alloc.h"
#include "base/hex.h"

struct u256 u256_from_be(const uint8_t *p, size_t n)
{
	struct u256 a = { { 0 } };
	size_t i;

	if (n > 32)
		BUG("u256 of %zu bytes", n);
	for (i = 0; i < n; i++)
		a.w[i / 8] |= (uint64_t)p[n - 1 - i] << (8 * (i % 8));
	return a;
}

void u256_to_be(struct u256 a, uint8_t out[32])
{
	for (int i = 0; i < 32; i++)
		out[31 - i] = (uint8_t)(a.w[i / 8] >> (8 * (i % 8)));
}

int u256_cmp(struct u256 a, struct u256 b)
{
	for (int i = 3; i >= 0; i--)
		if (a.w[i] != b.w[i])
			return a.w[i] < b.w[i] ? -1 : 1;
	return 0;
}

int u256_bits(struct u256 a)
{
	for (int i = 3; i >= 0; i--)
		if (a.w[i])
			return 64 * i + 64 - __builtin_clzll(a.w[i]);
	return 0;
}

bool u256_add(struct u256 a, struct u256 b, struct u256 *out)
{
	__uint128_t c = 0;

	for (int i = 0; i < 4; i++) {
		c += (__uint128_t)a.w[i] + b.w[i];
		out->w[i] = (uint64_t)c;
		c >>= 64;
	}
	return c != 0;
}

bool u256_sub(struct u256 a, struct u256 b, struct u256 *out)
{
	bool borrow = false;

	for (int i = 0; i < 4; i++) {
		__uint128_t d = (__uint128_t)a.w[i] - b.w[i] - borrow;

		out->w[i] = (uint64_t)d;
		borrow = (d >> 64) != 0;
	}
	return borrow;
}

bool u256_mul_u64(struct u256 a, uint64_t m, struct u256 *out)
{
	__uint128_t c = 0;

	for (int i = 0; i < 4; i++) {
		c += (__uint128_t)a.w[i] * m;
		out->w[i] = (uint64_t)c;
		c >>= 64;
	}
	return c != 0;
}

struct u256 u256_div_u64(struct u256 a, uint64_t d, uint64_t *rem)
{
	__uint128_t r = 0;

	if (!d)
		BUG("u256 divided by zero");
	for (int i = 3; i >= 0; i--) {
		r = r << 64 | a.w[i];
		a.w[i] = (uint64_t)(r / d);
		r %= d;
	}
	*rem = (uint64_t)r;
	return a;
}

double u256_to_f64(struct u256 a)
{
	double v = 0;

	for (int i = 3; i >= 0; i--)
		v = ldexp(v, 64) + (double)a.w[i];
	return v;
}

int u256_from_dec(struct slice s, struct u256 *out)
{
	struct u256 v = { { 0 } };

	if (s.n == 0)
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		unsigned d = (unsigned char)s.p[i] - '0';

		if (d > 9 || u256_mul_u64(v, 10, &v) || u256_add(v, u256_of(d), &v))
			return -1;
	}
	*out = v;
	return 0;
}

int u256_from_hex(struct slice s, struct u256 *out)
{
	struct u256 v = { { 0 } };

	if (s.n < 3 || s.n > 66 || s.p[0] != '0' || (s.p[1] | 0x20) != 'x')
		return -1;
	for (size_t i = 2; i < s.n; i++) {
		size_t at = s.n - 1 - i; /* digits to the right of this one */
		int d = hex_digit(s.p[i]);

		if (d < 0)
			return -1;
		v.w[at / 16] |= (uint64_t)d << (4 * (at % 16));
	}
	*out = v;
	return 0;
}

int u256_from_quantity(struct slice s, struct u256 *out)
{
	if (s.n > 3 && s.p[2] == '0')
		return -1;
	return u256_from_hex(s, out);
}

/* Decimal digits, at least `least` of them, into s (78 bytes); returns how many. */
static size_t u256_digits(struct u256 v, char *s, size_t least)
{
	size_t n = 0, i;

	while (!u256_is_zero(v) || n < least) {
		uint64_t r;

		v = u256_div_u64(v, 10, &r);
		s[n++] = (char)('0' + r);
	}
	for (i = 0; i < n / 2; i++) {
		char c = s[i];

		s[i] = s[n - 1 - i];
		s[n - 1 - i] = c;
	}
	return n;
}

int buf_addu256(struct buf *b, struct u256 v)
{
	char s[80];

	return buf_add(b, s, u256_digits(v, s, 1));
}

int buf_addu256_units(struct buf *b, struct u256 v, int decimals)
{
	char s[80];
	size_t d = (size_t)decimals, n, whole;

	if (decimals < 0 || decimals > 77)
		BUG("%d decimals", decimals);
	n = u256_digits(v, s, d + 1);
	whole = n - d;
	while (n > whole && s[n - 1] == '0')
		n--;
	if (buf_add(b, s, whole) < 0)
		return -1;
	if (n == whole)
		return 0;
	return buf_addc(b, '.') < 0 ? -1 : buf_add(b, s + whole, n - whole);
}

int buf_addu256_hex(struct buf *b, struct u256 v)
{
	int top = 3;

	while (top && !v.w[top])
		top--;
	if (buf_addquantity(b, v.w[top]) < 0)
		return -1;
	while (top--)
		if (buf_addf(b, "%016llx", (unsigned long long)v.w[top]) < 0)
			return -1;
	return 0;
}
