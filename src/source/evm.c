/*
 * `evm`: an Ethereum-like ledger.  newHeads where the node pushes, polling where it does not or
 * is silent.  A new head is joined to the chain we hold by its parent hashes: walking back from
 * it until a block of ours is met fills the gap after a reconnect and follows a reorg, both with
 * the same steps.  Blocks are emitted oldest first, each with its logs where contracts are named.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "config/config.h"
#include "model/model.h"
#include "source/ethlink.h"
#include "source/source.h"
#include "wire/ethrpc.h"

#define WALK_MAX	2048 /* blocks walked back to meet our chain; a longer gap is counted */
#define FIRST_BLOCKS	64   /* of history when a ledger is new */
#define SILENCE_MS	20000

struct evm {
	struct source *src;
	struct ethlink *link;
	uint32_t ledger;   /* MODEL_NONE until a chain id is known */
	uint64_t chain_id; /* 0: not known; recorded with the cursor: no node may change it */
	char subscription[80];
	struct loop_timer *timer; /* polls, and looks for silence */
	int64_t heard_ms;
	bool up;      /* there is a line to a node */
	bool joined;  /* and it is on our chain */
	bool busy;    /* a walk is under way */
	bool again;   /* a head came meanwhile */
	bool missed;  /* a walk failed: the timer starts another */
	bool started; /* we hold a chain */
	struct eth_block walk[WALK_MAX]; /* newest first */
	size_t walk_n;
	size_t walk_max; /* of this walk */
	size_t emit_at;	 /* of the walk, going down to 0 */
	uint32_t generation; /* of the line: answers of an older one are passed over */
};

static void ask_head(struct evm *v);
static void walk_on(struct evm *v);

/* "0x" and 64 digits */
static void hex32(const unsigned char h[32], char out[67])
{
	out[0] = '0';
	out[1] = 'x';
	for (int i = 0; i < 32; i++)
		snprintf(out + 2 + 2 * i, 3, "%02x", h[i]);
}

static void failed(struct evm *v, const struct err *e)
{
	v->busy = false;
	v->missed = true;
	source_state(v->src, v->src->st.state, e->text);
}

/* --- emitting ------------------------------------------------------------------------------ */

static void tell_reorg(struct evm *v, const struct eth_block *b, uint32_t depth)
{
	char id[96], hash[67], message[120], data[200];
	struct delta d = { .kind = DELTA_EVENT };
	struct err e;

	hex32(b->hash, hash);
	snprintf(id, sizeof(id), "reorg-%" PRIu64 "-%.18s", b->number, hash);
	snprintf(message, sizeof(message), "reorg: %u block%s replaced from block %" PRIu64, depth,
		depth == 1 ? "" : "s", b->number);
	snprintf(data, sizeof(data), "{\"ledger\":\"%s\",\"depth\":%u,\"number\":%" PRIu64
		",\"hash\":\"%s\"}", v->src->name, depth, b->number, hash);
	d.event = (struct delta_event){ .source = v->src->id, .device = MODEL_NONE,
		.origin = slice_of(v->src->name), .id = slice_of(id),
		.type = slice_of("net.depin.ledger.reorg.v1"), .subject = slice_of(v->src->name),
		.severity = SEVERITY_WARN, .at_ms = clock_wall_ms(),
		.message = slice_of(message), .data = slice_of(data) };
	v->src->env->emit(v->src->env->arg, &d, &e);
}

static void emit_block(struct evm *v, const struct eth_block *b, size_t logs)
{
	struct delta d = { .kind = DELTA_BLOCK, .block = { .ledger = v->ledger,
		.number = b->number, .at_ms = (int64_t)b->timestamp * 1000, .txs = b->txs,
		.logs = (uint32_t)logs, .gas_used = b->gas_used, .gas_limit = b->gas_limit } };
	char cursor[120], hash[67];

	memcpy(d.block.hash, b->hash, 32);
	memcpy(d.block.parent, b->parent, 32);
	if (source_emit(v->src, &d) < 0)
		return;
	if (d.block.orphaned)
		tell_reorg(v, b, d.block.orphaned);
	hex32(b->hash, hash);
	snprintf(cursor, sizeof(cursor), "%" PRIu64 " %s %" PRIu64, b->number, hash, v->chain_id);
	v->src->env->cursor(v->src->env->arg, v->src->name, slice_of(cursor));
	v->started = true;
	source_record(v->src, 0);
	v->src->st.lag_ms = clock_wall_ms() - d.block.at_ms;
}

