/* The overview: what its strips, cards and panes tell, at any size. */
#include "tests/unit/ui/desk.h"

static void the_strip_is_fleet_course_or_day(void **state)
{
	struct desk *d = desk_begin(40, 120, "");

	desk_expect(d, "FLEET, worst first; a cell: 500 devices");
	desk_keys(d, "H");
	desk_expect(d, "LOST, 30 minutes to now");
	desk_keys(d, "H");
	desk_expect(d, "LOST, 24 hours to now");
	desk_keys(d, "H");
	desk_expect(d, "FLEET");
	desk_keys(d, ":strip day\r");
	desk_expect(d, "LOST, 24 hours to now");
	desk_keys(d, ":strip week\r");
	desk_expect(d, "strip fleet, course or day");
	desk_end(d);
}

/* Of 12,401 devices the five that are not well have cells of their own. */
static void the_few_that_are_bad_are_seen(void **state)
{
	struct desk *d = desk_begin(40, 120, "");

	desk_expect(d, "█▓▒░··");
	desk_end(d);
}

static void load_is_told_by_its_metric(void **state)
{
	struct desk *d = desk_begin(50, 200, "");

	desk_expect(d, "util  ███▌     50 %");
	desk_expect(d, "util  ███▊     54 %");
	desk_end(d);
}

static void events_and_ledgers_have_their_place(void **state)
{
	struct desk *d = desk_begin(40, 120, "");

	desk_expect(d, "Events, 30 minutes  12 errors  3 warnings");
	desk_expect(d, "chain1           19,442,108  3 s ago    1 reorg");
	desk_tick(d, 60000);
	desk_expect(d, "1 min ago");
	desk_end(d);
	d = desk_begin(24, 80, "");
	desk_expect(d, "8 errors  2 warnings");
	desk_expect(d, "chain0  head 19,442,107");
	desk_end(d);
}

static void press(struct desk *d, int row, int col)
{
	desk_mouse(d, 0, row, col, 'M');
	desk_mouse(d, 0, row, col, 'm');
}

static void cards_are_pointed_at(void **state)
{
	struct desk *d = desk_begin(80, 250, "");
	int at;

	desk_expect(d, "NETWORKS  FLEET, worst first; a cell: ");
	at = desk_row(d, "compute  12,401");
	press(d, at + 2, 70);
	press(d, at + 3, 90);
	desk_expect(d, "Overview › compute\n");
	desk_expect(d, "filter  network='compute'");
	desk_keys(d, "\033");
	desk_keys(d, "j\r");
	desk_expect(d, "network='ai'");
	desk_end(d);
}

static void every_size_is_drawn(void **state)
{
	struct desk *d = desk_begin(24, 80, "");

	for (int rows = 5; rows < 100; rows += 7)
		for (int cols = 40; cols < 320; cols += 27) {
			term_resize(d->term, rows, cols);
			screen_resize(d->screen, rows, cols);
			desk_keys(d, "jHk");
			press(d, rows / 2, cols / 3);
			desk_keys(d, "\033");
		}
	desk_end(d);
}

static void without_a_line_nothing_is_asked(void **state)
{
	struct desk *d = desk_begin(40, 120, "");
	unsigned calls;

	fake_hang_up();
	line_server_free(fake.server);
	fake.server = NULL;
	desk_show(d);
	desk_expect(d, "line lost");
	calls = fake.calls;
	desk_tick(d, 20000);
	desk_keys(d, "Hj");
	desk_expect(d, "LOST, 30 minutes");
	assert_int_equal(fake.calls, calls);
	desk_end(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_strip_is_fleet_course_or_day),
		cmocka_unit_test(the_few_that_are_bad_are_seen),
		cmocka_unit_test(load_is_told_by_its_metric),
		cmocka_unit_test(events_and_ledgers_have_their_place),
		cmocka_unit_test(cards_are_pointed_at),
		cmocka_unit_test(every_size_is_drawn),
		cmocka_unit_test(without_a_line_nothing_is_asked),
	};

	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
