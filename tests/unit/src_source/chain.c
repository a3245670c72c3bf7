/* A chain, followed through a node that says what the test wants. */
#include "tests/unit/src_source/node.h"

#include "source/chain.h"

struct fixture {
	struct world w;
	struct chain *c;
};

static void on_down(void *arg, const struct err *why)
{
	chain_line_down(((struct fixture *)arg)->c);
}

static void begin(struct fixture *f)
{
	struct err e;

	f->c = chain_new(&f->w.src);
	the.spec = (struct ethlink_spec){ .down = on_down, .arg = f };
	chain_line_up(f->c, (struct ethlink *)&the);
	assert_int_equal(chain_introduce(f->c, the.chain_id, &e), 0);
}

static int setup(void **state)
{
	struct fixture *f = *state = xcalloc(1, sizeof(*f));

	node_reset();
	world_init(&f->w, &source_evm);
	begin(f);
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	chain_line_down(f->c);
	ethlink_free(NULL);
	chain_free(f->c);
	world_fini(&f->w);
	buf_fini(&the.said);
	the.said = (struct buf){ 0 };
	free(f);
	return 0;
}

static void poll_it(struct fixture *f)
{
	chain_ask_head(f->c);
	node_answer_all();
}

/* "number fork" of the blocks that pass, by number. */
static const char *blocks(struct fixture *f, const char *filter)
{
	static char out[65536];
	char *rows = ask_sorted(f->w.m, "blocks", filter, "number,hash", "number,hash", 0, 10000), *row;
	size_t n = 0;

	out[0] = '\0';
	for (row = strtok(rows, "|"); row; row = strtok(NULL, "|")) {
		const char *hash = strchr(row, ' ');
		int fork = hex_digit(hash[3]) * 16 + hex_digit(hash[4]);

		n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%.*s%c", n ? " " : "",
			(int)(hash - row), row, fork);
	}
	return out;
}

static size_t count(struct fixture *f, const char *filter)
{
	struct query *q = query(f->w.m, "blocks", filter, "", 0, 0);
	size_t n = query_matched(q);

	query_free(q);
	return n;
}

static void assert_head(struct fixture *f, uint64_t number, char fork)
{
	unsigned char hash[32];
	uint64_t n;

	assert_int_equal(model_ledger_head(f->w.m, 0, &n, hash), 0);
	assert_int_equal(n, number);
	assert_int_equal(hash[0], fork);
	assert_int_equal(hash[31], number & 255);
}

static void a_new_ledger_begins_with_some_history(void **state)
{
	struct fixture *f = *state;

	node_mine(0, 200, 'a', 'a');
	poll_it(f);
	assert_int_equal(count(f, ""), 64);
	assert_head(f, 200, 'a');
	assert_string_equal(blocks(f, "number<139"), "137a 138a");
	assert_int_equal(f->w.src.st.gaps, 0);
	assert_string_equal(told(&f->w), "");
	assert_int_equal(f->w.src.st.state, SOURCE_LIVE);
}

static void a_short_chain_is_taken_from_its_first_block(void **state)
{
	struct fixture *f = *state;

	node_mine(0, 2, 'a', 'a');
	poll_it(f);
	assert_string_equal(blocks(f, ""), "0a 1a 2a");
	assert_string_equal(ask(f->w.m, "blocks", "number=2", "txs,gas_used,gas_limit"),
		"2 21000 30000000");
}

static void a_block_on_our_head_needs_one_question(void **state)
{
	struct fixture *f = *state;

	node_mine(0, 5, 'a', 'a');
	poll_it(f);
	node_said();
	poll_it(f);
	assert_string_equal(node_said(), "head ");
	node_mine(6, 6, 'a', 'a');
	poll_it(f);
	assert_string_equal(node_said(), "head ");
	assert_head(f, 6, 'a');
	assert_string_equal(f->w.cursor, "6 0x6100000000000000000000000000000000000000000000000000000000000006"
		" 31337");
}

