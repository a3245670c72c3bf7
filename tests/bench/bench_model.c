/*
 * The model by itself: memory for a million devices, samples in, queries beside ripgrep over the
 * same rows as JSON lines.
 *   bench_model [DEVICES]     (0: samples and events only)
 * Times are CPU time, so that other work on the machine counts little; ratios are what counts.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "model/past.h"
#include "model/query.h"
#include "tests/bench/kit.h"

#define T0	 ((int64_t)1790000000000)
#define METRICS	 5
#define FLEET	 100000
#define HOT	 500
#define EVENTS	 1000000
#define ROUNDS	 5

static const char *const metric[METRICS] = { "temp", "cpu", "power", "sent_bytes", "health" };
static const char *const network[] = { "filecoin", "ionet", "bittensor", "vpp", "water", "traffic",
	"medical" };

static uint64_t seed = 88172645463325252u;

static uint64_t rnd(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static double rss_mib(void)
{
	long pages = 0, ignored;
	FILE *f = fopen("/proc/self/statm", "r");

	if (!f || fscanf(f, "%ld %ld", &ignored, &pages) != 2)
		pages = 0;
	if (f)
		fclose(f);
	return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1 << 20);
}

/* --- the fleet ---------------------------------------------------------------------------- */

static void birth(struct model *m, uint32_t i)
{
	char id[32], site[32];
	struct delta d = { .kind = DELTA_DEVICE, .device = { .network = slice_of(network[i % 7]),
		.kind = slice_of("sensor"), .firmware = slice_of("2.4.1"), .lat = 59.9, .lon = 10.7,
		.source = MODEL_NONE, .at_ms = T0 } };
	struct delta s = { .kind = DELTA_SERIES };

	snprintf(id, sizeof(id), "%.4s-%07u", network[i % 7], i);
	snprintf(site, sizeof(site), "site-%u", i % 1000);
	d.device.id = slice_of(id);
	d.device.site = slice_of(site);
	model_apply(m, &d, NULL);
	s.series.device = d.device.device;
	for (int k = 0; k < METRICS; k++) {
		s.series.name = slice_of(metric[k]);
		s.series.type = k == 3 ? SERIES_COUNTER : SERIES_GAUGE;
		model_apply(m, &s, NULL);
	}
}

/* What instruments send: tenths of a degree, hundredths of a percent, watts, a counter. */
static void reading(uint32_t dev, int64_t t, double v[4])
{
	double day = sin((double)(t / 1000 % 86400) / 86400 * 6.28318 + dev % 24);

	v[0] = round((20 + 5 * day + (double)(rnd() % 7) / 10 - 0.3) * 10) / 10;
	v[1] = round((50 + 30 * day + (double)(rnd() % 400) / 100) * 100) / 100;
	v[2] = round(120 + 40 * day + (double)(rnd() % 9));
	v[3] = (double)(t - T0) * 1.5 + (double)(dev % 1000) + (double)(rnd() % 300);
	v[3] = floor(v[3]);
}

static void send(struct model *m, uint32_t dev, int64_t t, const double *v, uint32_t n)
{
	struct sample s[METRICS];
	struct delta d = { .kind = DELTA_SAMPLES, .samples = { .v = s, .n = n, .device = dev,
		.at_ms = t } };

	for (uint32_t k = 0; k < n; k++)
		s[k] = (struct sample){ dev * METRICS + k, v[k] };
	model_apply(m, &d, NULL);
}

static void telemetry(struct model *m, uint32_t dev, int64_t t, const double v[4])
{
	send(m, dev, t, v, 4);
}

