/*
 * A one-shot command beside what else could fetch the same bytes: a client of a few lines on the
 * same socket, socat, and curl from a server on loopback that has the bytes ready.
 *   bench_cli [RUNS]
 * The collector holds 100,000 devices of the devnet and is at rest.  All write to /dev/null.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/num.h"
#include "tests/bench/blast.h"
#include "tests/bench/kit.h"
#include "tests/bench/peer.h"
#include "tests/bench/traffic.h"

#define DEVICES	  100000
#define RUNS_MAX  200
#define PAGE_ROWS 10000

static char *sock, *config, *exe;

/* --- the client of a few lines: bench_cli --fetch SOCKET PARAMS, in a process of its own ---- */

static int64_t number_in(struct slice s, const char *key)
{
	char *p = memmem(s.p, s.n, key, strlen(key));

	return p ? strtoll(p + strlen(key), NULL, 10) : 0;
}

/* The first answer as it is, then the pages held behind it. */
static int fetch(const char *socket_path, const char *params)
{
	struct line_client c;
	struct slice s;
	int64_t held, matched;

	client_open(&c, socket_path);
	s = client_call(&c, "query", params);
	matched = number_in(s, "\"matched\":");
	held = number_in(slice_mem(s.p + s.n - 64, 64), "\"held\":");
	if (write(1, s.p, s.n) < 0)
		return 1;
	for (int64_t at = PAGE_ROWS; held && at < matched; at += PAGE_ROWS) {
		char page[128];

		snprintf(page, sizeof(page), "{\"held\":%lld,\"offset\":%lld,\"limit\":%d}",
			(long long)held, (long long)at, PAGE_ROWS);
		s = client_call(&c, "page", page);
		if (write(1, s.p, s.n) < 0)
			return 1;
	}
	client_close(&c);
	return 0;
}

/* --- runs ----------------------------------------------------------------------------------- */

struct runs {
	double ms[RUNS_MAX], rss_mib;
};

