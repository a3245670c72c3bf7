/* Alerts: made from what happens to devices, acknowledged, silenced, resolved. */
#include "world.h"

#include "model/alert.h"
#include "model/past.h"

static uint32_t place(struct model *m, const char *id, const char *network, const char *site)
{
	struct delta d = { .kind = DELTA_DEVICE,
		.device = { .id = S(id), .network = S(network), .site = S(site), .lat = NAN,
			.lon = NAN, .source = MODEL_NONE } };

	apply(m, &d);
	return d.device.device;
}

static void is(struct model *m, uint32_t dev, enum device_status st, const char *reason, int64_t at)
{
	struct delta d = { .kind = DELTA_STATUS,
		.status = { .device = dev, .status = st, .reason = S(reason), .at_ms = at } };

	apply(m, &d);
}

static char *id_of(struct model *m, const char *filter)
{
	return xstrdup(ask(m, "alerts", filter, "id"));
}

static int ack(struct model *m, const char *id, bool undo, bool restored)
{
	struct delta d = { .kind = DELTA_ACK, .ack = { .alert = S(id), .who = S("ann"),
		.note = S("on it"), .at_ms = T0, .undo = undo, .restored = restored } };
	struct err e;

	return model_apply(m, &d, &e);
}

static int silence(struct model *m, uint64_t id, const char *filter, int64_t until)
{
	struct delta d = { .kind = DELTA_SILENCE, .silence = { .id = id, .filter = S(filter),
		.who = S("bob"), .note = S("works"), .at_ms = T0, .until_ms = until } };
	struct err e;

	return model_apply(m, &d, &e) < 0 ? -1 : (int)d.silence.hides;
}

static void event(struct model *m, const char *type, const char *id, int severity,
	const char *subject, int64_t at)
{
	struct delta d = { .kind = DELTA_EVENT, .event = { .source = MODEL_NONE,
		.device = MODEL_NONE, .subject = S(subject),
		.origin = S("http://prom"), .type = S(type), .id = S(id), .severity = severity,
		.message = S("HighTemp firing: too hot"), .at_ms = at } };

	apply(m, &d);
}

#define FIRING	 "net.depin.prometheus.firing.v1"
#define RESOLVED "net.depin.prometheus.resolved.v1"

static struct model *world(uint32_t dev[4])
{
	struct model *m = model_new(&(struct model_spec){ .memory = 16 << 20, .begun_ms = T0 });

	tick(m, T0);
	dev[0] = place(m, "a", "net", "fra");
	dev[1] = place(m, "b", "net", "fra");
	dev[2] = place(m, "c", "net", "fra");
	dev[3] = place(m, "d", "net", "muc");
	for (int i = 0; i < 4; i++)
		is(m, dev[i], STATUS_UP, "", T0);
	return m;
}

#define FIELDS "severity,state,kind,device,devices,network,site,status,reason,summary"

static void one_alert_a_story(void **state)
{
	uint32_t d[4];
	struct model *m = world(d);

	assert_string_equal(ask(m, "alerts", "", "id"), "");
	is(m, d[0], STATUS_DOWN, "no power", T0 + 1000);
	assert_string_equal(ask(m, "alerts", "", FIELDS),
		"critical active status a 1 net fra down no power down: no power");
	is(m, d[1], STATUS_DOWN, "no power", T0 + 2000);
	is(m, d[2], STATUS_DEGRADED, "hot", T0 + 3000);
	is(m, d[3], STATUS_DOWN, "no power", T0 + 4000);
	assert_string_equal(ask_sorted(m, "alerts", "", "since", FIELDS ",first,last", 0, 10),
		"critical active status null 2 net fra down no power down: no power a b|"
		"warn active status c 1 net fra degraded hot degraded: hot c c|"
		"critical active status d 1 net muc down no power down: no power d d");
	assert_string_equal(ask(m, "alerts", "severity>=critical and site=fra", "since"),
		"2026-09-21T14:13:21.000Z");
	/* the first one comes back: who is left is known without a look at all devices */
	is(m, d[0], STATUS_UP, "", T0 + 5000);
	assert_string_equal(ask(m, "alerts", "site=fra and status=down", "device,devices,first,last"),
		"b 1 null b");
	assert_string_equal(ask(m, "devices", "alert!=''", "id"), "b|d|c");
	model_free(m);
}

