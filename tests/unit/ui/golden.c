/*
 * Every screen at three sizes, in colour and without, cell by cell as it was when a person last
 * looked at it.  Each is made twice: by the shell with a terminal in memory, and by the program
 * itself on a pseudo-terminal, with its clocks held.  After each key both show the same cells;
 * drawn anew the screen is what it was, and a signal leaves a clean terminal.
 * UPDATE_GOLDEN=1 writes what is there now: look at the difference.
 */
#include <sys/wait.h>

#include "tests/console/still.h"
#include "tests/unit/ui/desk.h"
#include "ui/screen/moment.h"
#include "ui/ui.h"

#define FOLDER "tests/golden/ui"
#define STEPS  128   /* keys of a shot */
#define ANEW   "\014"
#define SOON   60    /* steps without news in which a frame should be there */
#define CREEP  50    /* later one of so many moves the time: keys may be long on a busy machine's way */
#define LATE   10000 /* then it is missing */

static const struct shot {
	const char *name, *keys;
	const char *until; /* of what another program prints; NULL: nothing does */
	bool read_only;
	bool plays; /* a recording */
	bool lost;  /* the line, after the keys */
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
	{ "devices-mistyped", .keys = "2/temp>>" },
	{ "confirm", .keys = "2:confirm {\"what\":\"isolate three devices\",\"run\":\"theme light\","
			     "\"targets\":[\"d000\",\"d001\",\"d002\"]}\r" },
	{ "device", .keys = "2jj\r" },
	{ "device-overlay", .keys = "2jj\r j j hhhhhh" },
	{ "device-forecast", .keys = "2jj\rjjjj" },
	{ "events", .keys = "3" },
	{ "events-strip", .keys = "3H]]" },
	{ "events-detail", .keys = "3kkk\r" },
	{ "events-narrowed", .keys = "3kko/unreach\rHt" },
	{ "ledger", .keys = "4" },
	{ "block", .keys = "4\rj" },
	{ "block-replaced", .keys = "4jjj\r" },
	{ "alerts", .keys = "8j" },
	{ "alerts-confirm", .keys = "8  :ack mine\r" },
	{ "silences", .keys = "8S" },
	{ "governance", .keys = "9j" },
	{ "networks", .keys = "5" },
	{ "sources", .keys = "6" },
	{ "describe", .keys = "6\r" },
	{ "map", .keys = "7n" },
	{ "map-close", .keys = "7nn++++" },
	{ "help", .keys = "2?" },
	{ "output", .keys = ":config explain ui.fps\r", .until = "exit code" },
	{ "travelling", .keys = "2T10m\r" },
	{ "travelling-overview", .keys = "T20m\r" },
	{ "recording", .keys = "2", .plays = true },
	{ "line-lost", .keys = "2jj", .lost = true },
	{ "command", .keys = "2:un\t" },
	{ "read-only", .keys = "", .read_only = true },
};

/* What there is of each shot. */
static const struct size {
	const char *name; /* of the test, and of the file's end */
	int rows, cols;
	bool mono;
	bool large; /* some shots alone */
} sizes[] = {
	{ "80x24", 24, 80, 0, 0 }, { "80x24-mono", 24, 80, 1, 0 },
	{ "120x40", 40, 120, 0, 0 }, { "120x40-mono", 40, 120, 1, 0 },
	{ "200x50", 50, 200, 0, 0 }, { "200x50-mono", 50, 200, 1, 0 },
	{ "250x80", 80, 250, 0, 1 },
};

