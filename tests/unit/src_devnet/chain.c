/* The chain, read from outside: everything is asked for by JSON-RPC and computed again. */
#include "run.h"

#include <secp256k1.h>
#include <secp256k1_recovery.h>
#include <string.h>

#include "base/hex.h"
#include "devnet/anchor.h"
#include "devnet/ethrpc.h"
#include "evm/abi.h"
#include "evm/header.h"
#include "evm/trie.h"
#include "evm/tx.h"

static struct world w;
static struct eth eth;

static void start(const char *scenarios, int64_t ms)
{
	struct run_spec spec = run_spec(60, 20);

	spec.scenarios = scenarios;
	run_start(&w, &spec);
	run_to(&w, ms);
	eth = (struct eth){ .chain = chain_new(&w, 2000, 3), .now = EPOCH + ms };
	assert_true(chain_advance(eth.chain, eth.now, 1000000));
}

static void stop(void)
{
	chain_free(eth.chain);
	world_fini(&w);
}

static int call_code(const char *method, const char *params, json_t **out)
{
	struct err e = { 0 };
	json_t *p = json_load(slice_of(params), &e);
	struct buf b;
	int code;

	assert_non_null(p);
	buf_init(&b, ETHRPC_ANSWER_MAX);
	code = ethrpc_call(&eth, method, p, &b, &e);
	*out = code ? json_string(e.text) : json_loadb(b.p, b.len, JSON_DECODE_ANY, NULL);
	assert_non_null(*out);
	buf_fini(&b);
	json_decref(p);
	return code;
}

static json_t *call(const char *method, const char *params)
{
	json_t *v;

	if (call_code(method, params, &v))
		fail_msg("%s: %s", method, json_string_value(v));
	return v;
}

static json_t *block_at(uint64_t n, bool full)
{
	char params[64];

	snprintf(params, sizeof(params), "[\"0x%llx\",%s]", (unsigned long long)n,
		full ? "true" : "false");
	return call("eth_getBlockByNumber", params);
}

static void get_data(const json_t *o, const char *key, void *out, size_t n)
{
	if (hex_data_exact(slice_of(json_str(o, key, "")), out, n) < 0)
		fail_msg("%s: %s", key, json_str(o, key, "(none)"));
}

static uint64_t get_u64(const json_t *o, const char *key)
{
	uint64_t v;

	if (hex_quantity(slice_of(json_str(o, key, "")), &v) < 0)
		fail_msg("%s: %s", key, json_str(o, key, "(none)"));
	return v;
}

static struct u256 get_u256(const json_t *o, const char *key)
{
	struct u256 v;

	assert_int_equal(u256_from_quantity(slice_of(json_str(o, key, "")), &v), 0);
	return v;
}

static struct evm_hash hash_of(const json_t *b)
{
	uint8_t extra[32];
	struct evm_header h = { .fork = EVM_CANCUN };
	size_t n;

	get_data(b, "parentHash", &h.parent, 32);
	get_data(b, "sha3Uncles", &h.ommers, 32);
	get_data(b, "miner", &h.beneficiary, 20);
	get_data(b, "stateRoot", &h.state_root, 32);
	get_data(b, "transactionsRoot", &h.tx_root, 32);
	get_data(b, "receiptsRoot", &h.receipts_root, 32);
	get_data(b, "logsBloom", &h.bloom, 256);
	get_data(b, "mixHash", &h.mix, 32);
	get_data(b, "nonce", h.nonce, 8);
	get_data(b, "withdrawalsRoot", &h.withdrawals_root, 32);
	get_data(b, "parentBeaconBlockRoot", &h.parent_beacon_root, 32);
	assert_int_equal(hex_data(slice_of(json_str(b, "extraData", "")), extra, 32, &n), 0);
	h.extra = slice_mem(extra, n);
	h.number = get_u64(b, "number");
	h.gas_limit = get_u64(b, "gasLimit");
	h.gas_used = get_u64(b, "gasUsed");
	h.timestamp = get_u64(b, "timestamp");
	h.base_fee = get_u256(b, "baseFeePerGas");
	return header_hash(&h);
}