static double cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double children_ms(void)
{
	struct rusage u;

	getrusage(RUSAGE_CHILDREN, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

/* --- samples in ------------------------------------------------------------------------------ */

static void bench_samples(const char *what, uint32_t devices, uint32_t events, uint64_t memory)
{
	struct model *m = model_new(&(struct model_spec){ .memory = memory });
	struct model_stats st;
	double (*v)[4] = xcalloc(65536, sizeof(*v));
	uint32_t *dev = xcalloc(events, sizeof(*dev));
	double ms;

	for (uint32_t i = 0; i < devices; i++)
		birth(m, i);
	for (uint32_t i = 0; i < events; i++)
		dev[i] = (uint32_t)(rnd() % devices);
	for (uint32_t i = 0; i < 65536; i++)
		reading(0, T0 + i * 10000, v[i]);
	ms = cpu_ms();
	/* each device goes along the same curve, from another place on it */
	for (uint32_t i = 0; i < events; i++)
		telemetry(m, dev[i], T0 + (int64_t)i * 10000 / devices,
			v[(dev[i] + i / devices) & 65535]);
	ms = cpu_ms() - ms;
	model_stats(m, &st);
	printf("%-34s %7.1f ns a sample, %5.1f M samples/s\n", what, ms * 1e6 / (events * 4.0),
		events * 4.0 / ms / 1000);
	free(dev);
	free(v);
	model_free(m);
}

/* Devices report every ten seconds, some with a few milliseconds of jitter. */
static void bench_bytes_per_sample(const char *what, uint32_t jitter_ms, uint64_t memory)
{
	struct model *m = model_new(&(struct model_spec){ .memory = memory });
	uint32_t devices = 5000, rounds = 400;
	struct model_stats st;
	double v[4];

	for (uint32_t i = 0; i < devices; i++)
		birth(m, i);
	for (uint32_t r = 0; r < rounds; r++)
		for (uint32_t i = 0; i < devices; i++) {
			int64_t t = T0 + r * 10000 + i % 997;

			if (jitter_ms)
				t += (int64_t)(rnd() % (2 * jitter_ms)) - jitter_ms;
			reading(i, t, v);
			telemetry(m, i, t, v);
		}
	model_stats(m, &st);
	printf("%-34s %7.2f bytes a stored sample\n", what,
		(double)st.bytes_samples / (double)st.samples_stored);
	model_free(m);
}

/* What nodes say: some forty kinds of messages with numbers in them, and the data they came with. */
static void event_in(struct model *m, uint32_t i)
{
	static const char *const say[] = { "fan %u rpm below its limit", "temperature %u C",
		"job %u finished", "sector %u proven", "line back after %u s", "disk %u %% full",
		"block %u missed", "firmware 2.4.%u installed" };
	char id[32], subject[24], message[80], data[160];
	unsigned x = (unsigned)(rnd() % 10000), k = i % ARRAY_LEN(say);
	struct delta d = { .kind = DELTA_EVENT, .event = { .source = 0, .origin = slice_of("//lab/a"),
		.type = slice_of("net.depin.device.status.v1"), .at_ms = T0 + i, .severity = 9,
		.device = MODEL_NONE } };

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	d.event.message = slice_mem(message, (size_t)snprintf(message, sizeof(message), say[k], x));
#pragma GCC diagnostic pop
	d.event.id = slice_mem(id, (size_t)snprintf(id, sizeof(id), "ev-%010u", i));
	d.event.subject = slice_mem(subject,
		(size_t)snprintf(subject, sizeof(subject), "gpu-fra2-%06u", i % 100000));
	d.event.data = slice_mem(data, (size_t)snprintf(data, sizeof(data),
		"{\"status\":\"degraded\",\"reason\":\"%s\",\"value\":%u}", message, x));
	model_apply(m, &d, NULL);
}

static void write_events(const struct model *m, const char *path)
{
	const struct kind *k = kind_find("events");
	struct fields *f = fields_new(k, slice_of(""), NULL, NULL);
	FILE *out = fopen(path, "w");
	struct buf b;

	buf_init(&b, 1 << 20);
	for (uint64_t n = model_events_first(m); n <= model_events_last(m) && out; n++) {
		buf_reset(&b);
		row_json(m, k, n, f, &b);
		fprintf(out, "%s\n", b.p);
	}
	if (out)
		fclose(out);
	buf_fini(&b);
	fields_free(f);
}

static double best_query(const struct model *m, const char *kind, const char *filter,
	const char *sort, uint64_t limit, uint64_t *matched);
static double best_rg(const char *pattern, const char *path);

static void bench_event_queries(const struct model *m)
{
	static const char *const t[][2] = { /* filter, ripgrep's pattern */
		{ "message~'fan [0-9]+7 rpm'", "fan [0-9]+7 rpm" },
		{ "message~'(fan|disk) 99[0-9]*'", "(fan|disk) 99[0-9]*" },
		{ "message~'^block 99'", "\"message\":\"block 99" },
		{ "message~nosuch", "nosuch" },
		{ "nosuch", "-i nosuch" },
		{ "severity>=warn", NULL },
	};
	char path[] = "/tmp/bench_model.XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0)
		BUG("no temporary file");
	close(fd);
	write_events(m, path);
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		uint64_t matched;
		double ms = best_query(m, "events", t[i][0], "", 100, &matched), rg;

		printf("%-34s %7.1f ms, %8llu events", t[i][0], ms, (unsigned long long)matched);
		if (t[i][1]) {
			rg = best_rg(t[i][1], path);
			printf("; rg %.1f ms: %.2f of it", rg, ms / rg);
		}
		printf("\n");
	}
	unlink(path);
}

static void bench_events(void)
{
	struct model *m = model_new(&(struct model_spec){ .memory = (uint64_t)2 << 30 });
	struct model_stats st;
	double ms = cpu_ms();

	for (uint32_t i = 0; i < EVENTS; i++)
		event_in(m, i);
	model_stats(m, &st);
	printf("%-34s %7.1f ns an event (with making it), %.0f bytes\n", "events in",
		(cpu_ms() - ms) * 1e6 / EVENTS, (double)st.bytes_events / (double)st.events_stored);
	bench_event_queries(m);
	model_free(m);
}

/* --- queries ------------------------------------------------------------------------------------ */

static double best_query(const struct model *m, const char *kind, const char *filter,
	const char *sort, uint64_t limit, uint64_t *matched)
{
	struct query_spec s = { .kind = kind_find(kind), .filter = slice_of(filter),
		.sort = slice_of(sort), .limit = limit };
	struct err e = { 0 };
	struct query *q = query_new(&s, NULL, &e);
	double best = 1e9;

	if (!q)
		BUG("%s", e.text);
	for (int i = 0; i < ROUNDS; i++) {
		double ms = cpu_ms();

		query_step(q, m, 0);
		ms = cpu_ms() - ms;
		best = ms < best ? ms : best;
	}
	*matched = query_matched(q);
	query_free(q);
	return best;
}

static double best_command(const char *command)
{
	double best = 1e9;

	for (int i = 0; i < ROUNDS; i++) {
		double ms = children_ms();

		if (system(command) < 0)
			return NAN;
		ms = children_ms() - ms;
		best = ms < best ? ms : best;
	}
	return best;
}

/* "-i " before the pattern: in any case. */
static double best_rg(const char *pattern, const char *path)
{
	bool fold = strncmp(pattern, "-i ", 3) == 0;
	char command[512];

	snprintf(command, sizeof(command), "rg %s-j1 -c '%s' %s >/dev/null", fold ? "-i " : "",
		pattern + 3 * fold, path);
	return best_command(command);
}

static void write_rows(const struct model *m, const char *path)
{
	const struct kind *k = kind_find("devices");
	struct fields *f = fields_new(k, slice_of("id,name,network,kind,site,status,health,last_seen,cpu"),
		NULL, NULL);
	FILE *out = fopen(path, "w");
	struct buf b;

	buf_init(&b, 1 << 20);
	for (uint32_t i = 0; i < model_devices_n(m) && out; i++) {
		buf_reset(&b);
		row_json(m, k, i, f, &b);
		fprintf(out, "%s\n", b.p);
	}
	if (out)
		fclose(out);
	buf_fini(&b);
	fields_free(f);
}

static void bench_rows(const struct model *m)
{
	const struct kind *k = kind_find("devices");
	struct fields *f = fields_new(k, slice_of(""), NULL, NULL);
	double ms = cpu_ms();
	struct buf b;

	buf_init(&b, 1 << 20);
	for (uint32_t i = 0; i < 10000; i++) {
		if (i % 100 == 0)
			buf_reset(&b);
		row_json(m, k, i * 97 % model_devices_n(m), f, &b);
	}
	printf("%-34s %7.3f ms a hundred, %zu bytes\n", "rows as JSON", (cpu_ms() - ms) / 100, b.len);
	buf_fini(&b);
	fields_free(f);
}

static void bench_queries(const struct model *m)
{
	static const char *const t[][4] = { /* filter, sort, ripgrep's pattern */
		{ "name~'77[0-9]5$'", "", "77[0-9]5\"" },
		{ "name~'(77|88)[0-9]5'", "", "(77|88)[0-9]5" },
		{ "name~'^wate-00'", "", "\"name\":\"wate-00" },
		{ "name~nosuch", "", "nosuch" },
		{ "nosuch", "", "-i nosuch" },
		{ "?wt77", "", "-i 'w[^,]*t[^,]*7[^,]*7'" },
		{ "cpu>80", "", NULL },
		{ "health<50", "", NULL },
		{ "network=water and status!=up", "", NULL },
		{ "network=water and temp>22", "temp:desc", NULL },
		{ "name~'17$' and status=up", "name", NULL },
		{ "site~'^site-77'", "", NULL },
		{ "", "", NULL },
		{ "", "name:desc", NULL },
		{ "", "cpu:desc", NULL },
		{ "", "network,site,name:desc", NULL },
		{ "", "last_seen", NULL },
		{ "", "site:desc", NULL },
	};
	char path[] = "/tmp/bench_model.XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0)
		BUG("no temporary file");
	close(fd);
	write_rows(m, path);
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		uint64_t matched;
		double ms = best_query(m, "devices", t[i][0], t[i][1], 100, &matched), rg;
		char what[80];

		snprintf(what, sizeof(what), "%s%s%s", t[i][0], t[i][1][0] ? " sort " : "",
			*t[i][0] || *t[i][1] ? t[i][1] : "(the usual order)");
		printf("%-34s %7.1f ms, %8llu rows", what, ms, (unsigned long long)matched);
		if (t[i][2]) {
			rg = best_rg(t[i][2], path);
			printf("; rg %.1f ms: %.2f of it", rg, ms / rg);
		}
		printf("\n");
	}
	unlink(path);
}

