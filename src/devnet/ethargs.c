#include "devnet/ethargs.h"

#include "base/hex.h"

#define FINAL_DEPTH 32 /* behind the head: beyond any reorg here */
#define SAFE_DEPTH  8

int eth_fail(int code, struct err *e, const char *text)
{
	err_set(e, code == ETH_BAD_PARAMS ? ERR_USAGE : ERR_REFUSED, "%s", text);
	return code;
}

int eth_bad(struct err *e, const char *text)
{
	return eth_fail(ETH_BAD_PARAMS, e, text);
}

const json_t *eth_arg(const json_t *params, size_t i)
{
	const json_t *v = json_array_get(params, i);

	return v && !json_is_null(v) ? v : NULL;
}

static struct slice text_of(const json_t *v)
{
	return slice_mem(json_string_value(v), json_string_length(v));
}

int eth_read_hash(const json_t *v, struct evm_hash *h, struct err *e)
{
	if (!json_is_string(v) || hex_data_exact(text_of(v), h->b, sizeof(h->b)) < 0)
		return eth_bad(e, "want a hash of 32 bytes in hex");
	return 0;
}

int eth_read_addr(const json_t *v, struct evm_addr *a, struct err *e)
{
	if (!json_is_string(v) || hex_data_exact(text_of(v), a->b, sizeof(a->b)) < 0)
		return eth_bad(e, "want an address of 20 bytes in hex");
	return 0;
}

int eth_read_count(const json_t *v, uint64_t *out, struct err *e)
{
	if (json_is_integer(v) && json_integer_value(v) >= 0) {
		*out = (uint64_t)json_integer_value(v);
		return 0;
	}
	if (!json_is_string(v) || hex_quantity(text_of(v), out) < 0)
		return eth_bad(e, "want a count of blocks");
	return 0;
}

int eth_read_number(struct eth *eth, const json_t *v, uint64_t *out, struct err *e)
{
	uint64_t head = chain_head(eth->chain);
	const struct {
		const char *tag;
		uint64_t number;
	} tags[] = { { "latest", head }, { "pending", head }, { "earliest", 0 },
		{ "safe", head > SAFE_DEPTH ? head - SAFE_DEPTH : 0 },
		{ "finalized", head > FINAL_DEPTH ? head - FINAL_DEPTH : 0 } };

	*out = head;
	if (!v)
		return 0;
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (json_is_string(v) && slice_is(text_of(v), tags[i].tag)) {
			*out = tags[i].number;
			return 0;
		}
	if (!json_is_string(v) || hex_quantity(text_of(v), out) < 0)
		return eth_bad(e, "want a block number in hex, or latest, earliest, safe, finalized");
	return 0;
}
