/* Alerts: the worst first, who takes care of them, and what is done to one, to several, to devices'. */
#include "tests/unit/ui/desk.h"

static void the_worst_stand_first_and_the_quiet_last(void **state)
{
	struct desk *d = desk_begin(40, 160, "8");
	int worst = desk_row(d, "✖ critical"), acked = desk_row(d, "◇ acked");

	desk_expect(d, "Alerts  1 critical  2 warning");
	desk_expect(d, "8 Alerts 3");
	assert_true(desk_row_has(d, worst, "● active") && desk_row_has(d, worst, "d042"));
	assert_true(desk_row_has(d, worst + 2, "3 devices at fra-2"));
	assert_true(desk_row_has(d, acked, "ann") && desk_row_has(d, acked, "on my way"));
	assert_int_equal(acked, worst + 3);
	assert_true(desk_row_has(d, acked + 1, "○ silenced") && desk_row_has(d, acked + 2, "· resolved"));
	desk_end(d);
}

static void an_alert_leads_to_its_devices(void **state)
{
	struct desk *d = desk_begin(40, 160, "8\r");

	desk_expect(d, "Alerts › gpu-fra2-0042");
	desk_keys(d, "\033j\r");
	assert_string_equal(fake.last, "alert='000000000001'");
	desk_expect(d, "Alerts › 000000000001");
	desk_keys(d, "\033Gd");
	desk_expect(d, "Alerts › 000000000005");
	desk_end(d);
}

static void one_is_acknowledged_at_once(void **state)
{
	struct desk *d = desk_begin(24, 100, "8a");

	desk_expect(d, ":ack");
	desk_keys(d, "Ann is on it\r");
	assert_string_equal(fake.deeds, "ack {\"ids\":[\"000000000000\"],\"note\":\"Ann is on it\"}\n");
	desk_expect(d, "1 acknowledged; :unack takes it back");
	fake.deeds[0] = '\0';
	desk_keys(d, "A");
	assert_string_equal(fake.deeds, "ack {\"ids\":[\"000000000000\"],\"note\":\"\",\"undo\":true}\n");
	desk_end(d);
}

static void several_are_shown_before(void **state)
{
	struct desk *d = desk_begin(24, 100, "8 j a");

	desk_keys(d, "\r");
	desk_expect(d, "acknowledge 2 alerts?");
	desk_expect(d, "1 device"); /* as they are now */
	desk_keys(d, "n");
	assert_string_equal(fake.deeds, "");
	desk_keys(d, ":ack\ry");
	assert_string_equal(fake.deeds, "ack {\"ids\":[\"000000000000\",\"000000000002\"],\"note\":\"\"}\n");
	desk_expect(d, "2 acknowledged");
	desk_expect(d, "2 marked"); /* :unack means the same ones */
	desk_end(d);
}

static void a_silence_has_an_end(void **state)
{
	struct desk *d = desk_begin(24, 100, "8:silence\r");

	desk_expect(d, "for how long?");
	desk_keys(d, ":silence soon\r");
	assert_string_equal(fake.deeds, "");
	desk_keys(d, "z2h racks are moved\r");
	assert_string_equal(fake.deeds, "silence {\"filter\":\"id in ('000000000000')\",\"for_ms\":7200000,"
		"\"note\":\"racks are moved\"}\n");
	desk_expect(d, "silence 9 hides 1 until 15:33:20");
	fake.deeds[0] = '\0';
	desk_keys(d, "Z");
	desk_expect(d, "no silence hides this alert");
	desk_keys(d, "GkZ");
	assert_string_equal(fake.deeds, "unsilence {\"id\":7}\n");
	desk_end(d);
}

static void a_filter_is_silenced_after_a_look(void **state)
{
	struct desk *d = desk_begin(24, 100, "8:silence-filter 1h\r");

	desk_expect(d, "Filter them first");
	desk_keys(d, "/site=fra-1\r:silence-filter 1h dig\r");
	desk_expect(d, "silence these and all to come that match?");
	desk_keys(d, "y");
	assert_string_equal(fake.deeds, "silence {\"filter\":\"site=fra-1\",\"for_ms\":3600000,\"note\":\"dig\"}\n");
	desk_end(d);
}

static void silences_are_listed_and_ended(void **state)
{
	struct desk *d = desk_begin(24, 120, "8S");

	desk_expect(d, "Alerts › Silences");
	assert_true(desk_row_has(d, desk_row(d, "site='fra-0'"), "racks are moved"));
	desk_keys(d, "jZ");
	assert_string_equal(fake.deeds, "unsilence {\"id\":8}\n");
	desk_expect(d, "silence 8 has ended");
	desk_keys(d, "\r");
	desk_expect(d, "filter  silence=8");
	desk_end(d);
}

/* Those that their statuses put them in, and those that are about them. */
static void of_devices_their_alerts_are_meant(void **state)
{
	struct desk *d = desk_begin(24, 100, "2  :ack\r");

	desk_expect(d, "acknowledge 5 alerts?");
	desk_keys(d, "n");
	desk_expect(d, "gpu-fra2-0000");
	desk_keys(d, "\r");
	desk_expect(d, "▲ warn  active"); /* on a device's page, too */
	desk_expect(d, "ann: on my way");
	desk_keys(d, "z1h\r");
	desk_expect(d, "silence 5 alerts: 1h?");
	desk_end(d);
}

static void nothing_is_done_where_it_must_not(void **state)
{
	struct desk *d;

	fake_start();
	d = desk_sit(24, 100, (struct shell_spec){ .read_only = true }, "8");
	desk_keys(d, ":ack\r");
	desk_expect(d, "ack: not in a read-only console");
	desk_keys(d, ":do ack {\"ids\":[\"x\"]}\r");
	desk_expect(d, "do ack: not in a read-only console");
	desk_keys(d, "Z");
	desk_expect(d, "unsilence: not in a read-only console");
	assert_string_equal(fake.deeds, "");
	desk_end(d);
	d = desk_begin(24, 100, "8:travel 1m\r:ack\r");
	desk_expect(d, "not while a moment gone by is shown");
	desk_keys(d, ":do ack {{{\r");
	desk_expect(d, "as JSON");
	assert_string_equal(fake.deeds, "");
	desk_keys(d, ":travel\r");
	desk_end(d);
}

static void a_protected_context_asks_for_its_name_once(void **state)
{
	struct desk *d;

	fake_start();
	d = desk_sit(24, 100, (struct shell_spec){ .is_protected = true }, "8");
	desk_keys(d, ":ack\r");
	desk_expect(d, "its name for `do ack`:");
	desk_keys(d, "lab\r");
	desk_expect(d, "1 acknowledged");
	desk_keys(d, "  :ack\ry");
	desk_expect(d, "its name for `yes`:");
	desk_keys(d, "lab\r");
	desk_expect(d, "2 acknowledged");
	desk_end(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worst_stand_first_and_the_quiet_last),
		cmocka_unit_test(an_alert_leads_to_its_devices),
		cmocka_unit_test(one_is_acknowledged_at_once),
		cmocka_unit_test(several_are_shown_before),
		cmocka_unit_test(a_silence_has_an_end),
		cmocka_unit_test(a_filter_is_silenced_after_a_look),
		cmocka_unit_test(silences_are_listed_and_ended),
		cmocka_unit_test(of_devices_their_alerts_are_meant),
		cmocka_unit_test(nothing_is_done_where_it_must_not),
		cmocka_unit_test(a_protected_context_asks_for_its_name_once),
	};

	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
