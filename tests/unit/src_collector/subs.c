/* Subscriptions: the first answer, then what changed and nothing else. */
#include "room.h"

static void fleet(struct room *r)
{
	for (int i = 0; i < 5; i++) {
		char id[16];

		snprintf(id, sizeof(id), "d%d", i);
		room_status_of(r, room_device(r, id, "io"), STATUS_UP);
	}
}

static const char *dump(json_t *v, const char *member)
{
	static char out[4096];
	char *s = json_dumps(json_object_get(json_object_get(v, "params"), member),
		JSON_ENCODE_ANY | JSON_COMPACT);

	snprintf(out, sizeof(out), "%s", s ? s : "");
	free(s);
	return out;
}

#define SUB "{'kind':'devices','fields':'id,status','limit':3,'interval_ms':100}"

static void what_changed_and_nothing_else(void **state)
{
	struct room *r = room_new(8 << 20);
	json_t *v;

	fleet(r);
	room_says(r, "subscribe", SUB, "\"rows\":[{\"id\":\"d0\",\"status\":\"up\"},"
		"{\"id\":\"d1\",\"status\":\"up\"},{\"id\":\"d2\",\"status\":\"up\"}]");
	room_status_of(r, model_device(r->m, S("d1")), STATUS_DOWN);
	v = room_notice(r, "rows");
	/* worst first: d1 before d0, d2 stays where it is */
	assert_string_equal(dump(v, "set"), "[[0,{\"id\":\"d1\",\"status\":\"down\"}],"
		"[1,{\"id\":\"d0\",\"status\":\"up\"}]]");
	assert_string_equal(dump(v, "n"), "3");
	json_decref(v);
	room_turns(r, 60); /* nothing changes: nothing comes */
	assert_int_equal(r->taken, r->sent_n);
	room_device(r, "e", "io");
	v = room_notice(r, "rows"); /* an unknown one stands before those that are up */
	assert_string_equal(dump(v, "total"), "6");
	json_decref(v);
	room_free(r);
}

static void one_that_does_not_read_gets_the_newest(void **state)
{
	struct room *r = room_new(8 << 20);
	json_t *v;

	fleet(r);
	room_says(r, "subscribe", SUB, "d0");
	r->queued = 2u << 20;
	room_status_of(r, model_device(r->m, S("d0")), STATUS_DOWN);
	room_turns(r, 60);
	room_status_of(r, model_device(r->m, S("d0")), STATUS_DEGRADED);
	room_turns(r, 60);
	assert_int_equal(r->taken, r->sent_n);
	r->queued = 0;
	v = room_notice(r, "rows");
	assert_string_equal(dump(v, "set"), "[[0,{\"id\":\"d0\",\"status\":\"degraded\"}]]");
	json_decref(v);
	room_free(r);
}

static void a_bad_update_leaves_it_as_it_was(void **state)
{
	struct room *r = room_new(8 << 20);
	json_t *v;

	fleet(r);
	room_says(r, "subscribe", SUB, "\"sub\":1");
	room_says(r, "update", "{'sub':1,'filter':'status=='}", "at byte");
	room_says(r, "update", "{'sub':1,'limit':1001}", "1000 rows at most");
	room_says(r, "update", "{'sub':1,'hold':true}", "unknown parameter");
	room_status_of(r, model_device(r->m, S("d0")), STATUS_DOWN);
	v = room_notice(r, "rows");
	assert_string_equal(dump(v, "set"), "[[0,{\"id\":\"d0\",\"status\":\"down\"}]]");
	json_decref(v);
	room_says(r, "update", "{'sub':1,'filter':'status=up','fields':'id','offset':1}",
		"\"rows\":[{\"id\":\"d2\"},{\"id\":\"d3\"},{\"id\":\"d4\"}]");
	room_free(r);
}

static void groups_come_and_go(void **state)
{
	struct room *r = room_new(8 << 20);
	json_t *v;

	fleet(r);
	room_says(r, "subscribe", SUB, "\"sub\":1");
	room_says(r, "update", "{'sub':1,'by':'network','fields':'id,devices,down'}",
		"\"rows\":[{\"id\":\"io\",\"devices\":5,\"down\":0}]");
	room_status_of(r, model_device(r->m, S("d0")), STATUS_DOWN);
	v = room_notice(r, "rows");
	assert_string_equal(dump(v, "set"), "[[0,{\"id\":\"io\",\"devices\":5,\"down\":1}]]");
	json_decref(v);
	room_device(r, "z", "vpp");
	v = room_notice(r, "rows");
	assert_string_equal(dump(v, "set"), "[[1,{\"id\":\"vpp\",\"devices\":1,\"down\":0}]]");
	assert_string_equal(dump(v, "total"), "2");
	json_decref(v);
	room_says(r, "update", "{'sub':1,'by':'','fields':'id','limit':1}", "[{\"id\":\"d0\"}]");
	room_free(r);
}

static void there_is_a_limit_and_an_end(void **state)
{
	struct room *r = room_new(8 << 20);
	size_t n;

	for (int i = 0; i < 64; i++)
		room_says(r, "subscribe", SUB, "\"sub\"");
	room_says(r, "subscribe", SUB, "64 subscriptions are the most");
	room_says(r, "unsubscribe", "{'sub':1}", "{}");
	room_says(r, "unsubscribe", "{'sub':1}", "{}");
	room_says(r, "update", "{'sub':1}", "no such subscription");
	room_says(r, "subscribe", SUB, "\"sub\":65");
	for (int i = 2; i <= 65; i++) {
		char text[32];

		snprintf(text, sizeof(text), "{'sub':%d}", i);
		room_says(r, "unsubscribe", text, "{}");
	}
	fleet(r);
	n = r->sent_n;
	room_turns(r, 60);
	assert_int_equal(r->sent_n, n);
	room_free(r);
}

/* Events that are not in the journal yet are not shown. */
static void events_up_to_what_is_recorded(void **state)
{
	struct room *r = room_new(8 << 20);
	json_t *v;

	room_says(r, "subscribe", "{'kind':'events','fields':'n','limit':2,'interval_ms':100}",
		"\"rows\":[]");
	room_event(r, "one", "");
	room_event(r, "two", "");
	r->recorded = 1;
	v = room_notice(r, "rows");
	assert_string_equal(dump(v, "set"), "[[0,{\"n\":1}]]");
	json_decref(v);
	r->recorded = 2;
	v = room_notice(r, "rows");
	assert_string_equal(dump(v, "set"), "[[1,{\"n\":2}]]");
	json_decref(v);
	room_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_changed_and_nothing_else),
		cmocka_unit_test(one_that_does_not_read_gets_the_newest),
		cmocka_unit_test(a_bad_update_leaves_it_as_it_was),
		cmocka_unit_test(groups_come_and_go),
		cmocka_unit_test(there_is_a_limit_and_an_end),
		cmocka_unit_test(events_up_to_what_is_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
