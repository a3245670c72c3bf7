/*
 * The console on a pseudo-terminal of 200x50, with 100,000 devices live at 100,000 samples a
 * second behind it, and beside it what people keep open today: htop and btop over 500 more
 * processes, lnav over the same events as a file.  Each is started, shown its arrow keys and left
 * alone, by the same code.
 *   bench_console [KEYS]
 * The terminal answers at once.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/alloc.h"
#include "tests/bench/kit.h"
#include "tests/bench/peer.h"
#include "tests/console/pty.h"

#define ROWS	  50
#define KEYS_MAX  2000
#define KEY_MS	  20  /* between keys, and a little that differs */
#define QUIET_MS  12  /* after so long without a byte a frame is over */
#define SETTLE_MS 500 /* at most, for a refresh that is under way */
#define LOST_MS	  3000
#define START_MS  20000
#define REST_S	  10
#define PROCESSES 500
#define UP	  "\033OA"
#define DOWN	  "\033OB"

struct contender {
	const char *name;
	const char *argv[10];
	const char *ready; /* what its first full frame shows; NULL: six rows of ten are not empty */
	const char *keys;  /* to where the arrows are pressed; may be NULL */
	const char *there; /* what shows then; may be NULL */
	const char *arrows[2]; /* first one, then the other, 20 times each; none: it has no rows here */
	bool guarded;	   /* its first child is what is measured */
};

struct figures {
	double start_ms, key_ms[KEYS_MAX], key_bytes[KEYS_MAX], rest_bytes_s, rss_mib, cpu_s;
	int keys, lost;
};

/* --- one contender ---------------------------------------------------------------------------- */

static bool is_full(struct pty *p, const struct contender *c)
{
	int rows = 0;

	if (c->ready) {
		char *text = screen_text(pty_screen(p));
		bool there = strstr(text, c->ready) != NULL;

		free(text);
		return there;
	}
	for (int r = 0; r < ROWS; r++) {
		char *row = screen_row(pty_screen(p), r);

		rows += *row != '\0';
		free(row);
	}
	return rows >= ROWS * 6 / 10;
}

static struct pty *begin(const struct contender *c, struct figures *f)
{
	char *home = xasprintf("HOME=%s", kit_folder());
	const char *env[] = { home, "COLORTERM=truecolor", NULL };
	struct pty_opts o = { .rows = ROWS, .cols = 200, .env = env };
	double t = kit_now(), last = t;
	struct pty *p = pty_start(&o, c->argv);
	size_t seen = 0;

	while (!is_full(p, c) && kit_now() - t < START_MS / 1e3) {
		pty_pump(p, 1);
		if (pty_output(p)->len != seen)
			last = kit_now();
		seen = pty_output(p)->len;
	}
	f->start_ms = (last - t) * 1e3;
	free(home);
	return p;
}

/* Until the frame that is under way is over. */
static void settle(struct pty *p)
{
	double end = kit_now() + SETTLE_MS / 1e3;
	size_t before;

	do {
		before = pty_output(p)->len;
		pty_pump(p, QUIET_MS);
	} while (pty_output(p)->len != before && kit_now() < end);
}

/* Milliseconds from the key to the first byte that comes after it; < 0: none came. */
static double press(struct pty *p, const char *key)
{
	double t = kit_now();

	pty_send(p, key, strlen(key));
	return pty_await(p, LOST_MS) ? (kit_now() - t) * 1e3 : -1;
}

static void press_all(struct pty *p, const struct contender *c, struct figures *f, int keys)
{
	for (int i = 0; c->arrows[0] && i < keys; i++) {
		size_t before;
		double ms;

		pty_pump(p, KEY_MS + i * 7 % 40);
		settle(p);
		before = pty_output(p)->len;
		ms = press(p, c->arrows[i / 20 % 2]);
		settle(p);
		if (ms < 0) {
			f->lost++;
			continue;
		}
		f->key_ms[f->keys] = ms;
		f->key_bytes[f->keys++] = (double)(pty_output(p)->len - before);
	}
}

static double rest(struct pty *p)
{
	size_t before;

	pty_pump(p, 1500);
	before = pty_output(p)->len;
	pty_pump(p, REST_S * 1000);
	return (double)(pty_output(p)->len - before) / REST_S;
}

static void print(const struct contender *c, struct figures *f)
{
	size_t n = (size_t)f->keys;

	printf("  %-18s %7.0f %10.0f %8.1f", c->name, f->start_ms, f->rest_bytes_s, f->rss_mib);
	if (n)
		printf(" %9.2f %8.2f %9.0f %8.2f", kit_quantile(f->key_ms, n, 0.5),
			kit_quantile(f->key_ms, n, 0.99), kit_quantile(f->key_bytes, n, 0.5), f->cpu_s);
	printf("\n");
	if (f->lost)
		printf("  %-18s %d keys were not answered in %d s\n", "", f->lost, LOST_MS / 1000);
}

static void measure(const struct contender *c, int keys, struct figures *f)
{
	struct pty *p;
	pid_t pid;

	*f = (struct figures){ 0 };
	if (access(c->argv[0], X_OK) < 0) {
		printf("  %-18s is not installed\n", c->name);
		return;
	}
	p = begin(c, f);
	if (c->keys)
		pty_keys(p, c->keys);
	if (c->there)
		pty_expect(p, c->there);
	f->rest_bytes_s = rest(p);
	pid = c->guarded ? pty_child(p) : pty_pid(p);
	f->cpu_s = kit_proc_cpu(pid);
	press_all(p, c, f, keys);
	f->cpu_s = kit_proc_cpu(pid) - f->cpu_s;
	f->rss_mib = kit_proc_rss(pid);
	print(c, f);
	pty_keys(p, "q");
	pty_pump(p, 300);
	pty_end(p);
}