static void test_headers_hash_and_link(void **state)
{
	struct evm_hash up = { { 0 } }, parent, named, made;

	start("", 100000);
	assert_int_equal(chain_head(eth.chain), 50);
	for (uint64_t n = 0; n <= 50; n++) {
		json_t *b = block_at(n, false);

		get_data(b, "parentHash", &parent, 32);
		get_data(b, "hash", &named, 32);
		made = hash_of(b);
		assert_memory_equal(parent.b, up.b, 32);
		assert_memory_equal(named.b, made.b, 32);
		assert_int_equal(get_u64(b, "timestamp"), EPOCH / 1000 + 2 * (int64_t)n);
		up = named;
		json_decref(b);
	}
	stop();
}

/* The sender that a transaction's signature names. */
static struct evm_addr sender_of(const struct evm_tx *t)
{
	secp256k1_context *ctx = secp256k1_context_create(SECP256K1_CONTEXT_VERIFY);
	secp256k1_ecdsa_recoverable_signature sig;
	struct evm_hash h = tx_sighash(t);
	secp256k1_pubkey pub;
	uint8_t rs[64], xy[65];
	size_t n = sizeof(xy);

	u256_to_be(t->r, rs);
	u256_to_be(t->s, rs + 32);
	assert_true(secp256k1_ecdsa_recoverable_signature_parse_compact(ctx, &sig, rs, t->y_parity));
	assert_true(secp256k1_ecdsa_recover(ctx, &pub, &sig, h.b));
	secp256k1_ec_pubkey_serialize(ctx, xy, &n, &pub, SECP256K1_EC_UNCOMPRESSED);
	secp256k1_context_destroy(ctx);
	return addr_of_pubkey(xy + 1);
}

static struct evm_hash check_tx(const json_t *o, struct buf *raw)
{
	struct evm_tx t = { .chain_id = CHAIN_ID, .nonce = get_u64(o, "nonce"),
		.gas_limit = get_u64(o, "gas"), .y_parity = get_u64(o, "yParity"),
		.max_fee = get_u256(o, "maxFeePerGas"), .r = get_u256(o, "r"),
		.max_priority_fee = get_u256(o, "maxPriorityFeePerGas"), .s = get_u256(o, "s"),
		.value = get_u256(o, "value") };
	struct evm_addr from, signer;
	struct evm_hash named, made;
	uint8_t input[4096];
	size_t n;

	get_data(o, "to", &t.to, 20);
	get_data(o, "from", &from, 20);
	get_data(o, "hash", &named, 32);
	assert_int_equal(hex_data(slice_of(json_str(o, "input", "")), input, sizeof(input), &n), 0);
	t.data = slice_mem(input, n);
	made = tx_hash(&t);
	signer = sender_of(&t);
	assert_memory_equal(made.b, named.b, 32);
	assert_memory_equal(signer.b, from.b, 20);
	tx_encode(&t, raw);
	return named;
}

static void test_transactions_are_signed_and_rooted(void **state)
{
	start("", 30000);
	for (uint64_t n = 1; n <= 15; n++) {
		json_t *b = block_at(n, true), *txs = json_object_get(b, "transactions");
		struct buf raw[BLOCK_TXS];
		struct slice values[BLOCK_TXS];
		struct evm_hash root, named;
		size_t i, count = json_array_size(txs);

		assert_in_range(count, 1, BLOCK_TXS);
		for (i = 0; i < count; i++) {
			buf_init(&raw[i], 8192);
			check_tx(json_array_get(txs, i), &raw[i]);
			values[i] = buf_slice(&raw[i]);
		}
		root = evm_list_root(values, count);
		get_data(b, "transactionsRoot", &named, 32);
		assert_memory_equal(root.b, named.b, 32);
		while (i--)
			buf_fini(&raw[i]);
		json_decref(b);
	}
	stop();
}

