#include "evm/addr.h"

#include <string.h>

#include "base/hex.h"
#include "evm/keccak.h"
#include "evm/rlp.h"

static struct evm_addr addr_of_hash(struct evm_hash h)
{
	struct evm_addr a;

	memcpy(a.b, h.b + 12, sizeof(a.b));
	return a;
}

void addr_text(const struct evm_addr *a, char out[ADDR_TEXT])
{
	struct evm_hash h;

	hex_text(out, a->b, sizeof(a->b));
	h = keccak256(out + 2, 40);
	for (int i = 0; i < 40; i++)
		if (out[2 + i] > '9' && (h.b[i / 2] >> (i % 2 ? 0 : 4) & 8))
			out[2 + i] -= 0x20;
}

static bool has_any(struct slice s, char from, char to)
{
	for (size_t i = 2; i < s.n; i++)
		if (s.p[i] >= from && s.p[i] <= to)
			return true;
	return false;
}

int addr_parse(struct slice s, struct evm_addr *out, struct err *e)
{
	char want[ADDR_TEXT];
	struct evm_addr a;

	if (hex_data_exact(s, a.b, sizeof(a.b)) < 0)
		return err_set(e, ERR_USAGE, "not an address (0x and 40 hex digits): \"%.*s\"",
			(int)(s.n < 64 ? s.n : 64), s.n ? s.p : "");
	addr_text(&a, want);
	if (has_any(s, 'a', 'f') && has_any(s, 'A', 'F') && memcmp(want + 2, s.p + 2, 40) != 0)
		return err_set(e, ERR_USAGE, "checksum of address %.*s does not match; is a letter "
			"mistyped?", SLICE_ARG(s));
	*out = a;
	return 0;
}

struct evm_addr addr_of_pubkey(const uint8_t xy[64])
{
	return addr_of_hash(keccak256(xy, 64));
}

struct evm_addr addr_of_create(const struct evm_addr *sender, uint64_t nonce)
{
	struct evm_addr a;
	struct buf b;
	size_t m;

	buf_init(&b, 64);
	m = rlp_open(&b);
	rlp_bytes(&b, sender->b, sizeof(sender->b));
	rlp_u64(&b, nonce);
	rlp_close(&b, m);
	a = addr_of_hash(keccak256(b.p, b.len));
	buf_fini(&b);
	return a;
}
