/*
 * Transactions (EIP-1559) and receipts, as a block's lists hold them.  Signing is elsewhere:
 * here r, s and the parity are given.
 */
#ifndef EVM_TX_H
#define EVM_TX_H

#include "evm/addr.h"
#include "evm/bloom.h"
#include "evm/keccak.h"
#include "evm/u256.h"

struct evm_tx {
	uint64_t chain_id, nonce, gas_limit;
	struct u256 max_priority_fee, max_fee, value;
	bool create; /* no recipient */
	struct evm_addr to;
	struct slice data; /* borrowed */
	bool y_parity;
	struct u256 r, s;
};

struct evm_log {
	struct evm_addr addr;
	uint8_t ntopics; /* at most 4 */
	struct evm_hash topics[4];
	struct slice data; /* borrowed */
};

struct evm_receipt {
	uint8_t type; /* of the transaction: 0 legacy, 2 EIP-1559 */
	bool ok;
	uint64_t cumulative_gas;
	const struct evm_log *logs;
	size_t nlogs;
};

void tx_encode(const struct evm_tx *t, struct buf *out); /* signed; 02 and a list */
struct evm_hash tx_hash(const struct evm_tx *t);
struct evm_hash tx_sighash(const struct evm_tx *t); /* what is signed */

void log_bloom(const struct evm_log *l, struct evm_bloom *f); /* adds to f */
void receipt_encode(const struct evm_receipt *r, struct buf *out);

#endif
