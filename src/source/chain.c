#include "source/chain.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "config/config.h"
#include "model/model.h"
#include "source/source.h"
#include "wire/ethrpc.h"

#define WALK_MAX     2048 /* blocks walked back to meet our chain; a longer gap is counted */
#define FIRST_BLOCKS 64	  /* of history when a ledger is new */

struct chain {
	struct source *src;
	struct ethlink *link;
	uint32_t ledger; /* MODEL_NONE until a chain id is known */
	uint64_t id;	 /* 0: not known; recorded with the cursor: no node may change it */
	int64_t heard_ms;
	bool busy;    /* a walk is under way */
	bool again;   /* a head came meanwhile */
	bool missed;  /* a walk failed: another is to be asked for */
	bool started; /* we hold a chain */
	struct eth_block walk[WALK_MAX]; /* newest first */
	size_t walk_n;
	size_t walk_max; /* of this walk */
	size_t emit_at;	 /* of the walk, going down to 0 */
	uint32_t generation; /* of the line: answers of an older one are passed over */
};

static void walk_on(struct chain *c);

/* --- asking the node */

struct asked {
	struct chain *c;
	uint32_t generation;
	ethlink_fn *fn;
	void *arg;
};

static void on_answer(void *arg, const json_t *result, const struct err *e)
{
	struct asked a = *(struct asked *)arg;

	free(arg);
	if (a.generation == a.c->generation)
		a.fn(a.arg, result, e);
}

void chain_call(struct chain *c, const char *method, const char *params, ethlink_fn *fn, void *arg)
{
	struct asked *a = xmalloc(sizeof(*a));

	*a = (struct asked){ c, c->generation, fn, arg };
	ethlink_call(c->link, method, params, on_answer, a);
}

/* "0x" and 64 digits */
static void hex32(const unsigned char h[32], char out[67])
{
	out[0] = '0';
	out[1] = 'x';
	for (int i = 0; i < 32; i++)
		snprintf(out + 2 + 2 * i, 3, "%02x", h[i]);
}

static void failed(struct chain *c, const struct err *e)
{
	c->busy = false;
	c->missed = true;
	source_state(c->src, c->src->st.state, e->text);
}

/* --- emitting */

static void tell_reorg(struct chain *c, const struct eth_block *b, uint32_t depth)
{
	char id[96], hash[67], message[120], data[200];
	struct delta d = { .kind = DELTA_EVENT };
	struct err e;

	hex32(b->hash, hash);
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

	hex32(b->hash, hash);
	snprintf(text, sizeof(text), "{\"hash\":\"%s\",\"logs\":%zu,\"chain\":%" PRIu64 "}", hash,
		logs, c->id);
	source_keep_bytes(c->src, "joined", BYTES_MESSAGE, slice_of(text));
}

static void emit_block(struct chain *c, const struct eth_block *b, size_t logs)
{
	struct delta d = { .kind = DELTA_BLOCK, .block = { .ledger = c->ledger,
		.number = b->number, .at_ms = (int64_t)b->timestamp * 1000, .txs = b->txs,
		.logs = (uint32_t)logs, .gas_used = b->gas_used, .gas_limit = b->gas_limit } };
	char cursor[120], hash[67];

	keep_mark(c, b, logs);
	memcpy(d.block.hash, b->hash, 32);
	memcpy(d.block.parent, b->parent, 32);
	if (source_emit(c->src, &d) < 0)
		return;
	if (d.block.orphaned)
		tell_reorg(c, b, d.block.orphaned);
	hex32(b->hash, hash);
	snprintf(cursor, sizeof(cursor), "%" PRIu64 " %s %" PRIu64, b->number, hash, c->id);
	c->src->env->cursor(c->src->env->arg, c->src->name, slice_of(cursor));
	c->started = true;
	source_record(c->src, 0);
	c->src->st.lag_ms = clock_wall_ms() - d.block.at_ms;
}

static void keep_json(struct chain *c, const char *part, const json_t *j)
{
	char *text;

	if (!c->src->env->recording(c->src->env->arg))
		return;
	text = json_dumps(j, JSON_COMPACT);
	source_keep_bytes(c->src, part, BYTES_MESSAGE, slice_of(text));
	free(text);
}

static void emit_log(struct chain *c, const json_t *j)
{
	struct delta d = { .kind = DELTA_LOG, .log = { .ledger = c->ledger } };
	struct eth_log l;
	struct buf data;
	struct err e;

	keep_json(c, "log", j);
	buf_init(&data, ETH_LOG_DATA_MAX);
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
		source_emit(c->src, &d);
	}
	buf_fini(&data);
}

/* --- the walk: from a head back to our chain, then forward again */

static void walk_done(struct chain *c)
{
	c->busy = false;
	if (c->again) {
		c->again = false;
		chain_ask_head(c);
	}
}

static void emit_next(struct chain *c);

/* The block with its logs, in one turn: what is recorded of a block is all of it.  A node that
 * refuses the question has no logs for us; one that is gone is asked again. */
