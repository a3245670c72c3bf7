/*
 * Accounts of the devnet's chain: secp256k1 keys that follow from the seed, so everyone may
 * know them.  They are worth nothing.  libsecp256k1 is known here only.
 */
#ifndef DEVNET_ACCOUNT_H
#define DEVNET_ACCOUNT_H

#include <stdint.h>

#include "evm/tx.h"

/* Account numbers: funded ones from 0, then the chain's own servants. */
#define ACCOUNT_REGISTRAR 1000000u
#define ACCOUNT_ANCHORER  1000001u
#define ACCOUNT_DEPLOYER  1000002u
#define ACCOUNT_OPERATORS 1000010u /* + network */

struct account {
	uint8_t key[32];
	struct evm_addr addr;
};

struct account account_make(uint64_t seed, uint32_t number);
/* Fills in y_parity, r and s (RFC 6979: the same text, the same signature). */
void account_sign(const struct account *a, struct evm_tx *tx);

#endif
