#include "devnet/ethrpc.h"

#include <stdio.h>

#include "devnet/ethargs.h"
#include "devnet/ethjson.h"
#include "devnet/ethlogs.h"

#define FEE_BLOCKS	 1024
#define ACCOUNT_ETHER	 10000

static int chain_id(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	ethjson_quantity(w, CHAIN_ID);
	return 0;
}

static int net_version(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", CHAIN_ID);
	jw_str(w, slice_of(text));
	return 0;
}

static int net_listening(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	jw_bool(w, true);
	return 0;
}

static int client_version(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	jw_str(w, slice_of("depinctl-devnet/v" DEPINCTL_VERSION));
	return 0;
}

static int block_number(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	ethjson_quantity(w, chain_head(eth->chain));
	return 0;
}

static int syncing(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	uint64_t head = chain_head(eth->chain), due = chain_due(eth->chain, eth->now);

	if (head + 1 >= due) {
		jw_bool(w, false);
		return 0;
	}
	jw_object(w);
	jw_key(w, "startingBlock");
	ethjson_quantity(w, 0);
	jw_key(w, "currentBlock");
	ethjson_quantity(w, head);
	jw_key(w, "highestBlock");
	ethjson_quantity(w, due);
	jw_end(w);
	return 0;
}

static const struct block *head_block(struct eth *eth)
{
	return chain_block(eth->chain, chain_head(eth->chain));
}

static int gas_price(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	ethjson_quantity(w, head_block(eth)->header.base_fee.w[0] + 100000000);
	return 0;
}

static int priority_fee(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	ethjson_quantity(w, 100000000);
	return 0;
}

static int fee_history(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	uint64_t count, newest, oldest, fee = 0;

	if (eth_read_count(eth_arg(params, 0), &count, e) ||
		eth_read_number(eth, eth_arg(params, 1), &newest, e))
		return ETH_BAD_PARAMS;
	if (newest > chain_head(eth->chain))
		return eth_bad(e, "request beyond head block");
	count = count < FEE_BLOCKS ? count : FEE_BLOCKS;
	oldest = newest + 1 > count ? newest + 1 - count : 0;
	jw_object(w);
	jw_key(w, "oldestBlock");
	ethjson_quantity(w, oldest);
	jw_key(w, "baseFeePerGas");
	jw_array(w);
	for (uint64_t n = oldest; n <= newest; n++) {
		const struct block *b = chain_block(eth->chain, n);

		ethjson_quantity(w, b->header.base_fee.w[0]);
		fee = block_next_base_fee(b->header.base_fee.w[0], b->header.gas_used);
	}
	ethjson_quantity(w, fee);
	jw_end(w);
	jw_key(w, "gasUsedRatio");
	jw_array(w);
	for (uint64_t n = oldest; n <= newest; n++)
		jw_f64(w, (double)chain_block(eth->chain, n)->header.gas_used / BLOCK_GAS_LIMIT);
	jw_end(w);
	jw_end(w);
	return 0;
}

static int put_block(struct jw *w, const struct block *b, const json_t *full)
{
	if (b)
		ethjson_block(w, b, json_is_true(full));
	else
		jw_null(w);
	return 0;
}

static int block_by_number(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	uint64_t n;

	if (eth_read_number(eth, eth_arg(params, 0), &n, e))
		return ETH_BAD_PARAMS;
	return put_block(w, chain_block(eth->chain, n), eth_arg(params, 1));
}

static int block_by_hash(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	struct evm_hash h;

	if (eth_read_hash(eth_arg(params, 0), &h, e))
		return ETH_BAD_PARAMS;
	return put_block(w, chain_block_by_hash(eth->chain, &h), eth_arg(params, 1));
}

static int tx_count_by_number(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	const struct block *b;
	uint64_t n;

	if (eth_read_number(eth, eth_arg(params, 0), &n, e))
		return ETH_BAD_PARAMS;
	b = chain_block(eth->chain, n);
	if (b)
		ethjson_quantity(w, b->ntxs);
	else
		jw_null(w);
	return 0;
}

