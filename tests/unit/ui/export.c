#include "tests/unit/ui/desk.h"

#include <unistd.h>

static char *slurp(const char *path)
{
	char *text = xcalloc(1, 1 << 20);
	FILE *f = fopen(path, "r");

	if (!f || !fread(text, 1, (1 << 20) - 1, f))
		fail_msg("%s is not there", path);
	fclose(f);
	return text;
}

/* The picture is the screen that the user sees, but for the prompt and what it answers. */
static void the_screen_is_exported(void **state)
{
	static const char *const ends[] = { "txt", "svg", "html" };
	char dir[] = "/tmp/export-XXXXXX", path[64], line[128];
	struct desk *d;

	assert_non_null(mkdtemp(dir));
	d = desk_begin(24, 80, "2");
	desk_show(d);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		char *text;

		snprintf(path, sizeof(path), "%s/a.%s", dir, ends[i]);
		snprintf(line, sizeof(line), ":export %s\r", path);
		desk_keys(d, line);
		desk_expect(d, "written: ");
		text = slurp(path);
		assert_non_null(strstr(text, "gpu-"));
		assert_null(strstr(text, ":export"));
		assert_null(strstr(text, "written:"));
		assert_int_equal(strstr(text, "<title>depinctl") != NULL, i > 0);
		free(text);
		desk_keys(d, line);
		desk_expect(d, "exists");
		unlink(path);
	}
	desk_keys(d, ":export x.png\r");
	desk_expect(d, "ends in .svg");
	desk_end(d);
	rmdir(dir);
}

static void the_row_under_the_cursor_is_copied(void **state)
{
	struct desk *d = desk_begin(24, 80, "");

	desk_keys(d, "y");
	desk_expect(d, "nothing is under the cursor");
	desk_keys(d, "2");
	desk_show(d);
	desk_keys(d, "jy");
	desk_expect(d, "copied: gpu-fra2-0001 compute ✖ down 0 %");
	desk_expect_not(d, "copied: ›");
	desk_keys(d, ":copy some text\r");
	desk_expect(d, "copied: some text");
	desk_end(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_screen_is_exported),
		cmocka_unit_test(the_row_under_the_cursor_is_copied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
