/*
 * Our encoders beside what others made: tests/data/anvil-blocks.jsonl holds blocks, receipts and
 * raw transactions that anvil 1.7.1 answered under five forks (its genesis is left out before Cancun:
 * it wears fields of forks to come); tests/data/evm-vectors.json holds
 * values on which ethers and cast agreed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/alloc.h"
#include "base/hex.h"
#include "evm/abi.h"
#include "evm/header.h"
#include "evm/rlp.h"
#include "evm/trie.h"
#include "evm/tx.h"

static json_t *vectors;
static json_t *blocks;

static struct slice text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return slice_of(s ? s : "");
}

static void get_exact(const json_t *o, const char *key, void *out, size_t n)
{
	if (hex_data_exact(text(o, key), out, n) < 0)
		fail_msg("%s is not %zu bytes", key, n);
}

static uint64_t get_u64(const json_t *o, const char *key)
{
	uint64_t v = 0;

	if (hex_quantity(text(o, key), &v) < 0)
		fail_msg("%s is not a quantity", key);
	return v;
}

static struct u256 get_u256(const json_t *o, const char *key)
{
	struct u256 v;

	if (u256_from_hex(text(o, key), &v) < 0)
		fail_msg("%s is not a quantity", key);
	return v;
}

/* Owned by the caller. */
static struct slice get_bytes(struct slice hex)
{
	uint8_t *p = xmalloc(hex.n);
	size_t n;

	assert_int_equal(hex_data(hex, p, hex.n, &n), 0);
	return slice_mem(p, n);
}

static void expect_bytes(const char *what, struct slice got, struct slice want_hex)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_addhex(&b, got.p, got.n);
	if (!slice_eq(buf_slice(&b), want_hex))
		fail_msg("%s: %s, wanted %.*s", what, b.p, SLICE_ARG(want_hex));
	buf_fini(&b);
}

static void expect_hash(const char *what, struct evm_hash got, struct slice want_hex)
{
	expect_bytes(what, slice_mem(got.b, sizeof(got.b)), want_hex);
}

/* --- blocks */

static enum evm_fork fork_of(const json_t *b)
{
	if (json_object_get(b, "requestsHash"))
		return EVM_PRAGUE;
	if (json_object_get(b, "parentBeaconBlockRoot"))
		return EVM_CANCUN;
	if (json_object_get(b, "withdrawalsRoot"))
		return EVM_SHANGHAI;
	return json_object_get(b, "baseFeePerGas") ? EVM_LONDON : EVM_LEGACY;
}

static void header_of(const json_t *b, struct evm_header *h)
{
	*h = (struct evm_header){ .fork = fork_of(b) };
	get_exact(b, "parentHash", h->parent.b, 32);
	get_exact(b, "sha3Uncles", h->ommers.b, 32);
	get_exact(b, "miner", h->beneficiary.b, 20);
	get_exact(b, "stateRoot", h->state_root.b, 32);
	get_exact(b, "transactionsRoot", h->tx_root.b, 32);
	get_exact(b, "receiptsRoot", h->receipts_root.b, 32);
	get_exact(b, "logsBloom", h->bloom.b, 256);
	h->difficulty = get_u256(b, "difficulty");
	h->number = get_u64(b, "number");
	h->gas_limit = get_u64(b, "gasLimit");
	h->gas_used = get_u64(b, "gasUsed");
	h->timestamp = get_u64(b, "timestamp");
	h->extra = get_bytes(text(b, "extraData"));
	get_exact(b, "mixHash", h->mix.b, 32);
	get_exact(b, "nonce", h->nonce, 8);
	if (h->fork >= EVM_LONDON)
		h->base_fee = get_u256(b, "baseFeePerGas");
	if (h->fork >= EVM_SHANGHAI)
		get_exact(b, "withdrawalsRoot", h->withdrawals_root.b, 32);
	if (h->fork >= EVM_CANCUN) {
		h->blob_gas_used = get_u64(b, "blobGasUsed");
		h->excess_blob_gas = get_u64(b, "excessBlobGas");
		get_exact(b, "parentBeaconBlockRoot", h->parent_beacon_root.b, 32);
	}
	if (h->fork >= EVM_PRAGUE)
		get_exact(b, "requestsHash", h->requests_hash.b, 32);
}

