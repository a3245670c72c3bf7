#include "tests/unit/ui/desk.h"

#include <errno.h>

#include "ui/keep.h"

static char keep[64], file[128];

static struct desk *sit_down(struct shell_spec spec)
{
	spec.keep = keep;
	return desk_sit(24, 120, spec, "");
}

static int setup(void **state)
{
	char dir[] = "/tmp/memory-XXXXXX";

	fake_start();
	assert_non_null(mkdtemp(dir));
	snprintf(keep, sizeof(keep), "%s/console", dir);
	snprintf(file, sizeof(file), "%s/lab.json", keep);
	return 0;
}

static int teardown(void **state)
{
	unlink(file);
	snprintf(file, sizeof(file), "%s/lab+views.json", keep);
	unlink(file);
	rmdir(keep);
	*strrchr(keep, '/') = '\0';
	assert_int_equal(rmdir(keep), 0); /* nothing else was left there */
	fake_end();
	return 0;
}

static void write_file(const char *text)
{
	struct err e;

	assert_int_equal(keep_write(file, slice_of(text), &e), 0);
}

static void all_is_as_one_left_it(void **state)
{
	struct desk *d = sit_down((struct shell_spec){ 0 });

	desk_keys(d, "2/temp>60\r");
	desk_keys(d, ":sort power:desc\r");
	desk_keys(d, ":columns name,site,power\r");
	desk_keys(d, "3:filter severity>=warn\r");
	desk_keys(d, "2");
	desk_close(d);

	d = sit_down((struct shell_spec){ 0 });
	desk_expect(d, "filter  temp>60");
	assert_string_equal(fake.last, "temp>60");
	assert_string_equal(fake.sort, "power:desc");
	desk_expect(d, "power");
	desk_expect_not(d, "READINGS");
	desk_keys(d, ":");
	desk_keys(d, "\033[A"); /* the line typed last */
	desk_expect(d, ":filter severity>=warn");
	desk_keys(d, "\033");
	desk_keys(d, "/");
	desk_keys(d, "\025t");
	desk_keys(d, "\033[A");
	desk_expect(d, "/temp>60");
	desk_keys(d, "\033");
	desk_keys(d, "3");
	desk_expect(d, "severity>=warn");
	desk_close(d);
}

static void what_is_undone_is_not_remembered(void **state)
{
	struct desk *d = sit_down((struct shell_spec){ 0 });

	desk_keys(d, "2/temp>60\r");
	desk_keys(d, ":columns name\r");
	desk_close(d);
	d = sit_down((struct shell_spec){ 0 });
	desk_keys(d, "\033:columns auto\r");
	desk_close(d);
	d = sit_down((struct shell_spec){ 0 });
	assert_string_equal(fake.last, "");
	desk_expect(d, "READINGS");
	desk_close(d);
}

/* A page that lies above another, or that a command line opened, is nothing to come back to. */
static void only_the_first_page_of_a_tab_counts(void **state)
{
	struct desk *d = sit_down((struct shell_spec){ 0 });

	desk_keys(d, "5\r");
	desk_expect(d, "network='storage'");
	desk_close(d);
	d = sit_down((struct shell_spec){ 0 });
	desk_expect_not(d, "network='storage'");
	desk_keys(d, "2");
	desk_expect_not(d, "network='storage'");
	desk_close(d);
	d = sit_down((struct shell_spec){ .open = "ledger" });
	desk_expect(d, "chain0");
	desk_close(d);
}

static void it_is_written_a_moment_after_a_change(void **state)
{
	struct desk *d = sit_down((struct shell_spec){ 0 });
	struct stat st, then;

	desk_keys(d, "2/temp>60\r");
	assert_int_equal(stat(file, &st), -1);
	desk_tick(d, 3000);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(keep, &then), 0);
	assert_int_equal(then.st_mode & 07777, 0700);
	desk_keys(d, "jjk"); /* a cursor moved is no change: the file is not written anew */
	desk_tick(d, 3000);
	assert_int_equal(stat(file, &then), 0);
	assert_int_equal(st.st_ino, then.st_ino);
	desk_keys(d, "r");
	desk_tick(d, 3000);
	assert_int_equal(stat(file, &then), 0);
	assert_true(st.st_ino != then.st_ino);
	desk_close(d);
}