static struct slice receipt_bytes(const json_t *r, struct evm_bloom *bloom, struct buf *out)
{
	const json_t *log = json_array_get(json_object_get(r, "logs"), 0);
	const json_t *topics = json_object_get(log, "topics");
	struct evm_log l = { .ntopics = (uint8_t)json_array_size(topics) };
	struct evm_receipt rc = { .type = 2, .ok = true, .logs = &l, .nlogs = 1,
		.cumulative_gas = get_u64(r, "cumulativeGasUsed") };
	uint8_t data[2048];
	size_t n;

	get_data(log, "address", &l.addr, 20);
	for (size_t i = 0; i < l.ntopics; i++)
		assert_int_equal(hex_data_exact(slice_of(json_string_value(json_array_get(topics, i))),
					 l.topics[i].b, 32), 0);
	assert_int_equal(hex_data(slice_of(json_str(log, "data", "")), data, sizeof(data), &n), 0);
	l.data = slice_mem(data, n);
	log_bloom(&l, bloom);
	buf_init(out, 8192);
	receipt_encode(&rc, out);
	return buf_slice(out);
}

static void test_receipts_are_rooted_and_bloomed(void **state)
{
	start("", 30000);
	for (uint64_t n = 1; n <= 15; n++) {
		char params[32];
		json_t *b = block_at(n, false), *rs;
		struct evm_bloom bloom = { { 0 } }, named_bloom;
		struct buf raw[BLOCK_TXS];
		struct slice values[BLOCK_TXS];
		struct evm_hash root, named;
		size_t i;

		snprintf(params, sizeof(params), "[\"0x%llx\"]", (unsigned long long)n);
		rs = call("eth_getBlockReceipts", params);
		for (i = 0; i < json_array_size(rs); i++)
			values[i] = receipt_bytes(json_array_get(rs, i), &bloom, &raw[i]);
		root = evm_list_root(values, i);
		get_data(b, "receiptsRoot", &named, 32);
		get_data(b, "logsBloom", &named_bloom, 256);
		assert_memory_equal(root.b, named.b, 32);
		assert_memory_equal(bloom.b, named_bloom.b, 256);
		while (i--)
			buf_fini(&raw[i]);
		json_decref(rs);
		json_decref(b);
	}
	stop();
}

/* All 60 devices are registered by the 8th block, each with the hash of its name. */
static void test_devices_are_registered(void **state)
{
	struct evm_hash topic = abi_topic("DeviceRegistered(bytes32,address,string)");
	char params[256];
	struct buf hex;
	json_t *logs;

	start("", 60000);
	buf_init(&hex, 80);
	buf_addhex(&hex, topic.b, 32);
	snprintf(params, sizeof(params), "[{\"fromBlock\":\"0x0\",\"topics\":[\"%s\"]}]", hex.p);
	logs = call("eth_getLogs", params);
	assert_int_equal(json_array_size(logs), 60);
	for (uint32_t i = 0; i < 60; i++) {
		struct device d = fleet_device(&w.fleet, i);
		char name[DEVICE_NAME_MAX];
		struct evm_hash id = keccak256(name, device_name(&d, name)), got;
		json_t *log = json_array_get(logs, i);

		assert_int_equal(hex_data_exact(slice_of(json_string_value(json_array_get(
					json_object_get(log, "topics"), 1))), got.b, 32), 0);
		assert_memory_equal(got.b, id.b, 32);
		assert_int_equal(get_u64(log, "blockNumber"), 1 + i / BLOCK_REGISTERS);
	}
	json_decref(logs);
	buf_fini(&hex);
	stop();
}

/* The Merkle root of a site's frames between two positions, as a reader of the stream makes it. */
static struct evm_hash read_root(size_t site, uint64_t from, uint64_t to)
{
	static struct evm_hash leaves[ANCHOR_SPAN];
	char text[FRAME_MAX];
	struct cursor c;
	struct event ev;
	size_t n = 0;

