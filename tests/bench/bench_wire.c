/*
 * How fast the decoders read, beside what else could read the same bytes, in one run: rounds of
 * all candidates in turn, the best round of each counts.
 *   bench_wire [ROUNDS]
 * The node exporter's page is a captured one (tests/data); the large page and the events are made.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "wire/cloudevent.h"
#include "wire/prom.h"
#include "wire/telemetry.h"

#define CHUNK	 16384 /* as curl hands them over */
#define BYTES	 (16u << 20) /* read in each round */
#define EVENTS	 2000
#define METRICS	 6

struct sample {
	uint32_t series;
	double value;
};

/* What a caller does at the least: keeps each value beside its series. */
struct sink {
	struct sample v[1024];
	uint64_t n;
	uint32_t next;
};

static struct sink sink;
static struct buf page_node, page_peers, events;
static size_t event_end[EVENTS];

static uint32_t on_sample(void *arg, const struct prom_sample *s)
{
	struct sink *k = arg;
	uint32_t series = s->handle == PROM_NONE ? k->next++ : s->handle;

	k->v[k->n++ % ARRAY_LEN(k->v)] = (struct sample){ series, s->value };
	return series;
}

/* --- inputs */

static void load_page(struct buf *b, const char *path)
{
	FILE *f = fopen(path, "r");
	char part[4096];
	size_t n;

	if (!f)
		BUG("%s: run me from the top of the tree", path);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(b, part, n);
	fclose(f);
}

/* A libp2p node's page: one family, a label for each peer. */
static void make_peers(struct buf *b)
{
	buf_adds(b, "# HELP lotus_rcmgr_streams Streams by peer.\n# TYPE lotus_rcmgr_streams gauge\n");
	for (uint64_t i = 0; b->len < 20u << 20; i++)
		buf_addf(b, "lotus_rcmgr_streams{dir=\"%s\",peer_id=\"12D3KooW%016llx%016llx\"} %llu\n",
			i & 1 ? "inbound" : "outbound", (unsigned long long)(i * 0x9e3779b97f4a7c15u),
			(unsigned long long)i, (unsigned long long)(i % 17));
}

static void make_events(struct buf *b)
{
	static const char *const names[METRICS] = { "temp", "util", "power_w", "mem_used", "fan_rpm",
		"disk_free" };

	for (int i = 0; i < EVENTS; i++) {
		buf_addf(b, "{\"specversion\":\"1.0\",\"id\":\"%08x\",\"source\":\"/devnet/gpu\",\"type\":"
			"\"net.depin.device.telemetry.v1\",\"subject\":\"gpu-%05d\",\"time\":"
			"\"2026-11-22T09:52:%02d.%03dZ\",\"sequence\":\"%020d\",\"data\":{\"m\":{",
			i, i % 700, i % 60, i % 1000, i);
		for (int k = 0; k < METRICS; k++)
			buf_addf(b, "%s\"%s\":%.*f", k ? "," : "", names[k], 2 + k % 3,
				61.2 + i * 0.01 * k);
		buf_adds(b, "}}}");
		event_end[i] = b->len;
	}
}

/* --- candidates: each reads its whole input once */

static struct prom *prom;
static struct prom_page *known_node, *known_peers;

static void read_page(const struct buf *page, struct prom_page *memory)
{
	struct prom_spec s = { .page = memory, .fn = on_sample, .arg = &sink };
	size_t i;

	prom_begin(prom, &s);
	for (i = 0; i < page->len; i += CHUNK)
		prom_feed(prom, slice_mem(page->p + i,
			page->len - i < CHUNK ? page->len - i : CHUNK));
	prom_finish(prom, true, NULL);
	if (prom_stats(prom)->bad || !prom_stats(prom)->samples)
		BUG("the page is bad: %s", prom_stats(prom)->bad_why);
}

static void count_lines(const struct buf *page)
{
	const char *p = page->p, *end = p + page->len;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
		p++;
		sink.n++;
	}
}

static void node_lines(void)
{
	count_lines(&page_node);
}

static void node_cold(void)
{
	read_page(&page_node, NULL);
}

static void node_known(void)
{
	read_page(&page_node, known_node);
}

