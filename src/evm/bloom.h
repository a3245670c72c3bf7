/* The 2048-bit filter over a block's log addresses and topics.  Source: yellow paper, 4.3.1. */
#ifndef EVM_BLOOM_H
#define EVM_BLOOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct evm_bloom {
	uint8_t b[256];
};

void bloom_add(struct evm_bloom *f, const void *p, size_t n);
/* False: certainly not in it. */
bool bloom_test(const struct evm_bloom *f, const void *p, size_t n);
void bloom_merge(struct evm_bloom *f, const struct evm_bloom *other);

#endif