static void a_gap_is_filled_oldest_first(void **state)
{
	struct fixture *f = *state;

	node_mine(0, 5, 'a', 'a');
	poll_it(f);
	node_mine(6, 9, 'a', 'a');
	node_said();
	f->w.recording = true;
	poll_it(f);
	assert_string_equal(node_said(), "head hash hash hash ");
	assert_string_equal(blocks(f, "number>=5"), "5a 6a 7a 8a 9a");
	assert_int_equal(f->w.src.st.gaps, 0);
	assert_string_equal(f->w.kept[3].part, "block");
	for (size_t i = 4; i < 8; i++) {
		char want[67];

		node_hash(i + 2, 'a', want);
		assert_string_equal(f->w.kept[i].part, "joined");
		assert_non_null(strstr(f->w.kept[i].text, want));
	}
	assert_int_equal(f->w.kept_n, 8);
}

static void away_for_too_long_is_a_gap(void **state)
{
	struct fixture *f = *state;

	node_mine(0, 5, 'a', 'a');
	poll_it(f);
	node_mine(6, 3000, 'a', 'a');
	poll_it(f);
	assert_int_equal(f->w.src.st.gaps, 1);
	assert_head(f, 3000, 'a');
	assert_int_equal(count(f, "number>5"), 2048);
	assert_int_equal(count(f, "orphaned=true"), 0);
	assert_string_equal(told(&f->w), "");
}

static void reorg_of(struct fixture *f, unsigned depth)
{
	char message[80], filter[40];

	node_mine(0, 50, 'a', 'a');
	poll_it(f);
	assert_string_equal(told(&f->w), "");
	node_mine(51 - depth, 51, 'b', 'a');
	node_said();
	poll_it(f);
	assert_non_null(strstr(node_said(), "hash id "));
	assert_head(f, 51, 'b');
	assert_int_equal(count(f, "orphaned=true"), depth);
	snprintf(filter, sizeof(filter), "orphaned=true and number>%u", 50 - depth);
	assert_int_equal(count(f, filter), depth);
	snprintf(message, sizeof(message), "net.depin.ledger.reorg.v1 it 13 reorg: %u block%s replaced "
		"from block %u;", depth, depth == 1 ? "" : "s", 51 - depth);
	assert_string_equal(told(&f->w), message);
	assert_int_equal(f->w.src.st.gaps, 0);
}

static void a_reorg_of_one_block(void **state)
{
	reorg_of(*state, 1);
}

static void a_reorg_of_seven_blocks(void **state)
{
	reorg_of(*state, 7);
}

static void a_reorg_of_all_but_the_first(void **state)
{
	reorg_of(*state, 50);
}

static void a_reorg_to_a_shorter_chain(void **state)
{
	struct fixture *f = *state;

	node_mine(0, 9, 'a', 'a');
	poll_it(f);
	node_mine(6, 7, 'b', 'a');
	poll_it(f);
	assert_head(f, 7, 'b');
	assert_string_equal(blocks(f, "number>4"), "5a 6a 6b 7a 7b 8a 9a");
	assert_string_equal(blocks(f, "number>4 and orphaned=false"), "5a 6b 7b");
	the.best = 'a';
	poll_it(f);
	assert_head(f, 9, 'a');
	assert_string_equal(blocks(f, "number>4 and orphaned=false"), "5a 6a 7a 8a 9a");
}

/* The fork's beginning is beyond what we walk: what we see of it replaces ours, the rest is lost. */
static void a_reorg_deeper_than_the_walk(void **state)
{
	struct fixture *f = *state;

	node_mine(0, 2500, 'a', 'a');
	poll_it(f);
	assert_int_equal(count(f, ""), 64);
	node_mine(1, 2600, 'b', 'a');
	poll_it(f);
	assert_head(f, 2600, 'b');
	assert_int_equal(f->w.src.st.gaps, 1);
	assert_int_equal(count(f, "orphaned=false"), 2048);
	assert_int_equal(count(f, "orphaned=true"), 64);
	assert_non_null(strstr(told(&f->w), "reorg: 64 blocks replaced from block 553"));
}

static void logs_go_with_their_block(void **state)
{
	struct fixture *f = *state;
	const char *contracts[] = { "0x5fbdb2315678afecb367f032d93f642f64180aa3" };

	f->w.ledger.addresses = (struct config_strings){ contracts, 1 };
	the.logs = 2;
	node_mine(0, 2, 'a', 'a');
	poll_it(f);
	assert_string_equal(ask(f->w.m, "logs", "block=2", "index,removed,data"), "0 false 0x61|1 false 0x61");
	assert_string_equal(ask(f->w.m, "blocks", "number=2", "logs"), "2");
	node_mine(2, 3, 'b', 'a');
	node_said();
	poll_it(f);
	assert_string_equal(node_said(), "head hash id logs logs ");
	assert_string_equal(ask(f->w.m, "logs", "block=2 and tx~^0x61", "removed"), "true|true");
	assert_string_equal(ask(f->w.m, "logs", "block=2 and tx~^0x62", "removed"), "false|false");
}