	cursor_seek(&w.timeline, &c, from);
	while (c.seq <= to && cursor_next(&w.timeline, &c, INT64_MAX, &ev)) {
		json_t *o = run_frame(&w, &ev), *d = json_object_get(o, "subject");
		char code[32];

		snprintf(code, sizeof(code), "-%s-", sites[site].code);
		if (strstr(json_string_value(d), code) && ev.type == EV_TELEMETRY)
			leaves[n++] = keccak256(text, frame_event(&w, &ev, text));
		json_decref(o);
	}
	return anchor_merkle(leaves, n);
}

static void test_anchors_hold_what_was_sent(void **state)
{
	struct evm_hash topic = abi_topic("ReadingsAnchored(bytes32,bytes32,uint64,uint64)");
	uint64_t last[FLEET_SITES_MAX] = { 0 };
	char params[256];
	struct buf hex;
	json_t *logs;

	start("", 300000);
	buf_init(&hex, 80);
	buf_addhex(&hex, topic.b, 32);
	snprintf(params, sizeof(params), "[{\"fromBlock\":\"0x1\",\"topics\":[[\"%s\"]]}]", hex.p);
	logs = call("eth_getLogs", params);
	assert_int_equal(json_array_size(logs), 150);
	for (size_t i = 0; i < 150; i++) {
		json_t *log = json_array_get(logs, i);
		struct evm_hash name, got, want;
		uint8_t data[96];
		uint64_t from, to;
		size_t site = 0;

		get_data(log, "data", data, 96);
		assert_int_equal(hex_data_exact(slice_of(json_string_value(json_array_get(
					json_object_get(log, "topics"), 1))), name.b, 32), 0);
		for (; site < nsites; site++) {
			want = keccak256(sites[site].name, strlen(sites[site].name));
			if (evm_hash_eq(&want, &name))
				break;
		}
		assert_true(site < nsites);
		assert_int_equal(abi_get_u64(slice_mem(data, 96), 1, &from, NULL), 0);
		assert_int_equal(abi_get_u64(slice_mem(data, 96), 2, &to, NULL), 0);
		assert_int_equal(from, to - last[site] > ANCHOR_SPAN ? to - ANCHOR_SPAN + 1 : last[site] + 1);
		last[site] = to;
		memcpy(got.b, data, 32);
		want = read_root(site, from, to);
		assert_memory_equal(got.b, want.b, 32);
	}
	json_decref(logs);
	buf_fini(&hex);
	stop();
}

static void test_merkle_root(void **state)
{
	struct evm_hash v[3] = { { { 2 } }, { { 1 } }, { { 3 } } }, pair, root, got;
	uint8_t both[64];

	memcpy(both, v[1].b, 32); /* the smaller first */
	memcpy(both + 32, v[0].b, 32);
	pair = keccak256(both, 64);
	memcpy(both, pair.b[0] < 3 ? pair.b : v[2].b, 32);
	memcpy(both + 32, pair.b[0] < 3 ? v[2].b : pair.b, 32);
	root = keccak256(both, 64);
	got = anchor_merkle(v, 3);
	assert_memory_equal(got.b, root.b, 32);
	got = anchor_merkle(v, 0);
	assert_memory_equal(got.b, ((struct evm_hash){ { 0 } }).b, 32);
}

struct tale {
	uint64_t lost[8], won[64];
	size_t nlost, nwon;
};

static void on_lost(void *arg, const struct block *b)
{
	struct tale *t = arg;

	t->lost[t->nlost++] = b->header.number;
}

static void on_won(void *arg, const struct block *b)
{
	struct tale *t = arg;

	t->won[t->nwon++] = b->header.number;
}

