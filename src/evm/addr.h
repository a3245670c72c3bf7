/* Addresses: 20 bytes; text with EIP-55's checksum in the case of its letters. */
#ifndef EVM_ADDR_H
#define EVM_ADDR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

#define ADDR_TEXT 43 /* with the NUL */

struct evm_addr {
	uint8_t b[20];
};

void addr_text(const struct evm_addr *a, char out[ADDR_TEXT]); /* EIP-55 */
/* All lower, all upper, or mixed case with the right checksum. */
int addr_parse(struct slice s, struct evm_addr *out, struct err *e);
/* Of an uncompressed public key (64 bytes: x and y, without the leading 04). */
struct evm_addr addr_of_pubkey(const uint8_t xy[64]);
/* Where a contract comes to stand that sender creates with this nonce. */
struct evm_addr addr_of_create(const struct evm_addr *sender, uint64_t nonce);

#endif