static void logs_that_cannot_be_had_stop_the_walk(void **state)
{
	struct fixture *f = *state;
	const char *contracts[] = { "0x5fbdb2315678afecb367f032d93f642f64180aa3" };

	f->w.ledger.addresses = (struct config_strings){ contracts, 1 };
	node_mine(0, 2, 'a', 'a');
	the.fails = "eth_getLogs";
	poll_it(f);
	assert_true(chain_missed(f->c));
	assert_int_equal(count(f, ""), 0);
	the.fails = NULL;
	poll_it(f);
	assert_false(chain_missed(f->c));
	assert_string_equal(blocks(f, ""), "0a 1a 2a");
}

static void assert_refused(struct fixture *f, const char *rows)
{
	assert_int_equal(the.refused.class, ERR_REFUSED);
	assert_non_null(strstr(the.refused.text, "31337"));
	assert_non_null(strstr(the.refused.text, "4711"));
	assert_string_equal(blocks(f, ""), rows);
	assert_string_equal(told(&f->w), "");
}

static void another_chain_between_two_polls_is_refused(void **state)
{
	struct fixture *f = *state;

	node_mine(0, 3, 'a', 'a');
	poll_it(f);
	the.chain_id = 4711;
	node_mine(0, 9, 'x', 'x');
	poll_it(f);
	assert_refused(f, "0a 1a 2a 3a");
	the.refused = (struct err){ 0 };
	chain_line_up(f->c, (struct ethlink *)&the);
	the.n = 4; /* the other's first block is ours too */
	the.blocks[0].fork = the.best = 'a';
	the.n = 1;
	poll_it(f);
	assert_refused(f, "0a 1a 2a 3a");
}

static void a_node_that_is_behind_is_believed_on_our_chain(void **state)
{
	struct fixture *f = *state;

	node_mine(0, 9, 'a', 'a');
	poll_it(f);
	the.n = 6;
	node_said();
	poll_it(f);
	assert_string_equal(node_said(), "head id ");
	assert_int_equal(the.refused.class, 0);
	assert_head(f, 9, 'a');
}

static void another_block_than_asked_for_is_not_taken(void **state)
{
	struct fixture *f = *state;
	static const char *const wrong[] = { "null", "{}", "[]", "{\"number\":\"0x2\"}",
		"{\"number\":\"0x7\",\"hash\":\"0x6100000000000000000000000000000000000000000000000000000000000007\","
		"\"parentHash\":\"0x6100000000000000000000000000000000000000000000000000000000000006\","
		"\"timestamp\":\"0x1\",\"gasUsed\":\"0x1\",\"gasLimit\":\"0x1\"}" };

	node_mine(0, 3, 'a', 'a');
	poll_it(f);
	node_mine(4, 9, 'a', 'a');
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		chain_ask_head(f->c);
		node_answer_one();
		the.wrong = wrong[i];
		node_answer_all();
		assert_true(chain_missed(f->c));
		assert_head(f, 3, 'a');
	}
	poll_it(f);
	assert_head(f, 9, 'a');
	assert_string_equal(blocks(f, "number>2"), "3a 4a 5a 6a 7a 8a 9a");
}

static void a_head_that_is_told_meanwhile_is_followed_afterwards(void **state)
{
	struct fixture *f = *state;
	json_t *notice;

	node_mine(0, 3, 'a', 'a');
	poll_it(f);
	node_mine(4, 4, 'a', 'a');
	notice = node_json(&the.blocks[4], true);
	node_said();
	chain_take_notice(f->c, notice);
	node_mine(5, 5, 'a', 'a');
	chain_take_notice(f->c, notice); /* while the first is asked for */
	chain_ask_head(f->c);
	node_answer_all();
	assert_string_equal(node_said(), "hash head ");
	assert_head(f, 5, 'a');
	assert_int_equal(count(f, ""), 6);
	json_decref(notice);
}

