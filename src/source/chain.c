#include "source/chain_in.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/hex.h"
#include "config/config.h"
#include "model/model.h"
#include "source/source.h"

#define FIRST_BLOCKS 64 /* of history when a ledger is new */

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

static void walk_end(struct chain *c)
{
	c->busy = false;
	c->walk_n = c->emit_at = 0;
}

static void failed(struct chain *c, const struct err *e)
{
	walk_end(c);
	c->missed = true;
	source_state(c->src, c->src->st.state, e->text);
}

/* --- the walk: from a head back to our chain, then forward again */

static void walk_done(struct chain *c)
{
	walk_end(c);
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
	chain_emit_block(c, &c->walk[--c->emit_at], json_array_size(result));
	json_array_foreach((json_t *)result, i, log)
		chain_emit_log(c, log);
	emit_next(c);
}

static void ask_logs(struct chain *c, const struct eth_block *b)
{
	const struct config_strings *a = &c->src->ledger->addresses;
	char hash[67];
	struct buf p;

	hex_text(hash, b->hash, 32);
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
		chain_emit_block(c, &c->walk[--c->emit_at], 0);
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

	chain_keep_json(c, "block", result);
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

	hex_text(text, hash, 32);
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
	c->walk_n = c->emit_at = 0;
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
	walk_end(c);
	c->again = c->missed = false;
	c->heard_ms = clock_mono_ms();
}

void chain_line_down(struct chain *c)
{
	c->generation++;
	walk_end(c);
	c->again = false;
}

void chain_take_notice(struct chain *c, const json_t *head)
{
	if (c->busy)
		c->again = true;
	else
		take_head(c, head, true);
}