static void test_header_hashes(void **state)
{
	unsigned forks = 0;
	json_t *row;
	size_t i;

	json_array_foreach(blocks, i, row) {
		const json_t *b = json_object_get(row, "block");
		struct evm_header h, back;
		struct buf enc;
		struct err e;

		header_of(b, &h);
		forks |= 1u << h.fork;
		expect_hash("block hash", header_hash(&h), text(b, "hash"));
		buf_init(&enc, 4096);
		header_encode(&h, &enc);
		assert_int_equal(header_decode(buf_slice(&enc), &back, &e), 0);
		assert_int_equal(back.fork, h.fork);
		expect_hash("decoded and encoded", header_hash(&back), text(b, "hash"));
		for (size_t n = 0; n < enc.len; n++)
			assert_int_equal(header_decode(slice_mem(enc.p, n), &back, &e), -1);
		buf_fini(&enc);
		free((void *)h.extra.p);
	}
	assert_int_equal(forks, 31); /* every shape was seen */
}

static void test_mainnet_genesis(void **state)
{
	struct evm_header h = { .fork = EVM_LEGACY, .gas_limit = 5000, .nonce = { [7] = 0x42 } };
	uint8_t extra[32];

	assert_int_equal(hex_data_exact(slice_of("0xd7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a"
		"1709da30580f0544"), h.state_root.b, 32), 0);
	assert_int_equal(hex_data_exact(slice_of("0x11bbe8db4e347b4e8c937c1c8370e4b5ed33adb3db69cbdb"
		"7a38e1e50b1b82fa"), extra, 32), 0);
	h.ommers = evm_empty_ommers();
	h.tx_root = h.receipts_root = evm_empty_root();
	h.difficulty = u256_of(0x400000000);
	h.extra = slice_mem(extra, sizeof(extra));
	expect_hash("genesis", header_hash(&h),
		slice_of("0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3"));
}

static void tx_of(const json_t *j, struct evm_tx *t)
{
	*t = (struct evm_tx){ .chain_id = get_u64(j, "chainId"), .nonce = get_u64(j, "nonce") };
	t->max_priority_fee = get_u256(j, "maxPriorityFeePerGas");
	t->max_fee = get_u256(j, "maxFeePerGas");
	t->gas_limit = get_u64(j, "gas");
	t->value = get_u256(j, "value");
	get_exact(j, "to", t->to.b, 20);
	t->data = get_bytes(text(j, "input"));
	t->y_parity = get_u64(j, "yParity");
	t->r = get_u256(j, "r");
	t->s = get_u256(j, "s");
}

static size_t check_tx(const json_t *j, struct slice raw_hex)
{
	struct evm_tx t;
	struct buf b;

	buf_init(&b, 65536);
	tx_of(j, &t);
	tx_encode(&t, &b);
	expect_bytes("raw transaction", buf_slice(&b), raw_hex);
	expect_hash("transaction hash", tx_hash(&t), text(j, "hash"));
	buf_fini(&b);
	free((void *)t.data.p);
	return 1;
}

static void check_roots(const json_t *row)
{
	const json_t *b = json_object_get(row, "block"), *raw = json_object_get(row, "raw");
	struct slice items[16];
	size_t n = json_array_size(raw), i;

	for (i = 0; i < n; i++)
		items[i] = get_bytes(slice_of(json_string_value(json_array_get(raw, i))));
	expect_hash("transactionsRoot", evm_list_root(items, n), text(b, "transactionsRoot"));
	for (i = 0; i < n; i++)
		free((void *)items[i].p);
}

