/* Keccak-256 (the original padding, not SHA-3's), from Botan.  Any thread. */
#ifndef EVM_KECCAK_H
#define EVM_KECCAK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct evm_hash {
	uint8_t b[32];
};

struct evm_hash keccak256(const void *p, size_t n);

static inline bool evm_hash_eq(const struct evm_hash *a, const struct evm_hash *b)
{
	return memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

#endif