static void the_same_again_is_nothing_new(void **state)
{
	uint32_t d[4];
	struct model *m = world(d);
	char *was;

	is(m, d[0], STATUS_DOWN, "no power", T0 + 1000);
	was = id_of(m, "");
	assert_int_equal(ack(m, was, false, false), 0);
	is(m, d[0], STATUS_DOWN, "no power", T0 + 9000);
	place(m, "a", "net", "fra");
	assert_string_equal(ask(m, "alerts", "", "state,since,devices"), "acked 2026-09-21T14:13:21.000Z 1");
	place(m, "a", "net", "osl"); /* it moved: another story */
	assert_string_equal(ask_sorted(m, "alerts", "", "state", "state,site,device", 0, 9),
		"resolved fra a|active osl a");
	free(was);
	model_free(m);
}

static void resolved_ones_stay_a_while(void **state)
{
	uint32_t d[4];
	struct model *m = world(d);
	char *was, *is_now;

	is(m, d[0], STATUS_DOWN, "no power", T0 + 1000);
	is(m, d[1], STATUS_DOWN, "no power", T0 + 1000);
	was = id_of(m, "");
	assert_int_equal(ack(m, was, false, false), 0);
	is(m, d[0], STATUS_UP, "", T0 + 2000);
	is(m, d[1], STATUS_UP, "", T0 + 3000);
	assert_string_equal(ask(m, "alerts", "", "state,devices,device,until,by"),
		"resolved 2 null 2026-09-21T14:13:23.000Z null");
	assert_int_equal(ack(m, was, false, false), -1);
	is(m, d[0], STATUS_DOWN, "no power", T0 + 4000);
	is_now = id_of(m, "");
	assert_string_equal(is_now, was);
	assert_string_equal(ask(m, "alerts", "", "state,devices"), "active 1");
	is(m, d[0], STATUS_UP, "", T0 + 5000);
	tick(m, T0 + 5000 + ALERTS_RESOLVED_MS);
	assert_string_equal(ask(m, "alerts", "state=resolved and status=down", "device"), "a");
	tick(m, T0 + 5001 + ALERTS_RESOLVED_MS);
	assert_string_equal(ask(m, "alerts", "status=down", "device"), "");
	free(was);
	free(is_now);
	model_free(m);
}

static void ids_are_of_the_cause(void **state)
{
	uint32_t d[4], e[4];
	struct model *m = world(d), *n = world(e);
	char *x, *y;

	is(m, d[0], STATUS_DOWN, "no power", T0 + 1000);
	is(n, e[3], STATUS_DOWN, "no power", T0 + 1000);
	is(n, e[1], STATUS_DOWN, "no power", T0 + 7000);
	x = id_of(m, "");
	y = id_of(n, "site=fra");
	assert_string_equal(x, y);
	free(y);
	y = id_of(n, "site=muc");
	assert_string_not_equal(x, y);
	free(x);
	free(y);
	model_free(m);
	model_free(n);
}

static void acks_wait_for_their_cause(void **state)
{
	uint32_t d[4];
	struct model *m = world(d);
	struct alert_counts n;
	char *id;

	is(m, d[0], STATUS_DOWN, "no power", T0);
	id = id_of(m, "");
	model_free(m);
	m = world(d);
	assert_int_equal(ack(m, id, false, false), -1);
	assert_int_equal(ack(m, id, false, true), 0);
	assert_int_equal(ack(m, "nonsense", false, true), -1);
	assert_string_equal(ask(m, "alerts", "", "id"), "");
	is(m, d[1], STATUS_DOWN, "no power", T0);
	assert_string_equal(ask(m, "alerts", "", "state,by,note,device"), "acked ann on it b");
	model_alert_counts(m, &n);
	assert_int_equal(n.acked, 1);
	assert_int_equal(n.active[ALERT_CRITICAL], 0);
	assert_int_equal(ack(m, id, true, false), 0);
	assert_string_equal(ask(m, "alerts", "", "state,by"), "active null");
	free(id);
	model_free(m);
}

static int ended;
static void on_unacked(void *arg, struct slice alert)
{
	ended++;
}

static void an_ack_that_waits_is_given_up(void **state)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 16 << 20, .unacked = on_unacked });
	uint32_t d;

	ended = 0;
	tick(m, T0);
	assert_int_equal(ack(m, "0123456789ab", false, true), 0);
	tick(m, T0 + 899999);
	assert_int_equal(ended, 0);
	tick(m, T0 + 900000);
	assert_int_equal(ended, 1);
	d = place(m, "a", "net", "fra");
	is(m, d, STATUS_DOWN, "x", T0);
	assert_int_equal(ack(m, ask(m, "alerts", "", "id"), false, false), 0);
	is(m, d, STATUS_UP, "", T0);
	assert_int_equal(ended, 2);
	model_free(m);
}