static void bench_fleet(uint32_t n)
{
	double rss, ms, v[4];
	struct model_stats st;
	struct model *m;

	rss = rss_mib();
	m = model_new(&(struct model_spec){ .memory = (uint64_t)4 << 30 });
	ms = cpu_ms();
	for (uint32_t i = 0; i < n; i++)
		birth(m, i);
	model_stats(m, &st);
	printf("%-34s %7.1f ms for %u, %u metrics each\n", "births", cpu_ms() - ms, n, METRICS);
	printf("%-34s %7.1f counted, %.1f resident\n", "bytes a device",
		(double)(st.bytes_devices + st.bytes_series) / n, (rss_mib() - rss) * (1 << 20) / n);
	ms = cpu_ms();
	for (uint32_t i = 0; i < n; i++) {
		reading(i, T0 + 1000, v);
		telemetry(m, i, T0 + 1000, v);
	}
	model_apply(m, &(struct delta){ .kind = DELTA_TICK, .tick.now_ms = T0 + 2000 }, NULL);
	bench_rows(m);
	bench_queries(m);
	ms = cpu_ms();
	model_apply(m, &(struct delta){ .kind = DELTA_TICK, .tick.now_ms = T0 + 70000 }, NULL);
	printf("%-34s %7.1f ms\n", "all stale in one tick", cpu_ms() - ms);
	model_free(m);
}

