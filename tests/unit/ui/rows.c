/* The rows of a list into a file. */
#include "tests/unit/ui/desk.h"

static char folder[32], path[64];

static struct desk *begin(int devices)
{
	snprintf(folder, sizeof(folder), "/tmp/rows-XXXXXX");
	assert_non_null(mkdtemp(folder));
	fake_start();
	fake.n_devices = devices;
	return desk_sit(30, 120, (struct shell_spec){ 0 }, "2");
}

static void end(struct desk *d)
{
	unlink(path);
	rmdir(folder);
	desk_end(d);
}

static void export(struct desk *d, const char *what, const char *name)
{
	char line[160];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	snprintf(line, sizeof(line), ":export %s%s\r", what, path);
	desk_keys(d, line);
}

static char *slurp(void)
{
	FILE *f = fopen(path, "r");
	char *s = xcalloc(1, 8 << 20);

	if (!f)
		fail_msg("%s is not there", path);
	assert_true(fread(s, 1, (8 << 20) - 1, f) > 0);
	fclose(f);
	return s;
}

static void csv_has_the_columns(void **state)
{
	struct desk *d = begin(20);
	char *s;

	desk_keys(d, ":columns name,status,reason,temp,trend(temp)\r");
	export(d, "", "a.csv");
	desk_expect(d, "written: 20 rows");
	s = slurp();
	assert_ptr_equal(strstr(s, "id,name,status,reason,temp\r\n"
				   "d000,gpu-fra2-0000,down,no word from it,\r\n"), s);
	assert_non_null(strstr(s, "d019,gpu-fra2-0019,up,,59.5\r\n"));
	free(s);
	export(d, "", "a.csv");
	desk_expect(d, "File exists");
	end(d);
}

static void what_would_break_a_line_is_quoted(void **state)
{
	struct desk *d = begin(2);
	char *s;

	desk_keys(d, ":columns name,readings\r");
	export(d, "", "a.csv");
	s = slurp();
	assert_non_null(strstr(s, "id,name,metrics\r\nd000,gpu-fra2-0000,\r\n"));
	free(s);
	unlink(path);
	desk_keys(d, ":columns name,quoted\r");
	export(d, "", "b.csv");
	s = slurp();
	assert_non_null(strstr(s, "d000,gpu-fra2-0000,\"a \"\"b\"\",\nc\"\r\n"));
	free(s);
	end(d);
}

static void json_is_an_array_of_rows(void **state)
{
	struct desk *d = begin(2500); /* three pages */
	struct err e;
	char *s;
	json_t *j;

	export(d, "", "a.json");
	desk_expect(d, "written: 2,500 rows");
	s = slurp();
	j = json_load(slice_of(s), &e);
	assert_int_equal(json_array_size(j), 2500);
	assert_string_equal(json_str(json_array_get(j, 2499), "name", ""), "gpu-fra2-2499");
	json_decref(j);
	free(s);
	end(d);
}

static void marked_rows_alone(void **state)
{
	struct desk *d = begin(20);
	char *s;

	desk_keys(d, ":columns name\r");
	export(d, "marked ", "a.csv");
	desk_expect(d, "nothing is marked");
	desk_keys(d, " jj ");
	export(d, "marked ", "a.csv");
	desk_expect(d, "written: 2 rows");
	s = slurp();
	assert_string_equal(s, "id,name\r\nd000,gpu-fra2-0000\r\nd003,gpu-fra2-0003\r\n");
	free(s);
	end(d);
}

static void a_list_that_goes_leaves_no_half(void **state)
{
	struct desk *d = begin(20);
	char line[160];

	desk_keys(d, ":devices temp>0\r");
	snprintf(path, sizeof(path), "%s/a.csv", folder);
	snprintf(line, sizeof(line), "export %s", path);
	shell_run(&d->shell, slice_of(line));
	assert_int_equal(access(path, F_OK), 0); /* begun, and not answered yet */
	desk_close(d);
	assert_int_equal(access(path, F_OK), -1);
	rmdir(folder);
	fake_end();
}

static void what_cannot_be_is_said(void **state)
{
	struct desk *d = begin(20);

	export(d, "marked ", "a.svg");
	desk_expect(d, "ends in .csv or .json");
	desk_keys(d, "1");
	export(d, "", "a.csv");
	desk_expect(d, "only lists have rows");
	desk_keys(d, "5");
	export(d, "", "a.csv");
	desk_expect(d, "written: 5 rows");
	end(d);
}

/* Rows of the question before it go on coming: they do not make the filter a good one. */
static void a_filter_refused_stays_refused(void **state)
{
	struct desk *d = begin(20);

	desk_keys(d, "/temp>>\r");
	desk_expect(d, "a value is missing");
	for (int i = 0; i < 40; i++) {
		char text[120];

		snprintf(text, sizeof(text), "{\"sub\":%d,\"total\":20,\"matched\":20,\"offset\":0,"
			"\"n\":20,\"set\":[]}", i * 10 + 1);
		rpc_notify_text(fake.peer, "rows", slice_of(text));
	}
	desk_show(d);
	desk_expect(d, "a value is missing");
	desk_keys(d, "/\177\r"); /* "temp>" */
	desk_expect_not(d, "a value is missing");
	end(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_has_the_columns),
		cmocka_unit_test(what_would_break_a_line_is_quoted),
		cmocka_unit_test(json_is_an_array_of_rows),
		cmocka_unit_test(marked_rows_alone),
		cmocka_unit_test(a_list_that_goes_leaves_no_half),
		cmocka_unit_test(what_cannot_be_is_said),
		cmocka_unit_test(a_filter_refused_stays_refused),
	};

	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
