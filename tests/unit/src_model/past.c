/* The past: a model of a moment says what the live one said then. */
#include "world.h"

#include "model/past.h"

#define DEVICES 40
#define MOMENTS 60
#define ROWS_MAX 4096

static uint64_t rnd_state = 88172645463325252u;

static uint64_t rnd(uint64_t n)
{
	rnd_state ^= rnd_state << 13;
	rnd_state ^= rnd_state >> 7;
	rnd_state ^= rnd_state << 17;
	return rnd_state % n;
}

/* All that a client could see of these kinds, as text. */
static char *look(const struct model *m)
{
	static const struct {
		const char *kind, *fields;
	} kinds_seen[] = {
		{ "devices", "id,name,network,kind,site,firmware,status,health,since,reason,last_seen,"
			     "metrics,metrics_n,age,trend(temp 1m),trend(bytes_total 1m)" },
		{ "metrics", "device,key,value,at,rate,age" },
		{ "events", "n,time,severity,message,device" },
		{ "networks", "name,devices,up,degraded,stale,down,unknown,health" },
		{ "ledgers", "name,head,head_hash,head_time,age,blocks,reorgs,block_time" },
		{ "blocks", "ledger,number,hash,parent,time,orphaned" },
	};
	struct buf b;
	char *text;

	buf_init(&b, 64 << 20);
	for (size_t i = 0; i < ARRAY_LEN(kinds_seen); i++) {
		struct query *q = query(m, kinds_seen[i].kind, "", "", 0, ROWS_MAX);
		struct err e = { 0 };
		size_t at, n;
		struct fields *f = fields_new(kind_find(kinds_seen[i].kind), S(kinds_seen[i].fields),
			&at, &e);
		const uint64_t *rows = query_rows(q, &n);

		assert_non_null(f);
		buf_addf(&b, "%s: %llu of %llu\n", kinds_seen[i].kind,
			(unsigned long long)query_matched(q), (unsigned long long)query_total(q));
		for (size_t k = 0; k < n; k++) {
			row_json(m, kind_find(kinds_seen[i].kind), rows[k], f, &b);
			buf_addc(&b, '\n');
		}
		fields_free(f);
		query_free(q);
	}
	text = buf_steal(&b);
	buf_fini(&b);
	return text;
}

static void must_be_equal(const char *a, const char *b, const char *what)
{
	size_t i = 0, line = 0;

	if (strcmp(a, b) == 0)
		return;
	for (; a[i] && a[i] == b[i]; i++)
		line = a[i] == '\n' ? i + 1 : line;
	fail_msg("%s: then\n%.*s\nnow\n%.*s", what, (int)strcspn(a + line, "\n"), a + line,
		(int)strcspn(b + line, "\n"), b + line);
}

static char *look_back(struct model *m, int64_t at_ms, int64_t slice_us)
{
	struct past *p = past_new(m, at_ms);
	char *text;

	while (!past_step(p, slice_us))
		;
	text = look(past_model(p));
	past_free(p);
	return text;
}

/* --- a fleet to which everything happens -------------------------------------------------- */

struct fleet {
	struct model *m;
	int64_t now, ticked;
	uint32_t devices, series[DEVICES][12];
	unsigned n_series[DEVICES];
	uint64_t blocks;
	unsigned char hash[512][32];
};

static void fleet_birth(struct fleet *f)
{
	char id[24], site[24];
	struct delta d = { .kind = DELTA_DEVICE, .device = { .lat = 50.5, .lon = 8.25,
		.source = MODEL_NONE, .at_ms = f->now, .stale_after_ms = 3000 + (int64_t)rnd(8) * 1000 } };

	snprintf(id, sizeof(id), "dev-%02u", f->devices);
	snprintf(site, sizeof(site), "site-%u", f->devices % 5);
	d.device.id = S(id);
	d.device.site = S(site);
	d.device.network = S(f->devices % 3 ? "storage" : "compute");
	d.device.firmware = S("1.0");
	apply(f->m, &d);
	f->devices++;
}

static void fleet_series(struct fleet *f, uint32_t dev)
{
	static const char *const names[] = { "temp", "bytes_total", "health", "fan" };
	unsigned n = f->n_series[dev];
	char labels[24] = "";

	if (n >= 4)
		snprintf(labels, sizeof(labels), "slot=\"%u\"", n);
	f->series[dev][n] = series(f->m, dev, names[n % 4], labels,
		n % 4 == 1 ? SERIES_COUNTER : SERIES_GAUGE);
	f->n_series[dev]++;
}