static void a_file_that_cannot_be_used_is_told_and_ignored(void **state)
{
	static const char *const bad[] = { "", "{", "[]", "nonsense\n", "{\"screen\":\"devices\"",
		"\xff\xfe{}" };

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct desk *d;

		write_file(bad[i]);
		d = sit_down((struct shell_spec){ 0 });
		desk_expect(d, "ignored: ");
		desk_expect(d, "Infrastructure");
		desk_close(d);
	}
}

static void odd_contents_do_no_harm(void **state)
{
	struct desk *d;

	write_file("{\"screen\":\"help\",\"screens\":{\"devices\":{\"filter\":7,\"sort\":[],"
		   "\"columns\":\"name,\\u001b[2Jx\",\"move\":\"5\"},\"nothing\":{},\"events\":\"x\"},"
		   "\"commands\":[1,\"\",{},\"\\u001b]52;c;x\\u0007\",\"theme\"],\"lines\":{}}");
	d = sit_down((struct shell_spec){ 0 });
	desk_expect_not(d, "ignored");
	desk_expect(d, "storage"); /* the overview: help has no tab */
	desk_keys(d, "2:");
	desk_keys(d, "\033[A");
	desk_expect(d, ":theme");
	desk_keys(d, "\033[A");
	desk_keys(d, "\033");
	desk_expect(d, "gpu-fra2-0000");
	desk_close(d);
}

static void a_huge_file_is_refused(void **state)
{
	char *text = xcalloc(1, KEEP_BYTES + 10);
	struct desk *d;
	FILE *f;

	write_file("{}");
	memset(text, ' ', KEEP_BYTES + 8);
	f = fopen(file, "w");
	assert_non_null(f);
	fprintf(f, "%s{}", text);
	fclose(f);
	free(text);
	d = sit_down((struct shell_spec){ 0 });
	desk_expect(d, "larger than");
	desk_close(d);
}

static void a_folder_that_cannot_be_written_is_told_once(void **state)
{
	struct desk *d;
	char dir[64];
	FILE *f;

	snprintf(dir, sizeof(dir), "%s", keep);
	f = fopen(dir, "w"); /* a file where the folder should be */
	assert_non_null(f);
	fclose(f);
	d = sit_down((struct shell_spec){ 0 });
	desk_keys(d, "2");
	desk_tick(d, 3000);
	desk_expect(d, "not remembered");
	desk_keys(d, "3");
	desk_tick(d, 3000);
	desk_expect_not(d, "not remembered");
	desk_close(d);
	unlink(dir);
}

static void a_view_brings_a_tab_back(void **state)
{
	struct desk *d = sit_down((struct shell_spec){ 0 });

	desk_keys(d, ":view\r");
	desk_expect(d, "no views yet");
	desk_keys(d, "2/temp>60\r");
	desk_keys(d, ":sort power:desc\r:columns name,power\r");
	desk_keys(d, ":view save hot\r");
	desk_expect(d, "view saved");
	desk_keys(d, "\033:sort\r:columns auto\r");
	desk_expect(d, "READINGS");
	desk_keys(d, ":view save all\r");
	desk_keys(d, "3:view h\t\r");
	assert_string_equal(fake.last, "temp>60");
	assert_string_equal(fake.sort, "power:desc");
	desk_expect_not(d, "READINGS");
	desk_close(d);
	d = sit_down((struct shell_spec){ 0 });
	desk_keys(d, ":view all\r");
	assert_string_equal(fake.last, "");
	desk_expect(d, "READINGS");
	desk_keys(d, ":view\r");
	desk_expect(d, "hot (devices)");
	desk_keys(d, ":view drop hot\r:view hot\r");
	desk_expect(d, "no view 'hot'");
	desk_keys(d, ":view save two words\r");
	desk_expect(d, "one word");
	desk_keys(d, "?:view save help\r");
	desk_expect(d, "only what has a tab");
	desk_close(d);
}

