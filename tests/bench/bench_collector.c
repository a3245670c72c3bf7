/*
 * The collector itself: the same stream as bench_source sends, from the socket to the model of a
 * real process with journal and API; then 100,000 devices at 100,000 samples a second from the
 * devnet, and what that costs while clients ask.
 *   bench_collector [ROUNDS]
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "tests/bench/blast.h"
#include "tests/bench/kit.h"
#include "tests/bench/peer.h"
#include "tests/bench/traffic.h"

#define DEVICES	   100000
#define EVENTS	   600000
#define CALLS	   1500
#define PAUSE_US   4000
#define SETTLE_S   12
#define ROUNDS_MAX 9

static const char config[] =
	"contexts:\n"
	"  - name: bench\n"
	"    sources:\n"
	"      - { name: fleet, kind: stream, url: \"ws://127.0.0.1:%d/events\", stale_after: 1h }\n";

static pid_t collector(int port)
{
	char *yaml = xasprintf(config, port);
	pid_t pid = collector_start(yaml);

	free(yaml);
	return pid;
}

/* Until the model has seen so many samples; a word to the collector each 10 ms. */
static void wait_samples(struct line_client *c, double n)
{
	double deadline = kit_now() + 60;

	while (client_number(c, "status", "model", "samples_seen") < n) {
		if (kit_now() > deadline)
			BUG("the samples do not come");
		usleep(10000);
	}
}

static void connect_to(struct line_client *c)
{
	char *sock = collector_socket();

	client_open(c, sock);
	free(sock);
}

/* --- the stream, as fast as it goes --------------------------------------------------------- */

struct speed {
	double wall, cpu, thread, rss;
};

static void one_stream(const struct traffic *t, struct speed *r)
{
	struct blast *b = blast_start(&(struct blast_spec){ .first = buf_slice(&t->first.b),
		.then = buf_slice(&t->then.b) });
	pid_t pid = collector(blast_port(b));
	struct line_client c;

	connect_to(&c);
	wait_samples(&c, (double)t->first.samples);
	sleep(1); /* the journal has its births */
	r->wall = kit_now();
	r->cpu = kit_proc_cpu(pid);
	r->thread = kit_thread_cpu(pid);
	blast_go(b);
	wait_samples(&c, (double)(t->first.samples + t->then.samples));
	r->wall = kit_now() - r->wall;
	r->cpu = kit_proc_cpu(pid) - r->cpu;
	r->thread = kit_thread_cpu(pid) - r->thread;
	r->rss = kit_proc_rss(pid);
	client_close(&c);
	kit_end(pid, SIGTERM);
	blast_end(b);
}

static void bench_stream(int rounds)
{
	double wall[ROUNDS_MAX], cpu[ROUNDS_MAX], thread[ROUNDS_MAX], n, mb;
	struct traffic t;
	struct speed r = { 0 };

	traffic_make(&t, DEVICES, EVENTS);
	n = (double)t.then.samples;
	mb = (double)t.then.payload / 1e6;
	for (int i = 0; i < rounds; i++) {
		one_stream(&t, &r);
		wall[i] = r.wall;
		cpu[i] = r.cpu;
		thread[i] = r.thread;
	}
	traffic_fini(&t);
	r.wall = kit_median(wall, (size_t)rounds);
	r.cpu = kit_median(cpu, (size_t)rounds);
	r.thread = kit_median(thread, (size_t)rounds);
	printf("\n  the whole collector, %d devices, %d events; median of %d\n", DEVICES, EVENTS,
		rounds);
	printf("  %-34s %8.0f MB/s %8.0f MB a CPU second  %5.2f M samples/s (%.2f a CPU second)\n",
		"stream to model", mb / r.wall, mb / r.cpu, n / r.wall / 1e6, n / r.cpu / 1e6);
	printf("  %-34s %8.2f of the CPU time; the rest is the journal's\n", "its own thread",
		r.thread / r.cpu);
	printf("  %-34s %8.0f MiB resident\n", "memory", r.rss);
}

/* --- live ------------------------------------------------------------------------------------- */

static void print_answers(const char *what, double *ms, size_t n)
{
	double p50 = kit_quantile(ms, n, 0.5), p99 = kit_quantile(ms, n, 0.99);

	printf("  %-34s %8.2f ms p50 %8.2f ms p99 %8.2f ms max   aim 1 / 5\n", what, p50, p99,
		ms[n - 1]);
}

