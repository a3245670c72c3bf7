/* Alerts: stories told once, the worst first, what was resolved behind them. */
#include "tests/unit/ui/fake.h"

static void the_worst_stand_first(void **state)
{
	struct desk *d = desk_begin(40, 120, "8");
	int hot = desk_row(d, "HighTemp firing: 91 C"), disk = desk_row(d, "DiskFull firing");

	assert_true(desk_row_has(d, hot, "critical") && desk_row_has(d, hot, "firing"));
	assert_true(desk_row_has(d, disk, "resolved") && disk > desk_row(d, "degraded"));
	assert_true(hot < desk_row(d, "▲ warning"));
	desk_expect(d, "down: no word from it");
	desk_expect_not(d, "DiskFull resolved"); /* its beginning tells more */
	desk_end(d);
}

static void an_alert_leads_to_its_device(void **state)
{
	struct desk *d = desk_begin(40, 120, "8");
	int hot = desk_row(d, "HighTemp firing: 91 C");

	for (int row = desk_row(d, "✖ critical"); row < hot; row++)
		desk_keys(d, "j");
	assert_true(desk_row_has(d, hot, "›"));
	desk_tick(d, 5000);
	assert_true(desk_row_has(d, desk_row(d, "HighTemp firing: 91 C"), "›"));
	desk_keys(d, "\r");
	desk_expect(d, "Alerts › gpu-fra2-0042");
	desk_keys(d, "\033");
	desk_expect(d, "as it was told");
	desk_keys(d, "d");
	desk_expect_not(d, "as it was told");
	desk_end(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worst_stand_first),
		cmocka_unit_test(an_alert_leads_to_its_device),
	};

	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
