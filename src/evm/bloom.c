#include "evm/bloom.h"

#include "evm/keccak.h"

/* Bit i of the three that stand for these bytes: 11 bits of each of the hash's first pairs. */
static unsigned bit_of(const struct evm_hash *h, int i)
{
	return ((unsigned)h->b[2 * i] << 8 | h->b[2 * i + 1]) & 2047;
}

void bloom_add(struct evm_bloom *f, const void *p, size_t n)
{
	struct evm_hash h = keccak256(p, n);

	for (int i = 0; i < 3; i++)
		f->b[255 - bit_of(&h, i) / 8] |= (uint8_t)(1u << bit_of(&h, i) % 8);
}

bool bloom_test(const struct evm_bloom *f, const void *p, size_t n)
{
	struct evm_hash h = keccak256(p, n);

	for (int i = 0; i < 3; i++)
		if (!(f->b[255 - bit_of(&h, i) / 8] >> bit_of(&h, i) % 8 & 1))
			return false;
	return true;
}

void bloom_merge(struct evm_bloom *f, const struct evm_bloom *other)
{
	for (size_t i = 0; i < sizeof(f->b); i++)
		f->b[i] |= other->b[i];
}
