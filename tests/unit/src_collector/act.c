/* `ack`, `silence`, `unsilence`: what is asked and answered; that it is recorded tests/e2e/alerts looks at. */
#include "room.h"

#include "collector/act.h"
#include "model/alert.h"

static void is(struct room *r, const char *id, enum device_status s, const char *reason)
{
	struct delta d = { .kind = DELTA_STATUS, .status = { .device = model_device(r->m, S(id)),
		.status = s, .reason = S(reason), .at_ms = T0 } };

	room_apply(r, &d);
}

static struct room *world(void)
{
	struct delta tick = { .kind = DELTA_TICK, .tick.now_ms = T0 };
	struct room *r = room_new(8 << 20);

	room_apply(r, &tick);
	for (int i = 0; i < 3; i++)
		room_device(r, (const char *[]){ "a", "b", "c" }[i], "net");
	is(r, "a", STATUS_DOWN, "no power");
	is(r, "b", STATUS_DEGRADED, "hot");
	return r;
}

static char *id_of(struct room *r, const char *device)
{
	char *params = xasprintf("{'kind':'alerts','fields':'id','filter':'device=%s'}", device);
	json_t *v = room_ask(r, "query", params);
	char *id = xstrdup(json_str(json_array_get(json_object_get(json_object_get(v, "result"), "rows"),
		0), "id", ""));

	free(params);
	json_decref(v);
	return id;
}

static void asks(struct room *r, const char *method, const char *params, const char *want)
{
	json_t *v = room_ask(r, method, params), *e = json_object_get(v, "error");
	char *text = e ? xasprintf("%lld %s", (long long)json_i64(e, "code", 0), json_str(e, "message", ""))
		       : json_dumps(json_object_get(v, "result"), JSON_COMPACT);

	if (strncmp(text, want, strlen(want)) != 0)
		fail_msg("%s %s: %s, not %s", method, params, text, want);
	free(text);
	json_decref(v);
}

static void acks_are_asked_for_by_id_or_filter(void **state)
{
	struct room *r = world();
	char *a = id_of(r, "a"), *ask = xasprintf("{'ids':['%s','nope'],'note':'on it'}", a);
	char *want = xasprintf("{\"done\":[\"%s\"],\"missing\":[\"nope\"]}", a);

	asks(r, "ack", ask, want);
	assert_string_equal(r->act_note, "on it");
	assert_string_equal(r->act_who, "ann");
	asks(r, "ack", "{'filter':'severity>=warn'}", "{\"done\":[\"");
	assert_int_equal(r->acted_n, 2);
	asks(r, "ack", "{'filter':'site=x'}", "-32003 no alert of these is open");
	is(r, "a", STATUS_UP, "");
	asks(r, "ack", "{'filter':'severity=critical'}", "-32003 no alert of these is open");
	free(a);
	free(ask);
	free(want);
	room_free(r);
}

static void what_makes_no_sense_is_refused(void **state)
{
	static const struct {
		const char *method, *params, *want;
	} asked[] = {
		{ "ack", "{}", "-32602 either 'ids' or 'filter'" },
		{ "ack", "{'ids':[],'filter':''}", "-32602 either 'ids' or 'filter'" },
		{ "ack", "{'ids':['x'],'filter':'severity>=warn'}", "-32602 either 'ids' or 'filter'" },
		{ "ack", "{'ids':'x'}", "-32602 'ids' must be an array" },
		{ "ack", "{'ids':[7]}", "-32602 'ids' must hold ids" },
		{ "ack", "{'idz':['x']}", "-32602 unknown parameter 'idz'" },
		{ "ack", "{'filter':'sevrity>=warn'}", "-32602 alerts have no 'sevrity': did you mean severity?"
			" (at byte 0)" },
		{ "silence", "{'for_ms':1000}", "-32602 'filter' is needed" },
		{ "silence", "{'filter':'state=active'}", "-32602 either 'for_ms' or 'until'" },
		{ "silence", "{'filter':'state=active','until':'2020-01-01T00:00:00Z'}",
			"-32602 a silence ends in the future" },
		{ "silence", "{'filter':'state=active and','for_ms':1000}",
			"-32602 filter: something is missing at the end (at byte" },
		{ "silence", "{'filter':'state=active','for_ms':99999999999}", "-32602 'for_ms' must be" },
		{ "unsilence", "{'id':7}", "-32003 there is no silence 7" },
	};
	struct room *r = world();
	char *note = xcalloc(1, ALERT_NOTE_MAX + 2), *ask;

	for (size_t i = 0; i < ARRAY_LEN(asked); i++)
		asks(r, asked[i].method, asked[i].params, asked[i].want);
	memset(note, 'x', ALERT_NOTE_MAX + 1);
	ask = xasprintf("{'ids':['x'],'note':'%s'}", note);
	asks(r, "ack", ask, "-32602 'note' must be a string of at most 512 bytes");
	assert_int_equal(r->acted_n, 0);
	free(note);
	free(ask);
	room_free(r);
}

static void nobody_acts_in_the_past(void **state)
{
	struct room *r = world();
	json_t *v = room_ask(r, "travel", "{'at':1790000000000}");

	assert_non_null(json_object_get(v, "result"));
	json_decref(v);
	asks(r, "ack", "{'filter':'severity>=warn'}", "-32002 this line looks at a moment gone by");
	asks(r, "silence", "{'filter':'state=active','for_ms':1000}", "-32002 this line looks");
	asks(r, "travel", "{}", "{\"at\":null");
	asks(r, "silence", "{'filter':'state=active','for_ms':1000}", "{\"hides\":0,");
	room_free(r);
}

static void a_device_is_told_with_its_alerts(void **state)
{
	struct room *r = world();
	char *a = id_of(r, "a");
	json_t *v = room_ask(r, "describe", "{'kind':'devices','name':'a'}"), *result, *alerts;

	result = json_object_get(v, "result");
	alerts = json_object_get(result, "alerts");
	assert_int_equal(json_array_size(alerts), 1);
	assert_string_equal(json_str(json_array_get(alerts, 0), "id", ""), a);
	assert_string_equal(json_str(json_object_get(result, "row"), "alert", ""), a);
	json_decref(v);
	free(a);
	room_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(acks_are_asked_for_by_id_or_filter),
		cmocka_unit_test(what_makes_no_sense_is_refused),
		cmocka_unit_test(nobody_acts_in_the_past),
		cmocka_unit_test(a_device_is_told_with_its_alerts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
