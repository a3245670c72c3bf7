#include "evm/keccak.h"

#include <botan/ffi.h>

#include "base/alloc.h"

/* Botan's set-up costs more than a short hash: each thread keeps one object for its life. */
static __thread botan_hash_t hasher;

static void check(int rc)
{
	if (rc != BOTAN_FFI_SUCCESS)
		BUG("keccak: %s", botan_error_description(rc));
}

struct evm_hash keccak256(const void *p, size_t n)
{
	struct evm_hash h;

	if (!hasher)
		check(botan_hash_init(&hasher, "Keccak-1600(256)", 0));
	if (n)
		check(botan_hash_update(hasher, p, n));
	check(botan_hash_final(hasher, h.b)); /* also resets */
	return h;
}
