/*
 * The console on a pseudo-terminal of 200x50, with 100,000 devices live at 100,000 samples a second
 * behind it: from a key to its first byte on the terminal, bytes a key, bytes a second.
 *   bench_console [KEYS]
 * The terminal answers at once.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "tests/bench/kit.h"
#include "tests/bench/peer.h"
#include "tests/console/pty.h"

#define KEYS_MAX  2000
#define KEY_MS	  70 /* between keys: so fast is a hand */
#define LOST_MS	  3000
#define REFRESH_S 10

static struct pty *console_start(void)
{
	char *exe = kit_program("bin", "depinctl"), *config = kit_path("config.yaml");
	char *sock = collector_socket();
	const char *argv[] = { exe, "--config", config, "--socket", sock, "--no-start", NULL };
	struct pty_opts o = { .rows = 50, .cols = 200 };
	double t = kit_now();
	struct pty *p = pty_start(&o, argv);

	while (pty_output(p)->len < 2000) /* a first frame full of text */
		pty_pump(p, 1);
	printf("  %-34s %8.0f ms   aim 100\n", "start to first full frame", (kit_now() - t) * 1e3);
	free(exe);
	free(config);
	free(sock);
	return p;
}

/* Milliseconds from the key to the first byte that comes after it. */
static double press(struct pty *p, const char *key)
{
	size_t before;
	double t;

	pty_pump(p, 0);
	before = pty_output(p)->len;
	t = kit_now();
	pty_keys(p, key);
	while (pty_output(p)->len == before && kit_now() - t < LOST_MS / 1e3) {
		pty_pump(p, 0);
		if (pty_output(p)->len == before)
			usleep(50);
	}
	return (kit_now() - t) * 1e3;
}

static void bench_keys(struct pty *p, int keys)
{
	double *ms = xcalloc(KEYS_MAX, sizeof(*ms)), bytes = 0, p50, p99;

	for (int i = 0; i < keys; i++) {
		size_t before = pty_output(p)->len;

		ms[i] = press(p, i / 20 % 2 ? "<up>" : "<down>");
		pty_pump(p, 15);
		bytes += (double)(pty_output(p)->len - before);
		pty_pump(p, KEY_MS - 15 + i % 7);
	}
	p50 = kit_quantile(ms, (size_t)keys, 0.5);
	p99 = kit_quantile(ms, (size_t)keys, 0.99);
	printf("  %-34s %8.2f ms p50 %8.2f ms p99 %8.2f ms max   aim 1 / 10\n",
		"arrow key to its first byte", p50, p99, ms[keys - 1]);
	printf("  %-34s %8.0f bytes, refreshes that fall into it included   aim 400\n",
		"an arrow key", bytes / keys);
	free(ms);
}

static void bench_refresh(struct pty *p, const char *what)
{
	size_t before;

	pty_pump(p, 1000);
	before = pty_output(p)->len;
	pty_pump(p, REFRESH_S * 1000);
	printf("  %-34s %8.0f bytes/s to the terminal\n", what,
		(double)(pty_output(p)->len - before) / REFRESH_S);
}

int main(int argc, char **argv)
{
	int keys = argc > 1 ? atoi(argv[1]) : 200, port;
	pid_t net, pid, child;
	char *yaml;
	struct pty *p;
	double cpu;

	if (keys < 10 || keys > KEYS_MAX)
		keys = 200;
	kit_begin("(b) the console, 200x50, 100,000 devices live at 100,000 samples/s");
	net = devnet_start("100000", "25000", &port);
	yaml = xasprintf("contexts: [{ name: bench, sources: [{ name: fleet, kind: stream, "
		"url: \"ws://127.0.0.1:%d/events\" }] }]\n", port);
	pid = collector_start(yaml);
	free(yaml);
	sleep(12);
	p = console_start();
	bench_refresh(p, "overview");
	pty_keys(p, "2");
	pty_expect(p, "bat-");
	bench_refresh(p, "devices, worst first");
	child = pty_child(p);
	cpu = kit_proc_cpu(child);
	bench_keys(p, keys);
	printf("  %-34s %8.1f MiB   aim 16;  %.1f s of processor time meanwhile\n",
		"memory of the console", kit_proc_rss(child), kit_proc_cpu(child) - cpu);
	pty_keys(p, "q");
	pty_pump(p, 300);
	pty_end(p);
	kit_end(pid, SIGTERM);
	kit_end(net, SIGTERM);
	return 0;
}
