/* `status`: is each of the five layers well? */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "collector/inside.h"
#include "collector/status.h"
#include "model/alert.h"
#include "model/query.h"

enum layer_state { LAYER_IDLE, LAYER_WELL, LAYER_DEGRADED, LAYER_DOWN };

static const char *const layer_names[] = { "idle", "well", "degraded", "down" };

struct place { /* in all sources */
	size_t source, part;
};

struct tally { /* of sources or ledgers */
	uint32_t live, dialing, stale, down, n;
};

/* Of a recording that is played its sources count, not the file. */
static const struct source *next_source(const struct collector *c, struct place *at)
{
	while (at->source < c->sources_n) {
		const struct source *s = c->sources[at->source];

		if (at->part < s->parts_n)
			return s->parts[at->part++];
		at->source++;
		at->part = 0;
		if (!s->parts_n)
			return s;
	}
	return NULL;
}

static struct tally count(const struct collector *c, bool ledgers)
{
	struct place at = { 0 };
	struct tally t = { 0 };
	const struct source *s;

	while ((s = next_source(c, &at))) {
		if ((s->ledger != NULL) != ledgers)
			continue;
		t.n++;
		t.live += s->st.state == SOURCE_LIVE;
		t.dialing += s->st.state == SOURCE_DIALING;
		t.stale += s->st.state == SOURCE_STALE;
		t.down += s->st.state == SOURCE_DOWN;
	}
	return t;
}

static enum layer_state tally_state(const struct tally *t)
{
	if (t->n == 0)
		return LAYER_IDLE;
	if (t->live == t->n)
		return LAYER_WELL;
	return t->live ? LAYER_DEGRADED : LAYER_DOWN;
}

void status_layer(struct jw *w, const char *name, const char *state, const char *text)
{
	jw_object(w);
	jw_key(w, "name"), jw_str(w, slice_of(name));
	jw_key(w, "state"), jw_str(w, slice_of(state));
	jw_key(w, "text"), jw_str(w, slice_of(text));
	jw_end(w);
}

static enum layer_state layer(struct jw *w, const char *name, enum layer_state s, const char *text)
{
	status_layer(w, name, layer_names[s], text);
	return s;
}

static enum layer_state infrastructure(struct collector *c, struct jw *w)
{
	uint32_t by[5], n = model_devices_n(c->model), bad;
	enum layer_state s;
	char text[160];

	model_status_counts(c->model, by);
	bad = by[STATUS_DOWN] + by[STATUS_STALE] + by[STATUS_DEGRADED];
	s = n == 0 ? LAYER_IDLE : bad == 0 ? LAYER_WELL : bad == n ? LAYER_DOWN : LAYER_DEGRADED;
	snprintf(text, sizeof(text), "%u of %u devices up", by[STATUS_UP], n);
	if (bad)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			" (%u degraded, %u stale, %u down)", by[STATUS_DEGRADED],
			by[STATUS_STALE], by[STATUS_DOWN]);
	return layer(w, "infrastructure", s, text);
}

static enum layer_state blockchain(struct collector *c, struct jw *w)
{
	struct tally t = count(c, true);
	char text[160];
	const struct source *s;
	struct place at = { 0 };
	uint64_t number = 0;
	unsigned char hash[32];

	if (t.n == 0)
		return layer(w, "blockchain", LAYER_IDLE, "no ledger is configured");
	snprintf(text, sizeof(text), "%u of %u ledgers live", t.live, t.n);
	while (t.n == 1 && (s = next_source(c, &at)))
		if (s->ledger && model_ledger_head(c->model, model_ledger(c->model,
				slice_of(s->name)), &number, hash) == 0)
			snprintf(text, sizeof(text), "%s at block %llu", s->name,
				(unsigned long long)number);
	return layer(w, "blockchain", tally_state(&t), text);
}

static enum layer_state data(struct collector *c, struct jw *w)
{
	struct tally t = count(c, false);
	struct place at = { 0 };
	const struct source *src;
	uint64_t gaps = 0, drops = 0;
	struct journal_stats js = { 0 };
	enum layer_state s = tally_state(&t);
	char text[320];

