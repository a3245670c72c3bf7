#include "tests/unit/ui/desk.h"

#include "ui/screen/confirm.h"
#include "ui/screen/marks.h"

static struct desk *begin(bool read_only)
{
	fake_start();
	return desk_sit(24, 100, (struct shell_spec){ .read_only = read_only, .is_protected = read_only }, "2");
}

static void ask(struct desk *d, int n)
{
	struct marks m = { 0 };
	char id[16];

	for (int i = 0; i < n; i++) {
		snprintf(id, sizeof(id), "d%03d", i);
		marks_add(&m, slice_of(id));
	}
	confirm_ask(&d->shell.stage, &(struct question){ .what = "isolate some devices",
		.line = "theme light", .kind = "devices", .targets = &m });
	marks_fini(&m);
	desk_show(d);
}

static void it_names_its_targets_and_waits(void **state)
{
	struct desk *d = begin(false);

	ask(d, 3);
	desk_expect(d, "isolate some devices?");
	desk_expect(d, "3 targets, 1 of them gone"); /* two are there */
	desk_expect(d, "gpu-fra2-0001");
	desk_expect_not(d, "gpu-fra2-0002");
	assert_string_equal(d->shell.theme.name, "dark");
	desk_keys(d, "\r"); /* not by a key that one presses anyway */
	desk_keys(d, " ");
	assert_string_equal(d->shell.theme.name, "dark");
	desk_keys(d, "n");
	desk_expect(d, "gpu-fra2-0002"); /* the list again */
	assert_string_equal(d->shell.theme.name, "dark");
	ask(d, 2);
	desk_expect(d, "2 targets");
	desk_expect_not(d, "gone");
	desk_keys(d, "y");
	assert_string_equal(d->shell.theme.name, "light");
	desk_expect(d, "gpu-fra2-0002");
	desk_end(d);
}

static void a_protected_context_wants_its_name(void **state)
{
	struct desk *d;

	fake_start();
	d = desk_sit(24, 100, (struct shell_spec){ .is_protected = true }, "2");
	desk_expect(d, "▲ lab: protected");
	ask(d, 2);
	desk_expect(d, "▲ lab: protected");
	desk_keys(d, "y");
	desk_expect(d, "lab is protected; its name for `yes`:");
	desk_keys(d, "y\r");
	desk_expect(d, "not done");
	assert_string_equal(d->shell.theme.name, "dark");
	desk_expect(d, "isolate some devices?");
	desk_keys(d, "ylab\r");
	assert_string_equal(d->shell.theme.name, "light");
	desk_keys(d, ":theme dark\r"); /* what only looks is free */
	assert_string_equal(d->shell.theme.name, "dark");
	ask(d, 2);
	desk_keys(d, "yla\033");
	desk_expect_not(d, "its name for");
	assert_string_equal(d->shell.theme.name, "dark");
	desk_end(d);
}

static void a_read_only_console_does_nothing(void **state)
{
	struct desk *d = begin(true);

	ask(d, 2);
	desk_keys(d, "y");
	desk_expect(d, "not in a read-only console");
	assert_string_equal(d->shell.theme.name, "dark");
	desk_end(d);
}

static void it_needs_all_it_says(void **state)
{
	struct desk *d = begin(false);

	desk_keys(d, ":confirm\r");
	desk_expect(d, "as JSON");
	desk_keys(d, ":confirm {\"what\":\"x\",\"run\":\"quit\",\"targets\":[]}\r");
	desk_expect(d, "as JSON");
	desk_keys(d, ":confirm {{{\r");
	desk_expect(d, "as JSON");
	desk_end(d);
}

static void events_of_all_that_are_marked(void **state)
{
	struct desk *d = begin(false);

	desk_keys(d, " j e");
	desk_expect(d, "device in ('d000','d002')");
	desk_end(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_names_its_targets_and_waits),
		cmocka_unit_test(a_protected_context_wants_its_name),
		cmocka_unit_test(a_read_only_console_does_nothing),
		cmocka_unit_test(it_needs_all_it_says),
		cmocka_unit_test(events_of_all_that_are_marked),
	};

	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
