#include "model/coder.h"

#include <math.h>

#define Q_MAX 12 /* ones that mean: no Rice code but */
enum escape { ESC_RAW, ESC_SCALE, ESC_XOR, ESC_MARK };
#define LEN_BITS 6   /* a length of 0 to 63 bits, then so many */
#define FULL_BITS 54 /* an integer below 2^53, zigzag */
#define LEAD_MARK 31 /* XOR: no window but a mark */
#define RICE_MAX (24 * 8)

static const double p10[CODER_SCALE_MAX + 1] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6 };

/* --- numbers in few bits ------------------------------------------------------------ */

/* Both sides move the parameter the same way: down while it is too wide, up when too narrow. */
static inline void rice_adapt(uint8_t *rice, unsigned q)
{
	if (q == 0)
		*rice -= *rice >= 2 ? 2 : *rice;
	else if (q > 1)
		*rice = *rice + 2 * q > RICE_MAX ? RICE_MAX : (uint8_t)(*rice + 2 * q);
}

static inline void put_sized(struct bits *b, uint64_t z)
{
	unsigned n = z ? 64 - (unsigned)__builtin_clzll(z) : 0;

	bits_put(b, n, LEN_BITS);
	bits_put(b, z, n);
}

static inline uint64_t get_sized(struct bits_reader *r)
{
	return bits_get(r, (unsigned)bits_get(r, LEN_BITS));
}

/* False: too great for a Rice code.  The caller puts it otherwise and adapts. */
static inline bool put_rice(struct bits *b, uint8_t *rice, uint64_t z)
{
	unsigned k = *rice >> 3;
	uint64_t q = z >> k;

	if (q >= Q_MAX) {
		bits_put(b, (1 << Q_MAX) - 1, Q_MAX);
		return false;
	}
	/* q ones, a zero, k bits */
	bits_put(b, ((((uint64_t)1 << q) - 1) << 1) << k | (z & (((uint64_t)1 << k) - 1)),
		(unsigned)q + 1 + k);
	rice_adapt(rice, (unsigned)q);
	return true;
}

static inline bool get_rice(struct bits_reader *r, uint8_t *rice, uint64_t *z)
{
	/* at most 37 bits, in one look of 57 */
	uint64_t v = bits_load(r->p + (r->at >> 3)) << (r->at & 7);
	unsigned k = *rice >> 3, q = (unsigned)__builtin_clzll(~v | (uint64_t)1 << (63 - Q_MAX));

	if (q == Q_MAX) {
		r->at += Q_MAX;
		return false;
	}
	r->at += q + 1 + k;
	rice_adapt(rice, q);
	*z = (uint64_t)q << k | v << (q + 1) >> 1 >> (63 - k);
	return true;
}

/* What is expected moves towards what came, and in the end reaches it. */
static inline int32_t follow(int32_t expected, int64_t came)
{
	int64_t off = came - expected;

	if (came != (int32_t)came)
		return 0;
	return (int32_t)(expected + (off >= -3 && off <= 3 ? (off > 0) - (off < 0) : off / 4));
}

/* --- time ---------------------------------------------------------------------- */

static void time_moved(struct coder *c, int64_t d)
{
	c->dt = c->dt ? follow(c->dt, d) : d == (int32_t)d ? (int32_t)d : 0;
	c->at_ms += d;
}

static void put_time(struct coder *c, struct bits *b, int64_t at_ms)
{
	int64_t d = at_ms - c->at_ms;
	uint64_t z = zigzag(d - c->dt);

	if (!put_rice(b, &c->time_rice, z)) {
		put_sized(b, z);
		rice_adapt(&c->time_rice, Q_MAX);
	}
	time_moved(c, d);
}

static void get_time(struct coder *c, struct bits_reader *r)
{
	uint64_t z;

	if (!get_rice(r, &c->time_rice, &z)) {
		z = get_sized(r);
		rice_adapt(&c->time_rice, Q_MAX);
	}
	time_moved(c, unzigzag(z) + c->dt);
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

static void put_escape(struct bits *b, enum escape e)
{
	bits_put(b, (1 << Q_MAX) - 1, Q_MAX);
	bits_put(b, e, 2);
}

static void put_diff(struct coder *c, struct bits *b, uint64_t z)
{
	if (put_rice(b, &c->rice, z))
		return;
	bits_put(b, ESC_RAW, 2);
	put_sized(b, z);
	rice_adapt(&c->rice, Q_MAX);
}

static void decimal_moved(struct coder *c, int64_t d, double v)
{
	c->dv = follow(c->dv, d);
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

static void coder_start(struct coder *c, uint8_t scale, unsigned rice, unsigned time_rice)
{
	c->scale = scale;
	c->rice = (uint8_t)(rice << 3);
	c->time_rice = (uint8_t)(time_rice << 3);
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

	coder_start(c, k < 0 ? CODER_XOR : (uint8_t)k, c->rice >> 3, c->time_rice >> 3);
	bits_put(b, c->scale, 4);
	bits_put(b, c->rice >> 3, 5);
	bits_put(b, c->time_rice >> 3, 5);
	bits_put(b, brk, 1);
	bits_put(b, isnan(v), 1);
	if (isnan(v))
		return;
	c->value = v;
	if (c->scale == CODER_XOR)
		bits_put(b, bits_of(v), 64);
	else
		put_sized(b, zigzag(i));
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
		*z = get_sized(r);
		rice_adapt(&c->rice, Q_MAX);
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
	uint64_t z = 0;
	int64_t d, i;

	if (!get_rice(r, &c->rice, &z)) {
		switch (get_escape(c, r, &z)) {
		case GOT_BREAK: /* a mark: which one? */
			return bits_get(r, 1) ? GOT_BREAK : GOT_NONE;
		case GOT_NONE: /* the scale changed */
			return c->scale == CODER_XOR ? get_xor(c, r) : GOT_VALUE;
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
	unsigned rice = (unsigned)bits_get(r, 5);

	coder_start(c, scale, rice, (unsigned)bits_get(r, 5));
	out->brk = bits_get(r, 1);
	out->value = NAN;
	if (bits_get(r, 1))
		return;
	if (scale == CODER_XOR)
		c->value = double_of(bits_get(r, 64));
	else
		c->value = (double)unzigzag(get_sized(r)) / p10[scale];
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
