#include "devnet/account.h"

#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include "base/alloc.h"

static secp256k1_context *curve(void)
{
	static secp256k1_context *ctx;

	if (!ctx)
		ctx = secp256k1_context_create(SECP256K1_CONTEXT_SIGN);
	return ctx;
}

static struct evm_addr addr_of_key(const uint8_t key[32])
{
	secp256k1_pubkey pub;
	uint8_t xy[65];
	size_t n = sizeof(xy);

	if (!secp256k1_ec_pubkey_create(curve(), &pub, key))
		BUG("a derived key is not on the curve");
	secp256k1_ec_pubkey_serialize(curve(), xy, &n, &pub, SECP256K1_EC_UNCOMPRESSED);
	return addr_of_pubkey(xy + 1);
}

struct account account_make(uint64_t seed, uint32_t number)
{
	char what[64] = "depinctl devnet account ";
	struct account a;
	struct evm_hash h;

	for (int i = 0; i < 8; i++)
		what[24 + i] = (char)(seed >> (56 - 8 * i));
	for (int i = 0; i < 4; i++)
		what[32 + i] = (char)(number >> (24 - 8 * i));
	h = keccak256(what, 36);
	memcpy(a.key, h.b, sizeof(a.key));
	a.addr = addr_of_key(a.key);
	return a;
}

void account_sign(const struct account *a, struct evm_tx *tx)
{
	struct evm_hash h = tx_sighash(tx);
	secp256k1_ecdsa_recoverable_signature sig;
	uint8_t rs[64];
	int parity;

	if (!secp256k1_ecdsa_sign_recoverable(curve(), &sig, h.b, a->key, NULL, NULL))
		BUG("signing failed");
	secp256k1_ecdsa_recoverable_signature_serialize_compact(curve(), rs, &parity, &sig);
	tx->y_parity = parity;
	tx->r = u256_from_be(rs, 32);
	tx->s = u256_from_be(rs + 32, 32);
}