static void test_transactions(void **state)
{
	size_t i, k, seen = 0;
	json_t *row, *tx;

	json_array_foreach(blocks, i, row) {
		json_t *b = json_object_get(row, "block");

		json_array_foreach(json_object_get(b, "transactions"), k, tx)
			seen += check_tx(tx, slice_of(json_string_value(
				json_array_get(json_object_get(row, "raw"), k))));
		check_roots(row);
	}
	assert_int_equal(seen, 16);
}

/* At most one log in each of these receipts. */
static void receipt_of(const json_t *j, struct evm_receipt *r, struct evm_log *l)
{
	json_t *log = json_array_get(json_object_get(j, "logs"), 0), *topic;
	size_t i;

	*r = (struct evm_receipt){ (uint8_t)get_u64(j, "type"), get_u64(j, "status"),
		get_u64(j, "cumulativeGasUsed"), l, log != NULL };
	*l = (struct evm_log){ 0 };
	if (!log)
		return;
	get_exact(log, "address", l->addr.b, 20);
	json_array_foreach(json_object_get(log, "topics"), i, topic)
		assert_int_equal(hex_data_exact(slice_of(json_string_value(topic)),
			l->topics[l->ntopics++].b, 32), 0);
	l->data = get_bytes(text(log, "data"));
}

static void check_receipts(const json_t *row)
{
	const json_t *b = json_object_get(row, "block"), *all = json_object_get(row, "receipts");
	struct evm_bloom bloom = { { 0 } };
	struct slice items[16];
	struct buf enc[16];
	size_t n = json_array_size(all), i;

	for (i = 0; i < n; i++) {
		struct evm_receipt r;
		struct evm_log l;

		receipt_of(json_array_get(all, i), &r, &l);
		buf_init(&enc[i], 65536);
		receipt_encode(&r, &enc[i]);
		items[i] = buf_slice(&enc[i]);
		if (r.nlogs)
			log_bloom(&l, &bloom);
		free((void *)l.data.p);
	}
	expect_hash("receiptsRoot", evm_list_root(items, n), text(b, "receiptsRoot"));
	expect_bytes("logsBloom", slice_mem(bloom.b, sizeof(bloom.b)), text(b, "logsBloom"));
	for (i = 0; i < n; i++)
		buf_fini(&enc[i]);
}

static void test_receipts(void **state)
{
	json_t *row;
	size_t i;

	json_array_foreach(blocks, i, row)
		check_receipts(row);
}

/* --- ethers and cast */

static void test_keccak(void **state)
{
	json_t *v;
	size_t i;

	json_array_foreach(json_object_get(vectors, "keccak"), i, v) {
		struct slice hex = text(v, "hex"), bytes;
		char s[2 + 1024] = "0x";

		assert_true(hex.n < 1024);
		memcpy(s + 2, hex.p, hex.n);
		bytes = get_bytes(slice_mem(s, 2 + hex.n));
		expect_hash("keccak", keccak256(bytes.p, bytes.n), text(v, "hash"));
		free((void *)bytes.p);
	}
	assert_int_equal(i, 6);
}

static void test_signatures(void **state)
{
	const char *sig;
	json_t *v;

	json_object_foreach(json_object_get(vectors, "functions"), sig, v) {
		uint8_t s[4];

		abi_selector(sig, s);
		expect_bytes(sig, slice_mem(s, 4), slice_of(json_string_value(v)));
	}
	json_object_foreach(json_object_get(vectors, "events"), sig, v)
		expect_hash(sig, abi_topic(sig), slice_of(json_string_value(v)));
}

static void test_checksums(void **state)
{
	json_t *v;
	size_t i;

	json_array_foreach(json_object_get(vectors, "checksum"), i, v) {
		struct evm_addr a;
		char s[ADDR_TEXT];
		struct err e;

		assert_int_equal(addr_parse(text(v, "lower"), &a, &e), 0);
		addr_text(&a, s);
		assert_true(slice_is(text(v, "eip55"), s));
		assert_int_equal(addr_parse(text(v, "eip55"), &a, &e), 0);
	}
	assert_true(i > 0);
}