static void test_a_reorg_replaces_the_last_blocks(void **state)
{
	static const struct chain_ops ops = { on_lost, on_won };
	struct evm_hash old[31], now;
	struct tale tale = { 0 };
	json_t *b, *orphan;
	char params[128];
	struct buf hex;

	start("reorg@61s", 60000);
	chain_tell(eth.chain, &ops, &tale);
	for (uint64_t n = 0; n <= 30; n++)
		old[n] = chain_block(eth.chain, n)->hash;
	run_to(&w, 64000);
	assert_true(chain_advance(eth.chain, EPOCH + 64000, 100));
	assert_int_equal(tale.nlost, 3);
	assert_int_equal(tale.lost[0], 30);
	assert_int_equal(tale.lost[2], 28);
	assert_int_equal(tale.nwon, 5); /* 28, 29, 30 again, then 31 and 32 */
	assert_int_equal(tale.won[0], 28);
	assert_int_equal(tale.won[4], 32);
	for (uint64_t n = 0; n <= 32; n++) {
		b = block_at(n, false);
		now = hash_of(b);
		if (n <= 30)
			assert_int_equal(memcmp(now.b, old[n].b, 32) != 0, n >= 28);
		json_decref(b);
	}
	buf_init(&hex, 80); /* what was lost can still be looked at */
	buf_addhex(&hex, old[30].b, 32);
	snprintf(params, sizeof(params), "[\"%s\",false]", hex.p);
	orphan = call("eth_getBlockByHash", params);
	assert_string_equal(json_str(orphan, "hash", ""), hex.p);
	json_decref(orphan);
	buf_fini(&hex);
	stop();
}

/* Two asked for at one moment are two. */
static void test_reorgs_at_one_moment(void **state)
{
	static const struct chain_ops ops = { on_lost, on_won };
	struct tale tale = { 0 };

	start("reorg@61s,reorg@61s", 60000);
	chain_tell(eth.chain, &ops, &tale);
	run_to(&w, 61500);
	assert_true(chain_advance(eth.chain, EPOCH + 61500, 100));
	assert_int_equal(tale.nlost, 6);
	assert_int_equal(tale.nwon, 6);
	stop();
}

/* The same chain, reorgs and all, whenever and in whatever steps it is made. */
static void test_the_chain_is_a_function_of_the_run(void **state)
{
	struct evm_hash first, again;

	start("reorg@31s,outage@20s+30s,reorg@71s", 120000);
	first = chain_block(eth.chain, 60)->hash;
	stop();
	start("reorg@31s,outage@20s+30s,reorg@71s", 0);
	for (int64_t t = 0; t <= 120000; t += 777) {
		run_to(&w, t);
		chain_advance(eth.chain, EPOCH + t, 1000);
	}
	run_to(&w, 120000);
	chain_advance(eth.chain, EPOCH + 120000, 1000);
	again = chain_block(eth.chain, 60)->hash;
	assert_memory_equal(first.b, again.b, 32);
	stop();
}

/* More blocks than are remembered: the old ones are made again and come out the same. */
static void test_old_blocks_come_again(void **state)
{
	json_t *a, *b;

	start("reorg@31s", 1400000);
	a = block_at(15, true);
	b = block_at(527, true);
	assert_int_equal(get_u64(b, "number"), 527);
	json_decref(b);
	b = block_at(15, true);
	assert_true(json_equal(a, b));
	json_decref(a);
	json_decref(b);
	stop();
}

static void refused(const char *method, const char *params, int code, const char *why)
{
	json_t *v;

	assert_int_equal(call_code(method, params, &v), code);
	if (!strstr(json_string_value(v), why))
		fail_msg("%s: %s", method, json_string_value(v));
	json_decref(v);
}

static void test_bad_calls_are_refused(void **state)
{
	start("", 4400000);
	refused("eth_fly", "[]", -32601, "eth_fly");
	refused("eth_chainId", "{}", -32602, "array");
	refused("eth_getBlockByNumber", "[\"17\"]", -32602, "hex");
	refused("eth_getBlockByNumber", "[\"0x01\"]", -32602, "hex");
	refused("eth_getBlockByNumber", "[17]", -32602, "hex");
	refused("eth_getBlockByHash", "[\"0x12\"]", -32602, "32 bytes");
	refused("eth_getLogs", "[]", -32602, "filter");
	refused("eth_getLogs", "[{\"fromBlock\":\"0x0\",\"toBlock\":\"latest\"}]", -32005, "2000");
	refused("eth_getLogs", "[{\"fromBlock\":\"0x5\",\"toBlock\":\"0x4\"}]", -32602, "range");
	refused("eth_getLogs", "[{\"address\":\"0x12\"}]", -32602, "address");
	refused("eth_getLogs", "[{\"topics\":[[1]]}]", -32602, "topic");
	refused("eth_getLogs", "[{\"topics\":[null,null,null,null,null]}]", -32602, "at most 4");
	refused("eth_call", "[{},\"latest\"]", 3, "reverted");
	refused("eth_getBalance", "[\"0x00\"]", -32602, "20 bytes");
	stop();
}