static void fleet_sample(struct fleet *f, uint32_t dev)
{
	struct sample v[12];
	struct delta d = { .kind = DELTA_SAMPLES, .samples = { .v = v, .device = dev, .at_ms = f->now } };

	for (unsigned i = 0; i < f->n_series[dev]; i++)
		if (rnd(4))
			v[d.samples.n++] = (struct sample){ f->series[dev][i],
				rnd(20) == 0 ? NAN : i % 4 == 1 ? (double)(f->now - T0) :
				i % 4 == 2 ? (double)rnd(101) : (double)rnd(1000) / 10 };
	if (d.samples.n)
		apply(f->m, &d);
}

static void fleet_status(struct fleet *f, uint32_t dev)
{
	static const char *const reasons[] = { "", "fan 0 rpm", "no answer", "disk full" };
	static const enum device_status what[] = { STATUS_UP, STATUS_DEGRADED, STATUS_DOWN };
	struct delta d = { .kind = DELTA_STATUS, .status = { .device = dev,
		.status = what[rnd(3)], .reason = S(reasons[rnd(4)]), .at_ms = f->now } };

	/* said again it changes nothing but last_seen, which nobody keeps */
	if (d.status.status != model_device_status(f->m, dev))
		apply(f->m, &d);
}

/* Another name, site, network or firmware, or the same again. */
static void fleet_moves(struct fleet *f, uint32_t dev)
{
	static const char *const networks[] = { "storage", "compute" };
	char text[4][24];
	struct delta d = { .kind = DELTA_DEVICE, .device = { .id = model_device_id(f->m, dev),
		.lat = NAN, .lon = NAN, .source = MODEL_NONE } };

	for (int i = 0; i < 3; i++)
		snprintf(text[i], sizeof(text[i]), i == 1 && !rnd(3) ? "dev-%02u" : "text-%u",
			i == 1 ? dev : (unsigned)rnd(4));
	tick(f->m, f->ticked = f->now); /* it is known from then on, by our clock */
	if (rnd(2))
		d.device.site = S(text[0]);
	if (rnd(2))
		d.device.name = S(text[1]);
	if (rnd(2))
		d.device.firmware = S(text[2]);
	if (rnd(2))
		d.device.network = S(networks[rnd(2)]);
	apply(f->m, &d);
}

static void fleet_event(struct fleet *f, uint32_t dev)
{
	struct delta d = { .kind = DELTA_EVENT, .event = { .source = MODEL_NONE, .device = dev,
		.type = S("net.depin.device.status.v1"), .severity = (int)rnd(24),
		.at_ms = f->now, .message = S("something") } };

	apply(f->m, &d);
}

static void fleet_block(struct fleet *f)
{
	bool reorg = f->blocks > 4 && rnd(6) == 0;
	uint64_t number = f->blocks + 1 - (reorg ? 1 + rnd(3) : 0);
	struct delta d = { .kind = DELTA_BLOCK, .block = { .number = number, .at_ms = f->now } };

	memcpy(d.block.parent, f->hash[number - 1], 32);
	for (int i = 0; i < 32; i++)
		d.block.hash[i] = (unsigned char)rnd(256);
	memcpy(f->hash[number], d.block.hash, 32);
	f->blocks = number;
	apply(f->m, &d);
}

static void fleet_tick(struct fleet *f)
{
	f->ticked = f->now;
	tick(f->m, f->now);
}

static void fleet_step(struct fleet *f)
{
	uint32_t dev = f->devices ? (uint32_t)rnd(f->devices) : 0;
	unsigned what = (unsigned)rnd(100);

	f->now += 1 + (int64_t)rnd(40);
	if (f->now - f->ticked >= 1000)
		fleet_tick(f);
	if (!f->devices || (what < 2 && f->devices < DEVICES))
		fleet_birth(f);
	else if (what < 8 && f->n_series[dev] < 12)
		fleet_series(f, dev);
	else if (what < 12)
		fleet_status(f, dev);
	else if (what < 17)
		fleet_event(f, dev);
	else if (what < 19 && f->blocks < 500)
		fleet_block(f);
	else if (what < 22)
		fleet_moves(f, dev);
	else
		fleet_sample(f, dev);
}

static struct fleet *fleet_new(uint64_t memory)
{
	struct fleet *f = xcalloc(1, sizeof(*f));
	struct delta d = { .kind = DELTA_LEDGER, .ledger = { .name = S("chain"), .kind = S("evm") } };

