/* RLP and block headers: what is read, written again is the same bytes. */
#include <stdint.h>
#include <stdlib.h>

#include "evm/header.h"
#include "evm/rlp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { DEPTH_MAX = 200 };

static void write_item(struct buf *b, const struct rlp *r, int depth)
{
	struct slice body = r->body;
	struct rlp inner;
	size_t mark;

	if (!r->list) {
		rlp_bytes(b, body.p, body.n);
		return;
	}
	mark = rlp_open(b);
	while (body.n && depth < DEPTH_MAX && rlp_next(&body, &inner, NULL) == 0)
		write_item(b, &inner, depth + 1);
	buf_addslice(b, body); /* what is no item, as it stands */
	rlp_close(b, mark);
}

static void check_header(struct slice in)
{
	struct evm_header h;
	struct buf b;

	if (header_decode(in, &h, NULL) < 0)
		return;
	buf_init(&b, in.n + 64);
	header_encode(&h, &b);
	if (!slice_eq(buf_slice(&b), in))
		abort();
	buf_fini(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice in = slice_mem(data, n);
	struct u256 v;
	struct rlp r;
	struct buf b;

	check_header(in);
	if (rlp_whole(in, &r, NULL) < 0)
		return 0;
	buf_init(&b, n + 64);
	write_item(&b, &r, 0);
	if (!slice_eq(buf_slice(&b), in))
		abort();
	buf_reset(&b);
	if (rlp_next_u256(&in, &v, NULL) == 0) {
		rlp_u256(&b, v);
		if (!slice_eq(buf_slice(&b), slice_mem(data, n)))
			abort();
	}
	buf_fini(&b);
	return 0;
}
