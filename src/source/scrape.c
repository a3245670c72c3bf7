/*
 * `scrape`: metric pages of many targets on a timer.  A target is a device, or `device_label`
 * names the devices within its page.  Targets are spread evenly over the interval; at most
 * SCRAPES_MAX are under way at once; one still under way when its turn comes again misses it.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "config/config.h"
#include "net/http.h"
#include "source/source.h"
#include "model/model.h"
#include "wire/prom.h"

#define SCRAPES_MAX 64
#define REPLAY_TARGETS 4096 /* as many as a recording has sources */
#define BATCH	    256
#define PAGE_MAX    (256u << 20)
#define ACCEPT                                                                                     \
	"application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"

struct target {
	struct scrape *s;
	const char *url;
	char *id; /* host:port */
	struct http_req *req;
	struct prom *prom; /* while under way */
	struct prom_page *page;
	struct prom_spec spec;
	uint32_t device; /* MODEL_NONE with device_label */
	uint64_t forgotten; /* devices, when these rows were good */
	int64_t asked_ms; /* wall clock */
	bool up;
};

struct scrape {
	struct source *src;
	struct target *targets;
	size_t n, running, up_n;
	struct prom *idle[SCRAPES_MAX]; /* parsers between pages */
	size_t idle_n;
	char *token;
	const char **families; /* NULL-ended, or NULL: all */
	struct loop_timer *timer;
	int64_t round_ms; /* monotonic: when this round began */
	size_t next;	  /* of this round */
	bool first_round, paused;
	struct sample batch[BATCH];
	uint32_t batch_n, batch_device;
	int64_t batch_at_ms;
	struct buf name; /* scratch: a device's name or site, canonical labels */
	struct buf labels;
};

static void flush(struct scrape *s)
{
	struct delta d = { .kind = DELTA_SAMPLES, .samples = { .v = s->batch, .n = s->batch_n,
		.device = s->batch_device, .at_ms = s->batch_at_ms } };

	if (s->batch_n)
		source_emit(s->src, &d);
	s->batch_n = 0;
}

static void push(struct scrape *s, uint32_t device, uint32_t series, int64_t at_ms, double v)
{
	if (s->batch_n == BATCH || device != s->batch_device || at_ms != s->batch_at_ms) {
		flush(s);
		s->batch_device = device;
		s->batch_at_ms = at_ms;
	}
	s->batch[s->batch_n++] = (struct sample){ .series = series, .value = v };
}

static uint32_t make_device(struct scrape *s, const struct target *t, struct slice id)
{
	const struct config_source *c = s->src->cfg;
	struct delta d = { .kind = DELTA_DEVICE, .device = {
		.id = id,
		.name = id,
		.network = slice_of(c->network),
		.kind = slice_of(c->device_kind),
		.lat = NAN,
		.lon = NAN,
		.source = s->src->id,
		.stale_after_ms = source_stale_after_ms(s->src),
		.at_ms = t->asked_ms,
	} };

	return source_emit(s->src, &d) < 0 ? MODEL_NONE : d.device.device;
}

static uint32_t device_of(struct scrape *s, struct target *t, const struct prom_sample *p)
{
	const char *label = s->src->cfg->device_label;
	uint32_t device;

	buf_reset(&s->name);
	if (!label || !prom_label_value(p, slice_of(label), &s->name) || !s->name.len) {
		if (t->device == MODEL_NONE)
			t->device = make_device(s, t, slice_of(t->id));
		return t->device;
	}
	device = model_device(s->src->env->model, buf_slice(&s->name));
	return device != MODEL_NONE ? device : make_device(s, t, buf_slice(&s->name));
}

/* Where a device stands is a label of its samples; the first one of a page may not have it. */
static void tell_site(struct scrape *s, const struct target *t, const struct prom_sample *p,
	uint32_t device)
{
	const char *label = s->src->cfg->site_label;
	struct delta d = { .kind = DELTA_DEVICE, .device = { .lat = NAN, .lon = NAN,
		.id = model_device_id(s->src->env->model, device), .source = MODEL_NONE,
		.at_ms = t->asked_ms } };

	buf_reset(&s->name);
	if (!label || !prom_label_value(p, slice_of(label), &s->name))
		return;
	d.device.site = buf_slice(&s->name);
	source_emit(s->src, &d);
}

