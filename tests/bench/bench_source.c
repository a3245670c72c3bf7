/*
 * From the socket to the model on one core, beside what else could take the same bytes, in one
 * run: a stream of the devnet's own events (100,000 devices), and metric pages of 20 MB.
 *   bench_source [ROUNDS [stream|history|devices|peers]]
 * Each candidate runs in a process of its own, pinned to one core; the bytes were made before and
 * a sender on the other core sends them as fast as they are taken.  Rounds of all candidates in
 * turn; the median counts.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <curl/curl.h>
#include <jansson.h>
#include <libwebsockets.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "config/config.h"
#include "model/model.h"
#include "net/http.h"
#include "net/ws.h"
#include "source/source.h"
#include "tests/bench/blast.h"
#include "tests/bench/kit.h"
#include "tests/bench/traffic.h"

#define DEVICES	     100000
#define EVENTS	     600000
#define HISTORY_DEVICES 1000
#define HISTORY_EVENTS	1000000
#define PAGE_DEVICES 31400  /* a page of 20 MB */
#define PAGE_PEERS   210000 /* likewise */
#define PAGES	     8	    /* read by each run; the first, which is new, does not count */
#define ROUNDS_MAX   15
#define READ_MAX     65536
#define LIMIT_S	     60

/* What one run found. */
struct result {
	double wall, cpu;
	uint64_t bytes, samples;
};

/* A run from its first byte that counts to its last. */
struct watch {
	double wall, cpu;
};

static struct traffic traffic;
static struct blast *stream, *pages;
static char url[64];

static void watch_begin(struct watch *w)
{
	w->wall = kit_now();
	w->cpu = kit_cpu();
}

static void watch_end(const struct watch *w, struct result *r)
{
	r->wall += kit_now() - w->wall;
	r->cpu += kit_cpu() - w->cpu;
}

static int dial(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0)
		BUG("cannot connect: %s", strerror(errno));
	return fd;
}

static void read_bytes(int fd, uint64_t n)
{
	static char b[READ_MAX];

	while (n) {
		ssize_t r = read(fd, b, n < sizeof(b) ? n : sizeof(b));

		if (r <= 0)
			BUG("the sender broke off");
		n -= (uint64_t)r;
	}
}

/* Up to the empty line. */
static void read_head(int fd)
{
	char last[4] = { 0 };

	while (memcmp(last, "\r\n\r\n", 4) != 0) {
		memmove(last, last + 1, 3);
		if (read(fd, last + 3, 1) != 1)
			BUG("the sender broke off");
	}
}

