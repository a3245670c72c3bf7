#include "store/journal.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "loop/loop.h"
#include "model/delta.h"

#define NOW 1700000000000ll

struct fixture {
	struct loop *l;
	struct journal *j;
	struct journal_spec spec;
	char dir[64], path[96];
	uint64_t committed;
	int stalls, calls;
	char error[512];
	/* what a load or a query brought */
	uint64_t n[20000];
	size_t rows;
	bool more, done;
	char last[4096];
};

static void on_committed(void *arg, uint64_t ticket, const struct err *e)
{
	struct fixture *f = arg;

	f->calls++;
	f->stalls += e != NULL;
	if (e)
		snprintf(f->error, sizeof(f->error), "%s", e->text);
	assert_true(ticket >= f->committed);
	f->committed = ticket;
}

static int setup(void **state)
{
	struct fixture *f = *state = xcalloc(1, sizeof(*f));

	strcpy(f->dir, "/tmp/journal-test-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->path, sizeof(f->path), "%s/j.db", f->dir);
	f->spec = (struct journal_spec){ .path = f->path, .committed = on_committed, .arg = f };
	clock_test_set(NOW);
	f->l = loop_new();
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	char *rm = xasprintf("rm -rf %s", f->dir);

	assert_int_equal(journal_close(f->j, NULL), 0);
	loop_free(f->l);
	assert_int_equal(system(rm), 0);
	free(rm);
	free(f);
	return 0;
}

static void open_it(struct fixture *f)
{
	struct err e = { 0 };

	f->committed = 0;
	f->j = journal_open(f->l, &f->spec, &e);
	if (!f->j)
		fail_msg("%s", e.text);
}

static void close_it(struct fixture *f)
{
	assert_int_equal(journal_close(f->j, NULL), 0);
	f->j = NULL;
}

static void reopen(struct fixture *f)
{
	close_it(f);
	open_it(f);
}

static void put(struct journal *j, uint64_t n, int64_t at_ms, const char *data)
{
	char id[32];
	struct delta_event ev = {
		.n = n,
		.source = 3,
		.device = 4,
		.origin = slice_of("/fleet/a"),
		.type = slice_of("net.depin.device.note.v1"),
		.subject = slice_of("m-1"),
		.severity = SEVERITY_WARN,
		.at_ms = at_ms,
		.message = slice_of("hot"),
		.data = slice_of(data),
	};

	snprintf(id, sizeof(id), "e-%llu", (unsigned long long)n);
	ev.id = slice_of(id);
	assert_int_equal(journal_event(j, &ev, slice_of("fleet"), slice_of("m-1")), 0);
}

static void wait_for(struct fixture *f, uint64_t ticket)
{
	while (journal_durable(f->j) < ticket)
		loop_turn(f->l, 1000);
}

static void keep_row(void *arg, const struct journal_event *e)
{
	struct fixture *f = arg;

	assert_true(f->rows < ARRAY_LEN(f->n));
	f->n[f->rows++] = e->ev->n;
	snprintf(f->last, sizeof(f->last),
		"%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%d|%lld|%.*s|%.*s|%lld", SLICE_ARG(e->source),
		SLICE_ARG(e->device), SLICE_ARG(e->ev->origin), SLICE_ARG(e->ev->id),
		SLICE_ARG(e->ev->type), SLICE_ARG(e->ev->subject), e->ev->severity,
		(long long)e->ev->at_ms, SLICE_ARG(e->ev->message), SLICE_ARG(e->ev->data),
		(long long)e->seen_ms);
}

static int64_t load(struct fixture *f, uint32_t max)
{
	f->rows = 0;
	return journal_load_events(f->j, max, keep_row, f, NULL);
}

static void keep_rows(void *arg, const struct journal_event *v, size_t n, bool more,
	const struct err *e)
{
	struct fixture *f = arg;

	assert_null(e);
	f->rows = 0;
	for (size_t i = 0; i < n; i++)
		keep_row(f, &v[i]);
	f->more = more;
	f->done = true;
}

static void query(struct fixture *f, struct journal_query q)
{
	f->done = false;
	journal_query_events(f->j, &q, keep_rows, f);
	while (!f->done)
		loop_turn(f->l, 1000);
}

static void what_is_recorded_is_there_after_a_restart(void **state)
{
	struct fixture *f = *state;
	uint64_t t;

	open_it(f);
	put(f->j, 1, NOW - 5, "{\"a\":1}");
	put(f->j, 2, NOW - 4, "");
	t = journal_commit(f->j);
	assert_int_equal(journal_durable(f->j), 0); /* nothing is told yet */
	wait_for(f, t);
	assert_int_equal(f->committed, t);
	put(f->j, 7, NOW - 3, "{\"b\":2}");
	reopen(f); /* an orderly end keeps the unfinished turn too */
	assert_int_equal(load(f, 100), 3);
	assert_int_equal(f->n[0], 1);
	assert_int_equal(f->n[1], 2);
	assert_string_equal(f->last, "fleet|m-1|/fleet/a|e-7|net.depin.device.note.v1|m-1|13|"
		"1699999999997|hot|{\"b\":2}|1700000000000");
	assert_int_equal(load(f, 2), 2);
	assert_int_equal(f->n[0], 2);
	assert_int_equal(journal_last_n(f->j), 7);
}

static const char odd[] = "a\0b\x1b[31m\xff\xfe'\"--";

static void see_odd(void *arg, const struct journal_event *e)
{
	assert_true(slice_eq(e->ev->message, slice_mem(odd, sizeof(odd) - 1)));
	assert_true(e->ev->source == MODEL_NONE && e->ev->device == MODEL_NONE);
}

static void see_odd_rows(void *arg, const struct journal_event *v, size_t n, bool more,
	const struct err *e)
{
	struct fixture *f = arg;

	assert_int_equal(n, 1);
	see_odd(f, v);
	f->done = true;
}

static void bytes_of_any_kind_come_back_as_they_were(void **state)
{
	struct fixture *f = *state;
	struct delta_event ev = { .n = 1, .message = slice_mem(odd, sizeof(odd) - 1) };
	struct slice none = { 0 };

	open_it(f);
	assert_int_equal(journal_event(f->j, &ev, none, none), 0);
	reopen(f);
	assert_int_equal(journal_load_events(f->j, 1, see_odd, f, NULL), 1);
	journal_query_events(f->j, &(struct journal_query){ .limit = 1 }, see_odd_rows, f);
	while (!f->done)
		loop_turn(f->l, 1000);
}

static void an_empty_turn_needs_no_transaction(void **state)
{
	struct fixture *f = *state;
	struct journal_stats s;
	uint64_t t;

	open_it(f);
	assert_int_equal(journal_commit(f->j), 0);
	put(f->j, 1, NOW, "");
	t = journal_commit(f->j);
	wait_for(f, t);
	assert_int_equal(journal_commit(f->j), t);
	assert_int_equal(journal_durable(f->j), t);
	journal_stats(f->j, &s);
	assert_int_equal(s.transactions, 1);
	assert_int_equal(s.events, 1);
	assert_int_equal(s.pending, 0);
}

static void turns_gather_while_a_transaction_runs(void **state)
{
	struct fixture *f = *state;
	struct journal_stats s;
	uint64_t t = 0;

	open_it(f);
	for (uint64_t n = 1; n <= 1000; n++) {
		put(f->j, n, NOW, "");
		t = journal_commit(f->j); /* the loop does not turn: the first one alone runs */
	}
	assert_int_equal(t, 1000);
	wait_for(f, t);
	journal_stats(f->j, &s);
	assert_int_equal(s.transactions, 2);
	assert_int_equal(f->calls, 2);
	assert_int_equal(load(f, 2000), 1000);
}

static void cursors_alone_wait_for_nobody(void **state)
{
	struct fixture *f = *state;
	struct journal_stats s;
	uint64_t t;
	char *v;

	open_it(f);
	put(f->j, 1, NOW, "");
	t = journal_commit(f->j);
	wait_for(f, t);
	assert_int_equal(journal_durable_n(f->j), 1);
	for (int i = 0; i < 100; i++) {
		journal_cursor(f->j, slice_of("s"), slice_of("1"));
		assert_int_equal(journal_commit(f->j), t);
		loop_turn(f->l, 0);
	}
	journal_stats(f->j, &s);
	assert_true(s.transactions < 10);
	put(f->j, 2, NOW, ""); /* takes them along */
	wait_for(f, journal_commit(f->j));
	assert_int_equal(journal_durable_n(f->j), 2);
	assert_int_equal(journal_cursor_get(f->j, slice_of("s"), &v, NULL), 1);
	free(v);
	journal_cursor(f->j, slice_of("s"), slice_of("2"));
	journal_commit(f->j);
	do { /* and get there alone in the end */
		loop_turn(f->l, 1000);
		journal_stats(f->j, &s);
	} while (s.pending);
	assert_int_equal(journal_cursor_get(f->j, slice_of("s"), &v, NULL), 1);
	assert_string_equal(v, "2");
	free(v);
}

static void full_says_so_and_goes_on_when_written(void **state)
{
	struct fixture *f = *state;
	char data[1000];
	uint64_t n = 0;

	memset(data, 'x', sizeof(data));
	data[sizeof(data) - 1] = '\0';
	f->spec.batch_bytes = 100000;
	open_it(f);
	assert_false(journal_full(f->j));
	for (int turn = 0; turn < 20; turn++)
		while (!journal_full(f->j)) {
			put(f->j, ++n, NOW, data);
			if (n % 10 == 0)
				journal_commit(f->j);
		}
	assert_true(n > 50 && n < 250); /* one batch with the writer, one gathered */
	wait_for(f, journal_commit(f->j));
	assert_false(journal_full(f->j));
	assert_int_equal(load(f, 1000), n);
}

static void the_hard_limit_refuses_the_rest_of_a_turn(void **state)
{
	struct fixture *f = *state;
	struct delta_event ev = { .n = 1 };
	struct slice none = { 0 };
	struct journal_stats s;
	size_t size = 60u << 20;
	char *big = xcalloc(1, size), *v;

	f->spec.batch_bytes = 1000;
	open_it(f);
	ev.data = slice_mem(big, size);
	assert_int_equal(journal_event(f->j, &ev, none, none), 0);
	ev.n = 2;
	assert_int_equal(journal_event(f->j, &ev, none, none), -1);
	assert_int_equal(journal_cursor(f->j, slice_of("s"), slice_of("2")), -1);
	free(big);
	wait_for(f, journal_commit(f->j));
	assert_int_equal(journal_cursor_get(f->j, slice_of("s"), &v, NULL), 0);
	assert_int_equal(journal_cursor(f->j, slice_of("s"), slice_of("1")), 0);
	journal_stats(f->j, &s);
	assert_int_equal(s.refused, 2);
	assert_int_equal(load(f, 10), 1);
}

static void cursors_keep_the_latest(void **state)
{
	struct fixture *f = *state;
	char *v;

	open_it(f);
	journal_cursor(f->j, slice_of("fleet"), slice_of("100"));
	journal_cursor(f->j, slice_of("chain"), slice_of("9"));
	journal_cursor(f->j, slice_of("fleet"), slice_of("101"));
	reopen(f);
	assert_int_equal(journal_cursor_get(f->j, slice_of("fleet"), &v, NULL), 1);
	assert_string_equal(v, "101");
	free(v);
	assert_int_equal(journal_cursor_get(f->j, slice_of("flee"), &v, NULL), 0);
	assert_null(v);
}

static void known_ids_outlive_a_restart(void **state)
{
	struct fixture *f = *state;
	struct slice origin = slice_of("/fleet/a");

	open_it(f);
	assert_false(journal_known(f->j, origin, slice_of("e-1")));
	put(f->j, 1, NOW, "");
	assert_true(journal_known(f->j, origin, slice_of("e-1"))); /* before it is durable */
	reopen(f);
	assert_true(journal_known(f->j, origin, slice_of("e-1")));
	assert_false(journal_known(f->j, slice_of("/fleet/b"), slice_of("e-1")));
	assert_false(journal_known(f->j, origin, slice_of("e-2")));
	assert_false(journal_known(f->j, origin, slice_of("")));
}

static void put_block(struct fixture *f, uint64_t number, int fork, bool backfill)
{
	struct delta_block b = { .number = number, .at_ms = (int64_t)number, .txs = 2,
		.gas_used = UINT64_MAX, .backfill = backfill };

	memset(b.hash, (int)number + fork, sizeof(b.hash));
	memset(b.parent, (int)number + fork - 1, sizeof(b.parent));
	assert_int_equal(journal_block(f->j, slice_of("chain"), &b), 0);
}

static void keep_block(void *arg, const struct delta_block *b)
{
	struct fixture *f = arg;
	char *at = f->last + strlen(f->last);

	assert_true(b->gas_used == UINT64_MAX && b->txs == 2);
	sprintf(at, "%llu:%d ", (unsigned long long)b->number, b->hash[31]);
}

static void blocks_follow_a_reorg_and_backfill(void **state)
{
	struct fixture *f = *state;

	open_it(f);
	for (uint64_t n = 10; n <= 14; n++)
		put_block(f, n, 0, false);
	put_block(f, 12, 100, false);
	put_block(f, 9, 0, true);
	reopen(f);
	assert_int_equal(journal_load_blocks(f->j, slice_of("chain"), 99, keep_block, f, NULL), 4);
	assert_string_equal(f->last, "9:9 10:10 11:11 12:112 ");
	f->last[0] = '\0';
	assert_int_equal(journal_load_blocks(f->j, slice_of("chain"), 2, keep_block, f, NULL), 2);
	assert_string_equal(f->last, "11:11 12:112 ");
	assert_int_equal(journal_load_blocks(f->j, slice_of("other"), 2, keep_block, f, NULL), 0);
}

static void keep_alert(void *arg, struct slice id, bool open, int64_t at_ms, struct slice json)
{
	struct fixture *f = arg;

	snprintf(f->last, sizeof(f->last), "%.*s %d %lld %.*s", SLICE_ARG(id), open,
		(long long)at_ms, SLICE_ARG(json));
}

static void keep_kept(void *arg, struct slice id, int status, struct slice data)
{
	struct fixture *f = arg;
	size_t n = strlen(f->last);

	snprintf(f->last + n, sizeof(f->last) - n, "%.*s %d %.*s;", SLICE_ARG(id), status,
		SLICE_ARG(data));
}

static void what_is_kept_has_its_last_status_and_data(void **state)
{
	struct fixture *f = *state;
	struct slice fleet = slice_of("fleet");

	open_it(f);
	journal_keep(f->j, fleet, slice_of("m-1"), 1, slice_of("{\"site\":1}"));
	journal_keep(f->j, fleet, slice_of("m-1"), 3, slice_of("")); /* data: as it was */
	journal_keep(f->j, fleet, slice_of("m-2"), 2, (struct slice){ 0 });
	journal_keep(f->j, slice_of("racks"), slice_of("m-1"), 1, slice_of("{}"));
	assert_int_equal(journal_load_kept(f->j, fleet, keep_kept, f, NULL), 3);
	assert_string_equal(f->last, "m-1 1 {\"site\":1};m-1 3 ;m-2 2 ;"); /* not durable yet */
	f->last[0] = '\0';
	reopen(f);
	assert_int_equal(journal_load_kept(f->j, fleet, keep_kept, f, NULL), 2);
	assert_string_equal(f->last, "m-1 3 {\"site\":1};m-2 2 ;");
}

static const char *kept_now(struct fixture *f)
{
	f->last[0] = '\0';
	journal_load_kept(f->j, slice_of("fleet"), keep_kept, f, NULL);
	return f->last;
}

static void what_is_kept_goes_when_nobody_needs_it(void **state)
{
	struct fixture *f = *state;
	struct slice fleet = slice_of("fleet");

	f->spec.max_age_ms = 50000;
	open_it(f);
	journal_keep(f->j, fleet, slice_of("m-1"), 1, slice_of("{}"));
	journal_keep(f->j, fleet, slice_of("m-2"), 1, slice_of("{}"));
	journal_keep(f->j, fleet, slice_of("m-3"), 1, slice_of("{}"));
	put(f->j, 1, NOW, "");
	wait_for(f, journal_commit(f->j));
	journal_forget(f->j, fleet, slice_of("m-3"));
	journal_forget(f->j, fleet, slice_of("m-4"));
	put(f->j, 2, NOW, "");
	wait_for(f, journal_commit(f->j));
	assert_string_equal(kept_now(f), "m-1 1 {};m-2 1 {};");
	clock_test_advance(100000);
	journal_seen(f->j, fleet, slice_of("m-2"));
	journal_seen(f->j, fleet, slice_of("m-3")); /* does not come back */
	put(f->j, 3, NOW, "");
	wait_for(f, journal_commit(f->j));
	assert_string_equal(kept_now(f), "m-2 1 {};");
}

/* They are looked at in pieces, and the next begins behind the last. */
static void many_that_are_kept_go_piece_by_piece(void **state)
{
	struct fixture *f = *state;
	char id[16];

	f->spec.max_age_ms = 50000;
	open_it(f);
	for (int i = 0; i < 10000; i++) {
		snprintf(id, sizeof(id), "m-%05d", i);
		journal_keep(f->j, slice_of("fleet"), slice_of(id), 1, slice_of("{}"));
	}
	put(f->j, 1, NOW, "");
	wait_for(f, journal_commit(f->j));
	for (uint64_t n = 2; n <= 4; n++) {
		clock_test_advance(100000);
		journal_seen(f->j, slice_of("fleet"), slice_of("m-05000"));
		put(f->j, n, NOW, "");
		wait_for(f, journal_commit(f->j));
	}
	assert_string_equal(kept_now(f), "m-05000 1 {};");
}

static void what_is_kept_pushes_no_event_out(void **state)
{
	struct fixture *f = *state;
	struct journal_stats s;
	char id[16], data[300];

	memset(data, 'x', sizeof(data));
	data[sizeof(data) - 1] = '\0';
	f->spec.max_bytes = 1u << 20;
	open_it(f);
	for (uint64_t n = 1; n <= 200; n++)
		put(f->j, n, NOW, data);
	for (int i = 0; i < 20000; i++) { /* six times max_bytes; half of them twice */
		snprintf(id, sizeof(id), "m-%05d", i * 7919 % 20000);
		journal_keep(f->j, slice_of("fleet"), slice_of(id), 1, slice_of(data));
		if (i % 2)
			journal_keep(f->j, slice_of("fleet"), slice_of(id), 1, slice_of(data));
		if (i % 1000 == 0)
			journal_commit(f->j), loop_turn(f->l, 0);
	}
	put(f->j, 201, NOW, data);
	wait_for(f, journal_commit(f->j));
	journal_stats(f->j, &s);
	assert_true(s.file_bytes > 5u << 20);
	assert_int_equal(load(f, 1000), 201);
	reopen(f); /* counted anew */
	for (uint64_t n = 202; n <= 8000; n++) {
		put(f->j, n, NOW, data);
		if (n % 100 == 0)
			wait_for(f, journal_commit(f->j));
	}
	journal_stats(f->j, &s);
	assert_true(s.pruned > 100); /* and yet events keep within their own bound */
}

static void an_older_file_is_taken_on(void **state)
{
	struct fixture *f = *state;
	sqlite3 *h;

	open_it(f);
	journal_keep(f->j, slice_of("fleet"), slice_of("m-1"), 1, slice_of("{}"));
	close_it(f);
	assert_int_equal(sqlite3_open(f->path, &h), SQLITE_OK);
	assert_int_equal(sqlite3_exec(h, "ALTER TABLE kept DROP COLUMN seen_ms;"
		"PRAGMA user_version = 1", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(h);
	f->spec.max_age_ms = 1000;
	open_it(f);
	put(f->j, 1, NOW, "");
	wait_for(f, journal_commit(f->j));
	assert_string_equal(kept_now(f), "m-1 1 {};");
}

static void an_alert_keeps_its_latest_state(void **state)
{
	struct fixture *f = *state;

	open_it(f);
	journal_alert(f->j, slice_of("A1"), true, 5, slice_of("{}"));
	journal_alert(f->j, slice_of("A1"), false, NOW, slice_of("{\"x\":1}"));
	reopen(f);
	assert_int_equal(journal_load_alerts(f->j, keep_alert, f, NULL), 1);
	assert_string_equal(f->last, "A1 0 1700000000000 {\"x\":1}");
}

static void assert_ns(struct fixture *f, size_t rows, const uint64_t *n, bool more)
{
	assert_int_equal(f->rows, rows);
	for (size_t i = 0; i < rows; i++)
		assert_int_equal(f->n[i], n[i]);
	assert_int_equal(f->more, more);
}

static void queries_page_in_both_orders(void **state)
{
	static const int64_t at[] = { 100, 200, 150, 300, 300 }; /* of n 1 to 5 */
	struct fixture *f = *state;

	open_it(f);
	for (uint64_t n = 1; n <= 5; n++)
		put(f->j, n, at[n - 1], "");
	wait_for(f, journal_commit(f->j));
	query(f, (struct journal_query){ .limit = 3 });
	assert_ns(f, 3, (uint64_t[]){ 1, 2, 3 }, true);
	query(f, (struct journal_query){ .limit = 3, .after_n = 3 });
	assert_ns(f, 2, (uint64_t[]){ 4, 5 }, false);
	query(f, (struct journal_query){ .limit = 2, .newest_first = true, .after_n = 4 });
	assert_ns(f, 2, (uint64_t[]){ 3, 2 }, true);
	query(f, (struct journal_query){ .limit = 9, .by_time = true, .from_ms = 150, .to_ms = 299 });
	assert_ns(f, 2, (uint64_t[]){ 3, 2 }, false);
	query(f, (struct journal_query){ .limit = 2, .by_time = true, .after_ms = 200, .after_n = 2 });
	assert_ns(f, 2, (uint64_t[]){ 4, 5 }, false);
	query(f, (struct journal_query){ .limit = 2, .by_time = true, .newest_first = true });
	assert_ns(f, 2, (uint64_t[]){ 5, 4 }, true);
	query(f, (struct journal_query){ .limit = 9, .by_time = true, .newest_first = true,
		.after_ms = 300, .after_n = 4 });
	assert_ns(f, 3, (uint64_t[]){ 2, 3, 1 }, false);
}

static void a_query_is_bounded_in_bytes(void **state)
{
	struct fixture *f = *state;
	char *big = xcalloc(1, 1000001);

	memset(big, 'x', 1000000);
	open_it(f);
	for (uint64_t n = 1; n <= 30; n++)
		put(f->j, n, NOW, big);
	free(big);
	wait_for(f, journal_commit(f->j));
	query(f, (struct journal_query){ .limit = 100 });
	assert_int_equal(f->rows, 17);
	assert_true(f->more);
}

static void a_closed_journal_answers_no_query(void **state)
{
	struct fixture *f = *state;

	open_it(f);
	put(f->j, 1, NOW, "");
	journal_query_events(f->j, &(struct journal_query){ .limit = 1 }, keep_rows, f);
	close_it(f);
	for (int i = 0; i < 20; i++)
		loop_turn(f->l, 5);
	assert_false(f->done);
}

struct counts {
	uint32_t v[3 * SEVERITIES];
	int64_t oldest_ms;
	bool done;
};

static void keep_counts(void *arg, const uint32_t *v, int64_t oldest_ms, const struct err *e)
{
	struct counts *c = arg;

	assert_null(e);
	memcpy(c->v, v, sizeof(c->v));
	c->oldest_ms = oldest_ms;
	c->done = true;
}

static void count(struct fixture *f, struct counts *c, uint64_t below_n)
{
	struct journal_count q = { .from_ms = NOW, .step_ms = 100, .n = 3, .below_n = below_n };

	*c = (struct counts){ 0 };
	journal_count_events(f->j, &q, keep_counts, c);
	while (!c->done)
		loop_turn(f->l, 1000);
}

static void events_are_counted_over_time(void **state)
{
	static const int64_t at[] = { -1, 299, 0, 99, 100, 300, 250 };
	struct fixture *f = *state;
	struct counts c;

	open_it(f);
	count(f, &c, UINT64_MAX);
	assert_int_equal(c.oldest_ms, 0);
	for (uint64_t n = 1; n <= ARRAY_LEN(at); n++)
		put(f->j, n, NOW + at[n - 1], "");
	wait_for(f, journal_commit(f->j));
	count(f, &c, UINT64_MAX);
	assert_int_equal(c.oldest_ms, NOW - 1);
	for (int i = 0; i < 3 * SEVERITIES; i++)
		assert_int_equal(c.v[i], i % SEVERITIES != SEVERITY_WARN ? 0 : i / SEVERITIES == 1 ? 1 : 2);
	count(f, &c, 3); /* numbers 1 and 2 alone */
	assert_int_equal(c.v[SEVERITY_WARN], 0);
	assert_int_equal(c.v[2 * SEVERITIES + SEVERITY_WARN], 1);
}

static void age_prunes_the_oldest(void **state)
{
	struct fixture *f = *state;

	f->spec.max_age_ms = 1000;
	open_it(f);
	journal_alert(f->j, slice_of("old"), false, NOW, slice_of("{}"));
	journal_alert(f->j, slice_of("open"), true, NOW, slice_of("{}"));
	for (uint64_t n = 1; n <= 400; n++)
		put(f->j, n, 1, ""); /* an old event, recorded now: it stays */
	wait_for(f, journal_commit(f->j));
	assert_int_equal(load(f, 1000), 400);
	clock_test_advance(100000);
	put(f->j, 401, NOW, "");
	wait_for(f, journal_commit(f->j));
	assert_int_equal(load(f, 1000), 1);
	assert_int_equal(f->n[0], 401);
	assert_int_equal(journal_load_alerts(f->j, keep_alert, f, NULL), 1);
	assert_string_equal(f->last, "open 1 1700000000000 {}");
	reopen(f);
	assert_int_equal(journal_last_n(f->j), 401);
}

/* Also while nothing is written. */
static void age_prunes_by_itself(void **state)
{
	struct fixture *f = *state;
	struct journal_stats s = { 0 };

	f->spec.max_age_ms = 300;
	open_it(f);
	put(f->j, 1, NOW, "");
	wait_for(f, journal_commit(f->j));
	while (!s.pruned) {
		loop_turn(f->l, 50);
		journal_stats(f->j, &s);
	}
	assert_int_equal(load(f, 10), 0);
}

static void size_prunes_the_oldest_and_the_number_goes_on(void **state)
{
	struct fixture *f = *state;
	struct journal_stats s;
	char data[2000];
	struct stat st;

	memset(data, 'x', sizeof(data));
	data[sizeof(data) - 1] = '\0';
	f->spec.max_bytes = 1u << 20;
	open_it(f);
	for (uint64_t n = 1; n <= 8000; n++) {
		put(f->j, n, NOW, data);
		if (n % 100 == 0)
			wait_for(f, journal_commit(f->j));
	}
	journal_stats(f->j, &s);
	assert_true(s.pruned > 7000);
	assert_true(s.file_bytes <= 1u << 20);
	reopen(f);
	assert_int_equal(stat(f->path, &st), 0);
	assert_true(st.st_size < 3 << 20);
	assert_true(load(f, 10000) > 100);
	assert_int_equal(f->n[f->rows - 1], 8000);
}

/* --- the file's edges */

static void only_one_may_hold_it(void **state)
{
	struct fixture *f = *state;
	struct err e;
	char pid[32];

	open_it(f);
	assert_null(journal_open(f->l, &f->spec, &e));
	assert_int_equal(e.class, ERR_REFUSED);
	snprintf(pid, sizeof(pid), "process %d", (int)getpid());
	assert_non_null(strstr(e.text, pid));
	put(f->j, 1, NOW, ""); /* the first goes on undisturbed */
	wait_for(f, journal_commit(f->j));
}

static void the_files_are_private(void **state)
{
	struct fixture *f = *state;
	static const char *const ends[] = { "", "-wal", "-shm", ".lock" };
	mode_t old = umask(0);
	struct stat st;

	open_it(f);
	put(f->j, 1, NOW, "");
	wait_for(f, journal_commit(f->j));
	umask(old);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		char *p = xasprintf("%s%s", f->path, ends[i]);

		assert_int_equal(stat(p, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
		free(p);
	}
}

static void scribble(const char *path, off_t from, size_t n)
{
	char junk[512];
	int fd = open(path, O_WRONLY);

	memset(junk, 0xa5, sizeof(junk));
	for (size_t at = 0; at < n; at += sizeof(junk))
		assert_int_equal(pwrite(fd, junk, sizeof(junk), from + (off_t)at), sizeof(junk));
	close(fd);
}

static void fill_and_damage(struct fixture *f, off_t from, size_t n)
{
	open_it(f);
	for (uint64_t i = 1; i <= 2000; i++)
		put(f->j, i, NOW, "{\"some\":\"data to fill pages\"}");
	close_it(f);
	scribble(f->path, from, n);
}

static void assert_kept_aside(struct fixture *f)
{
	char *aside = xasprintf("%s.damaged-1", f->path);

	assert_non_null(strstr(journal_notice(f->j), aside));
	assert_int_equal(access(aside, R_OK), 0);
	free(aside);
	assert_int_equal(load(f, 10), 0);
	put(f->j, 1, NOW, "");
	wait_for(f, journal_commit(f->j));
	assert_int_equal(load(f, 10), 1);
}

static void a_damaged_head_is_moved_aside(void **state)
{
	struct fixture *f = *state;

	fill_and_damage(f, 0, 4096);
	open_it(f);
	assert_kept_aside(f);
}

static void damaged_pages_are_moved_aside(void **state)
{
	struct fixture *f = *state;

	fill_and_damage(f, 4096, 65536);
	open_it(f);
	assert_kept_aside(f);
}

/* A write of another connection has the journal's read its pages again. */
static void write_from_outside(struct fixture *f)
{
	sqlite3 *h;

	assert_int_equal(sqlite3_open(f->path, &h), SQLITE_OK);
	assert_int_equal(sqlite3_exec(h, "REPLACE INTO cursors VALUES('x', 'y')", NULL, NULL,
		NULL), SQLITE_OK);
	sqlite3_close(h);
}

static void damage_while_it_runs_begins_a_new_file(void **state)
{
	struct fixture *f = *state;

	fill_and_damage(f, 0, 0);
	open_it(f);
	put(f->j, 2001, NOW, "");
	wait_for(f, journal_commit(f->j));
	write_from_outside(f);
	scribble(f->path, 16384, 65536);
	clock_test_advance(8ll * 86400 * 1000); /* pruning walks them all */
	put(f->j, 2002, NOW, "told");
	wait_for(f, journal_commit(f->j));
	assert_non_null(strstr(journal_notice(f->j), ".damaged-1"));
	reopen(f);
	assert_int_equal(load(f, 10), 1);
	assert_int_equal(f->n[0], 2002);
	assert_int_equal(journal_last_n(f->j), 2002);
}

static void another_programs_database_is_left_alone(void **state)
{
	struct fixture *f = *state;
	sqlite3 *h;
	struct err e;

	assert_int_equal(sqlite3_open(f->path, &h), SQLITE_OK);
	assert_int_equal(sqlite3_exec(h, "CREATE TABLE t(x)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(h);
	assert_null(journal_open(f->l, &f->spec, &e));
	assert_int_equal(e.class, ERR_REFUSED);
	assert_non_null(strstr(e.text, "another program"));
}

static void a_newer_schema_is_left_alone(void **state)
{
	struct fixture *f = *state;
	sqlite3 *h;
	struct err e;

	open_it(f);
	close_it(f);
	assert_int_equal(sqlite3_open(f->path, &h), SQLITE_OK);
	assert_int_equal(sqlite3_exec(h, "PRAGMA user_version = 9", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(h);
	assert_null(journal_open(f->l, &f->spec, &e));
	assert_non_null(strstr(e.text, "schema 9"));
}

static void a_path_that_cannot_be_is_refused(void **state)
{
	struct fixture *f = *state;
	struct err e;

	f->spec.path = "/nowhere/at/all/j.db";
	assert_null(journal_open(f->l, &f->spec, &e));
	assert_non_null(strstr(e.text, "/nowhere/at/all/j.db"));
}

static void the_instance_stays(void **state)
{
	struct fixture *f = *state;
	char was[32];

	open_it(f);
	assert_int_equal(strlen(journal_instance(f->j)), 16);
	snprintf(was, sizeof(was), "%s", journal_instance(f->j));
	reopen(f);
	assert_string_equal(journal_instance(f->j), was);
}

/* --- a full disk: files of this process may not grow beyond a limit */

static void limit_files(rlim_t bytes)
{
	struct rlimit r;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &r), 0);
	r.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &r), 0);
}

static void a_full_disk_stalls_and_nothing_is_told(void **state)
{
	struct fixture *f = *state;
	struct journal_stats s;
	uint64_t told, t;
	char data[4000];

	signal(SIGXFSZ, SIG_IGN);
	memset(data, 'x', sizeof(data));
	data[sizeof(data) - 1] = '\0';
	open_it(f);
	put(f->j, 1, NOW, "");
	told = journal_commit(f->j);
	wait_for(f, told);
	limit_files(200000);
	for (uint64_t n = 2; n <= 100; n++)
		put(f->j, n, NOW, data);
	t = journal_commit(f->j);
	while (!f->stalls)
		loop_turn(f->l, 1000);
	assert_int_equal(journal_durable(f->j), told);
	journal_stats(f->j, &s);
	assert_int_equal(s.state, JOURNAL_STALLED);
	assert_true(s.retries > 0 && s.pending > 0);
	assert_non_null(strstr(f->error, "stalled: "));
	assert_int_equal(load(f, 1000), 1);
	limit_files(RLIM_INFINITY);
	wait_for(f, t);
	assert_int_equal(f->stalls, 1); /* told once, however often it was tried */
	journal_stats(f->j, &s);
	assert_int_equal(s.state, JOURNAL_WRITING);
	assert_int_equal(load(f, 1000), 100);
}

static void closing_while_stalled_says_what_is_lost(void **state)
{
	struct fixture *f = *state;
	struct err e = { 0 };
	char data[4000];

	signal(SIGXFSZ, SIG_IGN);
	memset(data, 'x', sizeof(data));
	data[sizeof(data) - 1] = '\0';
	open_it(f);
	limit_files(200000);
	for (uint64_t n = 1; n <= 100; n++)
		put(f->j, n, NOW, data);
	journal_commit(f->j);
	while (!f->stalls)
		loop_turn(f->l, 1000);
	assert_int_equal(journal_close(f->j, &e), -1);
	f->j = NULL;
	assert_non_null(strstr(e.text, "not written"));
	limit_files(RLIM_INFINITY);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(what_is_recorded_is_there_after_a_restart),
		T(bytes_of_any_kind_come_back_as_they_were),
		T(an_empty_turn_needs_no_transaction),
		T(turns_gather_while_a_transaction_runs),
		T(cursors_alone_wait_for_nobody),
		T(full_says_so_and_goes_on_when_written),
		T(the_hard_limit_refuses_the_rest_of_a_turn),
		T(cursors_keep_the_latest),
		T(known_ids_outlive_a_restart),
		T(blocks_follow_a_reorg_and_backfill),
		T(what_is_kept_has_its_last_status_and_data),
		T(what_is_kept_goes_when_nobody_needs_it),
		T(many_that_are_kept_go_piece_by_piece),
		T(what_is_kept_pushes_no_event_out),
		T(an_older_file_is_taken_on),
		T(an_alert_keeps_its_latest_state),
		T(queries_page_in_both_orders),
		T(a_query_is_bounded_in_bytes),
		T(a_closed_journal_answers_no_query),
		T(events_are_counted_over_time),
		T(age_prunes_the_oldest),
		T(age_prunes_by_itself),
		T(size_prunes_the_oldest_and_the_number_goes_on),
		T(only_one_may_hold_it),
		T(the_files_are_private),
		T(a_damaged_head_is_moved_aside),
		T(damaged_pages_are_moved_aside),
		T(damage_while_it_runs_begins_a_new_file),
		T(another_programs_database_is_left_alone),
		T(a_newer_schema_is_left_alone),
		T(a_path_that_cannot_be_is_refused),
		T(the_instance_stays),
		T(a_full_disk_stalls_and_nothing_is_told),
		T(closing_while_stalled_says_what_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