static const enum series_type types[] = {
	[PROM_UNTYPED] = SERIES_UNTYPED, [PROM_GAUGE] = SERIES_GAUGE,
	[PROM_COUNTER] = SERIES_COUNTER, [PROM_HISTOGRAM] = SERIES_HISTOGRAM,
	[PROM_SUMMARY] = SERIES_SUMMARY, [PROM_INFO] = SERIES_INFO,
	[PROM_STATESET] = SERIES_STATE, [PROM_GAUGEHISTOGRAM] = SERIES_HISTOGRAM,
};

/* A series that the page did not know yet. */
static uint32_t new_series(struct scrape *s, struct target *t, const struct prom_sample *p)
{
	const char *label = s->src->cfg->device_label;
	struct delta d = { .kind = DELTA_SERIES, .series = { .device = device_of(s, t, p) } };

	if (d.series.device == MODEL_NONE)
		return PROM_NONE;
	tell_site(s, t, p, d.series.device);
	buf_reset(&s->labels);
	if (prom_labels_canonical(p, slice_of(label), &s->labels) < 0)
		return PROM_DROP;
	d.series.name = p->name;
	d.series.labels = buf_slice(&s->labels);
	d.series.type = types[p->family->type];
	d.series.unit = p->family->unit;
	d.series.help = p->family->help;
	if (source_emit(s->src, &d) < 0 || d.series.series == MODEL_NONE)
		return PROM_NONE;
	return d.series.series;
}

static uint32_t on_sample(void *arg, const struct prom_sample *p)
{
	struct target *t = arg;
	struct scrape *s = t->s;
	uint32_t series = p->handle;

	if (series == PROM_NONE) {
		series = new_series(s, t, p);
		if (series >= PROM_DROP) {
			s->src->st.drops++;
			return series;
		}
	}
	push(s, model_series_device(s->src->env->model, series), series,
		p->has_time ? p->at_ms : t->asked_ms, p->value);
	return series;
}

/* Rows that this target or its page remembers may be those of forgotten devices. */
static void forget_rows(struct target *t)
{
	uint64_t forgotten = model_forgotten(t->s->src->env->model);

	if (t->forgotten == forgotten)
		return;
	t->forgotten = forgotten;
	t->device = MODEL_NONE;
	prom_page_free(t->page);
	t->page = prom_page_new();
}

static void begin_page(struct target *t, bool openmetrics)
{
	forget_rows(t);
	t->spec = (struct prom_spec){ .openmetrics = openmetrics,
		.page = t->page, .families = t->s->families,
		.fn = on_sample, .arg = t };
	t->prom = t->s->idle_n ? t->s->idle[--t->s->idle_n] : prom_new();
	prom_begin(t->prom, &t->spec);
	source_keep_bytes(t->s->src, t->id, BYTES_PAGE_START,
		slice_of(t->spec.openmetrics ? "openmetrics" : ""));
}

static void on_head(void *arg, int status, const char *content_type)
{
	if (status == 200)
		begin_page(arg, prom_is_openmetrics(content_type));
}

static int on_body(void *arg, struct slice chunk)
{
	struct target *t = arg;

	if (!t->prom)
		return 0; /* an error page: done() tells */
	source_keep_bytes(t->s->src, t->id, BYTES_PAGE, chunk);
	prom_feed(t->prom, chunk);
	flush(t->s); /* slices of the chunk are not kept */
	t->s->src->st.bytes += chunk.n;
	return 0;
}

static void set_up(struct target *t, bool up, const char *why)
{
	struct scrape *s = t->s;
	struct delta d = { .kind = DELTA_STATUS, .status = { .status = STATUS_DOWN,
		.reason = slice_of(why), .at_ms = clock_wall_ms() } };

	if (!t->prom)
		forget_rows(t);
	if (up != t->up)
		s->up_n += up ? 1 : (size_t)-1;
	t->up = up;
	source_state(s->src, s->up_n ? SOURCE_LIVE : SOURCE_DOWN, why);
	if (up)
		return;
	if (t->device == MODEL_NONE && !s->src->cfg->device_label)
		t->device = make_device(s, t, slice_of(t->id));
	d.status.device = t->device;
	if (t->device != MODEL_NONE)
		source_emit(s->src, &d);
}

