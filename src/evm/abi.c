#include "evm/abi.h"

#include <string.h>

#include "base/alloc.h"

enum { WORD = 32 };

struct evm_hash abi_topic(const char *signature)
{
	return keccak256(signature, strlen(signature));
}

void abi_selector(const char *signature, uint8_t out[4])
{
	struct evm_hash h = abi_topic(signature);

	memcpy(out, h.b, 4);
}

void abi_init(struct abi *a, size_t args, size_t max)
{
	buf_init(&a->head, args * WORD);
	buf_init(&a->tail, max);
	a->args = args;
}

void abi_put_b32(struct abi *a, const uint8_t v[32])
{
	buf_add(&a->head, v, WORD);
}

static void put_word(struct buf *b, struct u256 v)
{
	uint8_t be[WORD];

	u256_to_be(v, be);
	buf_add(b, be, sizeof(be));
}

void abi_put_u256(struct abi *a, struct u256 v)
{
	put_word(&a->head, v);
}

void abi_put_u64(struct abi *a, uint64_t v)
{
	put_word(&a->head, u256_of(v));
}

void abi_put_bool(struct abi *a, bool v)
{
	put_word(&a->head, u256_of(v));
}

void abi_put_addr(struct abi *a, const struct evm_addr *v)
{
	put_word(&a->head, u256_from_be(v->b, sizeof(v->b)));
}

void abi_put_bytes(struct abi *a, struct slice v)
{
	static const char zeros[WORD];

	abi_put_u64(a, a->args * WORD + a->tail.len);
	put_word(&a->tail, u256_of(v.n));
	buf_addslice(&a->tail, v);
	buf_add(&a->tail, zeros, (WORD - v.n % WORD) % WORD);
}

int abi_finish(struct abi *a, struct buf *out)
{
	bool full = a->tail.full;

	if (a->head.full || a->head.len != a->args * WORD)
		BUG("ABI block of %zu arguments got another number", a->args);
	if (!full)
		full = buf_addslice(out, buf_slice(&a->head)) < 0 ||
			buf_addslice(out, buf_slice(&a->tail)) < 0;
	buf_fini(&a->head);
	buf_fini(&a->tail);
	return full ? -1 : 0;
}

static int bad(struct err *e, size_t i, const char *why)
{
	return err_set(e, ERR_UNREACH, "ABI data, argument %zu: %s", i, why);
}

int abi_get_b32(struct slice data, size_t i, uint8_t out[32], struct err *e)
{
	if (i >= data.n / WORD)
		return bad(e, i, "cut off");
	memcpy(out, data.p + i * WORD, WORD);
	return 0;
}

int abi_get_u256(struct slice data, size_t i, struct u256 *out, struct err *e)
{
	uint8_t be[WORD];

	if (abi_get_b32(data, i, be, e) < 0)
		return -1;
	*out = u256_from_be(be, sizeof(be));
	return 0;
}

int abi_get_u64(struct slice data, size_t i, uint64_t *out, struct err *e)
{
	struct u256 v;

	if (abi_get_u256(data, i, &v, e) < 0)
		return -1;
	if (!u256_fits_u64(v))
		return bad(e, i, "beyond 64 bits");
	*out = v.w[0];
	return 0;
}

int abi_get_bool(struct slice data, size_t i, bool *out, struct err *e)
{
	uint64_t v;

	if (abi_get_u64(data, i, &v, e) < 0)
		return -1;
	if (v > 1)
		return bad(e, i, "not a boolean");
	*out = v;
	return 0;
}

int abi_get_addr(struct slice data, size_t i, struct evm_addr *out, struct err *e)
{
	static const uint8_t zeros[WORD - sizeof(out->b)];
	uint8_t be[WORD];

	if (abi_get_b32(data, i, be, e) < 0)
		return -1;
	if (memcmp(be, zeros, sizeof(zeros)) != 0)
		return bad(e, i, "not an address");
	memcpy(out->b, be + sizeof(zeros), sizeof(out->b));
	return 0;
}

int abi_get_bytes(struct slice data, size_t i, struct slice *out, struct err *e)
{
	struct slice tail;
	uint64_t at, n;

	if (abi_get_u64(data, i, &at, e) < 0)
		return -1;
	if (at > data.n)
		return bad(e, i, "points outside");
	tail = (struct slice){ data.p + at, data.n - (size_t)at };
	if (abi_get_u64(tail, 0, &n, e) < 0 || n > tail.n - WORD)
		return bad(e, i, "cut off");
	*out = (struct slice){ tail.p + WORD, (size_t)n };
	return 0;
}