static void on_logs(void *arg, const json_t *result, const struct err *e)
{
	struct chain *c = arg;
	size_t i;
	json_t *log;

	if (!result && e->class == ERR_UNREACH) {
		failed(c, e);
		return;
	}
	if (!json_is_array(result)) {
		c->src->st.bad++;
		source_state(c->src, c->src->st.state, result ? "eth_getLogs: no array" : e->text);
	}
	emit_block(c, &c->walk[--c->emit_at], json_array_size(result));
	json_array_foreach((json_t *)result, i, log)
		emit_log(c, log);
	emit_next(c);
}

static void ask_logs(struct chain *c, const struct eth_block *b)
{
	const struct config_strings *a = &c->src->ledger->addresses;
	char hash[67];
	struct buf p;

	hex32(b->hash, hash);
	buf_init(&p, 1 << 20);
	buf_addf(&p, "[{\"blockHash\":\"%s\",\"address\":[", hash);
	for (size_t i = 0; i < a->n; i++)
		buf_addf(&p, "%s\"%s\"", i ? "," : "", a->v[i]);
	buf_adds(&p, "]}]");
	chain_call(c, "eth_getLogs", p.p, on_logs, c);
	buf_fini(&p);
}

static void emit_next(struct chain *c)
{
	if (c->emit_at > 0 && c->src->ledger->addresses.n) {
		ask_logs(c, &c->walk[c->emit_at - 1]);
		return; /* goes on when they have come */
	}
	while (c->emit_at > 0)
		emit_block(c, &c->walk[--c->emit_at], 0);
	walk_done(c);
}

/* Does this block stand on one of ours? */
static bool joins(struct chain *c, const struct eth_block *b)
{
	unsigned char hash[32];

	return b->number == 0 ||
	       (model_block_hash(c->src->env->model, c->ledger, b->number - 1, hash) == 0 &&
		       memcmp(hash, b->parent, 32) == 0);
}

static void push(struct chain *c, const json_t *result)
{
	struct eth_block b;
	struct err e;

	keep_json(c, "block", result);
	if (eth_block_decode(result, &b, &e) < 0) {
		c->src->st.bad++;
		failed(c, &e);
		return;
	}
	if (c->walk_n && (b.number + 1 != c->walk[c->walk_n - 1].number ||
				 memcmp(b.hash, c->walk[c->walk_n - 1].parent, 32) != 0)) {
		err_set(&e, ERR_UNREACH, "the node gave another block than the one asked for");
		failed(c, &e);
		return;
	}
	c->walk[c->walk_n++] = b;
	walk_on(c);
}

static void ask_block(struct chain *c, const unsigned char hash[32], ethlink_fn *fn)
{
	char params[90], text[67];

	hex32(hash, text);
	snprintf(params, sizeof(params), "[\"%s\",false]", text);
	chain_call(c, "eth_getBlockByHash", params, fn, c);
}

static void on_parent(void *arg, const json_t *result, const struct err *e)
{
	struct chain *c = arg;
	struct err gone;

	if (result && json_is_null(result)) {
		err_set(&gone, ERR_UNREACH, "the node does not know a parent of its own head");
		failed(c, &gone);
	} else if (!result) {
		failed(c, e);
	} else {
		push(c, result);
	}
}

static void take_walk(struct chain *c)
{
	if (c->walk_n && c->started && !joins(c, &c->walk[c->walk_n - 1]))
		c->src->st.gaps++; /* away for longer than we walk back */
	c->emit_at = c->walk_n;
	emit_next(c);
}

/* Behind one URL another node may have taken the place of ours between two polls. */
static void on_walk_id(void *arg, const json_t *result, const struct err *e)
{
	struct chain *c = arg;
	struct err bad;
	uint64_t id;

	if (!result || eth_quantity(result, "chain id", &id, &bad) < 0)
		failed(c, result ? &bad : e);
	else if (chain_introduce(c, id, &bad) < 0)
		ethlink_refuse(c->link, &bad);
	else
		take_walk(c);
}

static void ask_walk_id(struct chain *c)
{
	c->busy = true;
	chain_call(c, "eth_chainId", "[]", on_walk_id, c);
}

static bool extends_head(struct chain *c, const struct eth_block *b)
{
	unsigned char hash[32];
	uint64_t number;

	return model_ledger_head(c->src->env->model, c->ledger, &number, hash) == 0 &&
	       b->number == number + 1 && memcmp(hash, b->parent, 32) == 0;
}

static bool is_head(struct chain *c, const struct eth_block *b)
{
	unsigned char hash[32];
	uint64_t number;

	return model_ledger_head(c->src->env->model, c->ledger, &number, hash) == 0 &&
	       b->number == number && memcmp(hash, b->hash, 32) == 0;
}

static bool is_ours(struct chain *c, const struct eth_block *b)
{
	unsigned char hash[32];

	return model_block_hash(c->src->env->model, c->ledger, b->number, hash) == 0 &&
	       memcmp(hash, b->hash, 32) == 0;
}

/* Blocks that stand on our head need no more proof; what would replace blocks, or leave a hole,
 * comes from a node that says it is on our chain. */
