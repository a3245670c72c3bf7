/* 256-bit unsigned integers: values, for amounts and ids.  Enough arithmetic to show them. */
#ifndef EVM_U256_H
#define EVM_U256_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct u256 {
	uint64_t w[4]; /* w[0] holds the lowest bits */
};

static inline struct u256 u256_of(uint64_t v)
{
	return (struct u256){ { v } };
}

static inline bool u256_is_zero(struct u256 a)
{
	return !(a.w[0] | a.w[1] | a.w[2] | a.w[3]);
}

static inline bool u256_fits_u64(struct u256 a)
{
	return !(a.w[1] | a.w[2] | a.w[3]);
}

/* Big-endian bytes; n at most 32. */
struct u256 u256_from_be(const uint8_t *p, size_t n);
void u256_to_be(struct u256 a, uint8_t out[32]);
/* Whole slice or nothing; -1 on overflow or other bytes. */
int u256_from_dec(struct slice s, struct u256 *out);
int u256_from_hex(struct slice s, struct u256 *out); /* "0x" and 1..64 digits, zeros may lead */
int u256_from_quantity(struct slice s, struct u256 *out); /* as before, no leading zero */

int u256_cmp(struct u256 a, struct u256 b);
int u256_bits(struct u256 a); /* 0 for zero, else the number of significant bits */
/* Modulo 2^256; true when it wrapped. */
bool u256_add(struct u256 a, struct u256 b, struct u256 *out);
bool u256_sub(struct u256 a, struct u256 b, struct u256 *out);
bool u256_mul_u64(struct u256 a, uint64_t m, struct u256 *out);
struct u256 u256_div_u64(struct u256 a, uint64_t d, uint64_t *rem); /* d not 0 */
double u256_to_f64(struct u256 a);

int buf_addu256(struct buf *b, struct u256 v); /* decimal */
int buf_addu256_hex(struct buf *b, struct u256 v); /* quantity */
/* v / 10^decimals, exact, no trailing zeros: "12.5", "0.000001".  decimals at most 77. */
int buf_addu256_units(struct buf *b, struct u256 v, int decimals);

#endif
