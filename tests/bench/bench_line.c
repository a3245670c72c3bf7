/*
 * A line of 16 kB/s with 150 ms there and back, a real sshd at its end, and everything on the
 * screen changing: how old is the picture, and when does one see what a key did?
 *   bench_line [KEYS [NAME]]
 * How old: the program is stopped, and pictures go on coming that it made before; the last byte
 * is as late as all of them were.  A key: from pressing the arrow until the selection stands on
 * another row of the terminal.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "tests/bench/kit.h"
#include "tests/bench/peer.h"
#include "tests/bench/slow_line.h"
#include "tests/console/pty.h"

#define RATE	 16000
#define RTT_MS	 150
#define ROWS	 50
#define COLS	 200
#define KEYS_MAX 200
#define STOPS	 6
#define WARM_MS	 15000
#define BETWEEN_MS 900 /* and a little that differs */
#define LOST_S	 40
#define QUIET_S	 1.5 /* after so long without a byte nothing is on its way */

struct contender {
	const char *name, *command;
	const char *ready; /* what its screen shows; NULL: anything */
	const char *keys;  /* to where the arrows are pressed; may be NULL */
	const char *mark;  /* what the selected row begins with; NULL: it looks unlike the others */
	const char *pressed[2], *says[2]; /* keys in turn and what shows then; NULL: the arrows */
};

/* --- which row is selected -------------------------------------------------------------------- */

static bool same_ground(struct screen_look a, struct screen_look b)
{
	return a.bg == b.bg && a.reverse == b.reverse;
}

/* The row whose ground is shared by fewest others; of several the lowest, titles stand above. */
static int odd_row(struct pty *p)
{
	int best = -1, fewest = ROWS;

	for (int r = ROWS - 2; r > 0; r--) {
		struct screen_look l = screen_look(pty_screen(p), r, COLS - 20);
		int like = 0;

		for (int o = 1; o < ROWS - 1; o++)
			like += same_ground(l, screen_look(pty_screen(p), o, COLS - 20));
		if (like < fewest) {
			fewest = like;
			best = r;
		}
	}
	return fewest <= 2 ? best : -1;
}

static int marked_row(struct pty *p, const char *mark)
{
	int found = -1;

	for (int r = 0; r < ROWS && found < 0; r++) {
		char *row = screen_row(pty_screen(p), r);

		if (strncmp(row, mark, strlen(mark)) == 0)
			found = r;
		free(row);
	}
	return found;
}

static int selected(struct pty *p, const struct contender *c)
{
	return c->mark ? marked_row(p, c->mark) : odd_row(p);
}

/* --- the measurements --------------------------------------------------------------------------- */

static bool shows(struct pty *p, const char *text)
{
	char *all = screen_text(pty_screen(p));
	bool there = strstr(all, text) != NULL;

	free(all);
	return there;
}

/* Seconds until the n-th key is seen; LOST_S: it was not. */
static double press(struct pty *p, const struct contender *c, int n)
{
	int was = c->says[0] ? 0 : selected(p, c), now = was;
	double t = kit_now();

	pty_keys(p, c->says[0] ? c->pressed[n % 2] : n / 8 % 2 ? "<up>" : "<down>");
	while ((now == was || now < 0) && kit_now() - t < LOST_S) {
		pty_pump(p, 4);
		now = c->says[0] ? shows(p, c->says[n % 2]) : selected(p, c);
	}
	return kit_now() - t;
}

/* The program and what runs below it: a parent that waits is stopped before its child. */
static void signal_all(pid_t pid, int sig)
{
	char path[64], text[32] = "";
	pid_t child = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid, (int)pid);
	f = fopen(path, "re");
	if (f && fgets(text, sizeof(text), f))
		child = atoi(text);
	if (f)
		fclose(f);
	kill(sig == SIGSTOP ? pid : child ? child : pid, sig);
	if (child)
		kill(sig == SIGSTOP ? child : pid, sig);
}

/* Seconds for which bytes come after the program was stopped. */
static double stop(struct pty *p, pid_t pid)
{
	double t = kit_now(), last = t;
	size_t seen = pty_output(p)->len;

	signal_all(pid, SIGSTOP);
	while (kit_now() - last < QUIET_S && kit_now() - t < LOST_S) {
		pty_pump(p, 4);
		if (pty_output(p)->len != seen)
			last = kit_now();
		seen = pty_output(p)->len;
	}
	signal_all(pid, SIGCONT);
	return last - t;
}

static pid_t read_pid(const char *path)
{
	FILE *f = fopen(path, "r");
	int pid = 0;

	if (!f || fscanf(f, "%d", &pid) != 1)
		BUG("the program at the other end did not say its number");
	fclose(f);
	return pid;
}

static struct pty *begin(struct slow_line *l, const struct contender *c, const char *pid_path)
{
	char *home = xasprintf("HOME=%s", kit_folder());
	char *command = xasprintf("echo $$ >%s; exec env HOME=%s LC_ALL=C.UTF-8 COLORTERM=truecolor %s",
		pid_path, kit_folder(), c->command);
	const char *env[] = { home, NULL };
	struct pty_opts o = { .rows = ROWS, .cols = COLS, .env = env };
	struct pty *p = pty_start(&o, slow_line_argv(l, command));

