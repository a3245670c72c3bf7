/* Long lists, page by page: each row once, in the order they had. */
#include "room.h"

static void fleet(struct room *r, int n)
{
	char id[16];

	for (int i = 0; i < n; i++) {
		snprintf(id, sizeof(id), "d%04d", i);
		room_status_of(r, room_device(r, id, "io"), STATUS_UP);
	}
}

#define ASK "{'kind':'devices','fields':'id','limit':2,'hold':true}"

static void the_order_stays(void **state)
{
	struct room *r = room_new(8 << 20);

	fleet(r, 5);
	room_says(r, "query", ASK, "\"rows\":[{\"id\":\"d0000\"},{\"id\":\"d0001\"}],\"held\":1");
	room_status_of(r, model_device(r->m, S("d0004")), STATUS_DOWN); /* first in a new one */
	room_device(r, "a", "io");
	room_says(r, "page", "{'held':1,'offset':2,'limit':2}", "\"matched\":5,\"offset\":2,"
		"\"rows\":[{\"id\":\"d0002\"},{\"id\":\"d0003\"}]");
	room_says(r, "page", "{'held':1,'offset':4,'limit':2}", "\"rows\":[{\"id\":\"d0004\"}]");
	room_says(r, "page", "{'held':1,'offset':4}", "no such held result");
	room_free(r);
}

static void what_fits_in_a_page_is_not_held(void **state)
{
	struct room *r = room_new(8 << 20);
	const char *got;

	fleet(r, 2);
	got = room_text(r, "query", ASK);
	assert_null(strstr(got, "held"));
	got = room_text(r, "query", "{'kind':'devices','offset':1,'limit':1,'hold':true}");
	assert_null(strstr(got, "held"));
	room_free(r);
}

static void a_line_holds_four(void **state)
{
	struct room *r = room_new(8 << 20);

	fleet(r, 5);
	for (int i = 1; i <= 5; i++)
		room_says(r, "query", ASK, "\"held\":");
	room_says(r, "page", "{'held':1}", "no such held result");
	room_says(r, "page", "{'held':2,'offset':1,'limit':1}", "[{\"id\":\"d0001\"}]");
	room_says(r, "page", "{'held':5,'limit':1}", "[{\"id\":\"d0000\"}]");
	room_free(r);
}

/* Another client's numbers are nothing here. */
static void each_line_has_its_own(void **state)
{
	struct room *r = room_new(8 << 20);

	fleet(r, 5);
	room_says(r, "query", ASK, "\"held\":1");
	api_conn_gone(r->c);
	room_turns(r, 30);
	assert_true(r->closed);
	room_connect(r);
	room_says(r, "page", "{'held':1}", "no such held result");
	room_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_order_stays),
		cmocka_unit_test(what_fits_in_a_page_is_not_held),
		cmocka_unit_test(a_line_holds_four),
		cmocka_unit_test(each_line_has_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
