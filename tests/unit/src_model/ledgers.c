/* Ledgers: heads, reorgs, history filled in, logs that are taken back. */
#include "world.h"

static uint32_t ledger(struct model *m, const char *name)
{
	struct delta d = { .kind = DELTA_LEDGER, .ledger = { .name = S(name), .kind = S("evm"),
		.network = S("lab"), .chain_id = 31337 } };

	apply(m, &d);
	return d.ledger.ledger;
}

/* A block of a fork: its hash says fork and number. */
static uint32_t block(struct model *m, uint64_t number, unsigned char fork,
	unsigned char parent_fork, bool backfill)
{
	struct delta d = { .kind = DELTA_BLOCK, .block = { .number = number, .txs = 2, .logs = 1,
		.gas_used = 21000, .gas_limit = 30000000, .at_ms = T0 + (int64_t)number * 2000,
		.backfill = backfill } };

	d.block.hash[0] = fork;
	memcpy(d.block.hash + 24, &number, 8);
	number--;
	d.block.parent[0] = parent_fork;
	memcpy(d.block.parent + 24, &number, 8);
	apply(m, &d);
	return d.block.orphaned;
}

static void a_ledger_has_its_fields(void **state)
{
	struct model *m = model_new(NULL);
	unsigned char hash[32];
	uint64_t n;

	ledger(m, "chain");
	assert_string_equal(ask(m, "ledgers", "", "name,kind,network,chain_id,head,head_time,blocks"),
		"chain evm lab 31337 null null 0");
	assert_int_equal(model_ledger_head(m, 0, &n, hash), -1);
	for (uint64_t i = 1; i <= 40; i++)
		assert_int_equal(block(m, i, 'a', 'a', false), 0);
	tick(m, T0 + 83000);
	assert_string_equal(ask(m, "ledgers", "", "head,head_time,age,blocks,reorgs,block_time"),
		"40 2026-09-21T14:14:40.000Z 3 40 0 2");
	assert_int_equal(model_ledger_head(m, 0, &n, hash), 0);
	assert_int_equal(n, 40);
	assert_int_equal(hash[0], 'a');
	assert_string_equal(ask(m, "blocks", "number=7", "ledger,number,hash,txs,logs"),
		"chain 7 0x6100000000000000000000000000000000000000000000000700000000000000 2 1");
	assert_string_equal(ask(m, "blocks", "number=7", "time,gas_used,gas_limit,orphaned,age"),
		"2026-09-21T14:13:34.000Z 21000 30000000 false 69");
	assert_string_equal(ask_sorted(m, "blocks", "", "", "number", 0, 3), "40|39|38");
	assert_int_equal(model_ledger(m, S("chain")), 0);
	assert_int_equal(model_block_hash(m, 0, 41, hash), -1);
	assert_int_equal(model_block_hash(m, 7, 1, hash), -1);
	model_free(m);
}

static void a_reorg_marks_what_it_replaced(void **state)
{
	struct model *m = model_new(NULL);
	unsigned char hash[32];
	uint64_t n;

	ledger(m, "chain");
	for (uint64_t i = 1; i <= 10; i++)
		block(m, i, 'a', 'a', false);
	assert_int_equal(block(m, 8, 'b', 'a', false), 3);
	assert_int_equal(model_ledger_head(m, 0, &n, hash), 0);
	assert_int_equal(n, 8);
	assert_int_equal(block(m, 9, 'b', 'b', false), 0);
	assert_int_equal(block(m, 9, 'b', 'b', false), 0); /* told twice */
	assert_int_equal(block(m, 5, 'a', 'a', false), 0); /* an old one told again is no reorg */
	assert_string_equal(ask(m, "ledgers", "", "head,reorgs,blocks"), "9 1 12");
	assert_string_equal(ask_sorted(m, "blocks", "orphaned=true", "number", "number", 0, 9),
		"8|9|10");
	assert_int_equal(model_block_hash(m, 0, 8, hash), 0);
	assert_int_equal(hash[0], 'b');
	assert_int_equal(model_block_hash(m, 0, 10, hash), -1);
	/* back to the first fork */
	assert_int_equal(block(m, 8, 'a', 'a', false), 2);
	assert_int_equal(model_block_hash(m, 0, 8, hash), 0);
	assert_int_equal(hash[0], 'a');
	model_free(m);
}

/* The parent named is not the one held: that one is no longer on the chain. */
static void a_strange_parent_orphans(void **state)
{
	struct model *m = model_new(NULL);
	unsigned char hash[32];

	ledger(m, "chain");
	block(m, 1, 'a', 'a', false);
	block(m, 2, 'a', 'a', false);
	assert_int_equal(block(m, 3, 'b', 'b', false), 1);
	assert_int_equal(model_block_hash(m, 0, 2, hash), -1);
	assert_int_equal(block(m, 2, 'b', 'a', true), 0); /* the missing one comes after */
	assert_int_equal(model_block_hash(m, 0, 2, hash), 0);
	assert_int_equal(hash[0], 'b');
	assert_string_equal(ask(m, "ledgers", "", "head,reorgs"), "3 1");
	model_free(m);
}

