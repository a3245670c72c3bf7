#include "evm/rlp.h"

#include <string.h>

enum { STR = 0x80, LIST = 0xc0, SHORT_MAX = 55 };

/* Prefix of a body of n bytes into out (9 bytes at most); returns its length. */
static size_t put_prefix(uint8_t *out, uint8_t base, size_t n)
{
	size_t len = 0, i;

	if (n <= SHORT_MAX) {
		out[0] = (uint8_t)(base + n);
		return 1;
	}
	for (i = n; i; i >>= 8)
		len++;
	out[0] = (uint8_t)(base + SHORT_MAX + len);
	for (i = 0; i < len; i++)
		out[1 + i] = (uint8_t)(n >> (8 * (len - 1 - i)));
	return 1 + len;
}

void rlp_bytes(struct buf *b, const void *p, size_t n)
{
	uint8_t prefix[9];

	if (n != 1 || *(const uint8_t *)p >= STR)
		buf_add(b, prefix, put_prefix(prefix, STR, n));
	buf_add(b, p, n);
}

void rlp_u256(struct buf *b, struct u256 v)
{
	uint8_t be[32];
	size_t skip = 32 - ((size_t)u256_bits(v) + 7) / 8;

	u256_to_be(v, be);
	rlp_bytes(b, be + skip, 32 - skip);
}

void rlp_u64(struct buf *b, uint64_t v)
{
	rlp_u256(b, u256_of(v));
}

size_t rlp_open(struct buf *b)
{
	return b->len;
}

void rlp_close(struct buf *b, size_t mark)
{
	uint8_t prefix[9];
	size_t n = b->len - mark;
	size_t k = put_prefix(prefix, LIST, n);

	if (buf_add(b, prefix, k) < 0) /* room for the prefix; its bytes move to the front */
		return;
	memmove(b->p + mark + k, b->p + mark, n);
	memcpy(b->p + mark, prefix, k);
}

static int bad(struct err *e, const char *why)
{
	return err_set(e, ERR_UNREACH, "RLP: %s", why);
}

/* Length of a long form's body: k bytes after the prefix byte. */
static int long_length(struct slice in, size_t k, size_t *n, struct err *e)
{
	uint64_t v = 0;
	size_t i;

	if (k > in.n - 1)
		return bad(e, "cut off in a length");
	if (in.p[1] == 0)
		return bad(e, "a length with leading zeros");
	for (i = 0; i < k; i++)
		v = v << 8 | (uint8_t)in.p[1 + i];
	if (v <= SHORT_MAX)
		return bad(e, "a long form for a short length");
	if (v > in.n)
		return bad(e, "cut off");
	*n = (size_t)v;
	return 0;
}

int rlp_next(struct slice *in, struct rlp *out, struct err *e)
{
	uint8_t c, base;
	size_t head = 1, n = 0;

	if (in->n == 0)
		return bad(e, "an item is missing");
	c = (uint8_t)in->p[0];
	base = c >= LIST ? LIST : STR;
	if (c < STR) {
		head = 0;
		n = 1;
	} else if (c - base <= SHORT_MAX) {
		n = c - base;
	} else {
		head += c - base - SHORT_MAX;
		if (long_length(*in, head - 1, &n, e) < 0)
			return -1;
	}
	if (n > in->n - head)
		return bad(e, "cut off");
	if (c == STR + 1 && (uint8_t)in->p[1] < STR)
		return bad(e, "a prefix where none is needed");
	*out = (struct rlp){ c >= LIST, { in->p + head, n }, { in->p, head + n } };
	in->p += head + n;
	in->n -= head + n;
	return 0;
}

int rlp_whole(struct slice in, struct rlp *out, struct err *e)
{
	if (rlp_next(&in, out, e) < 0)
		return -1;
	return in.n ? bad(e, "bytes after the end") : 0;
}

int rlp_next_bytes(struct slice *in, uint8_t *out, size_t n, struct err *e)
{
	struct rlp r;

	if (rlp_next(in, &r, e) < 0)
		return -1;
	if (r.list || r.body.n != n)
		return bad(e, "a string of another length was expected");
	memcpy(out, r.body.p, n);
	return 0;
}

int rlp_next_u256(struct slice *in, struct u256 *out, struct err *e)
{
	struct rlp r;

	if (rlp_next(in, &r, e) < 0)
		return -1;
	if (r.list || r.body.n > 32 || (r.body.n && r.body.p[0] == 0))
		return bad(e, "an integer was expected");
	*out = u256_from_be((const uint8_t *)r.body.p, r.body.n);
	return 0;
}

int rlp_next_u64(struct slice *in, uint64_t *out, struct err *e)
{
	struct u256 v;

	if (rlp_next_u256(in, &v, e) < 0)
		return -1;
	if (!u256_fits_u64(v))
		return bad(e, "an integer beyond 64 bits");
	*out = v.w[0];
	return 0;
}

int rlp_next_list(struct slice *in, struct slice *body, struct err *e)
{
	struct rlp r;

	if (rlp_next(in, &r, e) < 0)
		return -1;
	if (!r.list)
		return bad(e, "a list was expected");
	*body = r.body;
	return 0;
}
