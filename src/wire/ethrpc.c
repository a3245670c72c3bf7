#include "wire/ethrpc.h"

#include <string.h>

#include "base/hex.h"
#include "base/json.h"

static int bad(struct err *e, const char *what, const char *why)
{
	return err_set(e, ERR_UNREACH, "%s: %s", what, why);
}

static struct slice text(const json_t *v)
{
	const char *s = json_string_value(v);

	return s ? slice_mem(s, json_string_length(v)) : slice_mem(NULL, 0);
}

int eth_quantity(const json_t *v, const char *what, uint64_t *out, struct err *e)
{
	if (hex_quantity(text(v), out) < 0)
		return bad(e, what, v ? "not a quantity (0x and digits)" : "missing");
	return 0;
}

static int fixed(const json_t *v, const char *what, uint8_t *out, size_t n, struct err *e)
{
	if (hex_data_exact(text(v), out, n) < 0)
		return err_set(e, ERR_UNREACH, v ? "%s: not %zu bytes of hex" : "%s: missing (%zu bytes)",
			what, n);
	return 0;
}

/* Members by name: the name is also what an error calls it. */
static int get_u64(const json_t *o, const char *key, uint64_t *out, struct err *e)
{
	return eth_quantity(json_object_get(o, key), key, out, e);
}

static int get_fixed(const json_t *o, const char *key, uint8_t *out, size_t n, struct err *e)
{
	return fixed(json_object_get(o, key), key, out, n, e);
}

static bool absent(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	return !v || json_is_null(v);
}

static int get_u32(const json_t *o, const char *key, uint32_t *out, struct err *e)
{
	uint64_t v;

	if (get_u64(o, key, &v, e) < 0)
		return -1;
	if (v > UINT32_MAX)
		return bad(e, key, "beyond 32 bits");
	*out = (uint32_t)v;
	return 0;
}

/* --- blocks */

/* A fee beyond 64 bits is no reason to lose a block. */
static int get_base_fee(const json_t *v, struct eth_block *b, struct err *e)
{
	if (absent(v, "baseFeePerGas"))
		return 0;
	b->has_base_fee = true;
	if (text(json_object_get(v, "baseFeePerGas")).n > 18)
		b->base_fee = UINT64_MAX;
	else
		return get_u64(v, "baseFeePerGas", &b->base_fee, e);
	return 0;
}

static int get_rest(const json_t *v, struct eth_block *b, struct err *e)
{
	const json_t *txs = json_object_get(v, "transactions");

	if (json_is_array(txs)) {
		b->has_txs = true;
		b->txs = (uint32_t)json_array_size(txs);
	}
	if (!absent(v, "miner") && get_fixed(v, "miner", b->miner, sizeof(b->miner), e) < 0)
		return -1;
	memset(b->bloom, 0xff, sizeof(b->bloom));
	if (!absent(v, "logsBloom"))
		return get_fixed(v, "logsBloom", b->bloom, sizeof(b->bloom), e);
	return 0;
}

int eth_block_decode(const json_t *v, struct eth_block *b, struct err *e)
{
	*b = (struct eth_block){ 0 };
	if (!json_is_object(v))
		return bad(e, "block", json_is_null(v) ? "the node does not know it" : "not an object");
	if (absent(v, "number") || absent(v, "hash"))
		return bad(e, "block", "pending, or without number and hash");
	if (get_u64(v, "number", &b->number, e) < 0 || get_fixed(v, "hash", b->hash, 32, e) < 0 ||
		get_fixed(v, "parentHash", b->parent, 32, e) < 0 ||
		get_u64(v, "timestamp", &b->timestamp, e) < 0 ||
		get_u64(v, "gasUsed", &b->gas_used, e) < 0 ||
		get_u64(v, "gasLimit", &b->gas_limit, e) < 0 || get_base_fee(v, b, e) < 0 ||
		get_rest(v, b, e) < 0)
		return err_prefix(e, "block");
	if (b->timestamp > INT64_MAX / 1000)
		return bad(e, "block: timestamp", "out of range");
	return 0;
}

/* --- logs */

static int get_topics(const json_t *v, struct eth_log *l, struct err *e)
{
	const json_t *topics = json_object_get(v, "topics"), *t;
	size_t i;

	if (!json_is_array(topics) || json_array_size(topics) > 4)
		return bad(e, "topics", "not an array of at most four");
	json_array_foreach((json_t *)topics, i, t)
		if (fixed(t, "topic", l->topics[l->topics_n++], 32, e) < 0)
			return -1;
	return 0;
}

static int get_data(const json_t *v, struct eth_log *l, struct err *e)
{
	l->data = text(json_object_get(v, "data"));
	if (l->data.n < 2 || l->data.n % 2 || memcmp(l->data.p, "0x", 2) != 0)
		return bad(e, "data", "not bytes of hex");
	if (l->data.n / 2 - 1 > ETH_LOG_DATA_MAX)
		return bad(e, "data", "longer than 1 MiB");
	for (size_t i = 2; i < l->data.n; i++)
		if (hex_digit(l->data.p[i]) < 0)
			return bad(e, "data", "not bytes of hex");
	return 0;
}

int eth_log_decode(const json_t *v, struct eth_log *l, struct err *e)
{
	*l = (struct eth_log){ .removed = json_is_true(json_object_get(v, "removed")) };
	if (!json_is_object(v))
		return bad(e, "log", "not an object");
	if (absent(v, "blockHash") || absent(v, "blockNumber"))
		return bad(e, "log", "of a pending block");
	if (get_u64(v, "blockNumber", &l->block, e) < 0 ||
		get_fixed(v, "blockHash", l->block_hash, 32, e) < 0 ||
		get_fixed(v, "transactionHash", l->tx_hash, 32, e) < 0 ||
		get_fixed(v, "address", l->address, 20, e) < 0 ||
		get_u32(v, "transactionIndex", &l->tx_index, e) < 0 ||
		get_u32(v, "logIndex", &l->index, e) < 0 || get_topics(v, l, e) < 0 ||
		get_data(v, l, e) < 0)
		return err_prefix(e, "log");
	return 0;
}

int eth_log_data(const struct eth_log *l, struct buf *out, struct err *e)
{
	size_t want = l->data.n / 2 - 1, n;
	char *room = buf_room(out, want);

	if (!room)
		return err_set(e, ERR_REFUSED, "log data of %zu bytes: more than the limit", want);
	if (hex_data(l->data, (uint8_t *)room, want, &n) < 0)
		return bad(e, "log data", "not bytes of hex");
	out->len += n;
	out->p[out->len] = '\0';
	return 0;
}

/* --- the envelope */

int eth_notice(const json_t *v, const char **subscription, const json_t **result, struct err *e)
{
	*subscription = json_string_value(json_object_get(v, "subscription"));
	*result = json_object_get(v, "result");
	if (!*subscription || !*result)
		return bad(e, "eth_subscription", "without subscription or result");
	return 0;
}

int eth_error_text(const json_t *error, struct buf *out)
{
	const char *message = json_str(error, "message", NULL);
	const json_t *code = json_object_get(error, "code");
	size_t from = out->len;

	buf_adds(out, message ? message : "an error without a message");
	if (json_is_integer(code))
		buf_addf(out, " (code %lld)", (long long)json_integer_value(code));
	for (size_t i = from; i < out->len; i++)
		if (out->p[i] == '\n' || out->p[i] == '\r')
			out->p[i] = ' ';
	return out->full ? -1 : 0;
}