static void ask(int fd)
{
	static const char get[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

	if (write(fd, get, sizeof(get) - 1) < 0)
		BUG("the sender is gone");
	read_head(fd);
}

/* --- the stream: plain reads, bare libwebsockets, Jansson ----------------------------------- */

static void stream_read(void *arg, void *result)
{
	struct watch w;
	int fd = dial(blast_port(stream));

	ask(fd);
	read_bytes(fd, traffic.first.b.len);
	watch_begin(&w);
	blast_go(stream);
	read_bytes(fd, traffic.then.b.len);
	watch_end(&w, result);
}

struct bare {
	uint64_t payload;
	struct watch w;
	struct result *r;
	bool done;
};

static int on_lws(struct lws *wsi, enum lws_callback_reasons why, void *user, void *in, size_t n)
{
	struct bare *b = lws_context_user(lws_get_context(wsi));

	if (why == LWS_CALLBACK_CLIENT_CONNECTION_ERROR || why == LWS_CALLBACK_CLIENT_CLOSED)
		BUG("libwebsockets lost the sender");
	if (why != LWS_CALLBACK_CLIENT_RECEIVE)
		return 0;
	b->payload += n;
	if (b->payload == traffic.first.payload) {
		watch_begin(&b->w);
		blast_go(stream);
	} else if (b->payload == traffic.first.payload + traffic.then.payload) {
		watch_end(&b->w, b->r);
		b->done = true;
	}
	return 0;
}

static void stream_lws(void *arg, void *result)
{
	static const struct lws_protocols protocols[] = {
		{ .name = "cloudevents.json", .callback = on_lws, .rx_buffer_size = READ_MAX }, { 0 }
	};
	struct bare b = { .r = result };
	struct lws_context_creation_info info = { .port = CONTEXT_PORT_NO_LISTEN,
		.protocols = protocols, .pt_serv_buf_size = READ_MAX, .user = &b };
	struct lws_client_connect_info c = { .address = "127.0.0.1", .host = "127.0.0.1",
		.origin = "127.0.0.1", .path = "/", .protocol = "cloudevents.json",
		.port = blast_port(stream) };

	lws_set_log_level(0, NULL);
	c.context = lws_create_context(&info);
	if (!c.context || !lws_client_connect_via_info(&c))
		BUG("libwebsockets cannot connect");
	while (!b.done && lws_service(c.context, 0) >= 0)
		;
}

static void stream_jansson(void *arg, void *result)
{
	struct watch w;
	size_t at = 0;

	watch_begin(&w);
	for (struct slice s; (s = frames_next(&traffic.then, &at)).n;) {
		json_t *v = json_loadb(s.p, s.n, 0, NULL);

		if (!v)
			BUG("Jansson refuses an event");
		json_decref(v);
	}
	watch_end(&w, result);
}

/* --- our sources, with a collector of a few lines around them -------------------------------- */

struct host {
	struct source_env env;
	struct model *model;
	struct config_source cfg;
	struct result *r;
	struct watch w;
	uint64_t samples, pages;
	bool quiet; /* no sender to be told */
};

static int host_emit(void *arg, struct delta *d, struct err *e)
{
	struct host *h = arg;
	int rc = model_apply(h->model, d, e);

	if (d->kind != DELTA_SAMPLES)
		return rc;
	h->samples += d->samples.n;
	if (h->cfg.kind != SOURCE_STREAM || h->quiet)
		return rc;
	if (h->samples == traffic.first.samples) {
		watch_begin(&h->w);
		blast_go(stream);
	} else if (h->samples == traffic.first.samples + traffic.then.samples) {
		watch_end(&h->w, h->r);
		loop_stop(h->env.loop);
	}
	return rc;
}

static void host_cursor(void *arg, const char *source, struct slice position)
{
}

static void host_cursor_get(void *arg, const char *source, char *out, size_t n)
{
	*out = '\0';
}

static void host_keep(void *arg, const char *source, struct slice id, int status,
	struct slice data)
{
}

static void host_kept(void *arg, const char *source,
	void (*fn)(void *fnarg, struct slice id, int status, struct slice data), void *fnarg)
{
}

/* A page's first and last byte, told as to a recording. */
static void host_bytes(void *arg, const char *name, const char *kind, enum source_bytes what,
	struct slice b)
{
	struct host *h = arg;

	if (what == BYTES_PAGE_START) {
		h->samples = 0;
		watch_begin(&h->w);
	} else if (what == BYTES_PAGE && h->pages) {
		h->r->bytes += b.n;
	} else if (what == BYTES_PAGE_END && ++h->pages > 1) {
		watch_end(&h->w, h->r);
		h->r->samples += h->samples;
	}
	if (h->pages == PAGES)
		loop_stop(h->env.loop);
}

static bool host_recording(void *arg)
{
	return ((struct host *)arg)->cfg.kind == SOURCE_SCRAPE;
}

static struct source *host_open(struct host *h, bool replaying)
{
	struct loop *l = loop_new();
	struct source *s;
	struct err e;

	h->model = model_new(&(struct model_spec){ .memory = (uint64_t)1 << 30 });
	h->env = (struct source_env){ .loop = l, .http = http_new(l), .hub = ws_hub_new(l),
		.model = h->model, .arg = h, .emit = host_emit, .cursor = host_cursor,
		.cursor_get = host_cursor_get, .keep = host_keep, .kept = host_kept,
		.bytes = host_bytes, .recording = host_recording, .replaying = replaying };
	s = source_new(&h->env, &h->cfg, &e);
	if (!s)
		BUG("%s", e.text);
	return s;
}

static void host_check(const struct source *s)
{
	if (s->st.bad || s->st.gaps || s->st.duplicates)
		BUG("the source refused what the devnet makes: %s", s->error);
}

static void host_run(struct host *h)
{
	struct source *s = host_open(h, false);

	loop_run(h->env.loop);
	host_check(s);
}

static const struct config_source stream_cfg = { .name = "bench", .kind = SOURCE_STREAM,
	.url = url, .timeout_ms = 10000, .stale_after_ms = 60000 };

static void feed_all(struct source *s, const struct frames *f)
{
	size_t at = 0;

	for (struct slice msg; (msg = frames_next(f, &at)).n;)
		s->kind->replay(s, NULL, BYTES_MESSAGE, msg);
}

/* Without a socket and WebSocket: what the decoders and the model take of it. */
static void stream_memory(void *arg, void *result)
{
	struct host h = { .quiet = true, .cfg = stream_cfg };
	struct source *s = host_open(&h, true);
	struct watch w;

	feed_all(s, &traffic.first);
	watch_begin(&w);
	feed_all(s, &traffic.then);
	watch_end(&w, result);
	host_check(s);
}

static void stream_ours(void *arg, void *result)
{
	struct host h = { .r = result, .cfg = stream_cfg };

	snprintf(url, sizeof(url), "ws://127.0.0.1:%d/events", blast_port(stream));
	host_run(&h);
}

/* --- pages ------------------------------------------------------------------------------------- */

static void pages_read(void *arg, void *result)
{
	const struct slice *page = arg;
	struct result *r = result;
	int fd = dial(blast_port(pages));
	struct watch w;

	for (int i = 0; i < PAGES; i++) {
		ask(fd);
		watch_begin(&w);
		read_bytes(fd, page[i % TRAFFIC_PAGES].n);
		watch_end(&w, r);
		r->bytes += page[i % TRAFFIC_PAGES].n;
	}
}

static size_t forget(char *p, size_t size, size_t n, void *arg)
{
	*(uint64_t *)arg += size * n;
	return size * n;
}

static void pages_curl(void *arg, void *result)
{
	struct result *r = result;
	CURL *easy = curl_easy_init();
	struct watch w;

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", blast_port(pages));
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, forget);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, &r->bytes);
	for (int i = 0; i < PAGES; i++) {
		watch_begin(&w);
		if (curl_easy_perform(easy) != CURLE_OK)
			BUG("curl cannot read the page");
		watch_end(&w, r);
	}
	curl_easy_cleanup(easy);
}

