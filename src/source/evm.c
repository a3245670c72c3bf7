/*
 * `evm`: an Ethereum-like ledger, the line to its node: newHeads where the node pushes, polling
 * where it does not or is silent.  What a head means is chain.h's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "config/config.h"
#include "source/chain.h"
#include "source/source.h"
#include "wire/ethrpc.h"

#define SILENCE_MS 20000

struct evm {
	struct source *src;
	struct ethlink *link;
	struct chain *chain;
	char subscription[80];
	struct loop_timer *timer; /* polls, and looks for silence */
	bool up;     /* there is a line to a node */
	bool joined; /* and it is on our chain */
};

static void on_subscribed(void *arg, const json_t *result, const struct err *e)
{
	struct evm *v = arg;

	if (result && json_is_string(result))
		snprintf(v->subscription, sizeof(v->subscription), "%s", json_string_value(result));
	/* otherwise: polling, which goes on anyway */
}

static void on_chain_id(void *arg, const json_t *result, const struct err *e)
{
	struct evm *v = arg;
	struct err bad;
	uint64_t id;

	if (!result || eth_quantity(result, "chain id", &id, &bad) < 0) {
		source_state(v->src, SOURCE_DOWN, result ? bad.text : e->text);
		return; /* the timer asks again */
	}
	if (chain_introduce(v->chain, id, &bad) < 0) {
		ethlink_refuse(v->link, &bad);
		return;
	}
	v->joined = true;
	if (ethlink_pushes(v->link))
		chain_call(v->chain, "eth_subscribe", "[\"newHeads\"]", on_subscribed, v);
	chain_ask_head(v->chain);
}

static void ask_chain_id(struct evm *v)
{
	chain_call(v->chain, "eth_chainId", "[]", on_chain_id, v);
}

static void on_up(void *arg)
{
	struct evm *v = arg;

	chain_line_up(v->chain, v->link);
	v->up = true;
	v->joined = false;
	v->subscription[0] = '\0';
	source_state(v->src, SOURCE_DIALING, NULL);
	ask_chain_id(v);
}

static void on_down(void *arg, const struct err *why)
{
	struct evm *v = arg;

	chain_line_down(v->chain);
	v->up = v->joined = false;
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
	chain_take_notice(v->chain, result);
}

/* Without a subscription this is what moves us; with one it catches a node that fell silent. */
static void on_timer(void *arg)
{
	struct evm *v = arg;
	int64_t silent_ms = clock_mono_ms() - chain_heard_ms(v->chain);

	if (!v->up)
		return; /* the link says when it is up again */
	if (!v->joined) {
		ask_chain_id(v);
		return;
	}
	if (silent_ms > 2 * SILENCE_MS && v->src->st.state == SOURCE_LIVE)
		source_state(v->src, SOURCE_STALE, "the node tells no head");
	if (!v->subscription[0] || chain_missed(v->chain) || silent_ms > SILENCE_MS)
		chain_ask_head(v->chain);
}

static void evm_replay(struct source *src, const char *part, enum source_bytes what,
	struct slice b)
{
	struct evm *v = src->impl;
	struct err e;
	json_t *j = json_load(b, &e);

	if (!j)
		src->st.bad++;
	else if (strcmp(part, "log") == 0)
		chain_replay_log(v->chain, j);
	else if (strcmp(part, "joined") == 0)
		chain_replay_joined(v->chain, j);
	else if (strcmp(part, "known") == 0)
		chain_replay_known(v->chain, j);
	else
		chain_replay_block(v->chain, j);
	json_decref(j);
}

static void evm_known(struct source *src)
{
	chain_keep_known(((struct evm *)src->impl)->chain);
}

static void evm_close(struct source *src)
{
	struct evm *v = src->impl;

	loop_timer_free(v->timer);
	chain_line_down(v->chain); /* what the link ends now is nobody's */
	ethlink_free(v->link);
	chain_free(v->chain);
	free(v);
}

static int evm_open(struct source *src, struct err *e)
{
	struct evm *v = xcalloc(1, sizeof(*v));
	struct ethlink_spec spec = { .env = src->env, .cfg = src->ledger,
		.up = on_up, .down = on_down, .notice = on_notice, .arg = v };
	int64_t poll = src->ledger->poll_ms;

	v->src = src;
	src->impl = v;
	v->chain = chain_new(src);
	if (src->env->replaying)
		return 0;
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
	.known = evm_known,
};