static void silences_hide_until_they_expire(void **state)
{
	uint32_t d[4];
	struct model *m = world(d);

	is(m, d[0], STATUS_DOWN, "no power", T0);
	is(m, d[3], STATUS_DOWN, "no power", T0);
	assert_int_equal(silence(m, 7, "site=fra", T0 + 60000), 1);
	assert_int_equal(silence(m, 8, "site=osl", T0 + 60000), 0);
	assert_int_equal(silence(m, 9, "site=", T0 + 60000), -1);
	assert_string_equal(ask(m, "alerts", "", "state,site,by,note,silence"),
		"active muc null null null|silenced fra bob works 7");
	assert_string_equal(ask(m, "silences", "", "id,filter,hides,by,note,until"),
		"7 site=fra 1 bob works 2026-09-21T14:14:20.000Z|"
		"8 site=osl 0 bob works 2026-09-21T14:14:20.000Z");
	tick(m, T0 + 1000);
	is(m, d[1], STATUS_DEGRADED, "hot", T0 + 1000); /* begins while it holds */
	assert_string_equal(ask(m, "alerts", "status=degraded", "state"), "silenced");
	tick(m, T0 + 59999);
	assert_string_equal(ask(m, "silences", "", "id,hides"), "7 2|8 0");
	tick(m, T0 + 60000);
	assert_string_equal(ask(m, "silences", "", "id"), "");
	assert_string_equal(ask(m, "alerts", "reason~power", "state"), "active|active");
	model_free(m);
}

static void a_silence_of_active_ones_does_not_flicker(void **state)
{
	uint32_t d[4];
	struct model *m = world(d);

	is(m, d[0], STATUS_DOWN, "no power", T0);
	assert_int_equal(silence(m, 1, "state=active and devices<2", T0 + 600000), 1);
	for (int i = 1; i < 5; i++) {
		tick(m, T0 + i * 1000);
		assert_string_equal(ask(m, "alerts", "", "state"), "silenced");
	}
	is(m, d[1], STATUS_DOWN, "no power", T0); /* no longer what it asks for */
	tick(m, T0 + 6000);
	assert_string_equal(ask(m, "alerts", "", "state"), "active");
	assert_int_equal(silence(m, 1, "", 0), 0);
	assert_int_equal(silence(m, 1, "", 0), -1);
	model_free(m);
}

static void what_servers_tell(void **state)
{
	uint32_t d[4];
	struct model *m = world(d);

	event(m, FIRING, "hot@1", SEVERITY_ERROR, "a", T0 + 1000);
	event(m, FIRING, "hot@2", SEVERITY_WARN, "x", T0 + 2000);
	event(m, FIRING, "hot@2", SEVERITY_WARN, "x", T0 + 3000);
	event(m, "net.depin.other.v1", "hot@3", SEVERITY_WARN, "x", T0 + 2000);
	assert_string_equal(ask(m, "alerts", "", "severity,kind,device,devices,site,source,summary"),
		"critical prometheus a 1 fra http://prom HighTemp firing: too hot|"
		"warn prometheus null 0 null http://prom HighTemp firing: too hot");
	event(m, RESOLVED, "hot@1#end", SEVERITY_INFO, "a", T0 + 4000);
	event(m, RESOLVED, "cold@1#end", SEVERITY_INFO, "a", T0 + 4000);
	assert_string_equal(ask(m, "alerts", "", "state,severity,until"),
		"active warn null|resolved critical 2026-09-21T14:13:24.000Z");
	model_free(m);
}

/* Each device with a reason of its own. */
static void there_is_a_bound(void **state)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 16 << 20 });
	uint32_t d[ALERTS_MAX + 20];
	struct alert_counts n;
	char text[32];

	tick(m, T0);
	for (uint32_t i = 0; i < ARRAY_LEN(d); i++) {
		snprintf(text, sizeof(text), "d%u", i);
		d[i] = place(m, text, "net", "fra");
		is(m, d[i], STATUS_DOWN, text, T0);
	}
	model_alert_counts(m, &n);
	assert_int_equal(n.active[ALERT_CRITICAL], ALERTS_MAX);
	assert_int_equal(n.unlisted, 20);
	is(m, d[ALERTS_MAX], STATUS_UP, "", T0);
	for (uint32_t i = 0; i < 1000; i++)
		is(m, d[i], STATUS_UP, "", T0 + i);
	model_alert_counts(m, &n);
	assert_int_equal(n.resolved, ALERTS_RESOLVED);
	assert_int_equal(n.unlisted, 19);
	tick(m, T0 + 1000);
	model_alert_counts(m, &n);
	assert_int_equal(n.unlisted, 0);
	assert_int_equal(n.active[ALERT_CRITICAL], ALERTS_MAX - 1000 + 19);
	assert_string_equal(ask_sorted(m, "alerts", "state=resolved", "until:desc", "device", 0, 1), "d999");
	assert_string_equal(ask_sorted(m, "alerts", "state=resolved", "until", "device", 0, 1), "d500");
	model_free(m);
}

