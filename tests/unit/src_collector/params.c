/* Parameters are read strictly: what is wrong is refused with its name. */
#include "room.h"

#include "collector/params.h"

static void strict(void **state)
{
	static const char *const t[][3] = { /* method, params, what the answer says */
		{ "query", "{'kind':'devices','fliter':''}", "unknown parameter 'fliter'" },
		{ "query", "[]", "parameters must be an object" },
		{ "query", "{}", "'kind' is needed" },
		{ "query", "{'kind':7}", "'kind' is needed" },
		{ "query", "{'kind':'devics'}", "no kind 'devics'" },
		{ "query", "{'kind':'devices','filter':7}", "'filter' must be a string" },
		{ "query", "{'kind':'devices','names':['a',7]}", "'names' must hold strings" },
		{ "query", "{'kind':'devices','limit':-1}", "'limit' must be an integer from 0" },
		{ "query", "{'kind':'devices','limit':10001}", "'limit' must be an integer from 0" },
		{ "query", "{'kind':'devices','limit':1.5}", "'limit' must be an integer" },
		{ "query", "{'kind':'devices','offset':4294967296}", "'offset' must be" },
		{ "query", "{'kind':'events','since':'noon'}", "'since' must be RFC 3339" },
		{ "query", "{'kind':'devices','filter':'status='}", "(at byte 7)" },
		{ "query", "{'kind':'events','fields':'n,tyype'}", "did you mean type" },
		{ "query", "{'kind':'devices','by':'id'}", "none of network" },
		{ "query", "{'kind':'events','by':'type'}", "do not come in groups" },
		{ "update", "{'sub':1,'kind':'devices'}", "no such subscription" },
		{ "follow", "{'kind':'events'}", "unknown parameter 'kind'" },
		{ "follow", "{'by':'network'}", "unknown parameter 'by'" },
		{ "page", "{'held':1}", "no such held result" },
		{ "page", "{'held':'x'}", "'held' must be an integer" },
		{ "describe", "{'kind':'devices'}", "describe needs" },
		{ "nothing", "{}", "no method 'nothing'" },
	};
	struct room *r = room_new(8 << 20);

	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		room_says(r, t[i][0], t[i][1], t[i][2]);
	room_free(r);
}

/* The byte is one of the filter as the user wrote it, not of what `since` makes of it. */
static void the_place_of_an_error(void **state)
{
	struct room *r = room_new(8 << 20);

	room_says(r, "query", "{'kind':'events','filter':'type=','since':1790000000000}",
		"(at byte 5)");
	room_free(r);
}

static void lists_and_moments(void **state)
{
	struct room *r = room_new(8 << 20);

	room_device(r, "a", "io");
	room_device(r, "b", "io");
	room_event(r, "one", "");
	room_says(r, "query", "{'kind':'devices','names':['b','a'],'fields':['id'],'sort':'id:desc'}",
		"\"rows\":[{\"id\":\"b\"},{\"id\":\"a\"}]");
	room_says(r, "query", "{'kind':'dev','names':'b','fields':'id','filter':null}",
		"\"rows\":[{\"id\":\"b\"}]");
	room_says(r, "query", "{'kind':'events','since':'2026-09-21T14:13:20Z','fields':'n'}",
		"\"rows\":[{\"n\":1}]");
	room_says(r, "query", "{'kind':'events','since':1790000000001,'fields':'n'}", "\"rows\":[]");
	room_says(r, "query", "{'kind':'devices','limit':0}", "\"matched\":2,\"offset\":0,\"rows\":[]");
	room_free(r);
}

static void groups(void **state)
{
	struct room *r = room_new(8 << 20);

	room_status_of(r, room_device(r, "a", "io"), STATUS_DOWN);
	room_status_of(r, room_device(r, "b", "vpp"), STATUS_UP);
	room_status_of(r, room_device(r, "c", "vpp"), STATUS_UP);
	room_says(r, "query", "{'kind':'devices','by':['network'],'fields':'id,devices,down','hold':true,"
		"'limit':1}",
		"{\"kind\":\"devices\",\"total\":2,\"matched\":2,\"offset\":0,\"rows\":"
		"[{\"id\":\"io\",\"devices\":1,\"down\":1}]}");
	room_says(r, "query", "{'kind':'devices','by':'network','names':'vpp','fields':'id,up'}",
		"\"rows\":[{\"id\":\"vpp\",\"up\":2}]");
	room_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strict),
		cmocka_unit_test(the_place_of_an_error),
		cmocka_unit_test(lists_and_moments),
		cmocka_unit_test(groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