	if (t.n == 0)
		return layer(w, "data", LAYER_IDLE, "no source is configured");
	while ((src = next_source(c, &at))) {
		gaps += src->st.gaps;
		drops += src->st.drops;
	}
	snprintf(text, sizeof(text), "%u of %u sources live, %.0f samples/s, %llu gaps, %llu drops",
		t.live, t.n, c->rates.samples_s, (unsigned long long)gaps,
		(unsigned long long)drops);
	if (c->journal)
		journal_stats(c->journal, &js);
	if (js.state == JOURNAL_STALLED) {
		s = LAYER_DEGRADED;
		snprintf(text, sizeof(text), "the journal is stalled: %s", js.error);
	}
	return layer(w, "data", s, text);
}

static enum layer_state application(struct collector *c, struct jw *w)
{
	uint32_t networks = model_networks_n(c->model), clients = api_clients(c->api);
	struct alert_counts n;
	char text[160];

	model_alert_counts(c->model, &n);
	snprintf(text, sizeof(text), "%u network%s, %u client%s%s", networks,
		networks == 1 ? "" : "s", clients, clients == 1 ? "" : "s",
		c->recorder ? ", recording" : "");
	if (n.active[ALERT_CRITICAL] + n.active[ALERT_WARN])
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			"; alerts: %u critical, %u warn", n.active[ALERT_CRITICAL],
			n.active[ALERT_WARN]);
	return layer(w, "application", LAYER_WELL, text);
}

void status_alerts(struct jw *w, const struct model *m)
{
	struct alert_counts n;

	model_alert_counts(m, &n);
	jw_key(w, "alerts");
	jw_object(w);
	jw_key(w, "critical"), jw_u64(w, n.active[ALERT_CRITICAL]);
	jw_key(w, "warn"), jw_u64(w, n.active[ALERT_WARN]);
	jw_key(w, "info"), jw_u64(w, n.active[ALERT_INFO]);
	jw_key(w, "acked"), jw_u64(w, n.acked);
	jw_key(w, "silenced"), jw_u64(w, n.silenced);
	jw_key(w, "resolved"), jw_u64(w, n.resolved);
	jw_key(w, "unlisted"), jw_u64(w, n.unlisted);
	jw_end(w);
}

static void write_tally(struct jw *w, const char *key, const struct tally *t)
{
	jw_key(w, key);
	jw_object(w);
	jw_key(w, "live"), jw_u64(w, t->live);
	jw_key(w, "dialing"), jw_u64(w, t->dialing);
	jw_key(w, "stale"), jw_u64(w, t->stale);
	jw_key(w, "down"), jw_u64(w, t->down);
	jw_end(w);
}

void status_devices(struct jw *w, const struct model *m)
{
	static const char *const names[] = { "unknown", "up", "degraded", "down", "stale" };
	uint32_t by[5];

	model_status_counts(m, by);
	jw_key(w, "devices");
	jw_object(w);
	jw_key(w, "total"), jw_u64(w, model_devices_n(m));
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		jw_key(w, names[i]), jw_u64(w, by[i]);
	jw_end(w);
}

static void write_journal(struct collector *c, struct jw *w)
{
	struct journal_stats s;

	jw_key(w, "journal");
	if (!c->journal) {
		jw_null(w);
		return;
	}
	journal_stats(c->journal, &s);
	jw_object(w);
	jw_key(w, "path"), jw_str(w, slice_of(c->journal_path));
	jw_key(w, "state"), jw_str(w, slice_of(s.state == JOURNAL_STALLED ? "stalled" : "writing"));
	jw_key(w, "error"), jw_str(w, slice_of(s.error));
	jw_key(w, "events"), jw_u64(w, s.events);
	jw_key(w, "pruned"), jw_u64(w, s.pruned);
	jw_key(w, "pending"), jw_u64(w, s.pending);
	jw_key(w, "bytes"), jw_u64(w, s.file_bytes);
	jw_key(w, "txn_us_last"), jw_u64(w, s.txn_us_last);
	jw_key(w, "txn_us_max"), jw_u64(w, s.txn_us_max);
	jw_end(w);
}