static int tx_by_hash(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	const struct block *b;
	struct evm_hash h;
	size_t index;

	if (eth_read_hash(eth_arg(params, 0), &h, e))
		return ETH_BAD_PARAMS;
	b = chain_tx(eth->chain, &h, &index);
	if (b)
		ethjson_tx(w, b, index);
	else
		jw_null(w);
	return 0;
}

static int tx_receipt(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	const struct block *b;
	struct evm_hash h;
	size_t index;

	if (eth_read_hash(eth_arg(params, 0), &h, e))
		return ETH_BAD_PARAMS;
	b = chain_tx(eth->chain, &h, &index);
	if (b)
		ethjson_receipt(w, b, index);
	else
		jw_null(w);
	return 0;
}

static int block_receipts(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	const struct block *b;
	uint64_t n;

	if (eth_read_number(eth, eth_arg(params, 0), &n, e))
		return ETH_BAD_PARAMS;
	b = chain_block(eth->chain, n);
	if (!b) {
		jw_null(w);
		return 0;
	}
	jw_array(w);
	for (size_t i = 0; i < b->ntxs; i++)
		ethjson_receipt(w, b, i);
	jw_end(w);
	return 0;
}

static void put_logs(struct jw *w, const struct block *b, const struct log_filter *f)
{
	if (!log_filter_may(f, &b->header.bloom))
		return;
	for (size_t i = 0; i < b->ntxs; i++)
		if (log_filter_match(f, &b->txs[i].log))
			ethjson_log(w, b, i, false);
}

static int logs_of_block(struct eth *eth, const json_t *hash, const struct log_filter *f,
	struct jw *w, struct err *e)
{
	const struct block *b;
	struct evm_hash h;

	if (eth_read_hash(hash, &h, e))
		return ETH_BAD_PARAMS;
	b = chain_block_by_hash(eth->chain, &h);
	if (!b)
		return eth_fail(ETH_SERVER_ERROR, e, "unknown block");
	jw_array(w);
	put_logs(w, b, f);
	jw_end(w);
	return 0;
}

static int logs_of_range(struct eth *eth, const json_t *o, const struct log_filter *f,
	struct jw *w, struct err *e)
{
	uint64_t head = chain_head(eth->chain), from, to;

	if (eth_read_number(eth, json_object_get(o, "fromBlock"), &from, e) ||
		eth_read_number(eth, json_object_get(o, "toBlock"), &to, e))
		return ETH_BAD_PARAMS;
	if (from > to)
		return eth_bad(e, "invalid block range: fromBlock is above toBlock");
	to = to < head ? to : head;
	if (to >= from && to - from >= ETHLOGS_BLOCKS)
		return eth_fail(ETH_LIMIT_EXCEEDED, e,
			"query exceeds max block range 2000: narrow fromBlock and toBlock");
	jw_array(w);
	for (uint64_t n = from; n <= to; n++)
		put_logs(w, chain_block(eth->chain, n), f);
	jw_end(w);
	return 0;
}

static int get_logs(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	const json_t *o = eth_arg(params, 0), *hash = json_object_get(o, "blockHash");
	struct log_filter f;

	if (!json_is_object(o))
		return eth_bad(e, "want a filter object");
	if (log_filter_parse(o, &f, e) < 0)
		return ETH_BAD_PARAMS;
	if (hash && (json_object_get(o, "fromBlock") || json_object_get(o, "toBlock")))
		return eth_bad(e, "blockHash excludes fromBlock and toBlock");
	return hash ? logs_of_block(eth, hash, &f, w, e) : logs_of_range(eth, o, &f, w, e);
}

static int get_code(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	static const uint8_t reverts[] = { 0x60, 0, 0x60, 0, 0xfd }; /* PUSH1 0 PUSH1 0 REVERT */
	struct evm_addr a;

	if (eth_read_addr(eth_arg(params, 0), &a, e))
		return ETH_BAD_PARAMS;
	if (memcmp(a.b, chain_maker(eth->chain)->registry.b, sizeof(a.b)) == 0)
		ethjson_data(w, reverts, sizeof(reverts));
	else
		ethjson_data(w, "", 0);
	return 0;
}

