#include "model/coder.h"

#include <math.h>

#define Q_MAX 12 /* ones that mean: no Rice code, one of these: */
enum escape { ESC_RAW, ESC_SCALE, ESC_XOR, ESC_MARK };
#define RAW_BITS 55   /* a difference of two integers below 2^53, zigzag */
#define FULL_BITS 54  /* one such integer, zigzag */
#define LEAD_MARK 31  /* XOR: no window but a mark */

static const double p10[CODER_SCALE_MAX + 1] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6 };

/* --- time ---------------------------------------------------------------------- */

static const struct time_class {
	uint8_t bits;
} classes[] = { { 0 }, { 6 }, { 10 }, { 16 }, { 50 } };
#define CLASS_LAST 4

static void put_time(struct coder *c, struct bits *b, int64_t at_ms)
{
	int64_t d = at_ms - c->at_ms;
	uint64_t z = zigzag(d - c->dt);
	unsigned k = 0;

	while (k < CLASS_LAST && z >> classes[k].bits)
		k++;
	if (k < CLASS_LAST)
		bits_unary(b, k);
	else
		bits_put(b, (1 << CLASS_LAST) - 1, CLASS_LAST);
	bits_put(b, z, classes[k].bits);
	c->dt = d == (int32_t)d ? (int32_t)d : 0;
	c->at_ms = at_ms;
}

static void get_time(struct coder *c, struct bits_reader *r)
{
	unsigned k = bits_get_unary(r, CLASS_LAST);
	int64_t d = unzigzag(bits_get(r, classes[k].bits)) + c->dt;

	c->dt = d == (int32_t)d ? (int32_t)d : 0;
	c->at_ms += d;
}

/* --- decimals ------------------------------------------------------------------- */

/* Is v exactly i / 10^k with a modest i?  Negative zero is not: its sign would be lost. */
static inline bool decimal_at(double v, unsigned k, int64_t *i)
{
	double t = v * p10[k];

	if (!(fabs(t) < 0x1p52))
		return false;
	*i = llrint(t);
	return (double)*i / p10[k] == v && (*i != 0 || !signbit(v));
}

static int decimal_scale(double v, unsigned from, int64_t *i)
{
	for (unsigned k = from; k <= CODER_SCALE_MAX; k++)
		if (decimal_at(v, k, i))
			return (int)k;
	return -1;
}

static inline int64_t decimal_last(const struct coder *c)
{
	return llrint(c->value * p10[c->scale]);
}

/* Both sides move the parameter the same way: down while it is too wide, up when too narrow. */
static inline void rice_adapt(struct coder *c, unsigned q)
{
	if (q == 0)
		c->rice -= c->rice >= 2 ? 2 : c->rice;
	else if (q > 1)
		c->rice = c->rice + 2 * q > 48 * 8 / 2 ? 48 * 8 / 2 : (uint8_t)(c->rice + 2 * q);
}

static void put_escape(struct bits *b, enum escape e)
{
	bits_put(b, (1 << Q_MAX) - 1, Q_MAX);
	bits_put(b, e, 2);
}

static void put_diff(struct coder *c, struct bits *b, uint64_t z)
{
	unsigned k = c->rice >> 3;
	uint64_t q = z >> k;

	if (q < Q_MAX) {
		bits_unary(b, (unsigned)q);
		bits_put(b, z, k);
		rice_adapt(c, (unsigned)q);
	} else {
		put_escape(b, ESC_RAW);
		bits_put(b, z, RAW_BITS);
		rice_adapt(c, Q_MAX);
	}
}

static void decimal_moved(struct coder *c, int64_t d, double v)
{
	c->dv = d == (int32_t)d ? (int32_t)d : 0;
	c->value = v;
}

static void put_xor(struct coder *c, struct bits *b, double v);