/* Rows of text, and where it differs from plain, runs of looks: "12-20 fg 9 bold". */
static char *picture(struct screen *s, const struct size *z)
{
	int rows = z->rows, cols = z->cols;
	struct buf b;

	buf_init(&b, 8 << 20);
	for (int r = 0; r < rows; r++) {
		char *row = screen_row(s, r);

		buf_addf(&b, "%s\n", row);
		free(row);
	}
	for (int r = 0; r < rows; r++)
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

static void compare(const char *name, const struct size *z, const char *now)
{
	char *path = xasprintf("%s/%s-%s.txt", FOLDER, name, z->name);
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

/* --- the world, twice the same ---------------------------------------------------------------- */

static void begin_world(const struct shot *shot)
{
	fake_start();
	fake.plays = shot->plays;
}

static void lose_line(void)
{
	line_server_free(fake.server);
	fake.server = NULL;
	fake_hang_up();
}

/* --- in memory -------------------------------------------------------------------------------- */

static char program[4096], build[4000]; /* of depinctl; the folder with bin/depinctl */

/* What stands there after each key. */
struct film {
	char *frames[STEPS];
	size_t n;
};

static void take_frame(struct film *f, struct desk *d, const struct size *z)
{
	for (int i = 0; i < 2; i++) { /* what the first tells of the line is in the second */
		d->shell.dirty = true;
		desk_draw(d);
	}
	assert_true(f->n < STEPS);
	f->frames[f->n++] = picture(d->screen, z);
}

/* Keys take time: it is given back, so that each counts at the same moment. */
static void hit(struct film *f, struct desk *d, const char *key, const struct size *z)
{
	clock_test_advance(-DESK_KEY_MS);
	desk_bytes(d, key, 1);
	take_frame(f, d, z);
}

static struct desk *open_desk(const struct shot *shot, const struct size *z)
{
	static const struct ui_verb verbs[] = { { "config", "", "", .acts = false }, { 0 } };
	static const char *const own[] = { program, "--color", "never", "--no-start", NULL };
	struct desk *d = desk_open_with(z->rows, z->cols, z->mono, (struct shell_spec){
		.read_only = shot->read_only, .verbs = verbs, .own = own });

	desk_terminal(d, z->rows, z->cols, z->mono, TERM_ALWAYS, 0);
	desk_connect(d);
	desk_show(d);
	return d;
}

static void film_in_memory(struct film *f, const struct shot *shot, const struct size *z)
{
	struct desk *d;

	begin_world(shot);
	d = open_desk(shot, z);
	take_frame(f, d, z);
	for (const char *k = shot->keys; *k; k++)
		hit(f, d, k, z);
	if (shot->until) { /* who knows what stood there meanwhile */
		free(f->frames[--f->n]);
		desk_wait(d, shot->until);
		take_frame(f, d, z);
	}
	if (shot->lost) {
		lose_line();
		desk_show(d);
		take_frame(f, d, z);
	}
	hit(f, d, ANEW, z); /* and takes the news away, as each key does */
	moment_set(0);
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

static struct still *open_console(const struct shot *shot, const struct size *z)
{
	char *config = xasprintf("%s/config.yaml", fake.dir);
	const char *words[] = { "--context", "lab", "--config", config, "--socket", fake.path,
		"--no-start", "--color", z->mono ? "never" : "always",
		shot->read_only ? "--read-only" : NULL, NULL };
	struct pty_opts o = { .rows = z->rows, .cols = z->cols };
	struct still *s;

	write_config(config);
	s = still_start(build, fake.dir, NOW_MS, o, words);
	free(config);
	return s;
}

static void expect_frame(struct still *s, const char *frame, const struct shot *shot, const struct size *z)
{
	char *now = NULL;

	for (int idle = 0; idle < LATE;) {
		size_t seen = pty_output(still_pty(s))->len;
		unsigned calls = fake.calls;

		if (!now)
			now = picture(pty_screen(still_pty(s)), z);
		if (strcmp(now, frame) == 0)
			break;
		loop_turn(fake.loop, 0);
		if (fake.calls == calls)
			idle += still_step(s, idle < SOON || idle % CREEP == 0);
		if (pty_output(still_pty(s))->len != seen) {
			free(now);
			now = NULL;
		}
	}
	if (!now || strcmp(now, frame) != 0)
		fail_msg("%s %s: on a pseudo-terminal\n%s", shot->name, z->name,
			screen_difference(frame, now ? now : ""));
	free(now);
}

static void film_on_a_pty(const struct film *f, const struct shot *shot, const struct size *z)
{
	size_t i = 0;
	struct still *s;

	begin_world(shot);
	s = open_console(shot, z);
	expect_frame(s, f->frames[i++], shot, z);
	for (const char *k = shot->keys; *k; k++) {
		pty_send(still_pty(s), k, 1);
		expect_frame(s, f->frames[i++], shot, z);
	}
	if (shot->lost) {
		lose_line();
		expect_frame(s, f->frames[i++], shot, z);
	}
	screen_feed(pty_screen(still_pty(s)), "\033[2J", 4); /* what comes then is all there is */
	pty_send(still_pty(s), ANEW, 1);
	expect_frame(s, f->frames[i++], shot, z);
	assert_int_equal(i, f->n);
	assert_string_equal(still_stop(s), "");
	still_free(s);
	fake_end();
}

/* --- both ------------------------------------------------------------------------------------- */

static void shoot(const struct shot *shot, const struct size *z)
{
	struct film f = { .n = 0 };

	film_in_memory(&f, shot, z);
	film_on_a_pty(&f, shot, z);
	compare(shot->name, z, f.frames[f.n - 2]);
	while (f.n)
		free(f.frames[--f.n]);
}

static void every_screen_looks_as_it_did(void **state)
{
	const struct size *z = *state;

	for (size_t i = 0; i < ARRAY_LEN(shots); i++)
		if (!z->large || shots[i].large)
			shoot(&shots[i], z);
}

static int run(const struct size *z)
{
	const struct CMUnitTest tests[] = {
		{ z->name, every_screen_looks_as_it_did, NULL, NULL, (void *)z },
	};

	return cmocka_run_group_tests_name(z->name, tests, NULL, NULL);
}

/* Most of their time they wait for one another: all sizes at once. */
int main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	size_t n = getenv("UNDER_VALGRIND") ? 2 : ARRAY_LEN(sizes); /* there a second becomes a minute */
	int failed = 0, status;

	snprintf(build, sizeof(build), "%.*s/../../..", slash ? (int)(slash - argv[0]) : 1,
		slash ? argv[0] : ".");
	snprintf(program, sizeof(program), "%s/bin/depinctl", build);
	unsetenv("NO_COLOR");
	for (size_t i = 0; i < n; i++)
		if (fork() == 0)
			exit(run(&sizes[i]));
	while (wait(&status) > 0)
		failed |= status;
	return failed != 0;
}
