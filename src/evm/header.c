#include "evm/header.h"

#include "evm/rlp.h"

static void put_hash(struct buf *b, const struct evm_hash *h)
{
	rlp_bytes(b, h->b, sizeof(h->b));
}

static void put_legacy(const struct evm_header *h, struct buf *b)
{
	put_hash(b, &h->parent);
	put_hash(b, &h->ommers);
	rlp_bytes(b, h->beneficiary.b, sizeof(h->beneficiary.b));
	put_hash(b, &h->state_root);
	put_hash(b, &h->tx_root);
	put_hash(b, &h->receipts_root);
	rlp_bytes(b, h->bloom.b, sizeof(h->bloom.b));
	rlp_u256(b, h->difficulty);
	rlp_u64(b, h->number);
	rlp_u64(b, h->gas_limit);
	rlp_u64(b, h->gas_used);
	rlp_u64(b, h->timestamp);
	rlp_bytes(b, h->extra.p, h->extra.n);
	put_hash(b, &h->mix);
	rlp_bytes(b, h->nonce, sizeof(h->nonce));
}

void header_encode(const struct evm_header *h, struct buf *b)
{
	size_t mark = rlp_open(b);

	put_legacy(h, b);
	if (h->fork >= EVM_LONDON)
		rlp_u256(b, h->base_fee);
	if (h->fork >= EVM_SHANGHAI)
		put_hash(b, &h->withdrawals_root);
	if (h->fork >= EVM_CANCUN) {
		rlp_u64(b, h->blob_gas_used);
		rlp_u64(b, h->excess_blob_gas);
		put_hash(b, &h->parent_beacon_root);
	}
	if (h->fork >= EVM_PRAGUE)
		put_hash(b, &h->requests_hash);
	rlp_close(b, mark);
}

struct evm_hash header_hash(const struct evm_header *h)
{
	struct evm_hash hash;
	struct buf b;

	buf_init(&b, h->extra.n + 4096);
	header_encode(h, &b);
	hash = keccak256(b.p, b.len);
	buf_fini(&b);
	return hash;
}

static int get_hash(struct slice *in, struct evm_hash *h, struct err *e)
{
	return rlp_next_bytes(in, h->b, sizeof(h->b), e);
}

static int get_legacy(struct slice *in, struct evm_header *h, struct err *e)
{
	struct rlp extra;

	if (get_hash(in, &h->parent, e) < 0 || get_hash(in, &h->ommers, e) < 0 ||
		rlp_next_bytes(in, h->beneficiary.b, sizeof(h->beneficiary.b), e) < 0 ||
		get_hash(in, &h->state_root, e) < 0 || get_hash(in, &h->tx_root, e) < 0 ||
		get_hash(in, &h->receipts_root, e) < 0 ||
		rlp_next_bytes(in, h->bloom.b, sizeof(h->bloom.b), e) < 0 ||
		rlp_next_u256(in, &h->difficulty, e) < 0 ||
		rlp_next_u64(in, &h->number, e) < 0 || rlp_next_u64(in, &h->gas_limit, e) < 0 ||
		rlp_next_u64(in, &h->gas_used, e) < 0 || rlp_next_u64(in, &h->timestamp, e) < 0 ||
		rlp_next(in, &extra, e) < 0)
		return -1;
	if (extra.list)
		return err_set(e, ERR_UNREACH, "block header: extraData is a list");
	h->extra = extra.body;
	if (get_hash(in, &h->mix, e) < 0)
		return -1;
	return rlp_next_bytes(in, h->nonce, sizeof(h->nonce), e);
}

/* The fields later forks added, as far as there are any. */
static int get_later(struct slice *in, struct evm_header *h, struct err *e)
{
	if (in->n == 0)
		return 0;
	h->fork = EVM_LONDON;
	if (rlp_next_u256(in, &h->base_fee, e) < 0)
		return -1;
	if (in->n == 0)
		return 0;
	h->fork = EVM_SHANGHAI;
	if (get_hash(in, &h->withdrawals_root, e) < 0)
		return -1;
	if (in->n == 0)
		return 0;
	h->fork = EVM_CANCUN;
	if (rlp_next_u64(in, &h->blob_gas_used, e) < 0 ||
		rlp_next_u64(in, &h->excess_blob_gas, e) < 0 ||
		get_hash(in, &h->parent_beacon_root, e) < 0)
		return -1;
	if (in->n == 0)
		return 0;
	h->fork = EVM_PRAGUE;
	return get_hash(in, &h->requests_hash, e);
}

int header_decode(struct slice in, struct evm_header *h, struct err *e)
{
	struct rlp all;

	*h = (struct evm_header){ .fork = EVM_LEGACY };
	if (rlp_whole(in, &all, e) < 0)
		return err_prefix(e, "block header");
	if (!all.list)
		return err_set(e, ERR_UNREACH, "block header: not a list");
	if (get_legacy(&all.body, h, e) < 0 || get_later(&all.body, h, e) < 0)
		return err_prefix(e, "block header");
	if (all.body.n)
		return err_set(e, ERR_UNREACH, "block header: more fields than any fork we know");
	return 0;
}
