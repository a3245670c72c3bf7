#include "base/hash.h"

#include <string.h>
#include <sys/random.h>

#include "base/alloc.h"

/* Multiply-and-fold in the manner of wyhash: two 64-bit halves of a 128-bit product. */
static uint64_t seed[2];

static void __attribute__((noinline)) seed_init(void)
{
	if (getrandom(seed, sizeof(seed), 0) != sizeof(seed))
		BUG("no random bytes");
	seed[0] |= 1; /* 0 means "not seeded yet" */
}

static inline uint64_t fold(uint64_t a, uint64_t b)
{
	__uint128_t m = (__uint128_t)a * b;

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

static inline uint64_t read64(const unsigned char *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return v;
}

static inline uint64_t read_tail(const unsigned char *p, size_t n)
{
	uint32_t a, b;

	if (n >= 4) {
		memcpy(&a, p, 4);
		memcpy(&b, p + n - 4, 4);
		return (uint64_t)a << 32 | b;
	}
	return n ? (uint64_t)p[0] << 16 | (uint64_t)p[n >> 1] << 8 | p[n - 1] : 0;
}

uint64_t hash_bytes(const void *data, size_t n)
{
	const unsigned char *p = data;
	uint64_t h;
	size_t left = n;

	if (!seed[0])
		seed_init();
	h = seed[0] ^ n;
	for (; left > 16; left -= 16, p += 16)
		h = fold(read64(p) ^ seed[1], read64(p + 8) ^ h);
	if (left >= 8)
		h = fold(read64(p) ^ seed[1], read64(p + left - 8) ^ h);
	else
		h = fold(read_tail(p, left) ^ seed[1], h);
	return fold(h ^ 0x9e3779b97f4a7c15u, seed[1] ^ n);
}

uint64_t hash_mix(uint64_t a, uint64_t b)
{
	if (!seed[0])
		seed_init();
	return fold(a ^ seed[0], b ^ seed[1] ^ 0x9e3779b97f4a7c15u);
}