static void answers(const char *method, const char *params, const char *want)
{
	json_t *v = call(method, params);
	char *text = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);

	assert_string_equal(text, want);
	free(text);
	json_decref(v);
}

static void test_small_answers(void **state)
{
	char params[128];
	json_t *v;

	start("", 20000);
	answers("eth_chainId", "[]", "\"0xa179\"");
	answers("net_version", "[]", "\"41337\"");
	answers("eth_blockNumber", "[]", "\"0xa\"");
	answers("eth_syncing", "[]", "false");
	answers("eth_getBlockByNumber", "[\"0xffff\",false]", "null");
	answers("eth_getTransactionByHash",
		"[\"0x00000000000000000000000000000000000000000000000000000000000000ff\"]", "null");
	answers("eth_getBalance", "[\"0x00000000000000000000000000000000000000ff\",\"latest\"]",
		"\"0x0\"");
	v = call("eth_accounts", "[]");
	assert_int_equal(json_array_size(v), 3);
	snprintf(params, sizeof(params), "[\"%s\",\"latest\"]", json_string_value(json_array_get(v, 2)));
	answers("eth_getBalance", params, "\"0x21e19e0c9bab2400000\""); /* 10000 ether */
	json_decref(v);
	v = call("eth_feeHistory", "[\"0x4\",\"latest\",[]]");
	assert_int_equal(json_array_size(json_object_get(v, "baseFeePerGas")), 5);
	assert_int_equal(json_array_size(json_object_get(v, "gasUsedRatio")), 4);
	json_decref(v);
	stop();
}

static void test_transactions_are_found_by_hash(void **state)
{
	json_t *b, *tx, *receipt;
	char params[128];

	start("", 30000);
	b = block_at(3, false);
	for (size_t i = 0; i < json_array_size(json_object_get(b, "transactions")); i++) {
		snprintf(params, sizeof(params), "[\"%s\"]",
			json_string_value(json_array_get(json_object_get(b, "transactions"), i)));
		tx = call("eth_getTransactionByHash", params);
		receipt = call("eth_getTransactionReceipt", params);
		assert_int_equal(get_u64(tx, "transactionIndex"), i);
		assert_int_equal(get_u64(receipt, "transactionIndex"), i);
		assert_string_equal(json_str(receipt, "blockHash", "?"), json_str(b, "hash", ""));
		assert_int_equal(get_u64(receipt, "status"), 1);
		json_decref(tx);
		json_decref(receipt);
	}
	json_decref(b);
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers_hash_and_link),
		cmocka_unit_test(test_transactions_are_signed_and_rooted),
		cmocka_unit_test(test_receipts_are_rooted_and_bloomed),
		cmocka_unit_test(test_devices_are_registered),
		cmocka_unit_test(test_anchors_hold_what_was_sent),
		cmocka_unit_test(test_merkle_root),
		cmocka_unit_test(test_a_reorg_replaces_the_last_blocks),
		cmocka_unit_test(test_reorgs_at_one_moment),
		cmocka_unit_test(test_the_chain_is_a_function_of_the_run),
		cmocka_unit_test(test_old_blocks_come_again),
		cmocka_unit_test(test_bad_calls_are_refused),
		cmocka_unit_test(test_small_answers),
		cmocka_unit_test(test_transactions_are_found_by_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
