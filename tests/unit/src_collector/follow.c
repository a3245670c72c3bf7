/* Follows: every event once, in order, from memory or from the journal. */
#include "room.h"

#include "base/clock.h"

/* Rows until event `upto` has been told; what they were, and how many were missed. */
struct told {
	uint64_t n[10000];
	size_t rows, notices;
	uint64_t missed;
};

static void take(struct told *t, const json_t *params)
{
	size_t i;
	json_t *row;

	json_array_foreach(json_object_get(params, "rows"), i, row) {
		assert_true(t->rows < ARRAY_LEN(t->n));
		t->n[t->rows++] = (uint64_t)json_i64(row, "n", 0);
	}
	t->missed += (uint64_t)json_i64(params, "missed", 0);
	t->notices++;
}

static void listen_upto(struct room *r, struct told *t, uint64_t upto)
{
	while (t->rows + t->missed < upto) {
		json_t *v = room_notice(r, "events");

		take(t, json_object_get(v, "params"));
		json_decref(v);
	}
}

static void in_order_and_once(void **state)
{
	struct room *r = room_new(64 << 20);
	struct told t = { 0 };

	room_event(r, "before", "");
	room_says(r, "follow", "{}", "{\"follow\":1,\"last\":1}");
	room_says(r, "follow", "{'after':0,'filter':'subject=before or subject=e17'}", "\"last\":0");
	for (int i = 0; i < 2000; i++) {
		char s[16];

		snprintf(s, sizeof(s), "e%d", i);
		room_event(r, s, "");
	}
	api_recorded(r->api);
	/* 2000 of the first, 2 of the second */
	listen_upto(r, &t, 2002);
	assert_int_equal(t.missed, 0);
	assert_int_equal(t.rows, 2002);
	room_free(r);
}

static void none_before_it_is_recorded(void **state)
{
	struct room *r = room_new(8 << 20);
	struct told t = { 0 };
	size_t n;

	room_says(r, "follow", "{}", "\"last\":0");
	room_event(r, "a", "");
	room_event(r, "b", "");
	r->recorded = 1;
	api_recorded(r->api);
	listen_upto(r, &t, 1);
	assert_int_equal(t.n[0], 1);
	n = r->sent_n;
	room_turns(r, 30);
	assert_int_equal(r->sent_n, n);
	r->recorded = 2;
	api_recorded(r->api);
	listen_upto(r, &t, 2);
	assert_int_equal(t.n[1], 2);
	room_free(r);
}

/* Together larger than a message may be: several of them. */
static void large_ones_are_split(void **state)
{
	struct room *r = room_new((uint64_t)512 << 20);
	char *data = xmalloc(2 << 20);
	struct told t = { 0 };

	memset(data, 'x', 2 << 20);
	data[0] = data[(2 << 20) - 2] = '"';
	data[(2 << 20) - 1] = '\0';
	room_says(r, "follow", "{}", "\"last\":0");
	for (int i = 0; i < 20; i++)
		room_event(r, "large", data);
	api_recorded(r->api);
	listen_upto(r, &t, 20);
	assert_int_equal(t.rows, 20);
	assert_int_equal(t.missed, 0);
	assert_true(t.notices >= 3);
	for (size_t i = 0; i < t.rows; i++)
		assert_int_equal(t.n[i], i + 1);
	free(data);
	room_free(r);
}

static void one_that_is_too_large_is_missed(void **state)
{
	struct room *r = room_new((uint64_t)2 << 30);
	size_t size = 17u << 20;
	char *data = xmalloc(size);
	struct told t = { 0 };

	memset(data, 'x', size);
	data[0] = data[size - 2] = '"';
	data[size - 1] = '\0';
	room_says(r, "follow", "{}", "\"last\":0");
	room_event(r, "a", "");
	room_event(r, "too large", data);
	room_event(r, "b", "");
	api_recorded(r->api);
	listen_upto(r, &t, 3);
	assert_int_equal(t.missed, 1);
	assert_int_equal(t.rows, 2);
	assert_int_equal(t.n[0], 1);
	assert_int_equal(t.n[1], 3);
	free(data);
	room_free(r);
}

/* --- what memory no longer holds --- */

/* Events until the first is gone from memory; its number. */
static uint64_t overflow(struct room *r)
{
	char data[2048];

	memset(data, '7', sizeof(data));
	data[sizeof(data) - 1] = '\0';
	while (model_events_first(r->m) < 100)
		room_event(r, "e", data);
	return model_events_first(r->m);
}

