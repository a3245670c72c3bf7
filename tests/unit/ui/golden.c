/*
 * Every screen at three sizes, in colour and without, cell by cell as it was when a person last
 * looked at it.  UPDATE_GOLDEN=1 writes what is there now: look at the difference.
 */
#include "tests/unit/ui/fake.h"

#define FOLDER "tests/golden/ui"

static const struct shot {
	const char *name, *keys;
	bool read_only;
	bool large; /* at 250x80, too */
} shots[] = {
	{ "overview", .keys = "", .large = true },
	{ "overview-course", .keys = "H", .large = true },
	{ "devices", .keys = "2" },
	{ "devices-marked", .keys = "2  jj " },
	{ "devices-network", .keys = "5\r" },
	{ "devices-groups", .keys = "2b" },
	{ "columns", .keys = "2Cjj Jt" },
	{ "devices-filter", .keys = "2/temp>60" },
	{ "device", .keys = "2jj\r" },
	{ "device-overlay", .keys = "2jj\r j j hhhhhh" },
	{ "device-forecast", .keys = "2jj\rjjjj" },
	{ "events", .keys = "3" },
	{ "events-detail", .keys = "3kkk\r" },
	{ "events-narrowed", .keys = "3kko/unreach\rHt" },
	{ "ledger", .keys = "4" },
	{ "block", .keys = "4\rj" },
	{ "alerts", .keys = "8j" },
	{ "networks", .keys = "5" },
	{ "sources", .keys = "6" },
	{ "describe", .keys = "6\r" },
	{ "map", .keys = "7n" },
	{ "map-close", .keys = "7nn++++" },
	{ "help", .keys = "2?" },
	{ "command", .keys = ":de\t" },
	{ "read-only", .keys = "", .read_only = true },
};

static const struct {
	int rows, cols;
} sizes[] = { { 24, 80 }, { 40, 120 }, { 50, 200 } };

/* Rows of text, and where it differs from plain, runs of looks: "12-20 fg 9 bold". */
static char *picture(struct screen *s, int rows, int cols, bool looks)
{
	struct buf b;

	buf_init(&b, 8 << 20);
	for (int r = 0; r < rows; r++) {
		char *row = screen_row(s, r);

		buf_addf(&b, "%s\n", row);
		free(row);
	}
	for (int r = 0; looks && r < rows; r++)
		for (int c = 0, from = 0; c < cols; c++) {
			struct screen_look l = screen_look(s, r, c), n = { .fg = -2 };

			if (c + 1 < cols)
				n = screen_look(s, r, c + 1);
			if (memcmp(&l, &n, sizeof(l)) == 0)
				continue;
			if (l.fg != -1 || l.bg != -1 || l.bold || l.underline || l.reverse)
				buf_addf(&b, "%d:%d-%d %d/%d%s%s%s\n", r, from, c, l.fg, l.bg,
					l.bold ? " bold" : "", l.underline ? " underline" : "",
					l.reverse ? " reverse" : "");
			from = c + 1;
		}
	return b.p;
}

static char *slurp(const char *path)
{
	FILE *f = fopen(path, "r");
	struct buf b;
	char part[4096];
	size_t n;

	if (!f)
		return NULL;
	buf_init(&b, 8 << 20);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(&b, part, n);
	fclose(f);
	return b.p;
}

static void compare(const char *name, int rows, int cols, bool mono, char *now)
{
	char *path = xasprintf("%s/%s-%dx%d%s.txt", FOLDER, name, cols, rows, mono ? "-mono" : "");
	char *was = slurp(path);
	FILE *f;

	if (getenv("UPDATE_GOLDEN")) {
		f = fopen(path, "w");
		assert_non_null(f);
		fputs(now, f);
		fclose(f);
	} else if (!was) {
		fail_msg("%s is not there", path);
	} else if (strcmp(was, now) != 0) {
		fail_msg("%s: not as it was; now:\n%s", path, now);
	}
	free(was);
	free(path);
	free(now);
}

static void shoot(const struct shot *shot, int rows, int cols, bool mono)
{
	struct desk *d;

	fake_start();
	d = desk_open_with(rows, cols, mono, (struct shell_spec){ .read_only = shot->read_only });
	desk_connect(d);
	desk_show(d);
	desk_keys(d, shot->keys);
	clock_test_set(NOW_MS); /* keys took time */
	d->shell.dirty = true;
	desk_draw(d);
	compare(shot->name, rows, cols, mono, picture(d->screen, rows, cols, true));
	desk_close(d);
	fake_end();
}

static void every_screen_looks_as_it_did(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(shots); i++) {
		for (size_t j = 0; j < ARRAY_LEN(sizes); j++) {
			shoot(&shots[i], sizes[j].rows, sizes[j].cols, false);
			shoot(&shots[i], sizes[j].rows, sizes[j].cols, true);
		}
		if (shots[i].large)
			shoot(&shots[i], 80, 250, false);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_screen_looks_as_it_did) };

	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