static void keep_json(struct evm *v, const char *part, const json_t *j)
{
	char *text;

	if (!v->src->env->recording(v->src->env->arg))
		return;
	text = json_dumps(j, JSON_COMPACT);
	source_keep_bytes(v->src, part, BYTES_MESSAGE, slice_of(text));
	free(text);
}

static void emit_log(struct evm *v, const json_t *j)
{
	struct delta d = { .kind = DELTA_LOG, .log = { .ledger = v->ledger } };
	struct eth_log l;
	struct buf data;
	struct err e;

	keep_json(v, "log", j);
	buf_init(&data, ETH_LOG_DATA_MAX);
	if (eth_log_decode(j, &l, &e) < 0 || eth_log_data(&l, &data, &e) < 0) {
		v->src->st.bad++;
		source_state(v->src, v->src->st.state, e.text);
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
		source_emit(v->src, &d);
	}
	buf_fini(&data);
}

/* --- the walk: from a head back to our chain, then forward again --------------------------- */

static void walk_done(struct evm *v)
{
	v->busy = false;
	if (v->again) {
		v->again = false;
		ask_head(v);
	}
}

static void emit_next(struct evm *v);

struct asked { /* the line's generation when it was asked */
	struct evm *v;
	uint32_t generation;
};

static void *asked_new(struct evm *v)
{
	struct asked *a = xmalloc(sizeof(*a));

	*a = (struct asked){ v, v->generation };
	return a;
}

/* NULL when the line has broken since. */
static struct evm *asked_end(void *arg)
{
	struct asked *a = arg;
	struct evm *v = a->generation == a->v->generation ? a->v : NULL;

	free(a);
	return v;
}

/* The block with its logs, in one turn: what is recorded of a block is all of it.  A node that
 * refuses the question has no logs for us; one that is gone is asked again. */
static void on_logs(void *arg, const json_t *result, const struct err *e)
{
	struct evm *v = asked_end(arg);
	size_t i;
	json_t *log;

	if (!v)
		return;
	if (!result && e->class == ERR_UNREACH) {
		failed(v, e);
		return;
	}
	if (!json_is_array(result)) {
		v->src->st.bad++;
		source_state(v->src, v->src->st.state, result ? "eth_getLogs: no array" : e->text);
	}
	emit_block(v, &v->walk[--v->emit_at], json_array_size(result));
	json_array_foreach((json_t *)result, i, log)
		emit_log(v, log);
	emit_next(v);
}

static void ask_logs(struct evm *v, const struct eth_block *b)
{
	const struct config_strings *a = &v->src->ledger->addresses;
	char hash[67];
	struct buf p;

	hex32(b->hash, hash);
	buf_init(&p, 1 << 20);
	buf_addf(&p, "[{\"blockHash\":\"%s\",\"address\":[", hash);
	for (size_t i = 0; i < a->n; i++)
		buf_addf(&p, "%s\"%s\"", i ? "," : "", a->v[i]);
	buf_adds(&p, "]}]");
	ethlink_call(v->link, "eth_getLogs", p.p, on_logs, asked_new(v));
	buf_fini(&p);
}

static void emit_next(struct evm *v)
{
	if (v->emit_at > 0 && v->src->ledger->addresses.n) {
		ask_logs(v, &v->walk[v->emit_at - 1]);
		return; /* goes on when they have come */
	}
	while (v->emit_at > 0)
		emit_block(v, &v->walk[--v->emit_at], 0);
	walk_done(v);
}

/* Does this block stand on one of ours? */
static bool joins(struct evm *v, const struct eth_block *b)
{
	unsigned char hash[32];

	return b->number == 0 ||
	       (model_block_hash(v->src->env->model, v->ledger, b->number - 1, hash) == 0 &&
		       memcmp(hash, b->parent, 32) == 0);
}

static void push(struct evm *v, const json_t *result)
{
	struct eth_block b;
	struct err e;

	keep_json(v, "block", result);
	if (eth_block_decode(result, &b, &e) < 0) {
		v->src->st.bad++;
		failed(v, &e);
		return;
	}
	if (v->walk_n && (b.number + 1 != v->walk[v->walk_n - 1].number ||
				 memcmp(b.hash, v->walk[v->walk_n - 1].parent, 32) != 0)) {
		err_set(&e, ERR_UNREACH, "the node gave another block than the one asked for");
		failed(v, &e);
		return;
	}
	v->walk[v->walk_n++] = b;
	walk_on(v);
}

static void ask_block(struct evm *v, const unsigned char hash[32], ethlink_fn *fn)
{
	char params[90], text[67];

	hex32(hash, text);
	snprintf(params, sizeof(params), "[\"%s\",false]", text);
	ethlink_call(v->link, "eth_getBlockByHash", params, fn, asked_new(v));
}