/* --- the verdict ------------------------------------------------------------------------------ */

static void judge(const char *what, double found, double aim, const char *unit)
{
	printf("  %-44s %8.2f %-8s aim %6.0f   %s\n", what, found, unit, aim,
		found <= aim ? "met" : "NOT met");
}

/* f: of overview, help, devices. */
static void judge_all(struct figures *f)
{
	size_t n = (size_t)f[2].keys;

	printf("\n");
	judge("key to first byte, p50", kit_quantile(f[2].key_ms, n, 0.5), 1, "ms");
	judge("key to first byte, p99", kit_quantile(f[2].key_ms, n, 0.99), 10, "ms");
	judge("an arrow key", kit_quantile(f[2].key_bytes, n, 0.5), 400, "bytes");
	judge("devices, a quarter of the rows changing", f[2].rest_bytes_s, 2000, "bytes/s");
	judge("idle: a screen on which nothing changes", f[1].rest_bytes_s, 40, "bytes/s");
	judge("start to first full frame", f[0].start_ms, 100, "ms");
	judge("memory of the console", f[2].rss_mib, 16, "MiB");
}

/* --- what is behind them ---------------------------------------------------------------------- */

static pid_t sleepers[PROCESSES];

static void start_processes(void)
{
	for (int i = 0; i < PROCESSES; i++) {
		sleepers[i] = fork();
		if (sleepers[i])
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
}

static void end_processes(void)
{
	for (int i = 0; i < PROCESSES; i++)
		kit_end(sleepers[i], SIGKILL);
}

/* The same events as a file: one JSON object a line. */
static char *events_file(const char *exe, const char *config, const char *sock)
{
	char *path = kit_path("events.json");
	char *command = xasprintf("%s --config %s --socket %s --no-start get events --limit 10000 "
				  "-o jsonl >%s", exe, config, sock, path);

	if (system(command) != 0)
		BUG("no events");
	free(command);
	return path;
}

static pid_t collector_over(int port)
{
	char *yaml = xasprintf("contexts: [{ name: bench, sources: [{ name: fleet, kind: stream, "
		"url: \"ws://127.0.0.1:%d/events\" }] }]\n", port);
	pid_t pid = collector_start(yaml);

	free(yaml);
	sleep(12);
	return pid;
}

static void prepare_home(void)
{
	char *conf = kit_path("btop.conf"), *dir = kit_path(".config/btop");
	char *command = xasprintf("mkdir -p %s && cp %s %s/", dir, conf, dir);

	kit_write(conf, "update_ms = 1000\ntruecolor = True\n");
	if (system(command) != 0)
		BUG("no folder for settings");
	free(command);
	free(conf);
	free(dir);
}

int main(int argc, char **argv)
{
	int keys = argc > 1 ? atoi(argv[1]) : 100, port;
	char *exe = kit_program("bin", "depinctl"), *config = kit_path("config.yaml");
	char *sock = collector_socket(), *file;
	pid_t net, pid;

	if (keys < 10 || keys > KEYS_MAX)
		keys = 100;
	kit_begin("(b) the console, 200x50, 100,000 devices live at 100,000 samples/s, beside its peers");
	net = devnet_start("100000", "25000", &port);
	pid = collector_over(port);
	prepare_home();
	file = events_file(exe, config, sock);
	start_processes();
	{
		const char *const ours[] = { exe, "--config", config, "--socket", sock, "--no-start",
			NULL };
		struct contender all[] = {
			{ "depinctl: overview", { NULL }, "FLEET", NULL, NULL, { NULL }, true },
			{ "depinctl: help", { NULL }, "FLEET", "?", "Everywhere", { NULL }, true },
			/* last: the console comes back to the tab that it was left on */
			{ "depinctl: devices", { NULL }, "FLEET", "2", "bat-", { DOWN, UP }, true },
			{ "htop", { "/usr/bin/htop", "-d", "10" }, NULL, NULL, NULL, { DOWN, UP }, false },
			{ "btop", { "/usr/bin/btop", "--utf-force" }, NULL, NULL, NULL,
				{ "\033[B", "\033[A" }, false },
			{ "lnav", { "/usr/bin/lnav", file }, NULL, NULL, NULL, { UP, DOWN }, false },
		};

		struct figures *found = xcalloc(ARRAY_LEN(all), sizeof(*found));

		printf("  %-18s %7s %10s %8s %9s %8s %9s %8s\n", "", "start", "at rest", "memory",
			"key p50", "p99", "a key", "of keys");
		printf("  %-18s %7s %10s %8s %9s %8s %9s %8s\n", "", "ms", "bytes/s", "MiB", "ms", "ms",
			"bytes", "CPU s");
		for (size_t i = 0; i < ARRAY_LEN(all); i++) {
			if (!all[i].argv[0])
				memcpy(all[i].argv, ours, sizeof(ours));
			measure(&all[i], keys, &found[i]);
		}
		judge_all(found);
		free(found);
	}
	end_processes();
	kit_end(pid, SIGTERM);
	kit_end(net, SIGTERM);
	free(file);
	free(exe);
	free(config);
	free(sock);
	return 0;
}
