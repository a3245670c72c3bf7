/*
 * A chain in a recording: first what is known from before (`known`: a block of ours), then blocks
 * as they were walked, newest first (`block`), and, oldest first, which of them joined the chain
 * (`joined`), each with its logs behind it (`log`).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/hex.h"
#include "base/json.h"
#include "model/model.h"
#include "source/chain_in.h"
#include "source/source.h"

#define KEEP_BLOCKS 2000 /* of those held; as many logs */

/* --- the beginning */

static void jw_hex(struct jw *w, const void *p, size_t n)
{
	struct buf b;

	buf_init(&b, 3 * ETH_LOG_DATA_MAX);
	buf_addhex(&b, p, n);
	jw_str(w, buf_slice(&b));
	buf_fini(&b);
}

static void jw_quantity(struct jw *w, uint64_t v)
{
	struct buf b;

	buf_init(&b, 32);
	buf_addquantity(&b, v);
	jw_str(w, buf_slice(&b));
	buf_fini(&b);
}

/* A block as a node would tell it, but for its transactions: their number alone is known. */
static void begin_block(struct jw *w, struct buf *b, const struct delta_block *d)
{
	buf_init(b, 4096);
	jw_init(w, b);
	jw_object(w);
	jw_key(w, "number"), jw_quantity(w, d->number);
	jw_key(w, "hash"), jw_hex(w, d->hash, 32);
	jw_key(w, "parentHash"), jw_hex(w, d->parent, 32);
	jw_key(w, "timestamp"), jw_quantity(w, (uint64_t)d->at_ms / 1000);
	jw_key(w, "gasUsed"), jw_quantity(w, d->gas_used);
	jw_key(w, "gasLimit"), jw_quantity(w, d->gas_limit);
	jw_key(w, "txs"), jw_u64(w, d->txs);
}

static void keep_block(void *arg, const struct delta_block *d)
{
	struct chain *c = arg;
	struct buf b;
	struct jw w;

	begin_block(&w, &b, d);
	jw_key(&w, "logs"), jw_u64(&w, d->logs);
	jw_end(&w);
	source_keep_bytes(c->src, "known", BYTES_MESSAGE, buf_slice(&b));
	buf_fini(&b);
}

static void keep_log(void *arg, const struct delta_log *d)
{
	struct chain *c = arg;
	struct buf b;
	struct jw w;

	buf_init(&b, 3 * ETH_LOG_DATA_MAX);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "blockNumber"), jw_quantity(&w, d->block);
	jw_key(&w, "blockHash"), jw_hex(&w, d->block_hash, 32);
	jw_key(&w, "transactionHash"), jw_hex(&w, d->tx_hash, 32);
	jw_key(&w, "transactionIndex"), jw_quantity(&w, 0);
	jw_key(&w, "logIndex"), jw_quantity(&w, d->index);
	jw_key(&w, "address"), jw_hex(&w, d->address, 20);
	jw_key(&w, "topics");
	jw_array(&w);
	for (int i = 0; i < d->topics_n; i++)
		jw_hex(&w, d->topics[i], 32);
	jw_end(&w);
	jw_key(&w, "data"), jw_hex(&w, d->data.p, d->data.n);
	jw_key(&w, "removed"), jw_bool(&w, d->removed);
	jw_end(&w);
	source_keep_bytes(c->src, "log", BYTES_MESSAGE, buf_slice(&b));
	buf_fini(&b);
}

/* What was walked before the recording began and joins the chain in it. */
static void keep_walk(struct chain *c)
{
	size_t n = c->emit_at ? c->emit_at : c->walk_n;

	for (size_t i = 0; i < n; i++) {
		struct delta_block d = chain_delta(&c->walk[i]);
		struct buf b;
		struct jw w;

		begin_block(&w, &b, &d);
		jw_end(&w);
		source_keep_bytes(c->src, "block", BYTES_MESSAGE, buf_slice(&b));
		buf_fini(&b);
	}
}

void chain_keep_known(struct chain *c)
{
	char text[64];

	if (c->ledger == MODEL_NONE)
		return;
	snprintf(text, sizeof(text), "{\"chain\":%" PRIu64 "}", c->id);
	source_keep_bytes(c->src, "known", BYTES_MESSAGE, slice_of(text));
	model_blocks(c->src->env->model, c->ledger, KEEP_BLOCKS, keep_block, c);
	model_logs(c->src->env->model, c->ledger, KEEP_BLOCKS, keep_log, c);
	keep_walk(c);
}

/* --- and back */

static int decode_block(struct chain *c, const json_t *j, struct eth_block *b)
{
	struct err e;

	if (eth_block_decode(j, b, &e) < 0) {
		c->src->st.bad++;
		return -1;
	}
	if (!b->has_txs)
		b->txs = (uint32_t)json_i64(j, "txs", 0);
	return 0;
}

void chain_replay_known(struct chain *c, const json_t *j)
{
	uint64_t id = (uint64_t)json_i64(j, "chain", 0);
	struct eth_block b;
	struct err e;

	if (id)
		chain_introduce(c, id, &e);
	else if (decode_block(c, j, &b) == 0)
		chain_add_block(c, &b, (size_t)json_i64(j, "logs", 0));
}

void chain_replay_block(struct chain *c, const json_t *j)
{
	struct eth_block b;

	if (decode_block(c, j, &b) < 0)
		return;
	if (c->walk_n && memcmp(b.hash, c->walk[c->walk_n - 1].parent, 32) != 0)
		c->walk_n = 0; /* another walk */
	if (c->walk_n < WALK_MAX)
		c->walk[c->walk_n++] = b;
}

void chain_replay_joined(struct chain *c, const json_t *mark)
{
	const char *want = json_str(mark, "hash", "");
	char hash[67];
	struct err e;

	if (c->ledger == MODEL_NONE)
		chain_introduce(c, (uint64_t)json_i64(mark, "chain", 0), &e);
	while (c->walk_n) {
		hex_text(hash, c->walk[c->walk_n - 1].hash, 32);
		if (strcmp(hash, want) == 0)
			break;
		c->walk_n--; /* recorded from the middle of a walk */
	}
	if (c->walk_n)
		chain_emit_block(c, &c->walk[--c->walk_n], (size_t)json_i64(mark, "logs", 0));
	else
		c->src->st.bad++;
}

void chain_replay_log(struct chain *c, const json_t *log)
{
	struct err e;

	if (c->ledger == MODEL_NONE)
		chain_introduce(c, c->id, &e);
	chain_emit_log(c, log);
}