static void history_filled_in_is_no_head(void **state)
{
	struct model *m = model_new(NULL);
	unsigned char hash[32];
	uint64_t n;

	ledger(m, "chain");
	block(m, 5, 'a', 'a', true);
	assert_int_equal(model_ledger_head(m, 0, &n, hash), -1);
	block(m, 100, 'a', 'a', false);
	block(m, 99, 'a', 'a', true);
	assert_int_equal(block(m, 99, 'x', 'a', true), 0); /* never a reorg */
	assert_int_equal(model_block_hash(m, 0, 99, hash), 0);
	assert_int_equal(hash[0], 'a');
	assert_int_equal(model_ledger_head(m, 0, &n, hash), 0);
	assert_int_equal(n, 100);
	/* one that was filled in becomes the head when it is told as such */
	block(m, 101, 'a', 'a', true);
	block(m, 101, 'a', 'a', false);
	assert_int_equal(model_ledger_head(m, 0, &n, hash), 0);
	assert_int_equal(n, 101);
	model_free(m);
}

static void blocks_are_held_to_a_depth(void **state)
{
	struct model *m = model_new(NULL);
	unsigned char hash[32];
	uint64_t n;

	ledger(m, "chain");
	ledger(m, "other");
	for (uint64_t i = 1; i <= 30000; i++)
		block(m, i, 'a', 'a', false);
	assert_int_equal(model_block_hash(m, 0, 30000, hash), 0);
	assert_int_equal(model_block_hash(m, 0, 20001, hash), 0);
	assert_int_equal(model_block_hash(m, 0, 10000, hash), -1);
	assert_int_equal(block(m, 29990, 'b', 'a', false), 11);
	assert_int_equal(model_ledger_head(m, 0, &n, hash), 0);
	assert_int_equal(n, 29990);
	assert_string_equal(ask_sorted(m, "blocks", "", "number:desc", "number,orphaned", 9, 3),
		"29991 true|29990 true|29990 false");
	model_free(m);
}

static void logs_follow_their_blocks(void **state)
{
	struct model *m = model_new(NULL);
	struct delta d = { .kind = DELTA_LOG, .log = { .block = 2, .index = 3, .topics_n = 2,
		.data = { "\x00\xff", 2 }, .text = S("Registered f01") } };
	uint64_t two = 2;

	ledger(m, "chain");
	block(m, 1, 'a', 'a', false);
	block(m, 2, 'a', 'a', false);
	d.log.block_hash[0] = 'a';
	memcpy(d.log.block_hash + 24, &two, 8);
	d.log.address[19] = 0x11;
	d.log.topics[1][31] = 0x22;
	apply(m, &d);
	apply(m, &d); /* told twice */
	assert_string_equal(ask(m, "logs", "", "ledger,block,index,address,text,data,removed"),
		"chain 2 3 0x0000000000000000000000000000000000000011 Registered f01 0x00ff false");
	assert_string_equal(ask(m, "logs", "registered", "topics"),
		"[\"0x0000000000000000000000000000000000000000000000000000000000000000\","
		"\"0x0000000000000000000000000000000000000000000000000000000000000022\"]");
	assert_string_equal(ask(m, "logs", "topics~'22$' and data=0x00ff", "index"), "3");
	block(m, 2, 'b', 'a', false);
	assert_string_equal(ask(m, "logs", "", "removed"), "true");
	d.log.block_hash[0] = 'b';
	apply(m, &d);
	d.log.removed = true;
	assert_string_equal(ask(m, "logs", "", "removed"), "true|false");
	apply(m, &d);
	assert_string_equal(ask(m, "logs", "removed=true", "index"), "3|3");
	d.log.topics_n = 5;
	assert_int_equal(model_apply(m, &d, NULL), -1);
	d.log.topics_n = 1;
	d.log.ledger = 1;
	assert_int_equal(model_apply(m, &d, NULL), -1);
	model_free(m);
}

static void push_block(void *arg, const struct delta_block *b)
{
	buf_addf(arg, "%llu%c%u ", (unsigned long long)b->number, b->hash[0], b->logs);
}

static void push_log(void *arg, const struct delta_log *l)
{
	buf_addf(arg, "%llu%s:%.*s ", (unsigned long long)l->block, l->removed ? "-" : "",
		SLICE_ARG(l->data));
}

static void what_is_held_is_told_in_order(void **state)
{
	struct model *m = model_new(NULL);
	struct buf b;

	buf_init(&b, 4096);
	ledger(m, "other");
	ledger(m, "chain");
	for (uint64_t i = 1; i <= 4; i++)
		block(m, i, 'a', 'a', false);
	block(m, 3, 'b', 'a', false);
	for (unsigned i = 0; i < 3; i++) {
		struct delta d = { .kind = DELTA_LOG, .log = { .ledger = i == 1, .block = i + 1,
			.index = i, .data = S("data") } };

		apply(m, &d);
	}
	model_blocks(m, 0, 100, push_block, &b);
	assert_string_equal(b.p, "1a1 2a1 3a1 4a1 3b1 ");
	buf_reset(&b);
	model_blocks(m, 0, 2, push_block, &b);
	model_blocks(m, 1, 2, push_block, &b);
	model_blocks(m, 2, 2, push_block, &b);
	assert_string_equal(b.p, "4a1 3b1 ");
	buf_reset(&b);
	model_logs(m, 0, 100, push_log, &b);
	assert_string_equal(b.p, "1:data 3:data ");
	buf_reset(&b);
	model_logs(m, 0, 2, push_log, &b);
	assert_string_equal(b.p, "3:data ");
	buf_fini(&b);
	model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ledger_has_its_fields),
		cmocka_unit_test(a_reorg_marks_what_it_replaced),
		cmocka_unit_test(a_strange_parent_orphans),
		cmocka_unit_test(history_filled_in_is_no_head),
		cmocka_unit_test(blocks_are_held_to_a_depth),
		cmocka_unit_test(logs_follow_their_blocks),
		cmocka_unit_test(what_is_held_is_told_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