	f->m = model_new(&(struct model_spec){ .memory = memory });
	f->now = T0;
	fleet_tick(f);
	apply(f->m, &d);
	return f;
}

static void fleet_free(struct fleet *f)
{
	model_free(f->m);
	free(f);
}

static void run_and_look(struct fleet *f, char **seen, int64_t *when, int steps)
{
	for (int i = 0; i < MOMENTS; i++) {
		for (int k = 0; k < steps; k++)
			fleet_step(f);
		f->now = f->ticked + 1000; /* ages are as of the last tick */
		fleet_tick(f);
		when[i] = f->now;
		seen[i] = look(f->m);
		f->now++;
	}
}

static void every_moment_is_as_it_was_seen(void **state)
{
	struct fleet *f = fleet_new(64 << 20);
	char *seen[MOMENTS], *now, what[40];
	int64_t when[MOMENTS];

	run_and_look(f, seen, when, 400);
	for (int i = 0; i < MOMENTS; i++) {
		now = look_back(f->m, when[i], i % 2 ? 0 : 1);
		snprintf(what, sizeof(what), "moment %d", i);
		must_be_equal(seen[i], now, what);
		free(now);
		free(seen[i]);
	}
	fleet_free(f);
}

/* While the live model goes on, and its slices lie between. */
static void a_model_that_is_being_made_stands_still(void **state)
{
	struct fleet *f = fleet_new(64 << 20);
	char *seen[MOMENTS], *now;
	int64_t when[MOMENTS];
	struct past *p;

	run_and_look(f, seen, when, 200);
	p = past_new(f->m, when[MOMENTS / 2]);
	while (!past_step(p, 1))
		for (int i = 0; i < 50; i++)
			fleet_step(f);
	for (int i = 0; i < 3; i++) {
		for (int k = 0; k < 2000; k++)
			fleet_step(f);
		now = look(past_model(p));
		must_be_equal(seen[MOMENTS / 2], now, "while the live one goes on");
		free(now);
	}
	past_free(p);
	for (int i = 0; i < MOMENTS; i++)
		free(seen[i]);
	fleet_free(f);
}

/* --- before the trail ------------------------------------------------------------------------ */

static void tell(struct model *m, const char *id, const char *what, const char *data, int64_t at_ms)
{
	char type[60];
	struct delta d = { .kind = DELTA_EVENT, .event = { .source = MODEL_NONE, .device = MODEL_NONE,
		.n = model_events_last(m) + 1, .seen_ms = at_ms, .at_ms = at_ms, .subject = S(id),
		.message = S("uplink lost"), .data = S(data) } };

	snprintf(type, sizeof(type), "net.depin.device.%s.v1", what);
	d.event.type = S(type);
	apply(m, &d);
}

/* Of what was before this collector began the journal's events tell, and nothing else. */
static void before_its_time_events_tell(void **state)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 4 << 20, .begun_ms = T0 });
	static const char *const then[] = {
		"a unknown null|b unknown null|c unknown null",
		"a down uplink lost|b unknown null|c unknown null",
		"a down uplink lost|b degraded uplink lost|c unknown null",
		"a up null|b degraded uplink lost|c unknown null",
	};

	tell(m, "a", "death", "{}", T0 - 30000);
	tell(m, "b", "status", "{\"status\":\"degraded\"}", T0 - 20000);
	tell(m, "c", "log", "{\"status\":\"down\"}", T0 - 15000);
	tell(m, "c", "status", "{\"status\":7}", T0 - 15000);
	tell(m, "a", "birth", "{}", T0 - 10000);
	for (int i = 0; i < 3; i++) /* known from before: nobody says since when */
		device(m, (const char *[]){ "a", "b", "c" }[i], "n", 0);
	tick(m, T0);
	device(m, "new", "n", T0 + 500);
	tick(m, T0 + 1000);
	for (size_t i = 0; i < ARRAY_LEN(then); i++) {
		struct past *p = past_new(m, T0 - 35000 + (int64_t)i * 10000);

		past_step(p, 0);
		assert_string_equal(ask_sorted(past_model(p), "devices", "", "id", "id,status,reason", 0,
			10), then[i]);
		past_free(p);
	}
	model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_moment_is_as_it_was_seen),
		cmocka_unit_test(a_model_that_is_being_made_stands_still),
		cmocka_unit_test(before_its_time_events_tell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
