/* Bits, most significant first: a small writer for one sample, a reader for a block. */
#ifndef MODEL_BITS_H
#define MODEL_BITS_H

#include <stdint.h>
#include <string.h>

/* One sample's code before it goes into a block: up to 256 bits. */
struct bits {
	uint64_t w[4];
	unsigned n;
};

static inline void bits_put(struct bits *b, uint64_t v, unsigned n)
{
	unsigned at = b->n & 63, left = 64 - at;

	if (!n)
		return;
	v &= n == 64 ? UINT64_MAX : ((uint64_t)1 << n) - 1;
	if (n <= left) {
		b->w[b->n >> 6] |= v << (left - n);
	} else {
		b->w[b->n >> 6] |= v >> (n - left);
		b->w[(b->n >> 6) + 1] |= v << (64 - (n - left));
	}
	b->n += n;
}

static inline uint64_t bits_load(const unsigned char *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return __builtin_bswap64(v);
}

/* Puts the code at bit `at` of p, whose bits from there on are 0; 9 bytes of slack needed. */
static inline void bits_store(unsigned char *p, unsigned at, const struct bits *b)
{
	for (unsigned i = 0, n = b->n; n; i++, at += 64) {
		unsigned take = n < 64 ? n : 64, sh = at & 7;
		unsigned char *q = p + (at >> 3);
		uint64_t v = bits_load(q) | b->w[i] >> sh;

		v = __builtin_bswap64(v);
		memcpy(q, &v, 8);
		if (sh && take + sh > 64)
			q[8] |= (unsigned char)(b->w[i] << (8 - sh));
		n -= take;
	}
}

struct bits_reader {
	const unsigned char *p; /* 9 bytes of slack behind the end */
	unsigned at;
};

static inline uint64_t bits_get(struct bits_reader *r, unsigned n)
{
	const unsigned char *q = r->p + (r->at >> 3);
	unsigned sh = r->at & 7;
	uint64_t v;

	if (!n)
		return 0;
	v = bits_load(q) << sh;
	if (sh)
		v |= q[8] >> (8 - sh);
	r->at += n;
	return v >> (64 - n);
}

static inline uint64_t zigzag(int64_t v)
{
	return (uint64_t)v << 1 ^ (uint64_t)(v >> 63);
}

static inline int64_t unzigzag(uint64_t v)
{
	return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

#endif
