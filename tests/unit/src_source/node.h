/*
 * An Ethereum node in place of the line to one: the functions of source/ethlink.h answer from
 * blocks that the test makes, when it says so.
 */
#ifndef TESTS_SOURCE_NODE_H
#define TESTS_SOURCE_NODE_H

#include "base/hex.h"
#include "source/ethlink.h"
#include "tests/unit/src_source/world.h"

#define NODE_BLOCKS 8192

struct node_block {
	uint64_t number;
	char fork, parent_fork;
};

struct question {
	char method[40], params[400];
	ethlink_fn *fn;
	void *arg;
};

struct node {
	struct ethlink_spec spec;
	struct node_block blocks[NODE_BLOCKS];
	size_t n;
	char best; /* its newest block of this fork is the head */
	uint64_t chain_id;
	bool pushes;
	unsigned logs; /* in each block, of each contract asked for */
	const char *wrong; /* answer to the next question for a block, as JSON */
	const char *fails; /* a method: refused */
	struct question asked[64];
	size_t asked_n;
	struct buf said; /* methods in order: "head hash id logs " */
	struct err refused;
};

static struct node the;

static inline void node_reset(void)
{
	buf_fini(&the.said);
	the = (struct node){ .chain_id = 31337, .best = 'a' };
	buf_init(&the.said, 1 << 20);
}

/* Blocks from..to of a fork; the first stands on one of parent_fork. */
static inline void node_mine(uint64_t from, uint64_t to, char fork, char parent_fork)
{
	for (uint64_t i = from; i <= to; i++) {
		assert_true(the.n < NODE_BLOCKS);
		the.blocks[the.n++] = (struct node_block){ i, fork, i == from ? parent_fork : fork };
	}
	the.best = fork;
}

static inline void node_hash(uint64_t number, char fork, char out[67])
{
	snprintf(out, 67, "0x%02x%046d%016llx", fork, 0, (unsigned long long)number);
}

static inline json_t *node_json(const struct node_block *b, bool notice)
{
	char hash[67], parent[67];
	json_t *j;

	node_hash(b->number, b->fork, hash);
	node_hash(b->number - 1, b->parent_fork, parent);
	j = json_pack("{ss, ss, ss, ss, ss, ss}", "hash", hash, "parentHash", parent, "gasUsed", "0x5208",
		"gasLimit", "0x1c9c380", "number", "", "timestamp", "");
	snprintf(hash, sizeof(hash), "0x%llx", (unsigned long long)b->number);
	json_object_set_new(j, "number", json_string(hash));
	snprintf(hash, sizeof(hash), "0x%llx", (unsigned long long)(T0 / 1000 + (int64_t)b->number));
	json_object_set_new(j, "timestamp", json_string(hash));
	if (!notice)
		json_object_set_new(j, "transactions", json_pack("[ss]", "0x1", "0x2"));
	return j;
}

static inline const struct node_block *node_head(void)
{
	for (size_t i = the.n; i-- > 0;)
		if (the.blocks[i].fork == the.best)
			return &the.blocks[i];
	return NULL;
}

static inline const struct node_block *node_by_hash(const char *params)
{
	char hash[67];

	for (size_t i = 0; i < the.n; i++) {
		node_hash(the.blocks[i].number, the.blocks[i].fork, hash);
		if (strstr(params, hash))
			return &the.blocks[i];
	}
	return NULL;
}

static inline json_t *node_logs(const struct node_block *b)
{
	json_t *list = json_array();
	char hash[67], number[20], index[12];

	for (unsigned i = 0; b && i < the.logs; i++) {
		node_hash(b->number, b->fork, hash);
		snprintf(number, sizeof(number), "0x%llx", (unsigned long long)b->number);
		snprintf(index, sizeof(index), "0x%x", i);
		json_array_append_new(list, json_pack("{ss, ss, ss, ss, ss, ss, ss, s[]}", "blockHash", hash,
			"blockNumber", number, "transactionHash", hash, "transactionIndex", "0x0",
			"logIndex", index, "data", "0x61",
			"address", "0x5fbdb2315678afecb367f032d93f642f64180aa3", "topics"));
	}
	return list;
}

static inline json_t *node_answer(const struct question *q)
{
	const struct node_block *b = NULL;
	struct err e;
	char id[20];

	if (strcmp(q->method, "eth_chainId") == 0) {
		snprintf(id, sizeof(id), "0x%llx", (unsigned long long)the.chain_id);
		return json_string(id);
	}
	if (strcmp(q->method, "eth_getLogs") == 0)
		return node_logs(node_by_hash(q->params));
	if (strncmp(q->method, "eth_getBlock", 12) != 0)
		return json_string("0xsub");
	b = strstr(q->method, "ByHash") ? node_by_hash(q->params) : node_head();
	if (the.wrong) {
		json_t *wrong = json_load(S(the.wrong), &e);

		the.wrong = NULL;
		return wrong;
	}
	return b ? node_json(b, false) : json_null();
}

/* Answers the oldest question; false: there is none. */
static inline bool node_answer_one(void)
{
	struct question q = the.asked[0];
	struct err e;
	json_t *j;

	if (!the.asked_n)
		return false;
	memmove(the.asked, the.asked + 1, --the.asked_n * sizeof(q));
	if (the.fails && strcmp(the.fails, q.method) == 0) {
		err_set(&e, ERR_UNREACH, "%s failed", q.method);
		q.fn(q.arg, NULL, &e);
		return true;
	}
	j = node_answer(&q);
	q.fn(q.arg, j, NULL);
	json_decref(j);
	return true;
}

static inline void node_answer_all(void)
{
	while (node_answer_one())
		;
}

static inline const char *node_said(void)
{
	static char out[8192];

	snprintf(out, sizeof(out), "%s", the.said.p);
	buf_reset(&the.said);
	return out;
}

/* --- source/ethlink.h */

struct ethlink *ethlink_new(const struct ethlink_spec *s, struct err *e)
{
	the.spec = *s;
	return (struct ethlink *)&the;
}

void ethlink_free(struct ethlink *l)
{
	struct err e;

	err_set(&e, ERR_UNREACH, "closed");
	while (the.asked_n) {
		struct question q = the.asked[--the.asked_n];

		q.fn(q.arg, NULL, &e);
	}
}

bool ethlink_pushes(const struct ethlink *l)
{
	return the.pushes;
}

void ethlink_call(struct ethlink *l, const char *method, const char *params, ethlink_fn *fn, void *arg)
{
	static const struct {
		const char *method, *word;
	} words[] = { { "eth_getBlockByNumber", "head" }, { "eth_getBlockByHash", "hash" },
		{ "eth_chainId", "id" }, { "eth_getLogs", "logs" }, { "eth_subscribe", "subscribe" } };
	struct question *q = &the.asked[the.asked_n++];

	assert_true(the.asked_n <= ARRAY_LEN(the.asked));
	snprintf(q->method, sizeof(q->method), "%s", method);
	snprintf(q->params, sizeof(q->params), "%s", params);
	q->fn = fn;
	q->arg = arg;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(words[i].method, method) == 0)
			buf_addf(&the.said, "%s ", words[i].word);
}

void ethlink_refuse(struct ethlink *l, const struct err *why)
{
	the.refused = *why;
	if (the.spec.down)
		the.spec.down(the.spec.arg, why);
}

#endif