/* --- a moment gone by ---------------------------------------------------------------------------- */

static void say_query(const struct model *m, const char *what, const char *sort)
{
	uint64_t matched;
	double ms = cpu_ms(), best;

	best = best_query(m, "devices", "", sort, 100, &matched);
	ms = cpu_ms() - ms - best * (ROUNDS - 1);
	printf("%-34s %7.1f ms the first time, then %.1f\n", what, ms, best);
}

/* Twenty minutes of it, a reading each ten seconds; five and fifteen minutes back. */
static void bench_past(void)
{
	struct model *m = model_new(&(struct model_spec){ .memory = (uint64_t)1 << 30,
		.begun_ms = T0 });
	struct past *p;
	double v[METRICS], ms;

	for (uint32_t i = 0; i < FLEET; i++)
		birth(m, i);
	for (uint32_t at = 0; at <= 1200000; at += 10000) {
		for (uint32_t i = 0; i < FLEET; i++) {
			reading(i, T0 + at, v);
			v[4] = (double)(90 + rnd() % 10);
			send(m, i, T0 + at, v, METRICS);
		}
		model_apply(m, &(struct delta){ .kind = DELTA_TICK, .tick.now_ms = T0 + at }, NULL);
	}
	for (int64_t back = 5; back <= 15; back += 10) {
		ms = cpu_ms();
		p = past_new(m, T0 + 1200000 - back * 60000);
		past_step(p, 0);
		printf("a moment %2lld min gone by, %u %7.1f ms, %.1f MiB\n", (long long)back, FLEET,
			cpu_ms() - ms, (double)past_bytes(p) / (1 << 20));
		say_query(past_model(p), "  its devices", "");
		say_query(past_model(p), "  sorted by temp", "temp:desc");
		past_free(p);
	}
	model_free(m);
}

int main(int argc, char **argv)
{
	uint32_t n = argc > 1 ? (uint32_t)atoi(argv[1]) : 1000000;

	kit_begin("(c) the model by itself; filters and sorts beside ripgrep over the same rows");
	bench_samples("samples, 100,000 devices at random", FLEET, 1000000, (uint64_t)2 << 30);
	bench_samples("samples, 500 devices, hot", HOT, 1000000, (uint64_t)64 << 20);
	bench_samples("samples, memory full, 100,000", FLEET, 4000000, (uint64_t)192 << 20);
	bench_bytes_per_sample("10 s apart", 0, (uint64_t)256 << 20);
	bench_bytes_per_sample("10 s apart, +-20 ms", 20, (uint64_t)256 << 20);
	bench_events();
	bench_past();
	if (n)
		bench_fleet(n);
	return 0;
}