static void on_parent(void *arg, const json_t *result, const struct err *e)
{
	struct evm *v = asked_end(arg);
	struct err gone;

	if (!v)
		return;
	if (result && json_is_null(result)) {
		err_set(&gone, ERR_UNREACH, "the node does not know a parent of its own head");
		failed(v, &gone);
	} else if (!result) {
		failed(v, e);
	} else {
		push(v, result);
	}
}

static void walk_on(struct evm *v)
{
	const struct eth_block *last = &v->walk[v->walk_n - 1];

	if (!joins(v, last) && v->walk_n < v->walk_max) {
		ask_block(v, last->parent, on_parent);
		return;
	}
	if (v->started && !joins(v, last))
		v->src->st.gaps++; /* away for longer than we walk back */
	v->emit_at = v->walk_n;
	emit_next(v);
}

static void on_head(void *arg, const json_t *result, const struct err *e);

/* A notice of a head lists no transactions: then the block is asked for. */
static void take_head(struct evm *v, const json_t *block, bool is_notice)
{
	unsigned char hash[32];
	struct eth_block b;
	struct err e;

	if (eth_block_decode(block, &b, &e) < 0) {
		v->src->st.bad++;
		failed(v, &e);
		return;
	}
	v->heard_ms = clock_mono_ms();
	if (v->src->st.state != SOURCE_LIVE)
		source_state(v->src, SOURCE_LIVE, NULL);
	if (model_block_hash(v->src->env->model, v->ledger, b.number, hash) == 0 &&
		memcmp(hash, b.hash, 32) == 0) {
		walk_done(v);
		return; /* we have it */
	}
	v->busy = true;
	if (is_notice && !b.has_txs) {
		ask_block(v, b.hash, on_head);
		return;
	}
	v->walk_n = 0;
	v->walk_max = v->started ? WALK_MAX : FIRST_BLOCKS;
	push(v, block);
}

static void on_head(void *arg, const json_t *result, const struct err *e)
{
	struct evm *v = asked_end(arg);

	struct err gone;

	if (!v)
		return;
	err_set(&gone, ERR_UNREACH, "the node does not know its own head");
	if (!result || json_is_null(result))
		failed(v, result ? &gone : e);
	else
		take_head(v, result, false);
}

static void ask_head(struct evm *v)
{
	if (v->busy) {
		v->again = true;
		return;
	}
	v->busy = true;
	v->missed = false;
	ethlink_call(v->link, "eth_getBlockByNumber", "[\"latest\",false]", on_head, asked_new(v));
}

/* --- the line ----------------------------------------------------------------------------------- */

static void on_subscribed(void *arg, const json_t *result, const struct err *e)
{
	struct evm *v = asked_end(arg);

	if (!v)
		return;
	if (result && json_is_string(result))
		snprintf(v->subscription, sizeof(v->subscription), "%s", json_string_value(result));
	/* otherwise: polling, which goes on anyway */
}

static void introduce(struct evm *v)
{
	struct delta d = { .kind = DELTA_LEDGER, .ledger = { .name = slice_of(v->src->name),
		.kind = slice_of("evm"), .network = slice_of(v->src->ledger->network),
		.chain_id = v->chain_id } };
	unsigned char hash[32];
	uint64_t number;

	if (v->ledger != MODEL_NONE || source_emit(v->src, &d) < 0)
		return;
	v->ledger = d.ledger.ledger;
	v->started = model_ledger_head(v->src->env->model, v->ledger, &number, hash) == 0;
}

static void on_chain_id(void *arg, const json_t *result, const struct err *e)
{
	struct evm *v = asked_end(arg);
	struct err bad;
	uint64_t id;

	if (!v)
		return;
	if (!result || eth_quantity(result, "chain id", &id, &bad) < 0) {
		source_state(v->src, SOURCE_DOWN, result ? bad.text : e->text);
		return; /* the timer asks again */
	}
	if (v->chain_id && id != v->chain_id) {
		err_set(&bad, ERR_REFUSED, "the node is on chain %" PRIu64 ", what is recorded here "
			"on %" PRIu64 ": follow it under another name", id, v->chain_id);
		ethlink_refuse(v->link, &bad);
		return;
	}
	v->chain_id = id;
	v->joined = true;
	introduce(v);
	if (ethlink_pushes(v->link))
		ethlink_call(v->link, "eth_subscribe", "[\"newHeads\"]", on_subscribed, asked_new(v));
	ask_head(v);
}