static void write_model(struct collector *c, struct jw *w)
{
	struct model_stats s;

	model_stats(c->model, &s);
	jw_key(w, "model");
	jw_object(w);
	jw_key(w, "devices"), jw_u64(w, s.devices);
	jw_key(w, "series"), jw_u64(w, s.series);
	jw_key(w, "samples_seen"), jw_u64(w, s.samples_seen);
	jw_key(w, "samples_stored"), jw_u64(w, s.samples_stored);
	jw_key(w, "events_stored"), jw_u64(w, s.events_stored);
	jw_key(w, "refused"), jw_u64(w, s.refused);
	jw_key(w, "bytes_devices"), jw_u64(w, s.bytes_devices);
	jw_key(w, "bytes_series"), jw_u64(w, s.bytes_series);
	jw_key(w, "bytes_samples"), jw_u64(w, s.bytes_samples);
	jw_key(w, "bytes_events"), jw_u64(w, s.bytes_events);
	jw_key(w, "bytes_total"), jw_u64(w, s.bytes_total);
	jw_key(w, "history_ms"), jw_i64(w, s.history_ms);
	jw_end(w);
}

static void write_rates(struct collector *c, struct jw *w)
{
	jw_key(w, "rates");
	jw_object(w);
	jw_key(w, "records_s"), jw_f64(w, c->rates.records_s);
	jw_key(w, "bytes_s"), jw_f64(w, c->rates.bytes_s);
	jw_key(w, "samples_s"), jw_f64(w, c->rates.samples_s);
	jw_end(w);
}

/* Bytes of memory that the process holds; 0: not known. */
static uint64_t resident(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long long all, pages = 0;

	if (f && fscanf(f, "%llu %llu", &all, &pages) != 2)
		pages = 0;
	if (f)
		fclose(f);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

void status_write(void *arg, struct jw *w)
{
	static enum layer_state (*const layers[])(struct collector *, struct jw *) = { application,
		NULL /* governance */, data, blockchain, infrastructure };
	struct collector *c = arg;
	struct tally sources = count(c, false), ledgers = count(c, true);
	enum layer_state worst = LAYER_WELL, s;

	jw_key(w, "context"), jw_str(w, slice_of(c->context_name));
	jw_key(w, "layers");
	jw_array(w);
	for (size_t i = 0; i < ARRAY_LEN(layers); i++) {
		s = layers[i] ? layers[i](c, w)
			      : layer(w, "governance", LAYER_IDLE, "no DAO is configured");
		worst = s > worst ? s : worst;
	}
	jw_end(w);
	jw_key(w, "state"), jw_str(w, slice_of(layer_names[worst]));
	status_devices(w, c->model);
	write_tally(w, "sources", &sources);
	write_tally(w, "ledgers", &ledgers);
	status_alerts(w, c->model);
	write_journal(c, w);
	write_model(c, w);
	write_rates(c, w);
	jw_key(w, "recording");
	if (c->recorder)
		jw_str(w, slice_of(c->recorder_file));
	else
		jw_null(w);
	jw_key(w, "clients"), jw_u64(w, api_clients(c->api));
	jw_key(w, "resident"), jw_u64(w, resident());
	jw_key(w, "uptime_s"), jw_i64(w, (clock_wall_ms() - c->started_ms) / 1000);
}

/* Smoothed over about three seconds. */
static double smooth(double old, uint64_t was, uint64_t is, int64_t ms)
{
	double now = is < was ? 0 : (double)(is - was) * 1000 / (double)ms;

	return old + (now - old) / 3;
}

void status_rates(struct collector *c)
{
	struct rates *r = &c->rates;
	uint64_t records = 0, bytes = 0, samples = model_samples_n(c->model);
	int64_t now = clock_mono_ms(), ms = now - r->at_ms;

	for (size_t i = 0; i < c->sources_n; i++) {
		records += c->sources[i]->st.records;
		bytes += c->sources[i]->st.bytes;
	}
	if (r->at_ms && ms > 0) {
		r->records_s = smooth(r->records_s, r->records, records, ms);
		r->bytes_s = smooth(r->bytes_s, r->bytes, bytes, ms);
		r->samples_s = smooth(r->samples_s, r->samples, samples, ms);
	}
	r->records = records;
	r->bytes = bytes;
	r->samples = samples;
	r->at_ms = now;
}
