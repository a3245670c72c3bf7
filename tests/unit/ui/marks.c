#include "tests/unit/ui/desk.h"

#include "ui/screen/list.h"

static struct desk *begin(void)
{
	fake_start();
	fake.n_devices = 20;
	return desk_sit(30, 120, (struct shell_spec){ 0 }, "2");
}

/* Does the row of a device have a mark? */
static bool is_marked(struct desk *d, const char *name)
{
	return desk_row_has(d, desk_row(d, name), "*");
}

static void marks_are_ids(void **state)
{
	struct desk *d = begin();

	desk_keys(d, "  j ");
	desk_expect(d, "3 marked");
	assert_true(is_marked(d, "gpu-fra2-0000"));
	assert_true(is_marked(d, "gpu-fra2-0001"));
	assert_false(is_marked(d, "gpu-fra2-0002"));
	assert_true(is_marked(d, "gpu-fra2-0003"));
	fake.reversed = true;
	desk_keys(d, ":sort name\r");
	assert_true(is_marked(d, "gpu-fra2-0000"));
	assert_false(is_marked(d, "gpu-fra2-0002"));
	assert_true(is_marked(d, "gpu-fra2-0003"));
	desk_keys(d, "3");
	desk_keys(d, "2");
	desk_expect(d, "3 marked");
	desk_keys(d, ":unmark\r");
	desk_expect_not(d, "marked");
	assert_false(is_marked(d, "gpu-fra2-0000"));
	desk_keys(d, ":unmark\r");
	desk_expect(d, "nothing is marked");
	desk_end(d);
}

static void space_again_takes_the_mark(void **state)
{
	struct desk *d = begin();

	desk_keys(d, " ");
	desk_expect(d, "1 marked");
	desk_keys(d, "k ");
	desk_expect_not(d, "1 marked");
	desk_end(d);
}

static void a_range_goes_either_way(void **state)
{
	struct desk *d = begin();

	desk_bytes(d, "\0", 1);
	desk_expect(d, "mark the other end first");
	desk_keys(d, "jjjj jjj");
	desk_bytes(d, "\0", 1);
	desk_expect(d, "5 marked"); /* 4 to 8 */
	assert_true(is_marked(d, "gpu-fra2-0004"));
	assert_true(is_marked(d, "gpu-fra2-0008"));
	assert_false(is_marked(d, "gpu-fra2-0009"));
	desk_keys(d, "gj");
	desk_bytes(d, "\0", 1);
	desk_expect(d, "8 marked"); /* 1 to 8 */
	assert_false(is_marked(d, "gpu-fra2-0000"));
	desk_end(d);
}

static void all_that_match_are_marked(void **state)
{
	struct desk *d = begin();

	desk_keys(d, ":mark status!=up\r");
	desk_expect(d, "8 marked");
	assert_true(is_marked(d, "gpu-fra2-0007"));
	assert_false(is_marked(d, "gpu-fra2-0008"));
	desk_keys(d, ":mark temp>>\r");
	desk_expect(d, "a value is missing");
	desk_expect(d, "8 marked");
	desk_end(d);
}

static void their_ids_are_copied(void **state)
{
	struct desk *d = begin();

	desk_keys(d, "jj j ");
	desk_keys(d, "y");
	desk_expect(d, "copied: d002 d004");
	desk_keys(d, ":unmark\r");
	desk_keys(d, "y");
	desk_expect(d, "copied: gpu-fra2-0005");
	desk_end(d);
}

static void there_is_an_end_to_marks(void **state)
{
	struct marks m = { 0 };
	char id[16];

	for (int i = MARKS_MAX; i-- > 0;) {
		snprintf(id, sizeof(id), "d%d", i);
		assert_true(marks_add(&m, slice_of(id)));
	}
	assert_false(marks_add(&m, slice_of("one more")));
	assert_true(marks_add(&m, slice_of("d7"))); /* it is there */
	marks_remove(&m, slice_of("d7"));
	assert_false(marks_has(&m, slice_of("d7")));
	assert_true(marks_has(&m, slice_of("d70")));
	assert_int_equal(m.n, MARKS_MAX - 1);
	marks_fini(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_are_ids),
		cmocka_unit_test(space_again_takes_the_mark),
		cmocka_unit_test(a_range_goes_either_way),
		cmocka_unit_test(all_that_match_are_marked),
		cmocka_unit_test(their_ids_are_copied),
		cmocka_unit_test(there_is_an_end_to_marks),
	};

	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