/* The parser of a page that has ended goes back; its story is told.  broke: why it is not whole,
 * "" when it is.  false: that was no page of metrics, whatever its status. */
static bool end_page(struct target *t, const char *broke, struct err *e)
{
	struct scrape *s = t->s;
	const struct prom_stats *st;
	bool good;

	source_keep_bytes(s->src, t->id, BYTES_PAGE_END, slice_of(broke));
	if (!t->prom)
		return false;
	prom_finish(t->prom, !*broke, e);
	flush(s);
	st = prom_stats(t->prom);
	s->src->st.records += st->samples;
	s->src->st.bad += st->bad;
	good = st->samples || !st->bad;
	if (st->bad)
		err_set(e, ERR_UNREACH, "line %llu: %s", (unsigned long long)st->bad_line,
			st->bad_why);
	s->idle[s->idle_n++] = t->prom;
	t->prom = NULL;
	return good;
}

static void tell_page(struct target *t, bool good, const char *broke, const struct err *bad)
{
	char why[300];

	snprintf(why, sizeof(why), "%s: %.200s", t->id, bad->text);
	set_up(t, good, *broke ? broke : bad->text[0] ? why : NULL);
}

static void on_done(void *arg, int status, const struct err *e)
{
	struct target *t = arg;
	struct scrape *s = t->s;
	struct err bad = { 0 };
	char why[sizeof(e->text)] = "";
	bool good;

	t->req = NULL;
	s->running--;
	if (e)
		snprintf(why, sizeof(why), "%s", e->text);
	else if (status != 200)
		snprintf(why, sizeof(why), "%s answered %d", t->id, status);
	good = end_page(t, why, &bad) && !*why;
	s->src->st.lag_ms = clock_wall_ms() - t->asked_ms;
	tell_page(t, good, why, &bad);
}

static void scrape_one(struct target *t)
{
	const struct config_source *c = t->s->src->cfg;
	struct http_spec spec = { .url = t->url, .accept = ACCEPT, .bearer = t->s->token,
		.ca_file = c->ca_file, .timeout_ms = (int)c->timeout_ms, .max_body = PAGE_MAX,
		.head = on_head, .body = on_body, .done = on_done, .arg = t };
	struct err e;

	t->asked_ms = clock_wall_ms();
	t->req = http_start(t->s->src->env->http, &spec, &e);
	if (t->req)
		t->s->running++;
	else
		set_up(t, false, e.text);
}

/* How many of the round's targets are due by now: all at once in the first round, evenly after. */
static size_t due(const struct scrape *s, int64_t now)
{
	int64_t interval = s->src->cfg->interval_ms, gone = now - s->round_ms;

	if (s->first_round || gone >= interval)
		return s->n;
	return (size_t)(gone * (int64_t)s->n / interval) + 1;
}

static void tick(void *arg)
{
	struct scrape *s = arg;
	int64_t now = clock_mono_ms();

	if (s->next == s->n && now - s->round_ms >= s->src->cfg->interval_ms) {
		s->first_round = false;
		s->round_ms = now;
		s->next = 0;
	}
	for (; s->next < due(s, now) && !s->paused; s->next++) {
		if (s->running >= SCRAPES_MAX)
			return;
		if (s->targets[s->next].req)
			s->src->st.drops++;
		else
			scrape_one(&s->targets[s->next]);
	}
}

/* http://host:port/path -> host:port */
static char *target_id(const char *url)
{
	const char *p = strstr(url, "://");

	p = p ? p + 3 : url;
	return xmemdup0(p, strcspn(p, "/?#"));
}