static void pages_ours(void *result, const char *device_label)
{
	const char *target[] = { url };
	struct host h = { .r = result, .cfg = { .name = "bench", .kind = SOURCE_SCRAPE,
		.targets = { target, 1 }, .interval_ms = 1, .timeout_ms = 30000,
		.stale_after_ms = 60000, .device_label = device_label } };

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/metrics", blast_port(pages));
	host_run(&h);
}

static void pages_devices(void *arg, void *result)
{
	pages_ours(result, "device");
}

static void pages_target(void *arg, void *result)
{
	pages_ours(result, NULL);
}

/* --- the table ----------------------------------------------------------------------------------- */

struct candidate {
	const char *what;
	void (*run)(void *arg, void *result);
	bool has_samples;
	struct result r[ROUNDS_MAX];
	double mb_wall, mb_cpu; /* medians: MB a second, and a second of the processor */
};

static struct candidate streams[] = {
	{ .what = "plain read of the socket", .run = stream_read },
	{ .what = "bare libwebsockets, 64 KiB", .run = stream_lws },
	{ .what = "Jansson, from memory", .run = stream_jansson },
	{ .what = "stream source to model", .run = stream_ours, .has_samples = true },
	{ .what = "  the same without the socket", .run = stream_memory, .has_samples = true },
};

static struct candidate page_reads[] = {
	{ .what = "plain read of the socket", .run = pages_read },
	{ .what = "bare curl", .run = pages_curl },
};

static struct candidate device_pages = { .what = "scrape to model, 31,400 devices",
	.run = pages_devices, .has_samples = true };
static struct candidate peer_pages = { .what = "scrape to model, one device",
	.run = pages_target, .has_samples = true };

static bool run(struct candidate *c, int round, void *arg, uint64_t bytes, uint64_t samples)
{
	struct result *r = &c->r[round];

	if (kit_run(c->run, arg, r, sizeof(*r), LIMIT_S) < 0)
		return false;
	if (bytes)
		r->bytes = bytes;
	if (samples)
		r->samples = samples;
	return r->wall > 0;
}

static void settle(struct candidate *c, int rounds)
{
	double wall[ROUNDS_MAX], cpu[ROUNDS_MAX];

	for (int i = 0; i < rounds; i++) {
		wall[i] = (double)c->r[i].bytes / c->r[i].wall / 1e6;
		cpu[i] = (double)c->r[i].bytes / c->r[i].cpu / 1e6;
	}
	c->mb_wall = kit_median(wall, (size_t)rounds);
	c->mb_cpu = kit_median(cpu, (size_t)rounds);
}

static void print(const struct candidate *c)
{
	const struct result *r = &c->r[0];

	printf("  %-34s %8.0f MB/s %8.0f MB a CPU second", c->what, c->mb_wall, c->mb_cpu);
	if (c->has_samples)
		printf("  %5.2f M samples/s (%.2f a CPU second)",
			c->mb_wall * (double)r->samples / (double)r->bytes,
			c->mb_cpu * (double)r->samples / (double)r->bytes);
	printf("\n");
}

static void ratio(const char *what, const struct candidate *a, const struct candidate *b,
	double aim)
{
	printf("  = %-32s %8.2f x    %8.2f x by CPU", what, a->mb_wall / b->mb_wall,
		a->mb_cpu / b->mb_cpu);
	if (aim > 0)
		printf("         aim %.1f", aim);
	printf("\n");
}