/* The journal answers with events [from, to]. */
static void give_older(struct room *r, uint64_t from, uint64_t to)
{
	static struct delta_event ev[10000];
	static struct journal_event je[10000];
	journal_rows_fn *fn = r->older_fn;
	size_t n = 0;

	for (uint64_t at = from; at <= to; at++, n++) {
		ev[n] = (struct delta_event){ .n = at, .source = MODEL_NONE, .device = MODEL_NONE,
			.origin = S("//lab"), .id = S("old"), .type = S("t"), .subject = S("old"),
			.severity = 9, .at_ms = T0 };
		je[n] = (struct journal_event){ .ev = &ev[n], .source = S("src"),
			.device = S("dev") };
	}
	assert_non_null(fn);
	r->older_fn = NULL;
	fn(r->older_arg, je, n, false, NULL);
}

static void older_ones_come_from_the_journal(void **state)
{
	struct room *r = room_new(8 << 20);
	struct told t = { 0 };
	uint64_t first = overflow(r), last = r->recorded;

	r->has_journal = true;
	room_says(r, "follow", "{'after':0}", "\"last\":0");
	room_turns(r, 30);
	assert_int_equal(r->older_after, 0);
	give_older(r, 1, 60);
	room_turns(r, 30);
	assert_int_equal(r->older_after, 60);
	give_older(r, 61, first - 1);
	listen_upto(r, &t, last);
	assert_int_equal(t.rows, last);
	assert_int_equal(t.missed, 0);
	for (size_t i = 0; i < t.rows; i++)
		assert_int_equal(t.n[i], i + 1);
	room_free(r);
}

static void what_the_journal_lost_is_told_as_missed(void **state)
{
	struct room *r = room_new(8 << 20);
	struct told t = { 0 };
	uint64_t first = overflow(r), last = r->recorded;

	r->has_journal = true;
	room_says(r, "follow", "{'after':0}", "\"last\":0");
	room_turns(r, 30);
	give_older(r, 41, 50); /* 1 to 40 are pruned */
	room_turns(r, 30);
	give_older(r, first, first + 5); /* so are those from 51 */
	listen_upto(r, &t, last);
	assert_int_equal(t.missed, 40 + first - 51);
	assert_int_equal(t.rows, last - t.missed);
	room_free(r);
}

static void without_a_journal_they_are_missed(void **state)
{
	struct room *r = room_new(8 << 20);
	struct told t = { 0 };
	uint64_t first = overflow(r), last = r->recorded;

	room_says(r, "follow", "{'after':0}", "\"last\":0");
	listen_upto(r, &t, last);
	assert_int_equal(t.missed, first - 1);
	room_free(r);
}

static void an_answer_after_the_end(void **state)
{
	struct room *r = room_new(8 << 20);

	overflow(r);
	r->has_journal = true;
	room_says(r, "follow", "{'after':0}", "\"follow\":1");
	room_turns(r, 30);
	room_says(r, "unfollow", "{'follow':1}", "{}");
	give_older(r, 1, 10);
	room_says(r, "follow", "{'after':0}", "\"follow\":2");
	room_turns(r, 30);
	api_conn_gone(r->c);
	room_turns(r, 30);
	assert_true(r->closed);
	give_older(r, 1, 10);
	room_free(r);
}

/* It waits in the journal while the client does not read. */
static void a_slow_client_loses_nothing(void **state)
{
	struct room *r = room_new(64 << 20);
	struct told t = { 0 };
	size_t n;

	room_says(r, "follow", "{}", "\"last\":0");
	r->queued = 2u << 20;
	for (int i = 0; i < 3000; i++)
		room_event(r, "e", "");
	api_recorded(r->api);
	n = r->sent_n;
	room_turns(r, 30);
	assert_int_equal(r->sent_n, n);
	r->queued = 0;
	listen_upto(r, &t, 3000);
	assert_int_equal(t.rows, 3000);
	room_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order_and_once),
		cmocka_unit_test(none_before_it_is_recorded),
		cmocka_unit_test(large_ones_are_split),
		cmocka_unit_test(one_that_is_too_large_is_missed),
		cmocka_unit_test(older_ones_come_from_the_journal),
		cmocka_unit_test(what_the_journal_lost_is_told_as_missed),
		cmocka_unit_test(without_a_journal_they_are_missed),
		cmocka_unit_test(an_answer_after_the_end),
		cmocka_unit_test(a_slow_client_loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