	if (c->ready)
		pty_expect(p, c->ready);
	else
		pty_pump(p, 5000);
	free(home);
	free(command);
	return p;
}

static void measure(struct slow_line *l, const struct contender *c, int keys)
{
	char *pid_path = kit_path("pid");
	struct pty *p = begin(l, c, pid_path);
	double seen[KEYS_MAX], old[STOPS], t;
	size_t before;
	int stops = STOPS;

	if (c->keys)
		pty_keys(p, c->keys);
	pty_pump(p, WARM_MS);
	before = pty_output(p)->len;
	t = kit_now();
	for (int i = 0; i < keys; i++) {
		pty_pump(p, BETWEEN_MS + i * 137 % 400);
		seen[i] = press(p, c, i);
		if (seen[i] >= LOST_S)
			keys = i + 1; /* it gets worse, not better */
	}
	t = (double)(pty_output(p)->len - before) / (kit_now() - t);
	for (int i = 0; i < stops; i++) {
		pty_pump(p, 4000 + i * 171);
		old[i] = stop(p, read_pid(pid_path));
		if (old[i] >= LOST_S)
			stops = i + 1;
	}
	printf("  %-34s %8.1f %9.2f %8.2f %9.2f %8.2f\n", c->name, t / 1e3,
		kit_quantile(old, (size_t)stops, 0.5), kit_quantile(old, (size_t)stops, 1),
		kit_quantile(seen, (size_t)keys, 0.5), kit_quantile(seen, (size_t)keys, 1));
	pty_end(p);
	free(pid_path);
}

/* --- what is behind them ---------------------------------------------------------------------- */

static void prepare_btop(void)
{
	char *dir = kit_path(".config/btop"), *conf = kit_path(".config/btop/btop.conf");
	char *command = xasprintf("mkdir -p %s", dir);

	if (system(command) != 0)
		BUG("no folder for settings");
	kit_write(conf, "update_ms = 1000\ntruecolor = True\n");
	free(command);
	free(dir);
	free(conf);
}

static char *absolute(char *path)
{
	char *full = realpath(path, NULL);

	if (!full)
		BUG("%s is not there", path);
	free(path);
	return full;
}

/* only: part of a name; NULL: all. */
static void measure_all(struct slow_line *l, int keys, const char *only)
{
	char *exe = absolute(kit_program("bin", "depinctl"));
	char *demo = absolute(kit_program("tests/console", "demo"));
	char *config = kit_path("config.yaml"), *sock = collector_socket();
	char *ours = xasprintf("%s --config %s --socket %s --no-start", exe, config, sock);
	char *rows = xasprintf("%s --tick 100 --change 100", demo);
	const struct contender all[] = {
		{ .name = "console: 25,000 events/s", ours, "Overview", "3", .pressed = { "<space>", "<space>" },
			.says = { "paused", "following" } },
		{ .name = "console: devices, hottest first", ours, "Overview", "2:sort temp:desc<enter>", "›" },
		{ .name = "its terminal, all rows 10 times/s", rows, "NAME", .mark = "›" },
		{ .name = "htop, each second", .command = "/usr/bin/htop -d 10" },
		{ .name = "btop, each second", .command = "/usr/bin/btop --utf-force" },
	};

	printf("  %-34s %8s %9s %8s %9s %8s\n", "", "sent", "picture", "at", "key seen", "at");
	printf("  %-34s %8s %9s %8s %9s %8s\n", "", "kB/s", "stale, s", "most", "after, s", "most");
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (!only || strstr(all[i].name, only))
			measure(l, &all[i], keys);
	printf("  aims: picture stale 0.5 s, key seen 0.6 s; %d: that or more\n", LOST_S);
	free(exe);
	free(demo);
	free(config);
	free(sock);
	free(ours);
	free(rows);
}

int main(int argc, char **argv)
{
	int keys = argc > 1 ? atoi(argv[1]) : 16, port;
	struct slow_line *l;
	pid_t net, pid;
	char *yaml;

	kit_begin("(e) a line of 16 kB/s and 150 ms through a real sshd, 200x50, everything changing");
	l = slow_line_open(RATE, RTT_MS);
	if (!l)
		return 0;
	net = devnet_start("100000", "25000", &port);
	yaml = xasprintf("contexts: [{ name: bench, sources: [{ name: fleet, kind: stream, "
			 "url: \"ws://127.0.0.1:%d/events\" }] }]\n", port);
	pid = collector_start(yaml);
	prepare_btop();
	sleep(10);
	measure_all(l, keys < 2 || keys > KEYS_MAX ? 16 : keys, argc > 2 ? argv[2] : NULL);
	slow_line_close(l);
	kit_end(pid, SIGTERM);
	kit_end(net, SIGTERM);
	free(yaml);
	return 0;
}