static void ask_chain_id(struct evm *v)
{
	ethlink_call(v->link, "eth_chainId", "[]", on_chain_id, asked_new(v));
}

static void on_up(void *arg)
{
	struct evm *v = arg;

	v->generation++;
	v->up = true;
	v->joined = v->busy = v->again = v->missed = false;
	v->subscription[0] = '\0';
	v->heard_ms = clock_mono_ms();
	source_state(v->src, SOURCE_DIALING, NULL);
	ask_chain_id(v);
}

static void on_down(void *arg, const struct err *why)
{
	struct evm *v = arg;

	v->generation++;
	v->up = v->joined = v->busy = v->again = false;
	source_state(v->src, SOURCE_DOWN, why->text);
	source_report(v->src);
}

static void on_notice(void *arg, const char *method, const json_t *params)
{
	const char *subscription;
	const json_t *result;
	struct evm *v = arg;
	struct err e;

	if (strcmp(method, "eth_subscription") != 0 ||
		eth_notice(params, &subscription, &result, &e) < 0) {
		v->src->st.bad++;
		return;
	}
	if (!v->joined || strcmp(subscription, v->subscription) != 0)
		return;
	if (v->busy)
		v->again = true;
	else
		take_head(v, result, true);
}

/* Without a subscription this is what moves us; with one it catches a node that fell silent. */
static void on_timer(void *arg)
{
	struct evm *v = arg;
	int64_t silent_ms = clock_mono_ms() - v->heard_ms;

	if (!v->up)
		return; /* the link says when it is up again */
	if (!v->joined) {
		ask_chain_id(v);
		return;
	}
	if (silent_ms > 2 * SILENCE_MS && v->src->st.state == SOURCE_LIVE)
		source_state(v->src, SOURCE_STALE, "the node tells no head");
	if (!v->subscription[0] || v->missed || silent_ms > SILENCE_MS)
		ask_head(v);
}

/* --- replay: blocks as they were walked, newest first, and logs ------------------------------------ */

static void replay_block(struct evm *v, const json_t *j)
{
	struct eth_block b;
	struct err e;

	if (eth_block_decode(j, &b, &e) < 0) {
		v->src->st.bad++;
		return;
	}
	if (v->walk_n && memcmp(b.hash, v->walk[v->walk_n - 1].parent, 32) != 0)
		v->walk_n = 0;
	if (v->walk_n < WALK_MAX)
		v->walk[v->walk_n++] = b;
	if (!joins(v, &b) && v->started)
		return; /* its parent comes next */
	while (v->walk_n)
		emit_block(v, &v->walk[--v->walk_n], 0);
}

static void evm_replay(struct source *src, const char *part, enum source_bytes what,
	struct slice b)
{
	struct evm *v = src->impl;
	struct err e;
	json_t *j = json_load(b, &e);

	if (v->ledger == MODEL_NONE)
		introduce(v);
	if (!j)
		src->st.bad++;
	else if (strcmp(part, "log") == 0)
		emit_log(v, j);
	else
		replay_block(v, j);
	json_decref(j);
}

static void evm_close(struct source *src)
{
	struct evm *v = src->impl;

	loop_timer_free(v->timer);
	v->generation++; /* what the link ends now is nobody's */
	ethlink_free(v->link);
	free(v);
}

/* The chain of an earlier run is there before a node answers. */
static void remember(struct evm *v)
{
	char cursor[120];

	v->src->env->cursor_get(v->src->env->arg, v->src->name, cursor, sizeof(cursor));
	if (sscanf(cursor, "%*u %*66s %" SCNu64, &v->chain_id) == 1 && v->chain_id)
		introduce(v);
}

static int evm_open(struct source *src, struct err *e)
{
	struct evm *v = xcalloc(1, sizeof(*v));
	struct ethlink_spec spec = { .env = src->env, .cfg = src->ledger,
		.up = on_up, .down = on_down, .notice = on_notice, .arg = v };
	int64_t poll = src->ledger->poll_ms;

	v->src = src;
	src->impl = v;
	v->ledger = MODEL_NONE;
	if (src->env->replaying)
		return 0;
	remember(v);
	source_state(src, SOURCE_DIALING, NULL);
	v->link = ethlink_new(&spec, e);
	if (!v->link) {
		evm_close(src);
		return -1;
	}
	v->timer = loop_timer_new(src->env->loop, poll, poll, on_timer, v);
	return 0;
}

const struct source_kind source_evm = {
	.name = "evm",
	.help = "an Ethereum-like ledger: blocks, reorgs, logs",
	.open = evm_open,
	.close = evm_close,
	.replay = evm_replay,
};