static void walk_on(struct chain *c)
{
	const struct eth_block *last = &c->walk[c->walk_n - 1];

	if (!joins(c, last) && c->walk_n < c->walk_max)
		ask_block(c, last->parent, on_parent);
	else if (extends_head(c, last))
		take_walk(c);
	else
		ask_walk_id(c);
}

static void on_head(void *arg, const json_t *result, const struct err *e);

/* A notice of a head lists no transactions: then the block is asked for. */
static void take_head(struct chain *c, const json_t *block, bool is_notice)
{
	struct eth_block b;
	struct err e;

	if (eth_block_decode(block, &b, &e) < 0) {
		c->src->st.bad++;
		failed(c, &e);
		return;
	}
	c->heard_ms = clock_mono_ms();
	if (c->src->st.state != SOURCE_LIVE)
		source_state(c->src, SOURCE_LIVE, NULL);
	c->walk_n = 0;
	if (is_head(c, &b)) {
		walk_done(c);
		return;
	}
	if (is_ours(c, &b)) { /* a node that is behind, or another chain's first block */
		ask_walk_id(c);
		return;
	}
	c->busy = true;
	if (is_notice && !b.has_txs) {
		ask_block(c, b.hash, on_head);
		return;
	}
	c->walk_max = c->started ? WALK_MAX : FIRST_BLOCKS;
	push(c, block);
}

static void on_head(void *arg, const json_t *result, const struct err *e)
{
	struct chain *c = arg;
	struct err gone;

	err_set(&gone, ERR_UNREACH, "the node does not know its own head");
	if (!result || json_is_null(result))
		failed(c, result ? &gone : e);
	else
		take_head(c, result, false);
}

void chain_ask_head(struct chain *c)
{
	if (c->busy) {
		c->again = true;
		return;
	}
	c->busy = true;
	c->missed = false;
	chain_call(c, "eth_getBlockByNumber", "[\"latest\",false]", on_head, c);
}

int chain_introduce(struct chain *c, uint64_t id, struct err *e)
{
	struct delta d = { .kind = DELTA_LEDGER, .ledger = { .name = slice_of(c->src->name),
		.kind = slice_of("evm"), .network = slice_of(c->src->ledger->network),
		.chain_id = id } };
	unsigned char hash[32];
	uint64_t number;

	if (c->id && id != c->id)
		return err_set(e, ERR_REFUSED, "the node is on chain %" PRIu64 ", what is recorded "
			"here on %" PRIu64 ": follow it under another name", id, c->id);
	c->id = id;
	if (c->ledger != MODEL_NONE || source_emit(c->src, &d) < 0)
		return 0;
	c->ledger = d.ledger.ledger;
	c->started = model_ledger_head(c->src->env->model, c->ledger, &number, hash) == 0;
	return 0;
}

/* --- replay: what was walked, what of it joined, and logs */

void chain_replay_block(struct chain *c, const json_t *j)
{
	struct eth_block b;
	struct err e;

	if (eth_block_decode(j, &b, &e) < 0) {
		c->src->st.bad++;
		return;
	}
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
		hex32(c->walk[c->walk_n - 1].hash, hash);
		if (strcmp(hash, want) == 0)
			break;
		c->walk_n--; /* recorded from the middle of a walk */
	}
	if (c->walk_n)
		emit_block(c, &c->walk[--c->walk_n], (size_t)json_i64(mark, "logs", 0));
	else
		c->src->st.bad++;
}

void chain_replay_log(struct chain *c, const json_t *log)
{
	struct err e;

	if (c->ledger == MODEL_NONE)
		chain_introduce(c, c->id, &e);
	emit_log(c, log);
}

/* --- life */

/* The chain of an earlier run is there before a node answers. */
static void remember(struct chain *c)
{
	char cursor[120];
	struct err e;
	uint64_t id;

	c->src->env->cursor_get(c->src->env->arg, c->src->name, cursor, sizeof(cursor));
	if (sscanf(cursor, "%*u %*66s %" SCNu64, &id) == 1 && id)
		chain_introduce(c, id, &e);
}

struct chain *chain_new(struct source *src)
{
	struct chain *c = xcalloc(1, sizeof(*c));

	c->src = src;
	c->ledger = MODEL_NONE;
	if (!src->env->replaying)
		remember(c);
	return c;
}

void chain_free(struct chain *c)
{
	free(c);
}

int64_t chain_heard_ms(const struct chain *c)
{
	return c->heard_ms;
}

bool chain_missed(const struct chain *c)
{
	return c->missed;
}

void chain_line_up(struct chain *c, struct ethlink *link)
{
	c->link = link;
	c->generation++;
	c->busy = c->again = c->missed = false;
	c->heard_ms = clock_mono_ms();
}

void chain_line_down(struct chain *c)
{
	c->generation++;
	c->busy = c->again = false;
}

void chain_take_notice(struct chain *c, const json_t *head)
{
	if (c->busy)
		c->again = true;
	else
		take_head(c, head, true);
}
