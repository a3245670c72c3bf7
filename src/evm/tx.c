#include "evm/tx.h"

#include "evm/rlp.h"

static void put_tx(const struct evm_tx *t, bool with_signature, struct buf *b)
{
	size_t mark;

	buf_addc(b, 2);
	mark = rlp_open(b);
	rlp_u64(b, t->chain_id);
	rlp_u64(b, t->nonce);
	rlp_u256(b, t->max_priority_fee);
	rlp_u256(b, t->max_fee);
	rlp_u64(b, t->gas_limit);
	rlp_bytes(b, t->to.b, t->create ? 0 : sizeof(t->to.b));
	rlp_u256(b, t->value);
	rlp_bytes(b, t->data.p, t->data.n);
	rlp_close(b, rlp_open(b)); /* access list */
	if (with_signature) {
		rlp_u64(b, t->y_parity);
		rlp_u256(b, t->r);
		rlp_u256(b, t->s);
	}
	rlp_close(b, mark);
}

static struct evm_hash hash_tx(const struct evm_tx *t, bool with_signature)
{
	struct evm_hash h;
	struct buf b;

	buf_init(&b, t->data.n + 1024);
	put_tx(t, with_signature, &b);
	h = keccak256(b.p, b.len);
	buf_fini(&b);
	return h;
}

void tx_encode(const struct evm_tx *t, struct buf *out)
{
	put_tx(t, true, out);
}

struct evm_hash tx_hash(const struct evm_tx *t)
{
	return hash_tx(t, true);
}

struct evm_hash tx_sighash(const struct evm_tx *t)
{
	return hash_tx(t, false);
}

void log_bloom(const struct evm_log *l, struct evm_bloom *f)
{
	bloom_add(f, l->addr.b, sizeof(l->addr.b));
	for (int i = 0; i < l->ntopics; i++)
		bloom_add(f, l->topics[i].b, sizeof(l->topics[i].b));
}

static void put_log(const struct evm_log *l, struct buf *b)
{
	size_t all = rlp_open(b), topics;

	rlp_bytes(b, l->addr.b, sizeof(l->addr.b));
	topics = rlp_open(b);
	for (int i = 0; i < l->ntopics; i++)
		rlp_bytes(b, l->topics[i].b, sizeof(l->topics[i].b));
	rlp_close(b, topics);
	rlp_bytes(b, l->data.p, l->data.n);
	rlp_close(b, all);
}

void receipt_encode(const struct evm_receipt *r, struct buf *b)
{
	struct evm_bloom f = { { 0 } };
	size_t all, logs;

	for (size_t i = 0; i < r->nlogs; i++)
		log_bloom(&r->logs[i], &f);
	if (r->type)
		buf_addc(b, (char)r->type);
	all = rlp_open(b);
	rlp_u64(b, r->ok);
	rlp_u64(b, r->cumulative_gas);
	rlp_bytes(b, f.b, sizeof(f.b));
	logs = rlp_open(b);
	for (size_t i = 0; i < r->nlogs; i++)
		put_log(&r->logs[i], b);
	rlp_close(b, logs);
	rlp_close(b, all);
}
