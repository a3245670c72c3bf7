/*
 * Every screen at three sizes, in colour and without, cell by cell as it was when a person last
 * looked at it.  Each is made twice: by the shell with a terminal in memory, and by the program
 * itself on a pseudo-terminal, with its clocks held.  After each key both show the same cells;
 * drawn anew the screen is what it was, and a signal leaves a clean terminal.
 * UPDATE_GOLDEN=1 writes what is there now: look at the difference.
 */
#include <signal.h>

#include "tests/console/still.h"
#include "tests/unit/ui/fake.h"

#define FOLDER "tests/golden/ui"
#define STEPS  128   /* keys of a shot */
#define ANEW   "\014"
#define IDLE   180 /* steps in which it sleeps and does not come to the frame that it should */

static char build[4096]; /* the folder with bin/depinctl */

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
	{ "governance", .keys = "9j" },
	{ "networks", .keys = "5" },
	{ "sources", .keys = "6" },
	{ "describe", .keys = "6\r" },
	{ "map", .keys = "7n" },
	{ "map-close", .keys = "7nn++++" },
	{ "help", .keys = "2?" },
	{ "command", .keys = "2:un\t" },
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

static void compare(const char *name, int rows, int cols, bool mono, const char *now)
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
		fail_msg("%s: not as it was: %s", path, screen_difference(was, now));
	}
	free(was);
	free(path);
}

/* --- in memory -------------------------------------------------------------------------------- */

/* What stands there after each key. */
struct film {
	char *frames[STEPS + 2];
	size_t n;
};

static void take_frame(struct film *f, struct desk *d, int rows, int cols)
{
	for (int i = 0; i < 2; i++) { /* what the first tells of the line is in the second */
		d->shell.dirty = true;
		desk_draw(d);
	}
	assert_true(f->n < ARRAY_LEN(f->frames));
	f->frames[f->n++] = picture(d->screen, rows, cols, true);
}

/* Keys take time: it is given back, so that each counts at the same moment. */
static void hit(struct film *f, struct desk *d, const char *key, int rows, int cols)
{
	clock_test_advance(-DESK_KEY_MS);
	desk_bytes(d, key, 1);
	take_frame(f, d, rows, cols);
}

static void film_in_memory(struct film *f, const struct shot *shot, int rows, int cols, bool mono)
{
	struct desk *d;

	fake_start();
	d = desk_open_with(rows, cols, mono, (struct shell_spec){ .read_only = shot->read_only });
	desk_terminal(d, rows, cols, mono, TERM_ALWAYS, 0);
	desk_connect(d);
	desk_show(d);
	take_frame(f, d, rows, cols);
	for (const char *k = shot->keys; *k; k++)
		hit(f, d, k, rows, cols);
	hit(f, d, ANEW, rows, cols); /* and takes the news away, as each key does */
	desk_end(d);
}

/* --- on a pseudo-terminal --------------------------------------------------------------------- */

static void write_config(const char *path)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs("contexts: [ { name: lab } ]\nui: { fps: 60 }\n", f);
	fclose(f);
}

static struct still *open_console(const struct shot *shot, int rows, int cols, bool mono)
{
	char *config = xasprintf("%s/config.yaml", fake.dir);
	const char *words[] = { "--context", "lab", "--config", config, "--socket", fake.path,
		"--no-start", "--color", mono ? "never" : "always",
		shot->read_only ? "--read-only" : NULL, NULL };
	struct still *s;

	write_config(config);
	s = still_start(build, fake.dir, NOW_MS, (struct pty_opts){ .rows = rows, .cols = cols }, words);
	free(config);
	return s;
}

static void expect_frame(struct still *s, const char *frame, int rows, int cols, const char *when)
{
	char *now = NULL;

	for (int idle = 0; idle < IDLE;) {
		size_t seen = pty_output(still_pty(s))->len;
		unsigned calls = fake.calls;

		if (!now)
			now = picture(pty_screen(still_pty(s)), rows, cols, true);
		if (strcmp(now, frame) == 0)
			break;
		loop_turn(fake.loop, 0);
		if (fake.calls == calls)
			idle += still_step(s);
		if (pty_output(still_pty(s))->len != seen) {
			free(now);
			now = NULL;
		}
	}
	if (!now || strcmp(now, frame) != 0)
		fail_msg("%s: on a pseudo-terminal\n%s", when, screen_difference(frame, now ? now : ""));
	free(now);
}

static void film_on_a_pty(const struct film *f, const struct shot *shot, int rows, int cols, bool mono)
{
	char *when = xasprintf("%s %dx%d%s", shot->name, cols, rows, mono ? " mono" : "");
	struct still *s;

	fake_start();
	s = open_console(shot, rows, cols, mono);
	expect_frame(s, f->frames[0], rows, cols, when);
	for (size_t i = 1; i < f->n - 1; i++) {
		pty_send(still_pty(s), &shot->keys[i - 1], 1);
		expect_frame(s, f->frames[i], rows, cols, when);
	}
	screen_feed(pty_screen(still_pty(s)), "\033[2J", 4); /* what comes then is all there is */
	pty_send(still_pty(s), ANEW, 1);
	expect_frame(s, f->frames[f->n - 1], rows, cols, when);
	assert_string_equal(still_stop(s), "");
	still_free(s);
	fake_end();
	free(when);
}

static void shoot(const struct shot *shot, int rows, int cols, bool mono)
{
	struct film f = { .n = 0 };

	film_in_memory(&f, shot, rows, cols, mono);
	film_on_a_pty(&f, shot, rows, cols, mono);
	compare(shot->name, rows, cols, mono, f.frames[f.n - 2]);
	while (f.n)
		free(f.frames[--f.n]);
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

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_screen_looks_as_it_did) };
	const char *slash = strrchr(argv[0], '/');

	snprintf(build, sizeof(build), "%.*s/../../..", slash ? (int)(slash - argv[0]) : 1,
		slash ? argv[0] : ".");
	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