static void a_report_is_written(void **state)
{
	struct desk *d = sit_down((struct shell_spec){ 0 });
	char path[128], text[20000];
	struct stat st;
	size_t n;
	FILE *f;

	desk_keys(d, "6:report\r");
	desk_expect(d, "written: ");
	snprintf(path, sizeof(path), "%s/report-%lld.txt", keep, (long long)clock_wall_ms());
	for (int64_t back = 0; stat(path, &st) < 0 && back < 2000; back += 100)
		snprintf(path, sizeof(path), "%s/report-%lld.txt", keep,
			(long long)(clock_wall_ms() - back));
	f = fopen(path, "r");
	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	assert_int_equal(st.st_mode & 07777, 0600);
	unlink(path);
	assert_non_null(strstr(text, "depinctl " DEPINCTL_VERSION));
	assert_non_null(strstr(text, "terminal: 120x24"));
	assert_non_null(strstr(text, "LAST ERROR")); /* the screen */
	assert_non_null(strstr(text, "\"name\":\"src2\""));
	assert_null(strstr(text, ":report"));
	desk_close(d);
}

/* --- read-only --- */

static int acted;

static int act_touch(void *state, struct slice arg, struct err *e)
{
	acted++;
	return 0;
}

static int open_nothing(void *state, struct stage *st, struct slice arg, struct err *e)
{
	return 0;
}

static void close_nothing(void *state)
{
}

static void show_nothing(void *state, bool on)
{
}

static void draw_nothing(void *state, struct term *t, struct rect r)
{
}

static const struct action touching[] = {
	{ "touch", "", "changes the world", act_touch, true },
	{ 0 },
};

static const struct screen screen_touch = { .name = "touching", .title = "Touching", .args = "",
	.keys = "list", .state_size = 1, .actions = { touching }, .open = open_nothing,
	.close = close_nothing, .show = show_nothing, .draw = draw_nothing };

static void a_read_only_console_does_not_act(void **state)
{
	struct desk *d = sit_down((struct shell_spec){ .read_only = true });
	struct err e;

	desk_expect(d, "read-only");
	assert_int_equal(shell_push(&d->shell, &screen_touch, slice_of(""), &e), 0);
	desk_keys(d, ":touch\r");
	desk_expect(d, "touch: not in a read-only console");
	desk_keys(d, ":ask touch\r");
	desk_expect(d, "touch: not in a read-only console");
	assert_int_equal(acted, 0);
	desk_close(d);
	d = sit_down((struct shell_spec){ 0 });
	desk_expect_not(d, "read-only");
	assert_int_equal(shell_push(&d->shell, &screen_touch, slice_of(""), &e), 0);
	desk_keys(d, ":touch\r");
	assert_int_equal(acted, 1);
	desk_keys(d, ":ask touch\r");
	desk_keys(d, "now\r");
	assert_int_equal(acted, 2);
	desk_close(d);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_is_as_one_left_it),
		TEST(what_is_undone_is_not_remembered),
		TEST(only_the_first_page_of_a_tab_counts),
		TEST(it_is_written_a_moment_after_a_change),
		TEST(a_file_that_cannot_be_used_is_told_and_ignored),
		TEST(odd_contents_do_no_harm),
		TEST(a_huge_file_is_refused),
		TEST(a_folder_that_cannot_be_written_is_told_once),
		TEST(a_view_brings_a_tab_back),
		TEST(a_report_is_written),
		TEST(a_read_only_console_does_not_act),
	};

	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