/* Sources know that b is down, and nothing of c: events say why and since when. */
static void events_tell_what_was_before(void **state)
{
	static const struct {
		const char *id, *type, *data, *why;
	} told[] = {
		{ "b", "net.depin.device.death.v1", "", "no power" },
		{ "c", "net.depin.device.status.v1", "{\"status\":\"up\"}", "well" },
		{ "c", "net.depin.device.status.v1", "{\"status\":\"degraded\"}", "hot" },
		{ "a", "net.depin.device.status.v1", "{\"status\":\"degraded\"}", "hot" },
		{ "a", "net.depin.device.birth.v1", "", "up again" },
	};
	struct model *m = model_new(&(struct model_spec){ .memory = 16 << 20, .begun_ms = T0 });

	for (int i = 0; i < 3; i++)
		place(m, (const char *[]){ "a", "b", "c" }[i], "net", "fra");
	is(m, model_device(m, S("b")), STATUS_DOWN, "down before the restart", 0);
	for (uint64_t i = 0; i < ARRAY_LEN(told); i++) {
		struct delta d = { .kind = DELTA_EVENT, .event = { .n = i + 1, .seen_ms = T0 - 9000,
			.source = MODEL_NONE, .device = model_device(m, S(told[i].id)),
			.type = S(told[i].type), .subject = S(told[i].id), .data = S(told[i].data),
			.message = S(told[i].why), .at_ms = T0 - 10000 + (int64_t)i } };

		apply(m, &d);
	}
	model_recall(m);
	assert_string_equal(ask(m, "alerts", "", "state,device,summary,since"),
		"active b down: no power 2026-09-21T14:13:10.000Z|"
		"active c degraded: hot 2026-09-21T14:13:10.002Z");
	assert_string_equal(ask(m, "devices", "status=unknown", "id"), "a");
	tick(m, T0 + 1000); /* none of them is silent for that */
	assert_string_equal(ask(m, "devices", "status=stale", "id"), "");
	tick(m, T0 + 62000);
	assert_string_equal(ask(m, "devices", "status=stale", "id"), "a|c");
	model_free(m);
}

static void a_moment_gone_by_has_its_own(void **state)
{
	uint32_t d[4];
	struct model *m = world(d);
	struct past *p;

	is(m, d[0], STATUS_DOWN, "no power", T0 + 10000);
	event(m, FIRING, "hot@1", SEVERITY_ERROR, "d", T0 + 11000);
	tick(m, T0 + 12000);
	assert_int_equal(silence(m, 1, "status=down", T0 + 600000), 1);
	tick(m, T0 + 20000);
	is(m, d[0], STATUS_UP, "", T0 + 20000);
	event(m, RESOLVED, "hot@1#end", SEVERITY_INFO, "d", T0 + 21000);
	is(m, d[1], STATUS_DEGRADED, "hot", T0 + 22000);
	tick(m, T0 + 30000);
	p = past_new(m, T0 + 15000);
	assert_true(past_step(p, 0));
	assert_string_equal(ask((struct model *)(uintptr_t)past_model(p), "alerts", "", "state,kind,device,reason"),
		"active prometheus d null|active status a no power");
	past_free(p);
	assert_string_equal(ask(m, "alerts", "state!=resolved", "device"), "b");
	model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_alert_a_story),
		cmocka_unit_test(the_same_again_is_nothing_new),
		cmocka_unit_test(resolved_ones_stay_a_while),
		cmocka_unit_test(ids_are_of_the_cause),
		cmocka_unit_test(acks_wait_for_their_cause),
		cmocka_unit_test(an_ack_that_waits_is_given_up),
		cmocka_unit_test(silences_hide_until_they_expire),
		cmocka_unit_test(a_silence_of_active_ones_does_not_flicker),
		cmocka_unit_test(what_servers_tell),
		cmocka_unit_test(there_is_a_bound),
		cmocka_unit_test(events_tell_what_was_before),
		cmocka_unit_test(a_moment_gone_by_has_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