static void answers_of_a_broken_line_are_passed_over(void **state)
{
	struct fixture *f = *state;

	node_mine(0, 3, 'a', 'a');
	chain_ask_head(f->c);
	node_answer_one();
	chain_line_down(f->c);
	chain_line_up(f->c, (struct ethlink *)&the);
	node_answer_all();
	assert_int_equal(count(f, ""), 0);
	poll_it(f);
	assert_string_equal(blocks(f, ""), "0a 1a 2a 3a");
}

/* Again as another collector's, from what the recording holds. */
static struct fixture *replay(struct fixture *f)
{
	struct fixture *r = xcalloc(1, sizeof(*r));
	struct err e;

	world_init(&r->w, &source_evm);
	r->w.env.replaying = true;
	r->c = chain_new(&r->w.src);
	for (size_t i = 0; i < f->w.kept_n; i++) {
		json_t *j = json_load(S(f->w.kept[i].text), &e);
		const char *part = f->w.kept[i].part;

		if (f->w.kept[i].what != BYTES_MESSAGE)
			;
		else if (strcmp(part, "known") == 0)
			chain_replay_known(r->c, j);
		else if (strcmp(part, "block") == 0)
			chain_replay_block(r->c, j);
		else if (strcmp(part, "joined") == 0)
			chain_replay_joined(r->c, j);
		else if (strcmp(part, "log") == 0)
			chain_replay_log(r->c, j);
		json_decref(j);
	}
	return r;
}

static void assert_same(struct fixture *f, struct fixture *r, const char *kind, const char *fields)
{
	char *want = xstrdup(ask_sorted(f->w.m, kind, "", "", fields, 0, 1000));

	assert_string_equal(ask_sorted(r->w.m, kind, "", "", fields, 0, 1000), want);
	assert_true(*want);
	free(want);
}

/* Begun after a reorg, between the questions of a walk and between the blocks it ends in. */
static void a_recording_that_begins_late_holds_all_of_the_chain(void **state)
{
	struct fixture *f = *state;
	const char *contracts[] = { "0x5fbdb2315678afecb367f032d93f642f64180aa3" };

	f->w.ledger.addresses = (struct config_strings){ contracts, 1 };
	the.logs = 1;
	node_mine(0, 5, 'a', 'a');
	poll_it(f);
	node_mine(4, 7, 'b', 'a');
	poll_it(f);
	for (unsigned answers = 0; answers < 12; answers++) {
		struct fixture *r;
		uint64_t next = node_head()->number + 1;

		node_mine(next, next + 3, 'b', 'b');
		chain_ask_head(f->c);
		for (unsigned i = 0; i < answers; i++)
			node_answer_one();
		for (size_t i = 0; i < f->w.kept_n; i++) {
			free(f->w.kept[i].part);
			free(f->w.kept[i].text);
		}
		f->w.kept_n = 0;
		f->w.recording = true;
		chain_keep_known(f->c);
		node_answer_all();
		f->w.recording = false;
		r = replay(f);
		assert_head(r, next + 3, 'b');
		assert_same(f, r, "blocks", "number,hash,parent,time,txs,logs,gas_used,gas_limit,orphaned");
		assert_same(f, r, "logs", "block,tx,index,address,data,removed");
		assert_same(f, r, "ledgers", "name,chain_id,head,head_hash,reorgs");
		assert_string_equal(told(&r->w), "");
		assert_int_equal(r->w.src.st.bad, 0);
		chain_free(r->c);
		world_fini(&r->w);
		free(r);
	}
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_new_ledger_begins_with_some_history),
		T(a_short_chain_is_taken_from_its_first_block),
		T(a_block_on_our_head_needs_one_question),
		T(a_gap_is_filled_oldest_first),
		T(away_for_too_long_is_a_gap),
		T(a_reorg_of_one_block),
		T(a_reorg_of_seven_blocks),
		T(a_reorg_of_all_but_the_first),
		T(a_reorg_to_a_shorter_chain),
		T(a_reorg_deeper_than_the_walk),
		T(logs_go_with_their_block),
		T(logs_that_cannot_be_had_stop_the_walk),
		T(another_chain_between_two_polls_is_refused),
		T(a_node_that_is_behind_is_believed_on_our_chain),
		T(another_block_than_asked_for_is_not_taken),
		T(a_head_that_is_told_meanwhile_is_followed_afterwards),
		T(answers_of_a_broken_line_are_passed_over),
		T(a_recording_that_begins_late_holds_all_of_the_chain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
