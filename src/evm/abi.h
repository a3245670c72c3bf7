/*
 * The contract ABI: selectors, topics, and argument blocks of words, bytes and strings.
 * Source: Solidity's ABI specification.
 * Writing: abi_init() with the number of arguments, one abi_put per argument in order,
 * abi_finish().  Reading is by argument index and bounds-checked: data comes from strangers.
 */
#ifndef EVM_ABI_H
#define EVM_ABI_H

#include "base/err.h"
#include "evm/addr.h"
#include "evm/keccak.h"
#include "evm/u256.h"

struct evm_hash abi_topic(const char *signature); /* "Transfer(address,address,uint256)" */
void abi_selector(const char *signature, uint8_t out[4]);

struct abi {
	struct buf head, tail;
	size_t args; /* words of the head, when finished */
};

void abi_init(struct abi *a, size_t args, size_t max);
void abi_put_u256(struct abi *a, struct u256 v);
void abi_put_u64(struct abi *a, uint64_t v);
void abi_put_bool(struct abi *a, bool v);
void abi_put_addr(struct abi *a, const struct evm_addr *v);
void abi_put_b32(struct abi *a, const uint8_t v[32]);
void abi_put_bytes(struct abi *a, struct slice v); /* bytes and string alike */
/* Appends the block to out, frees a.  -1 when a limit was passed. */
int abi_finish(struct abi *a, struct buf *out);

/* Argument i of the block in data. */
int abi_get_b32(struct slice data, size_t i, uint8_t out[32], struct err *e);
int abi_get_u256(struct slice data, size_t i, struct u256 *out, struct err *e);
int abi_get_u64(struct slice data, size_t i, uint64_t *out, struct err *e);
int abi_get_bool(struct slice data, size_t i, bool *out, struct err *e);
int abi_get_addr(struct slice data, size_t i, struct evm_addr *out, struct err *e);
int abi_get_bytes(struct slice data, size_t i, struct slice *out, struct err *e); /* into data */

#endif