static void child(const char *const *argv, const char *input)
{
	int null = open("/dev/null", O_RDWR), in = input ? open(input, O_RDONLY) : null;

	kit_pin(KIT_CORE_LOAD);
	dup2(in, 0);
	dup2(null, 1);
	execv(argv[0], (char *const *)(uintptr_t)argv);
	fprintf(stderr, "bench: %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static void run_once(const char *const *argv, const char *input, struct runs *r, int i)
{
	struct rusage u;
	double t = kit_now();
	int status;
	pid_t pid = fork();

	if (pid == 0)
		child(argv, input);
	if (pid < 0 || wait4(pid, &status, 0, &u) < 0 || status != 0)
		BUG("%s failed", argv[0]);
	r->ms[i] = (kit_now() - t) * 1e3;
	if ((double)u.ru_maxrss / 1024 > r->rss_mib)
		r->rss_mib = (double)u.ru_maxrss / 1024;
}

struct tool {
	const char *what;
	const char *argv[16];
	const char *input;
	struct runs r;
};

static void print(struct tool *v, size_t tools, int runs)
{
	double first = kit_median(v[0].r.ms, (size_t)runs);

	for (size_t k = 0; k < tools; k++) {
		double p50 = kit_median(v[k].r.ms, (size_t)runs);

		printf("    %-32s %8.2f ms median %8.2f ms p90 %6.1f MiB at most", v[k].what, p50,
			kit_quantile(v[k].r.ms, (size_t)runs, 0.9), v[k].r.rss_mib);
		if (k)
			printf("   ours: %.2f x of it\n", first / p50);
		else
			printf("   aim 10 MiB\n");
	}
}

/* All tools in turn, so that what else the machine does falls on all. */
static void compare(const char *what, struct tool *v, size_t tools, int runs)
{
	printf("\n  %s; %d runs of each\n", what, runs);
	for (int i = 0; i < runs; i++)
		for (size_t k = 0; k < tools; k++)
			run_once(v[k].argv, v[k].input, &v[k].r, i);
	print(v, tools, runs);
}

/* The bytes that the few-line client gets, to serve them to curl. */
static void capture(const char *params, const char *path)
{
	char *command = xasprintf("/proc/%d/exe --fetch '%s' '%s' >'%s'", (int)getpid(), sock, params,
		path);

	if (system(command) != 0)
		BUG("nothing captured");
	free(command);
}

static void load(const char *path, struct buf *b)
{
	char part[65536];
	FILE *f = fopen(path, "r");
	size_t n;

	buf_init(b, 256u << 20);
	while (f && (n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(b, part, n);
	if (f)
		fclose(f);
}

/* One question to all. */
static void question(const char *what, const char *const *words, const char *params, int runs)
{
	char *answer = kit_path("answer"), *request = kit_path("request"), url[64], to[256];
	char *line = xasprintf("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"query\",\"params\":%s}\n",
		params);
	struct tool v[] = {
		{ .what = "depinctl", .argv = { exe, "--config", config, "--socket", sock,
			"--no-start", "get", "devices", "-o", "json" } },
		{ .what = "a client of a few lines", .argv = { "/proc/self/exe", "--fetch", sock,
			params } },
		{ .what = "curl over HTTP, bytes ready", .argv = { "/usr/bin/curl", "-s", url } },
		{ .what = "socat", .argv = { "/usr/bin/socat", "-t60", "-", to }, .input = request },
	};
	struct blast *b;
	struct slice page;
	struct buf bytes;

	for (size_t i = 0; words[i]; i++)
		v[0].argv[10 + i] = words[i];
	capture(params, answer);
	load(answer, &bytes);
	kit_write(request, line);
	page = buf_slice(&bytes);
	b = blast_start(&(struct blast_spec){ .pages = &page, .pages_n = 1 });
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", blast_port(b));
	snprintf(to, sizeof(to), "UNIX-CONNECT:%s", sock);
	printf("\n  %.1f kB:", (double)bytes.len / 1e3);
	buf_fini(&bytes); /* a child must not count it as its own */
	compare(what, v, number_in(slice_of(params), "\"limit\":") < PAGE_ROWS ? 4 : 3, runs);
	blast_end(b);
	free(answer);
	free(request);
	free(line);
}

/* A collector that has heard of all devices, and then no more. */
static pid_t collector_at_rest(struct blast **b)
{
	struct line_client c;
	struct traffic t;
	char *yaml;
	pid_t pid;

	traffic_make(&t, DEVICES, 1);
	*b = blast_start(&(struct blast_spec){ .first = buf_slice(&t.first.b) });
	yaml = xasprintf("contexts: [{ name: bench, sources: [{ name: fleet, kind: stream, "
		"url: \"ws://127.0.0.1:%d/events\", stale_after: 1d }] }]\n", blast_port(*b));
	pid = collector_start(yaml);
	client_open(&c, sock);
	while (client_number(&c, "status", "model", "samples_seen") < (double)t.first.samples)
		usleep(20000);
	client_close(&c);
	traffic_fini(&t);
	free(yaml);
	sleep(1);
	return pid;
}

int main(int argc, char **argv)
{
	static const char *const ten[] = { "--limit", "10", NULL }, *const many[] = { "--limit",
		"10000", NULL }, *const all[] = { NULL };
	int runs = argc > 1 ? atoi(argv[1]) : 40;
	struct blast *b;
	pid_t pid;

	if (argc == 4 && strcmp(argv[1], "--fetch") == 0)
		return fetch(argv[2], argv[3]);
	if (runs < 10 || runs > RUNS_MAX)
		runs = 40;
	kit_begin("(d) a one-shot get beside other clients");
	sock = collector_socket();
	config = kit_path("config.yaml");
	exe = kit_program("bin", "depinctl");
	pid = collector_at_rest(&b);
	question("get devices --limit 10 -o json", ten, "{\"kind\":\"devices\",\"limit\":10}", runs);
	question("get devices --limit 10000 -o json", many,
		"{\"kind\":\"devices\",\"limit\":9999}", runs);
	question("get devices -o json, all 100,000", all,
		"{\"kind\":\"devices\",\"limit\":10000,\"hold\":true}", runs / 8);
	kit_end(pid, SIGTERM);
	blast_end(b);
	return 0;
}