static void put_decimal(struct coder *c, struct bits *b, double v, bool ramp)
{
	int64_t i, d;
	int k;

	if (decimal_at(v, c->scale, &i)) {
		d = i - decimal_last(c);
		put_diff(c, b, zigzag(ramp ? d - c->dv : d));
		decimal_moved(c, d, v);
		return;
	}
	k = decimal_scale(v, c->scale + 1u, &i);
	if (k >= 0) {
		put_escape(b, ESC_SCALE);
		bits_put(b, (unsigned)k, 4);
		bits_put(b, zigzag(i), FULL_BITS);
		c->scale = (uint8_t)k;
		c->dv = 0;
		c->value = v;
		return;
	}
	put_escape(b, ESC_XOR);
	c->scale = CODER_XOR;
	c->len = 0;
	put_xor(c, b, v);
}

/* --- doubles -------------------------------------------------------------------- */

static inline uint64_t bits_of(double v)
{
	uint64_t u;

	memcpy(&u, &v, 8);
	return u;
}

static inline double double_of(uint64_t u)
{
	double v;

	memcpy(&v, &u, 8);
	return v;
}

static void put_xor(struct coder *c, struct bits *b, double v)
{
	uint64_t x = bits_of(v) ^ bits_of(c->value);
	unsigned lead, trail;

	c->value = v;
	if (!x) {
		bits_put(b, 0, 1);
		return;
	}
	lead = (unsigned)__builtin_clzll(x);
	trail = (unsigned)__builtin_ctzll(x);
	if (lead > LEAD_MARK - 1)
		lead = LEAD_MARK - 1;
	if (c->len && lead >= c->lead && 64 - trail <= (unsigned)c->lead + c->len &&
		c->len <= 64 - lead - trail + 11) {
		bits_put(b, 2, 2);
		bits_put(b, x >> (64 - c->lead - c->len), c->len);
		return;
	}
	c->lead = (uint8_t)lead;
	c->len = (uint8_t)(64 - lead - trail);
	bits_put(b, 3, 2);
	bits_put(b, lead, 5);
	bits_put(b, c->len - 1u, 6);
	bits_put(b, x >> trail, c->len);
}

/* --- one sample ------------------------------------------------------------------ */

static void put_mark(const struct coder *c, struct bits *b, bool brk)
{
	if (c->scale == CODER_XOR) {
		bits_put(b, 3, 2);
		bits_put(b, LEAD_MARK, 5);
	} else {
		put_escape(b, ESC_MARK);
	}
	bits_put(b, brk, 1);
}

static void coder_start(struct coder *c, uint8_t scale, unsigned rice)
{
	c->scale = scale;
	c->rice = (uint8_t)(rice << 3);
	c->dt = c->dv = 0;
	c->len = 0;
	c->value = 0;
}

static void put_value(struct coder *c, struct bits *b, double v, bool brk, bool ramp)
{
	if (brk)
		put_mark(c, b, true);
	if (isnan(v))
		put_mark(c, b, false);
	else if (c->scale == CODER_XOR)
		put_xor(c, b, v);
	else
		put_decimal(c, b, v, ramp);
}

/* A block starts afresh, with what the one before it taught about scale and width. */
static void put_first(struct coder *c, struct bits *b, double v, bool brk)
{
	unsigned want = c->scale == CODER_XOR ? 0 : c->scale;
	int64_t i = 0;
	int k = isnan(v) ? (int)want : decimal_scale(v, want, &i);
	unsigned n = i ? 64 - (unsigned)__builtin_clzll(zigzag(i)) : 0;

	coder_start(c, k < 0 ? CODER_XOR : (uint8_t)k, c->rice >> 3);
	bits_put(b, c->scale, 4);
	bits_put(b, c->rice >> 3, 5);
	bits_put(b, brk, 1);
	bits_put(b, isnan(v), 1);
	if (isnan(v))
		return;
	c->value = v;
	if (c->scale == CODER_XOR) {
		bits_put(b, bits_of(v), 64);
	} else {
		bits_put(b, n, 6);
		bits_put(b, zigzag(i), n);
	}
}