static int get_balance(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	const struct account *v;
	struct u256 wei = u256_of(0);
	struct evm_addr a;
	struct buf text;
	uint32_t n;

	if (eth_read_addr(eth_arg(params, 0), &a, e))
		return ETH_BAD_PARAMS;
	v = chain_accounts(eth->chain, &n);
	for (uint32_t i = 0; i < n; i++)
		if (memcmp(v[i].addr.b, a.b, sizeof(a.b)) == 0)
			u256_mul_u64(u256_of(1000000000000000000ull), ACCOUNT_ETHER, &wei);
	buf_init(&text, 80);
	buf_addu256_hex(&text, wei);
	jw_str(w, buf_slice(&text));
	buf_fini(&text);
	return 0;
}

/* Transactions sent by an account up to the head: only the chain's own servants send any. */
static int get_tx_count(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	const struct block_maker *m = chain_maker(eth->chain);
	uint64_t n, registered, devices = m->world->fleet.ndevices;
	struct evm_addr a;

	if (eth_read_addr(eth_arg(params, 0), &a, e) || eth_read_number(eth, eth_arg(params, 1), &n, e))
		return ETH_BAD_PARAMS;
	registered = n * BLOCK_REGISTERS < devices ? n * BLOCK_REGISTERS : devices;
	if (memcmp(a.b, m->registrar.addr.b, sizeof(a.b)) == 0)
		ethjson_quantity(w, registered);
	else
		ethjson_quantity(w, memcmp(a.b, m->anchorer.addr.b, sizeof(a.b)) == 0 ? n : 0);
	return 0;
}

static int accounts(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	uint32_t n;
	const struct account *v = chain_accounts(eth->chain, &n);

	jw_array(w);
	for (uint32_t i = 0; i < n; i++)
		ethjson_data(w, v[i].addr.b, sizeof(v[i].addr.b));
	jw_end(w);
	return 0;
}

static int reverted(struct eth *eth, const json_t *params, struct jw *w, struct err *e)
{
	return eth_fail(ETH_EXECUTION_FAILED, e,
		"execution reverted: the devnet's chain runs no contracts");
}

static const struct {
	const char *name;
	eth_method *run;
} methods[] = {
	{ "eth_accounts", accounts },
	{ "eth_blockNumber", block_number },
	{ "eth_call", reverted },
	{ "eth_chainId", chain_id },
	{ "eth_estimateGas", reverted },
	{ "eth_feeHistory", fee_history },
	{ "eth_gasPrice", gas_price },
	{ "eth_getBalance", get_balance },
	{ "eth_getBlockByHash", block_by_hash },
	{ "eth_getBlockByNumber", block_by_number },
	{ "eth_getBlockReceipts", block_receipts },
	{ "eth_getBlockTransactionCountByNumber", tx_count_by_number },
	{ "eth_getCode", get_code },
	{ "eth_getLogs", get_logs },
	{ "eth_getTransactionByHash", tx_by_hash },
	{ "eth_getTransactionCount", get_tx_count },
	{ "eth_getTransactionReceipt", tx_receipt },
	{ "eth_maxPriorityFeePerGas", priority_fee },
	{ "eth_syncing", syncing },
	{ "net_listening", net_listening },
	{ "net_version", net_version },
	{ "web3_clientVersion", client_version },
};

int ethrpc_call(struct eth *eth, const char *method, const json_t *params, struct buf *out,
	struct err *e)
{
	struct jw w;
	int code;

	if (params && !json_is_array(params))
		return eth_bad(e, "params must be an array");
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (strcmp(methods[i].name, method) != 0)
			continue;
		jw_init(&w, out);
		code = methods[i].run(eth, params, &w, e);
		if (code == 0 && out->full)
			return eth_fail(ETH_LIMIT_EXCEEDED, e,
				"the answer would be too large: ask for less");
		return code;
	}
	err_set(e, ERR_USAGE, "the method %.64s does not exist or is not available", method);
	return ETH_NO_METHOD;
}