static void scrape_close(struct source *src)
{
	struct scrape *s = src->impl;

	loop_timer_free(s->timer);
	for (size_t i = 0; i < s->n; i++) {
		http_cancel(s->targets[i].req);
		prom_free(s->targets[i].prom);
		prom_page_free(s->targets[i].page);
		free(s->targets[i].id);
	}
	while (s->idle_n)
		prom_free(s->idle[--s->idle_n]);
	config_secret_free(s->token);
	buf_fini(&s->name);
	buf_fini(&s->labels);
	free(s->families);
	free(s->targets);
	free(s);
}

static const char **families_new(const struct config_strings *c)
{
	const char **v;

	if (c->n == 0)
		return NULL;
	v = xcalloc(c->n + 1, sizeof(*v));
	memcpy(v, c->v, c->n * sizeof(*v));
	return v;
}

static int scrape_open(struct source *src, struct err *e)
{
	const struct config_source *c = src->cfg;
	struct scrape *s;
	char *token = NULL;

	if (c->targets.n == 0 && !src->env->replaying)
		return err_set(e, ERR_USAGE, "kind scrape needs targets");
	if (!src->env->replaying && config_secret(&c->token, &token, e) < 0)
		return -1;
	s = xcalloc(1, sizeof(*s));
	src->impl = s;
	s->src = src;
	s->token = token;
	s->n = c->targets.n;
	s->families = families_new(&c->families);
	s->targets = s->n ? xcalloc(s->n, sizeof(*s->targets)) : NULL;
	buf_init(&s->name, 1024);
	buf_init(&s->labels, PROM_LINE_MAX);
	for (size_t i = 0; i < s->n; i++)
		s->targets[i] = (struct target){ .s = s, .url = c->targets.v[i], .device = MODEL_NONE,
			.id = target_id(c->targets.v[i]), .page = prom_page_new() };
	s->first_round = true;
	s->round_ms = clock_mono_ms();
	if (src->env->replaying)
		return 0;
	source_state(src, SOURCE_DIALING, NULL);
	s->timer = loop_timer_new(src->env->loop, 0, s->n > 20 ? 10 : 50, tick, s);
	return 0;
}

/* --- replay: targets appear as the recording names them -------------------------------------- */

static struct target *target_named(struct scrape *s, const char *id)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->targets[i].id, id) == 0)
			return &s->targets[i];
	if (s->n == REPLAY_TARGETS)
		return NULL;
	if (!s->targets)
		s->targets = xcalloc(REPLAY_TARGETS, sizeof(*s->targets));
	s->targets[s->n] = (struct target){ .s = s, .url = "", .device = MODEL_NONE,
		.id = xstrdup(id), .page = prom_page_new() };
	return &s->targets[s->n++];
}

/* A page ends that perhaps never began: the recording may begin in its middle. */
static void replay_end(struct target *t, const char *broke)
{
	struct err bad = { 0 };
	bool good;

	if (!t->prom && !*broke)
		return;
	t->s->running -= t->prom != NULL;
	good = end_page(t, broke, &bad) && !*broke;
	tell_page(t, good, broke, &bad);
}

static void replay_begin(struct target *t, struct slice format)
{
	if (t->prom)
		replay_end(t, "it was asked again before it ended");
	if (t->s->running == SCRAPES_MAX) { /* no recording of ours has as many at once */
		t->s->src->st.drops++;
		return;
	}
	t->s->running++;
	t->asked_ms = clock_wall_ms();
	begin_page(t, slice_is(format, "openmetrics"));
}

static void scrape_replay(struct source *src, const char *part, enum source_bytes what,
	struct slice b)
{
	struct target *t = target_named(src->impl, part);
	char *broke;

	if (!t) {
		src->st.drops++;
	} else if (what == BYTES_PAGE_START) {
		replay_begin(t, b);
	} else if (what == BYTES_PAGE) {
		on_body(t, b);
	} else {
		broke = xmemdup0(b.p, b.n);
		replay_end(t, broke);
		free(broke);
	}
}

static void scrape_pause(struct source *src, bool paused)
{
	((struct scrape *)src->impl)->paused = paused;
}

const struct source_kind source_scrape = {
	.name = "scrape",
	.help = "metric pages (Prometheus text, OpenMetrics) of targets, on a timer",
	.open = scrape_open,
	.close = scrape_close,
	.pause = scrape_pause,
	.replay = scrape_replay,
};
