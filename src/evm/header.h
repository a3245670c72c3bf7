/*
 * Block headers of every fork so far, and their hash.  Later forks append fields:
 * London baseFeePerGas, Shanghai withdrawalsRoot, Cancun blobGasUsed, excessBlobGas and
 * parentBeaconBlockRoot, Prague requestsHash.  Sources: yellow paper 4.3, EIP-1559, 4895, 4844,
 * 4788, 7685.
 */
#ifndef EVM_HEADER_H
#define EVM_HEADER_H

#include "base/err.h"
#include "evm/addr.h"
#include "evm/bloom.h"
#include "evm/keccak.h"
#include "evm/u256.h"

enum evm_fork { EVM_LEGACY, EVM_LONDON, EVM_SHANGHAI, EVM_CANCUN, EVM_PRAGUE };

struct evm_header {
	enum evm_fork fork; /* which of the last fields there are */
	struct evm_hash parent, ommers;
	struct evm_addr beneficiary;
	struct evm_hash state_root, tx_root, receipts_root;
	struct evm_bloom bloom;
	struct u256 difficulty;
	uint64_t number, gas_limit, gas_used, timestamp; /* seconds */
	struct slice extra; /* borrowed */
	struct evm_hash mix; /* since the merge: prevRandao */
	uint8_t nonce[8];
	struct u256 base_fee;
	struct evm_hash withdrawals_root;
	uint64_t blob_gas_used, excess_blob_gas;
	struct evm_hash parent_beacon_root, requests_hash;
};

void header_encode(const struct evm_header *h, struct buf *out);
struct evm_hash header_hash(const struct evm_header *h);
/* The opposite; h->extra points into in.  The number of fields tells the fork. */
int header_decode(struct slice in, struct evm_header *h, struct err *e);

#endif
