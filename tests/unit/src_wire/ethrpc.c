/* Against tests/data/anvil-blocks.jsonl: blocks, receipts and logs as anvil 1.7.1 sent them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hex.h"
#include "wire/ethrpc.h"

static json_t *rows;
static struct err e;

static int load(void **state)
{
	FILE *f = fopen("tests/data/anvil-blocks.jsonl", "r");
	char *line = NULL;
	size_t cap = 0;

	rows = json_array();
	while (f && getline(&line, &cap, f) > 0)
		json_array_append_new(rows, json_loads(line, 0, NULL));
	free(line);
	if (f)
		fclose(f);
	return json_array_size(rows) ? 0 : -1;
}

static int unload(void **state)
{
	json_decref(rows);
	return 0;
}

static void hex_is(const void *p, size_t n, const json_t *want)
{
	struct buf b;

	buf_init(&b, 4096);
	buf_addhex(&b, p, n);
	assert_string_equal(b.p, json_string_value(want));
	buf_fini(&b);
}

static void test_blocks(void **state)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) {
		const json_t *v = json_object_get(row, "block");
		struct eth_block b;

		if (eth_block_decode(v, &b, &e) < 0)
			fail_msg("%s", e.text);
		hex_is(b.hash, 32, json_object_get(v, "hash"));
		hex_is(b.parent, 32, json_object_get(v, "parentHash"));
		hex_is(b.miner, 20, json_object_get(v, "miner"));
		hex_is(b.bloom, 256, json_object_get(v, "logsBloom"));
		assert_true(b.has_txs);
		assert_int_equal(b.txs, json_array_size(json_object_get(v, "transactions")));
		assert_int_equal(b.has_base_fee, json_object_get(v, "baseFeePerGas") != NULL);
		assert_int_equal(b.gas_limit, 30000000);
		assert_true(b.timestamp > 1700000000);
	}
}

static void test_logs(void **state)
{
	size_t i, k, seen = 0;
	json_t *row, *v;

	json_array_foreach(rows, i, row) {
		json_array_foreach(json_object_get(row, "logs"), k, v) {
			struct eth_log l;
			struct buf b;

			if (eth_log_decode(v, &l, &e) < 0)
				fail_msg("%s", e.text);
			assert_int_equal(l.block, 2);
			assert_int_equal(l.index, k);
			assert_int_equal(l.topics_n, 2);
			assert_int_equal(l.topics[1][31], 2);
			assert_false(l.removed);
			hex_is(l.tx_hash, 32, json_object_get(v, "transactionHash"));
			buf_init(&b, 64);
			assert_int_equal(eth_log_data(&l, &b, &e), 0);
			assert_memory_equal(b.p, "hello", 5);
			assert_int_equal(b.len, 6);
			buf_fini(&b);
			seen++;
		}
	}
	assert_int_equal(seen, 12);
}

/* A copy of a good object with one member replaced (or, NULL, taken out). */
static json_t *with(const json_t *good, const char *key, json_t *value)
{
	json_t *o = json_copy((json_t *)good);

	if (value)
		json_object_set_new(o, key, value);
	else
		json_object_del(o, key);
	return o;
}

static void block_refused(const char *key, json_t *value, const char *why)
{
	json_t *v = with(json_object_get(json_array_get(rows, 0), "block"), key, value);
	struct eth_block b;

	if (eth_block_decode(v, &b, &e) == 0)
		fail_msg("a block with another %s was taken", key);
	if (!strstr(e.text, why))
		fail_msg("%s: %s", key, e.text);
	json_decref(v);
}

static void test_bad_blocks(void **state)
{
	block_refused("number", NULL, "pending");
	block_refused("number", json_null(), "pending");
	block_refused("number", json_integer(5), "number: not a quantity");
	block_refused("number", json_string("0x05"), "number: not a quantity");
	block_refused("number", json_string("0x10000000000000000"), "number");
	block_refused("hash", json_string("0x12"), "hash: not 32 bytes");
	block_refused("parentHash", NULL, "parentHash: missing");
	block_refused("timestamp", json_string("0xffffffffffffffff"), "range");
	block_refused("gasUsed", json_string("-0x1"), "gasUsed");
	block_refused("logsBloom", json_string("0x00"), "logsBloom");
	block_refused("baseFeePerGas", json_string("x"), "baseFeePerGas");
	assert_int_equal(eth_block_decode(json_null(), &(struct eth_block){ 0 }, &e), -1);
	assert_non_null(strstr(e.text, "does not know"));
	assert_int_equal(eth_block_decode(NULL, &(struct eth_block){ 0 }, &e), -1);
}

static void test_sparse_block(void **state)
{
	json_t *v = with(json_object_get(json_array_get(rows, 0), "block"), "transactions", NULL);
	struct eth_block b;

	json_object_del(v, "logsBloom");
	json_object_del(v, "miner");
	json_object_set_new(v, "baseFeePerGas", json_string("0xfffffffffffffffffffff"));
	assert_int_equal(eth_block_decode(v, &b, &e), 0);
	assert_false(b.has_txs);
	assert_int_equal(b.bloom[17], 0xff);
	assert_true(b.has_base_fee && b.base_fee == UINT64_MAX);
	json_decref(v);
}

static void log_refused(const char *key, json_t *value, const char *why)
{
	const json_t *row = json_array_get(rows, json_array_size(rows) - 1);
	json_t *v = with(json_array_get(json_object_get(row, "logs"), 0), key, value);
	struct eth_log l;

	if (eth_log_decode(v, &l, &e) == 0)
		fail_msg("a log with another %s was taken", key);
	if (!strstr(e.text, why))
		fail_msg("%s: %s", key, e.text);
	json_decref(v);
}

static void test_bad_logs(void **state)
{
	log_refused("blockHash", json_null(), "pending");
	log_refused("address", json_string("0x"), "address: not 20 bytes");
	log_refused("logIndex", json_string("0x100000000"), "32 bits");
	log_refused("topics", json_object(), "topics");
	log_refused("topics", json_pack("[s,s,s,s,s]", "", "", "", "", ""), "at most four");
	log_refused("topics", json_pack("[s]", "0x1"), "topic: not 32 bytes");
	log_refused("topics", json_pack("[n]"), "topic: not 32 bytes");
	log_refused("data", json_string("0x123"), "hex");
	log_refused("data", json_string("0x1g"), "hex");
	log_refused("data", NULL, "hex");
	log_refused("transactionIndex", NULL, "missing");
}

static void test_envelope(void **state)
{
	json_t *v = json_pack("{s:s,s:{}}", "subscription", "0x1", "result");
	const json_t *result;
	const char *id;
	struct buf b;

	assert_int_equal(eth_notice(v, &id, &result, &e), 0);
	assert_string_equal(id, "0x1");
	assert_true(json_is_object(result));
	json_object_del(v, "result");
	assert_int_equal(eth_notice(v, &id, &result, &e), -1);
	json_decref(v);
	v = json_pack("{s:i,s:s}", "code", -32602, "message", "no\nsuch block");
	buf_init(&b, 256);
	assert_int_equal(eth_error_text(v, &b), 0);
	assert_string_equal(b.p, "no such block (code -32602)");
	buf_fini(&b);
	json_decref(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks), cmocka_unit_test(test_logs),
		cmocka_unit_test(test_bad_blocks), cmocka_unit_test(test_sparse_block),
		cmocka_unit_test(test_bad_logs), cmocka_unit_test(test_envelope),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
