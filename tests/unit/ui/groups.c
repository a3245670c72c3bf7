#include "tests/unit/ui/desk.h"

static void a_key_goes_round(void **state)
{
	struct desk *d = desk_begin(30, 160, "2");

	desk_keys(d, "b");
	desk_expect(d, "Devices by network");
	assert_string_equal(fake.by, "network");
	desk_expect(d, "storage");
	desk_expect(d, "temp 61.5 °C  util 51 %"); /* learned though no device was on the screen */
	desk_expect_not(d, "gpu-fra2");
	desk_keys(d, "b");
	assert_string_equal(fake.by, "site");
	desk_keys(d, "b");
	assert_string_equal(fake.by, "firmware");
	desk_keys(d, "b");
	assert_string_equal(fake.by, "");
	desk_expect(d, "gpu-fra2-0000");
	desk_expect_not(d, "Devices by");
	desk_keys(d, ":group\r");
	desk_expect(d, "devices are not in groups");
	desk_end(d);
}

static void a_group_is_opened_and_left(void **state)
{
	struct desk *d = desk_begin(30, 160, "2");

	desk_keys(d, "/temp>60\r");
	desk_keys(d, ":group network,site\r");
	desk_expect(d, "Devices by network,site");
	assert_string_equal(fake.last, "temp>60");
	desk_keys(d, "\r");
	assert_string_equal(fake.last, "network='storage' and site='fra-1' and (temp>60)");
	desk_expect(d, "Devices › storage · fra-1\n");
	assert_string_equal(fake.by, "");
	desk_expect(d, "gpu-fra2-0005");
	desk_bytes(d, "\033", 1);
	desk_expect(d, "Devices by network,site");
	assert_string_equal(fake.last, "temp>60");
	desk_keys(d, "jj\r"); /* the one without a site */
	assert_string_equal(fake.last, "network='ai' and not site~'.' and (temp>60)");
	desk_expect(d, "Devices › ai · no site\n");
	desk_end(d);
}

/* What a page is called that was opened with this filter; NULL: by its title. */
static void expect_name(const char *filter, const char *name)
{
	struct desk *d = desk_begin(30, 160, "2");
	char text[200];

	snprintf(text, sizeof(text), "devices %s", filter);
	d->shell.stage.run(d->shell.stage.arg, text);
	desk_show(d);
	snprintf(text, sizeof(text), " Devices › %s\n", name ? name : "Devices");
	desk_expect(d, text);
	desk_end(d);
}

static void devices_are_called_by_their_group(void **state)
{
	struct desk *d;

	expect_name("network='io.net' and site='fra-2'", "io.net · fra-2");
	expect_name("site='it\\'s \\\\ here'", "it's \\ here");
	expect_name("not site~'.'", "no site");
	expect_name("network='ai' or site='fra-2'", NULL);
	expect_name("network='ai' and temp>60", NULL);
	expect_name("not site='fra-2'", NULL);
	expect_name("network='ai", NULL);
	expect_name("temp>60", NULL);
	d = desk_begin(30, 160, "2b\r");
	desk_expect(d, " Devices › storage\n");
	desk_keys(d, "/ and temp>60\r");
	desk_expect(d, " Devices › storage\n");
	desk_keys(d, ":filter temp>60\r");
	desk_expect(d, " Devices › Devices\n");
	desk_end(d);
}

static void devices_keep_their_order(void **state)
{
	struct desk *d = desk_begin(30, 160, "2");

	desk_keys(d, ":sort temp:desc\r");
	desk_keys(d, "b");
	assert_string_equal(fake.sort, "");
	desk_keys(d, ":sort devices:desc\r");
	assert_string_equal(fake.sort, "devices:desc");
	desk_keys(d, ":group\r");
	assert_string_equal(fake.sort, "temp:desc");
	desk_end(d);
}

static void marking_a_group_marks_its_devices(void **state)
{
	struct desk *d = desk_begin(30, 160, "2");

	desk_keys(d, "b ");
	desk_expect(d, "80 marked");
	assert_string_equal(fake.last, "network='storage'");
	desk_keys(d, ":group\r");
	desk_expect(d, "*gpu-fra2-0000");
	desk_expect(d, "*gpu-fra2-0005");
	desk_expect(d, " gpu-fra2-0001");
	desk_expect_not(d, "*gpu-fra2-0001");
	desk_end(d);
}

static void events_are_of_devices(void **state)
{
	struct desk *d = desk_begin(30, 160, "2");

	desk_keys(d, "be");
	desk_expect(d, "no device under the cursor");
	desk_end(d);
}

/* A view, and what is remembered: the groups, and their order. */
static void groups_come_back(void **state)
{
	struct desk *d = desk_begin(30, 160, "2");
	json_t *o;

	desk_keys(d, ":group network,site\r");
	desk_keys(d, ":sort health\r");
	o = memory_chosen(shell_page(&d->shell));
	assert_string_equal(json_str(o, "group", ""), "network,site");
	desk_keys(d, ":group\r");
	assert_string_equal(fake.sort, "");
	memory_choose(shell_page(&d->shell), o);
	desk_show(d);
	assert_string_equal(fake.by, "network,site");
	assert_string_equal(fake.sort, "health");
	json_decref(o);
	o = json_object(); /* a view of plain devices */
	memory_choose(shell_page(&d->shell), o);
	desk_show(d);
	assert_string_equal(fake.by, "");
	json_decref(o);
	desk_end(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_goes_round),
		cmocka_unit_test(a_group_is_opened_and_left),
		cmocka_unit_test(devices_are_called_by_their_group),
		cmocka_unit_test(devices_keep_their_order),
		cmocka_unit_test(marking_a_group_marks_its_devices),
		cmocka_unit_test(events_are_of_devices),
		cmocka_unit_test(groups_come_back),
	};

	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
