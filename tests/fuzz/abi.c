/* ABI blocks, numbers and addresses from whatever bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "evm/abi.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_block(struct slice s)
{
	for (size_t i = 0; i < 8; i++) {
		struct evm_addr a;
		struct slice bytes;
		struct u256 v;
		uint64_t u;
		bool flag;

		if (abi_get_bytes(s, i, &bytes, NULL) == 0 &&
			(bytes.p < s.p || bytes.p + bytes.n > s.p + s.n))
			abort();
		abi_get_addr(s, i, &a, NULL);
		abi_get_bool(s, i, &flag, NULL);
		if (abi_get_u64(s, i, &u, NULL) == 0 &&
			(abi_get_u256(s, i, &v, NULL) < 0 || v.w[0] != u))
			abort();
	}
}

/* Bytes written as the only argument come back. */
static void check_bytes(struct slice s)
{
	struct slice back;
	struct abi a;
	struct buf b;

	buf_init(&b, 2 * s.n + 512);
	abi_init(&a, 2, 2 * s.n + 256);
	abi_put_bytes(&a, s);
	abi_put_bytes(&a, s);
	if (abi_finish(&a, &b) < 0 || b.len % 32 || abi_get_bytes(buf_slice(&b), 1, &back, NULL) < 0 ||
		!slice_eq(back, s))
		abort();
	buf_fini(&b);
}

static void check_text(struct slice s)
{
	struct evm_addr a, again;
	char text[ADDR_TEXT];
	struct u256 v, back;
	struct buf b;

	buf_init(&b, 256);
	if (addr_parse(s, &a, NULL) == 0) {
		addr_text(&a, text);
		if (addr_parse(slice_of(text), &again, NULL) < 0 || memcmp(&a, &again, sizeof(a)))
			abort();
	}
	if (u256_from_dec(s, &v) == 0 || u256_from_hex(s, &v) == 0) {
		buf_addu256(&b, v);
		if (u256_from_dec(buf_slice(&b), &back) < 0 || u256_cmp(v, back))
			abort();
		buf_reset(&b);
		buf_addu256_hex(&b, v);
		if (u256_from_quantity(buf_slice(&b), &back) < 0 || u256_cmp(v, back))
			abort();
	}
	buf_fini(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *copy = malloc(n ? n : 1);
	struct slice s = { copy, n };

	if (n)
		memcpy(copy, data, n);
	check_block(s);
	check_bytes(s);
	check_text(s);
	free(copy);
	return 0;
}