static struct u256 get_dec(const json_t *o, const char *key)
{
	struct u256 v = u256_of(0);

	if (json_object_get(o, key))
		assert_int_equal(u256_from_dec(text(o, key), &v), 0);
	return v;
}

/* Type 2 without an access list: nonces around the forms' borders, r and s with leading zeros. */
static bool check_vector_tx(const json_t *v)
{
	struct evm_tx t = { 0 };
	struct err e;

	if (json_integer_value(json_object_get(v, "type")) != 2 || json_object_get(v, "accessList"))
		return false;
	t.chain_id = (uint64_t)json_integer_value(json_object_get(v, "chainId"));
	t.nonce = (uint64_t)json_integer_value(json_object_get(v, "nonce"));
	t.gas_limit = get_dec(v, "gasLimit").w[0];
	t.max_fee = get_dec(v, "maxFeePerGas");
	t.max_priority_fee = get_dec(v, "maxPriorityFeePerGas");
	t.value = get_dec(v, "value");
	assert_int_equal(addr_parse(text(v, "to"), &t.to, &e), 0);
	t.data = get_bytes(json_object_get(v, "data") ? text(v, "data") : slice_of("0x"));
	t.y_parity = json_integer_value(json_object_get(v, "yParity"));
	t.r = get_u256(v, "r");
	t.s = get_u256(v, "s");
	expect_hash("sighash", tx_sighash(&t), text(v, "sighash"));
	expect_hash("hash", tx_hash(&t), text(v, "hash"));
	free((void *)t.data.p);
	return true;
}

static void test_vector_transactions(void **state)
{
	size_t i, seen = 0;
	json_t *v;

	json_array_foreach(json_object_get(vectors, "transactions"), i, v)
		seen += check_vector_tx(v);
	assert_int_equal(seen, 7);
}

static void test_vote_log(void **state)
{
	size_t i, seen = 0;
	json_t *v;

	json_array_foreach(json_object_get(vectors, "logs"), i, v) {
		struct slice data, reason;
		struct u256 weight;
		uint64_t support;
		struct err e;

		if (!slice_is(text(v, "name"), "VoteCast"))
			continue;
		seen++;
		data = get_bytes(text(v, "data")); /* id, support, weight, reason */
		assert_true(data.n >= 5 * 32);
		assert_int_equal(abi_get_u64(data, 1, &support, &e), 0);
		assert_true(support <= 2);
		assert_int_equal(abi_get_u256(data, 2, &weight, &e), 0);
		assert_int_equal(abi_get_bytes(data, 3, &reason, &e), 0);
		assert_true(reason.p + reason.n <= data.p + data.n);
		free((void *)data.p);
	}
	assert_true(seen > 0);
}

static int load(void **state)
{
	char *line = NULL;
	size_t cap = 0;
	FILE *f = fopen("tests/data/anvil-blocks.jsonl", "r");
	json_error_t je;

	vectors = json_load_file("tests/data/evm-vectors.json", 0, &je);
	blocks = json_array();
	while (f && getline(&line, &cap, f) > 0)
		json_array_append_new(blocks, json_loads(line, 0, &je));
	free(line);
	if (f)
		fclose(f);
	return vectors && json_array_size(blocks) == 7 ? 0 : -1;
}

static int unload(void **state)
{
	json_decref(vectors);
	json_decref(blocks);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header_hashes),
		cmocka_unit_test(test_mainnet_genesis),
		cmocka_unit_test(test_transactions),
		cmocka_unit_test(test_receipts),
		cmocka_unit_test(test_keccak),
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_checksums),
		cmocka_unit_test(test_vector_transactions),
		cmocka_unit_test(test_vote_log),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