static void bench_stream(int rounds)
{
	struct blast_spec s;

	traffic_make(&traffic, DEVICES, EVENTS);
	s = (struct blast_spec){ .first = buf_slice(&traffic.first.b),
		.then = buf_slice(&traffic.then.b) };
	printf("\n  stream: %d devices, %d events of %llu bytes, %llu samples; median of %d\n",
		DEVICES, EVENTS, (unsigned long long)(traffic.then.payload / EVENTS),
		(unsigned long long)traffic.then.samples, rounds);
	stream = blast_start(&s);
	for (int i = 0; i < rounds; i++)
		for (size_t k = 0; k < ARRAY_LEN(streams); k++)
			if (!run(&streams[k], i, NULL, traffic.then.payload,
				traffic.then.samples))
				BUG("%s failed", streams[k].what);
	blast_end(stream);
	traffic_fini(&traffic);
	for (size_t k = 0; k < ARRAY_LEN(streams); k++) {
		settle(&streams[k], rounds);
		print(&streams[k]);
	}
	ratio("beside Jansson", &streams[3], &streams[2], 3);
	ratio("beside bare libwebsockets", &streams[3], &streams[1], 0.5);
	ratio("beside the plain read", &streams[3], &streams[0], 0);
}

/* Fewer devices for longer: blocks of history fill up as they do after some hours. */
static void history_size(void *arg, void *result)
{
	struct host h = { .quiet = true, .cfg = stream_cfg };
	struct source *s = host_open(&h, true);
	struct model_stats *st = result;

	feed_all(s, &traffic.first);
	feed_all(s, &traffic.then);
	host_check(s);
	model_stats(h.model, st);
}

static void bench_history(void)
{
	struct model_stats st;

	traffic_make(&traffic, HISTORY_DEVICES, HISTORY_EVENTS);
	if (kit_run(history_size, NULL, &st, sizeof(st), LIMIT_S) < 0)
		BUG("the history's run failed");
	traffic_fini(&traffic);
	printf("\n  history of %d devices, %.0f samples of each metric: %.2f bytes a stored sample"
	       "   aim 2\n", HISTORY_DEVICES, (double)st.samples_stored / (double)st.series,
		(double)st.bytes_samples / (double)st.samples_stored);
}

static void bench_pages(struct candidate *ours, const struct buf page[TRAFFIC_PAGES], int rounds)
{
	struct slice v[TRAFFIC_PAGES];
	struct candidate *all[] = { &page_reads[0], &page_reads[1], ours };

	for (int i = 0; i < TRAFFIC_PAGES; i++)
		v[i] = buf_slice(&page[i]);
	printf("\n  pages of %.1f MB, known from the second on; median of %d\n",
		(double)v[0].n / 1e6, rounds);
	pages = blast_start(&(struct blast_spec){ .pages = v, .pages_n = TRAFFIC_PAGES });
	for (int i = 0; i < rounds; i++)
		for (size_t k = 0; k < ARRAY_LEN(all); k++) {
			all[k]->r[i] = (struct result){ 0 };
			if (!run(all[k], i, v, 0, 0))
				BUG("%s failed", all[k]->what);
		}
	blast_end(pages);
	for (size_t k = 0; k < ARRAY_LEN(all); k++) {
		settle(all[k], rounds);
		print(all[k]);
	}
	printf("  = of the 300 MB/s that are aimed at  %5.2f x    %8.2f x by CPU\n",
		ours->mb_wall / 300, ours->mb_cpu / 300);
	ratio("beside bare curl", ours, &page_reads[1], 0);
}

static void bench_page_sort(struct candidate *ours, void (*make)(struct buf *, uint32_t),
	uint32_t n, int rounds)
{
	struct buf page[TRAFFIC_PAGES];

	make(page, n);
	bench_pages(ours, page, rounds);
	for (int i = 0; i < TRAFFIC_PAGES; i++)
		buf_fini(&page[i]);
}

static bool wanted(int argc, char **argv, const char *part)
{
	return argc < 3 || strcmp(argv[2], part) == 0;
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 3;

	if (rounds < 1 || rounds > ROUNDS_MAX)
		rounds = 3;
	kit_begin("(a) samples from the socket to the model, one core");
	curl_global_init(CURL_GLOBAL_DEFAULT);
	if (wanted(argc, argv, "stream"))
		bench_stream(rounds);
	if (wanted(argc, argv, "history"))
		bench_history();
	if (wanted(argc, argv, "devices"))
		bench_page_sort(&device_pages, traffic_pages, PAGE_DEVICES, rounds);
	if (wanted(argc, argv, "peers"))
		bench_page_sort(&peer_pages, traffic_peers, PAGE_PEERS, rounds);
	return 0;
}