/* One call after the other, with a breath between. */
static void bench_calls(struct line_client *c, const char *what, const char *method,
	const char *const *params, size_t params_n)
{
	double *ms = xcalloc(CALLS, sizeof(*ms)), t;
	struct slice s;

	for (size_t i = 0; i < CALLS; i++) {
		t = kit_now();
		s = client_call(c, method, params[i % params_n]);
		ms[i] = (kit_now() - t) * 1e3;
		if (!memmem(s.p, s.n, "\"result\":", 9))
			BUG("%s refused: %.*s", method, SLICE_ARG(s));
		usleep(PAUSE_US);
	}
	print_answers(what, ms, CALLS);
	free(ms);
}

static void bench_api(struct line_client *c)
{
	static const char *const plain[] = { "{\"kind\":\"devices\",\"limit\":50}" };
	static const char *const filtered[] = {
		"{\"kind\":\"devices\",\"limit\":50,\"filter\":\"network=compute and temp>60\","
		"\"sort\":\"temp:desc\"}",
		"{\"kind\":\"devices\",\"limit\":50,\"filter\":\"name~'17$' and status=up\","
		"\"sort\":\"name\"}",
	};
	static const char *const updates[] = {
		"{\"sub\":1,\"filter\":\"network=compute\",\"sort\":\"util:desc\"}",
		"{\"sub\":1,\"filter\":\"site=fra-2\",\"sort\":\"temp\"}",
	};

	bench_calls(c, "query, 50 rows", "query", plain, 1);
	bench_calls(c, "query, 50 rows, filter and sort", "query", filtered, ARRAY_LEN(filtered));
	client_call(c, "subscribe", "{\"kind\":\"devices\",\"limit\":50,\"interval_ms\":1000}");
	bench_calls(c, "another filter of a subscription", "update", updates, ARRAY_LEN(updates));
	client_call(c, "unsubscribe", "{\"sub\":1}");
}

/* Processor time over some seconds in which nobody asks. */
static void bench_cpu(pid_t collector_pid, pid_t devnet_pid, struct line_client *c)
{
	double t = kit_now(), cpu = kit_proc_cpu(collector_pid), net = kit_proc_cpu(devnet_pid);
	double seen = client_number(c, "status", "model", "samples_seen");

	sleep(8);
	t = kit_now() - t;
	seen = client_number(c, "status", "model", "samples_seen") - seen;
	printf("  %-34s %8.1f %% of a core, at %.0f samples/s (the devnet's: %.1f %%)\n",
		"processor time", (kit_proc_cpu(collector_pid) - cpu) / t * 100, seen / t,
		(kit_proc_cpu(devnet_pid) - net) / t * 100);
}

static void bench_memory(pid_t pid, struct line_client *c)
{
	double devices = client_number(c, "status", "model", "devices");
	double own = client_number(c, "status", "model", "bytes_devices") +
		client_number(c, "status", "model", "bytes_series");
	double samples = client_number(c, "status", "model", "samples_stored");

	printf("  %-34s %8.0f, its metrics included                     aim 600\n",
		"bytes a device", own / devices);
	printf("  %-34s %8.1f, %.0f samples of each device so far (see bench_source for more)\n",
		"bytes a stored sample", client_number(c, "status", "model", "bytes_samples") / samples,
		samples / devices);
	printf("  %-34s %8.0f MiB\n", "resident", kit_proc_rss(pid));
}

static void bench_live(void)
{
	struct line_client c;
	pid_t net, pid;
	int port;

	net = devnet_start("100000", "25000", &port);
	pid = collector(port);
	connect_to(&c);
	wait_samples(&c, DEVICES);
	sleep(SETTLE_S);
	printf("\n  live: 100,000 devices of the devnet, 100,000 samples/s\n");
	bench_cpu(pid, net, &c);
	bench_api(&c);
	bench_memory(pid, &c);
	client_close(&c);
	kit_end(pid, SIGTERM);
	kit_end(net, SIGTERM);
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 3;

	if (rounds < 0 || rounds > ROUNDS_MAX)
		rounds = 3;
	kit_begin("(b) the collector under load");
	kit_folder();
	if (rounds)
		bench_stream(rounds);
	bench_live();
	return 0;
}
