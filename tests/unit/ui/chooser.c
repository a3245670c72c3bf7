#include "tests/unit/ui/desk.h"

/* The titles of the columns that show. */
static void expect_titles(struct desk *d, const char *want)
{
	char *row = screen_row(d->screen, 3), *p = row, got[200] = "";

	for (char *w = strtok_r(row, " ", &p); w; w = strtok_r(NULL, " ", &p)) {
		if (*got)
			strcat(got, " ");
		strncat(got, w, sizeof(got) - strlen(got) - 1);
	}
	assert_string_equal(got, want);
	free(row);
}

static void columns_are_switched_off_and_on(void **state)
{
	struct desk *d = desk_begin(40, 160, "2");

	desk_keys(d, ":columns name,network,status,health\r");
	desk_keys(d, "C");
	desk_expect(d, "4 of 20 shown");
	desk_expect(d, "Devices › Columns");
	desk_expect(d, "[x] network");
	desk_expect(d, "[ ] firmware");
	desk_expect(d, "metric, celsius");
	desk_keys(d, "j j");
	desk_expect(d, "[ ] network");
	desk_keys(d, "\r");
	expect_titles(d, "NAME STATUS HEALTH");
	desk_keys(d, "C");
	desk_keys(d, "jK"); /* status cannot come before the name */
	desk_expect(d, "it cannot go there");
	desk_keys(d, "J\r");
	expect_titles(d, "NAME HEALTH STATUS");
	desk_end(d);
}

static void the_name_stays(void **state)
{
	struct desk *d = desk_begin(40, 160, "2");

	desk_keys(d, "C ");
	desk_expect(d, "name stays");
	desk_expect(d, "[x] name");
	desk_end(d);
}

static void a_metric_shows_its_course(void **state)
{
	struct desk *d = desk_begin(40, 160, "2");

	desk_keys(d, ":columns name,temp,status\r");
	desk_keys(d, "Cjt\r");
	expect_titles(d, "NAME temp STATUS");
	desk_expect(d, "▇");
	desk_keys(d, ":columns \t");
	desk_bytes(d, "\033", 1);
	desk_keys(d, "Cjjt"); /* status */
	desk_expect(d, "it has no course");
	desk_keys(d, "kt\r");
	desk_expect_not(d, "▇");
	desk_end(d);
}

static void esc_leaves_all_as_it_was(void **state)
{
	struct desk *d = desk_begin(40, 160, "2");

	desk_keys(d, ":columns name,network\r");
	desk_keys(d, "Cj ");
	desk_bytes(d, "\033", 1);
	expect_titles(d, "NAME NETWORK");
	desk_keys(d, "CA");
	desk_expect(d, "READINGS");
	desk_end(d);
}

static void it_is_opened_from_a_list(void **state)
{
	struct desk *d = desk_begin(40, 160, "2");

	desk_keys(d, ":chooser\r");
	desk_expect(d, "columns of which list?");
	desk_keys(d, "b");
	desk_keys(d, "C");
	desk_expect(d, "groups have columns of their own");
	desk_end(d);
}

static void heat_is_how_each_has_been(void **state)
{
	struct desk *d = desk_begin(24, 120, "2");

	fake.states = true;
	desk_expect(d, "READINGS");
	desk_keys(d, "H");
	desk_expect(d, "LAST 2h");
	desk_expect(d, "▒▒▒▓▓█░·······█"); /* the first is down now */
	desk_expect(d, "▒▒▒▓▓█░·······▓");
	desk_expect(d, "▒▒▒▓▓█░·······▒");
	desk_expect_not(d, "READINGS");
	desk_keys(d, ":heat 1d\r");
	desk_expect(d, "LAST 1d");
	desk_keys(d, "H");
	desk_expect(d, "READINGS");
	desk_end(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_switched_off_and_on),
		cmocka_unit_test(the_name_stays),
		cmocka_unit_test(a_metric_shows_its_course),
		cmocka_unit_test(esc_leaves_all_as_it_was),
		cmocka_unit_test(it_is_opened_from_a_list),
		cmocka_unit_test(heat_is_how_each_has_been),
	};

	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
