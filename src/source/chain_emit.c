/* What a chain tells: blocks, their logs, reorgs; and the same for a recording. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hex.h"
#include "evm/logtext.h"
#include "source/chain_in.h"
#include "source/source.h"

static void tell_reorg(struct chain *c, const struct eth_block *b, uint32_t depth)
{
	char id[96], hash[67], message[120], data[200];
	struct delta d = { .kind = DELTA_EVENT };
	struct err e;

	hex_text(hash, b->hash, 32);
	snprintf(id, sizeof(id), "reorg-%" PRIu64 "-%.18s", b->number, hash);
	snprintf(message, sizeof(message), "reorg: %u block%s replaced from block %" PRIu64, depth,
		depth == 1 ? "" : "s", b->number);
	snprintf(data, sizeof(data), "{\"ledger\":\"%s\",\"depth\":%u,\"number\":%" PRIu64
		",\"hash\":\"%s\"}", c->src->name, depth, b->number, hash);
	d.event = (struct delta_event){ .source = c->src->id, .device = MODEL_NONE,
		.origin = slice_of(c->src->name), .id = slice_of(id),
		.type = slice_of("net.depin.ledger.reorg.v1"), .subject = slice_of(c->src->name),
		.severity = SEVERITY_WARN, .at_ms = clock_wall_ms(),
		.message = slice_of(message), .data = slice_of(data) };
	c->src->env->emit(c->src->env->arg, &d, &e);
}

/* For a recording: this block of the walk joins the chain now. */
static void keep_mark(struct chain *c, const struct eth_block *b, size_t logs)
{
	char text[160], hash[67];

	hex_text(hash, b->hash, 32);
	snprintf(text, sizeof(text), "{\"hash\":\"%s\",\"logs\":%zu,\"chain\":%" PRIu64 "}", hash,
		logs, c->id);
	source_keep_bytes(c->src, "joined", BYTES_MESSAGE, slice_of(text));
}

struct delta_block chain_delta(const struct eth_block *b)
{
	struct delta_block d = { .number = b->number, .at_ms = (int64_t)b->timestamp * 1000,
		.txs = b->txs, .gas_used = b->gas_used, .gas_limit = b->gas_limit };

	memcpy(d.hash, b->hash, 32);
	memcpy(d.parent, b->parent, 32);
	return d;
}

int64_t chain_add_block(struct chain *c, const struct eth_block *b, size_t logs)
{
	struct delta d = { .kind = DELTA_BLOCK, .block = chain_delta(b) };

	d.block.ledger = c->ledger;
	d.block.logs = (uint32_t)logs;
	return source_emit(c->src, &d) < 0 ? -1 : (int64_t)d.block.orphaned;
}

void chain_emit_block(struct chain *c, const struct eth_block *b, size_t logs)
{
	char cursor[120], hash[67];
	int64_t orphaned;

	keep_mark(c, b, logs);
	orphaned = chain_add_block(c, b, logs);
	if (orphaned < 0)
		return;
	if (orphaned)
		tell_reorg(c, b, (uint32_t)orphaned);
	hex_text(hash, b->hash, 32);
	snprintf(cursor, sizeof(cursor), "%" PRIu64 " %s %" PRIu64, b->number, hash, c->id);
	c->src->env->cursor(c->src->env->arg, c->src->name, slice_of(cursor));
	c->started = true;
	source_record(c->src, 0);
	c->src->st.lag_ms = clock_wall_ms() - (int64_t)b->timestamp * 1000;
}

void chain_keep_json(struct chain *c, const char *part, const json_t *j)
{
	char *text;

	if (!c->src->env->recording(c->src->env->arg))
		return;
	text = json_dumps(j, JSON_COMPACT);
	source_keep_bytes(c->src, part, BYTES_MESSAGE, slice_of(text));
	free(text);
}

void chain_emit_log(struct chain *c, const json_t *j)
{
	struct delta d = { .kind = DELTA_LOG, .log = { .ledger = c->ledger } };
	struct eth_log l;
	struct buf data, text;
	struct err e;

	chain_keep_json(c, "log", j);
	buf_init(&data, ETH_LOG_DATA_MAX);
	buf_init(&text, 4096);
	if (eth_log_decode(j, &l, &e) < 0 || eth_log_data(&l, &data, &e) < 0) {
		c->src->st.bad++;
		source_state(c->src, c->src->st.state, e.text);
	} else {
		d.log.block = l.block;
		memcpy(d.log.block_hash, l.block_hash, 32);
		memcpy(d.log.tx_hash, l.tx_hash, 32);
		memcpy(d.log.address, l.address, 20);
		memcpy(d.log.topics, l.topics, sizeof(l.topics));
		d.log.topics_n = l.topics_n;
		d.log.index = l.index;
		d.log.removed = l.removed;
		d.log.data = buf_slice(&data);
		logtext((const uint8_t(*)[32])l.topics, l.topics_n, d.log.data, &text);
		d.log.text = buf_slice(&text);
		source_emit(c->src, &d);
	}
	buf_fini(&data);
	buf_fini(&text);
}
