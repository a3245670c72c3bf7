#include "devnet/ethjson.h"

#include "base/hex.h"

/* Values go through a small buffer of their own: the writer wants whole JSON texts. */
static void raw_quoted(struct jw *w, struct buf *text)
{
	buf_addc(text, '"');
	jw_raw(w, buf_slice(text));
	buf_fini(text);
}

static void begin_quoted(struct buf *text, size_t n)
{
	buf_init(text, 2 * n + 32);
	buf_addc(text, '"');
}

void ethjson_quantity(struct jw *w, uint64_t v)
{
	struct buf text;

	begin_quoted(&text, 8);
	buf_addquantity(&text, v);
	raw_quoted(w, &text);
}

void ethjson_data(struct jw *w, const void *p, size_t n)
{
	struct buf text;

	begin_quoted(&text, n);
	buf_addhex(&text, p, n);
	raw_quoted(w, &text);
}

static void key_quantity(struct jw *w, const char *key, uint64_t v)
{
	jw_key(w, key);
	ethjson_quantity(w, v);
}

static void key_data(struct jw *w, const char *key, const void *p, size_t n)
{
	jw_key(w, key);
	ethjson_data(w, p, n);
}

static void key_hash(struct jw *w, const char *key, const struct evm_hash *h)
{
	key_data(w, key, h->b, sizeof(h->b));
}

static void key_addr(struct jw *w, const char *key, const struct evm_addr *a)
{
	key_data(w, key, a->b, sizeof(a->b));
}

static void key_u256(struct jw *w, const char *key, struct u256 v)
{
	struct buf text;

	begin_quoted(&text, 40);
	buf_addu256_hex(&text, v);
	jw_key(w, key);
	raw_quoted(w, &text);
}

static void header_members(struct jw *w, const struct block *b)
{
	const struct evm_header *h = &b->header;

	key_hash(w, "hash", &b->hash);
	key_hash(w, "parentHash", &h->parent);
	key_hash(w, "sha3Uncles", &h->ommers);
	key_addr(w, "miner", &h->beneficiary);
	key_hash(w, "stateRoot", &h->state_root);
	key_hash(w, "transactionsRoot", &h->tx_root);
	key_hash(w, "receiptsRoot", &h->receipts_root);
	key_data(w, "logsBloom", h->bloom.b, sizeof(h->bloom.b));
	key_quantity(w, "difficulty", 0);
	key_quantity(w, "number", h->number);
	key_quantity(w, "gasLimit", h->gas_limit);
	key_quantity(w, "gasUsed", h->gas_used);
	key_quantity(w, "timestamp", h->timestamp);
	key_data(w, "extraData", h->extra.p, h->extra.n);
	key_hash(w, "mixHash", &h->mix);
	key_data(w, "nonce", h->nonce, sizeof(h->nonce));
	key_u256(w, "baseFeePerGas", h->base_fee);
	key_hash(w, "withdrawalsRoot", &h->withdrawals_root);
	key_quantity(w, "blobGasUsed", h->blob_gas_used);
	key_quantity(w, "excessBlobGas", h->excess_blob_gas);
	key_hash(w, "parentBeaconBlockRoot", &h->parent_beacon_root);
}

void ethjson_header(struct jw *w, const struct block *b)
{
	jw_object(w);
	header_members(w, b);
	jw_end(w);
}

void ethjson_block(struct jw *w, const struct block *b, bool full)
{
	jw_object(w);
	header_members(w, b);
	key_quantity(w, "totalDifficulty", 0);
	key_quantity(w, "size", b->size);
	jw_key(w, "uncles");
	jw_array(w);
	jw_end(w);
	jw_key(w, "withdrawals");
	jw_array(w);
	jw_end(w);
	jw_key(w, "transactions");
	jw_array(w);
	for (size_t i = 0; i < b->ntxs; i++) {
		if (full)
			ethjson_tx(w, b, i);
		else
			ethjson_data(w, b->txs[i].hash.b, sizeof(b->txs[i].hash.b));
	}
	jw_end(w);
	jw_end(w);
}

static void place_members(struct jw *w, const struct block *b, size_t index)
{
	key_hash(w, "blockHash", &b->hash);
	key_quantity(w, "blockNumber", b->header.number);
	key_hash(w, "transactionHash", &b->txs[index].hash);
	key_quantity(w, "transactionIndex", index);
}

void ethjson_tx(struct jw *w, const struct block *b, size_t index)
{
	const struct block_tx *t = &b->txs[index];

	jw_object(w);
	key_quantity(w, "type", 2);
	key_quantity(w, "chainId", t->tx.chain_id);
	key_quantity(w, "nonce", t->tx.nonce);
	key_hash(w, "blockHash", &b->hash);
	key_quantity(w, "blockNumber", b->header.number);
	key_quantity(w, "transactionIndex", index);
	key_hash(w, "hash", &t->hash);
	key_addr(w, "from", &t->from);
	key_addr(w, "to", &t->tx.to);
	key_u256(w, "value", t->tx.value);
	key_quantity(w, "gas", t->tx.gas_limit);
	key_quantity(w, "gasPrice", block_gas_price(b, t));
	key_u256(w, "maxFeePerGas", t->tx.max_fee);
	key_u256(w, "maxPriorityFeePerGas", t->tx.max_priority_fee);
	key_data(w, "input", t->tx.data.p, t->tx.data.n);
	jw_key(w, "accessList");
	jw_array(w);
	jw_end(w);
	key_quantity(w, "yParity", t->tx.y_parity);
	key_quantity(w, "v", t->tx.y_parity);
	key_u256(w, "r", t->tx.r);
	key_u256(w, "s", t->tx.s);
	jw_end(w);
}

void ethjson_log(struct jw *w, const struct block *b, size_t index, bool removed)
{
	const struct evm_log *l = &b->txs[index].log;

	jw_object(w);
	key_addr(w, "address", &l->addr);
	jw_key(w, "topics");
	jw_array(w);
	for (size_t i = 0; i < l->ntopics; i++)
		ethjson_data(w, l->topics[i].b, sizeof(l->topics[i].b));
	jw_end(w);
	key_data(w, "data", l->data.p, l->data.n);
	place_members(w, b, index);
	key_quantity(w, "logIndex", index); /* each transaction emits one */
	key_quantity(w, "blockTimestamp", b->header.timestamp);
	jw_key(w, "removed");
	jw_bool(w, removed);
	jw_end(w);
}

void ethjson_receipt(struct jw *w, const struct block *b, size_t index)
{
	const struct block_tx *t = &b->txs[index];
	struct evm_bloom bloom = { { 0 } };
	uint64_t gas = 0;

	for (size_t i = 0; i <= index; i++)
		gas += b->txs[i].gas_used;
	log_bloom(&t->log, &bloom);
	jw_object(w);
	key_quantity(w, "type", 2);
	key_quantity(w, "status", 1);
	place_members(w, b, index);
	key_addr(w, "from", &t->from);
	key_addr(w, "to", &t->tx.to);
	jw_key(w, "contractAddress");
	jw_null(w);
	key_quantity(w, "cumulativeGasUsed", gas);
	key_quantity(w, "gasUsed", t->gas_used);
	key_quantity(w, "effectiveGasPrice", block_gas_price(b, t));
	key_data(w, "logsBloom", bloom.b, sizeof(bloom.b));
	jw_key(w, "logs");
	jw_array(w);
	ethjson_log(w, b, index, false);
	jw_end(w);
	jw_end(w);
}