void coder_put(struct coder *c, struct bits *b, int64_t at_ms, double v, bool first, bool brk,
	bool ramp)
{
	if (first) {
		c->at_ms = at_ms;
		put_first(c, b, v, brk);
	} else {
		put_time(c, b, at_ms);
		put_value(c, b, v, brk, ramp);
	}
}

/* --- and back -------------------------------------------------------------------- */

enum got { GOT_VALUE, GOT_NONE, GOT_BREAK };

static enum got get_xor(struct coder *c, struct bits_reader *r)
{
	uint64_t x;

	if (!bits_get(r, 1))
		return GOT_VALUE;
	if (bits_get(r, 1)) {
		unsigned lead = (unsigned)bits_get(r, 5);

		if (lead == LEAD_MARK)
			return bits_get(r, 1) ? GOT_BREAK : GOT_NONE;
		c->lead = (uint8_t)lead;
		c->len = (uint8_t)(bits_get(r, 6) + 1);
	}
	x = bits_get(r, c->len) << ((64 - c->lead - c->len) & 63);
	c->value = double_of(bits_of(c->value) ^ x);
	return GOT_VALUE;
}

static enum got get_escape(struct coder *c, struct bits_reader *r, uint64_t *z)
{
	int64_t i;

	switch ((enum escape)bits_get(r, 2)) {
	case ESC_RAW:
		*z = bits_get(r, RAW_BITS);
		rice_adapt(c, Q_MAX);
		return GOT_VALUE;
	case ESC_SCALE:
		c->scale = (uint8_t)bits_get(r, 4);
		i = unzigzag(bits_get(r, FULL_BITS));
		c->dv = 0;
		c->value = (double)i / p10[c->scale <= CODER_SCALE_MAX ? c->scale : 0];
		return GOT_NONE;
	case ESC_XOR:
		c->scale = CODER_XOR;
		c->len = 0;
		return GOT_NONE;
	case ESC_MARK:
		break;
	}
	return GOT_BREAK;
}

static enum got get_decimal(struct coder *c, struct bits_reader *r, bool ramp)
{
	unsigned k = c->rice >> 3, q = bits_get_unary(r, Q_MAX);
	uint64_t z = 0;
	int64_t d, i;

	if (q < Q_MAX) {
		z = (uint64_t)q << k | bits_get(r, k);
		rice_adapt(c, q);
	} else {
		unsigned was = c->scale;

		switch (get_escape(c, r, &z)) {
		case GOT_BREAK:
			return bits_get(r, 1) ? GOT_BREAK : GOT_NONE;
		case GOT_NONE:
			return c->scale == CODER_XOR && was != CODER_XOR ? get_xor(c, r) : GOT_VALUE;
		case GOT_VALUE:
			break;
		}
	}
	d = unzigzag(z) + (ramp ? c->dv : 0);
	i = decimal_last(c) + d;
	decimal_moved(c, d, (double)i / p10[c->scale]);
	return GOT_VALUE;
}

static void get_first(struct coder *c, struct bits_reader *r, struct coded *out)
{
	uint8_t scale = (uint8_t)bits_get(r, 4);
	unsigned n;

	coder_start(c, scale, (unsigned)bits_get(r, 5));
	out->brk = bits_get(r, 1);
	out->value = NAN;
	if (bits_get(r, 1))
		return;
	if (scale == CODER_XOR) {
		c->value = double_of(bits_get(r, 64));
	} else {
		n = (unsigned)bits_get(r, 6);
		c->value = (double)unzigzag(bits_get(r, n)) / p10[scale];
	}
	out->value = c->value;
}

void coder_get(struct coder *c, struct bits_reader *r, struct coded *out, bool first, bool ramp)
{
	enum got g;

	out->at_ms = c->at_ms;
	if (first) {
		get_first(c, r, out);
		return;
	}
	get_time(c, r);
	out->brk = false;
	while ((g = c->scale == CODER_XOR ? get_xor(c, r) : get_decimal(c, r, ramp)) == GOT_BREAK)
		out->brk = true;
	out->at_ms = c->at_ms;
	out->value = g == GOT_NONE ? NAN : c->value;
}