static void peers_lines(void)
{
	count_lines(&page_peers);
}

static void peers_cold(void)
{
	read_page(&page_peers, NULL);
}

static void peers_known(void)
{
	read_page(&page_peers, known_peers);
}

static struct slice event(int i)
{
	size_t from = i ? event_end[i - 1] : 0;

	return slice_mem(events.p + from, event_end[i] - from);
}

static void events_envelope(void)
{
	static struct ce_decoder d;
	struct err e;

	for (int i = 0; i < EVENTS; i++)
		if (ce_decode(&d, event(i), &e) < 0)
			BUG("%s", e.text);
}

static void events_samples(void)
{
	static struct ce_decoder d;
	static struct tele_value v[TELE_METRICS_MAX];
	struct telemetry t;
	struct err e;

	for (int i = 0; i < EVENTS; i++) {
		if (ce_decode(&d, event(i), &e) < 0 ||
			telemetry_decode(d.ev.data, v, TELE_METRICS_MAX, &t, &e) < 0)
			BUG("%s", e.text);
		for (size_t k = 0; k < t.n; k++)
			sink.v[sink.n++ % ARRAY_LEN(sink.v)] = (struct sample){ (uint32_t)k,
				v[k].value };
	}
}

static void events_jansson(void)
{
	for (int i = 0; i < EVENTS; i++) {
		struct slice s = event(i);
		json_t *v = json_loadb(s.p, s.n, 0, NULL);

		if (!v)
			BUG("Jansson refuses an event");
		json_decref(v);
	}
}

struct candidate {
	const char *what;
	void (*run)(void);
	const struct buf *input;
	int beside; /* the row its ratio refers to */
	double best; /* seconds of one run */
	uint64_t samples;
};

static struct candidate table[] = {
	{ "node exporter page: lines found (memchr)", node_lines, &page_node, 0, 0, 0 },
	{ "node exporter page: new", node_cold, &page_node, 0, 0, 0 },
	{ "node exporter page: known", node_known, &page_node, 0, 0, 0 },
	{ "20 MB page of peers: lines found (memchr)", peers_lines, &page_peers, 3, 0, 0 },
	{ "20 MB page of peers: new", peers_cold, &page_peers, 3, 0, 0 },
	{ "20 MB page of peers: known", peers_known, &page_peers, 3, 0, 0 },
	{ "events: Jansson json_loadb", events_jansson, &events, 6, 0, 0 },
	{ "events: envelope, data checked", events_envelope, &events, 6, 0, 0 },
	{ "events: envelope and samples", events_samples, &events, 6, 0, 0 },
};

static void round_of(struct candidate *c)
{
	int times = (int)(BYTES / c->input->len) + 1;
	uint64_t before = sink.n;
	int64_t t = clock_mono_us_now();
	double s;

	for (int i = 0; i < times; i++)
		c->run();
	s = (double)(clock_mono_us_now() - t) / 1e6 / times;
	c->samples = (sink.n - before) / (uint64_t)times;
	if (c->best == 0 || s < c->best)
		c->best = s;
}

static void print(const struct candidate *c)
{
	printf("%-42s %7.0f MB/s  %6.2f x", c->what, (double)c->input->len / c->best / 1e6,
		table[c->beside].best / c->best);
	if (c->samples && c->beside != (int)(c - table))
		printf("  %6.1f M samples/s", (double)c->samples / c->best / 1e6);
	printf("\n");
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 7;

	buf_init(&page_node, 1 << 20);
	buf_init(&page_peers, 64u << 20);
	buf_init(&events, 16u << 20);
	load_page(&page_node, "tests/data/node_exporter.prom");
	make_peers(&page_peers);
	make_events(&events);
	prom = prom_new();
	known_node = prom_page_new();
	known_peers = prom_page_new();
	for (int r = 0; r < rounds; r++)
		for (size_t i = 0; i < ARRAY_LEN(table); i++)
			round_of(&table[i]);
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		print(&table[i]);
	printf("memory of a known page: %zu bytes for %zu of the node exporter, %zu for 20 MB of peers\n",
		prom_page_memory(known_node), page_node.len, prom_page_memory(known_peers));
	return 0;
}
