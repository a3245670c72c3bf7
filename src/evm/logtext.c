#include "evm/logtext.h"

#include <string.h>

#include "base/alloc.h"
#include "base/hex.h"
#include "evm/abi.h"

#define ARGS_MAX   9
#define HASH_SHOWN 6 /* bytes */

enum arg_type { ARG_U256, ARG_ADDR, ARG_B32, ARG_STR, ARG_SUPPORT, ARG_SKIP,
	ARG_TOPIC = 16 /* besides: indexed */ };

struct arg {
	const char *name;
	unsigned type;
};

struct known {
	const char *name, *signature;
	struct arg args[ARGS_MAX];
};

static const struct known events[] = {
	{ "DeviceRegistered", "DeviceRegistered(bytes32,address,string)",
		{ { "id", ARG_B32 | ARG_TOPIC }, { "owner", ARG_ADDR | ARG_TOPIC }, { "uri", ARG_STR } } },
	{ "ReadingsAnchored", "ReadingsAnchored(bytes32,bytes32,uint64,uint64)",
		{ { "site", ARG_B32 | ARG_TOPIC }, { "root", ARG_B32 }, { "from", ARG_U256 },
			{ "to", ARG_U256 } } },
	{ "Transfer", "Transfer(address,address,uint256)",
		{ { "from", ARG_ADDR | ARG_TOPIC }, { "to", ARG_ADDR | ARG_TOPIC },
			{ "value", ARG_U256 } } },
	{ "Transfer", "Transfer(address,address,uint256)",
		{ { "from", ARG_ADDR | ARG_TOPIC }, { "to", ARG_ADDR | ARG_TOPIC },
			{ "token", ARG_U256 | ARG_TOPIC } } },
	{ "Approval", "Approval(address,address,uint256)",
		{ { "owner", ARG_ADDR | ARG_TOPIC }, { "spender", ARG_ADDR | ARG_TOPIC },
			{ "value", ARG_U256 } } },
	{ "DelegateChanged", "DelegateChanged(address,address,address)",
		{ { "delegator", ARG_ADDR | ARG_TOPIC }, { "from", ARG_ADDR | ARG_TOPIC },
			{ "to", ARG_ADDR | ARG_TOPIC } } },
	{ "DelegateVotesChanged", "DelegateVotesChanged(address,uint256,uint256)",
		{ { "delegate", ARG_ADDR | ARG_TOPIC }, { "from", ARG_U256 }, { "to", ARG_U256 } } },
	{ "ProposalCreated",
		"ProposalCreated(uint256,address,address[],uint256[],string[],bytes[],uint256,uint256,"
		"string)",
		{ { "proposal", ARG_U256 }, { "by", ARG_ADDR }, { "", ARG_SKIP }, { "", ARG_SKIP },
			{ "", ARG_SKIP }, { "", ARG_SKIP }, { "from", ARG_U256 }, { "to", ARG_U256 },
			{ "text", ARG_STR } } },
	{ "VoteCast", "VoteCast(address,uint256,uint8,uint256,string)",
		{ { "by", ARG_ADDR | ARG_TOPIC }, { "proposal", ARG_U256 }, { "", ARG_SUPPORT },
			{ "weight", ARG_U256 }, { "reason", ARG_STR } } },
	{ "VoteCast", "VoteCastWithParams(address,uint256,uint8,uint256,string,bytes)",
		{ { "by", ARG_ADDR | ARG_TOPIC }, { "proposal", ARG_U256 }, { "", ARG_SUPPORT },
			{ "weight", ARG_U256 }, { "reason", ARG_STR }, { "", ARG_SKIP } } },
	{ "ProposalQueued", "ProposalQueued(uint256,uint256)",
		{ { "proposal", ARG_U256 }, { "eta", ARG_U256 } } },
	{ "ProposalExecuted", "ProposalExecuted(uint256)", { { "proposal", ARG_U256 } } },
	{ "ProposalCanceled", "ProposalCanceled(uint256)", { { "proposal", ARG_U256 } } },
};

/* Made at the first use; logs are read in one thread. */
static const struct evm_hash *topic_of(size_t i)
{
	static struct evm_hash topics[ARRAY_LEN(events)];
	static bool made;

	for (size_t k = 0; !made && k < ARRAY_LEN(events); k++)
		topics[k] = abi_topic(events[k].signature);
	made = true;
	return &topics[i];
}

static size_t indexed(const struct known *k)
{
	size_t n = 0;

	for (size_t i = 0; i < ARGS_MAX && k->args[i].name; i++)
		n += (k->args[i].type & ARG_TOPIC) != 0;
	return n;
}

/* Enough to know it by: the log itself has all of it. */
static void add_hash(struct buf *b, const uint8_t v[32])
{
	buf_addhex(b, v, HASH_SHOWN);
	buf_adds(b, "…");
}

static int add_string(struct buf *b, struct slice data, size_t at)
{
	struct slice s;

	if (abi_get_bytes(data, at, &s, NULL) < 0)
		return -1;
	s.n = s.n > LOGTEXT_STRING ? LOGTEXT_STRING : s.n;
	return buf_addslice(b, s);
}

static int add_support(struct buf *b, struct slice word, size_t at)
{
	static const char *const words[] = { "against", "for", "abstain" };
	uint64_t v;

	if (abi_get_u64(word, at, &v, NULL) < 0)
		return -1;
	return v < ARRAY_LEN(words) ? buf_adds(b, words[v]) : buf_addf(b, "support %u", (unsigned)v);
}

/* Argument `at` of a block of words: the data, or a topic alone. */
static int add_value(struct buf *b, unsigned type, struct slice words, size_t at)
{
	char text[ADDR_TEXT];
	struct evm_addr a;
	uint8_t raw[32];
	struct u256 v;

	switch (type) {
	case ARG_U256:
		return abi_get_u256(words, at, &v, NULL) < 0 ? -1 : buf_addu256(b, v);
	case ARG_ADDR:
		if (abi_get_addr(words, at, &a, NULL) < 0)
			return -1;
		addr_text(&a, text);
		return buf_adds(b, text);
	case ARG_B32:
		if (abi_get_b32(words, at, raw, NULL) < 0)
			return -1;
		add_hash(b, raw);
		return 0;
	case ARG_STR:
		return add_string(b, words, at);
	case ARG_SUPPORT:
		return add_support(b, words, at);
	case ARG_SKIP:
		break;
	}
	return 0;
}

static int add_event(struct buf *b, const struct known *k, const uint8_t topics[][32],
	struct slice data)
{
	size_t topic = 1, word = 0;

	buf_adds(b, k->name);
	for (const struct arg *a = k->args; a < k->args + ARGS_MAX && a->name; a++) {
		bool topical = a->type & ARG_TOPIC;
		struct slice words = topical ? slice_mem((const char *)topics[topic++], 32) : data;

		if (a->type != ARG_SKIP)
			buf_addf(b, *a->name ? " %s " : " %s", a->name);
		if (add_value(b, a->type & ~ARG_TOPIC, words, topical ? 0 : word++) < 0)
			return -1;
	}
	return 0;
}

bool logtext(const uint8_t topics[][32], size_t topics_n, struct slice data, struct buf *out)
{
	size_t before = out->len;

	for (size_t i = 0; topics_n && i < ARRAY_LEN(events); i++) {
		if (memcmp(topics[0], topic_of(i)->b, 32) != 0 || topics_n != 1 + indexed(&events[i]))
			continue;
		if (add_event(out, &events[i], topics, data) == 0)
			return true;
		out->len = before;
	}
	return false;
}
