/*
 * `prometheus`: a Prometheus-compatible server's HTTP API.  The query finds devices and their
 * current values; /alerts become events when they begin and end; history stays there and is
 * asked for with query_range when a plot wants it.
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "config/config.h"
#include "model/model.h"
#include "net/http.h"
#include "source/promalerts.h"
#include "source/source.h"
#include "wire/promapi.h"

#define ANSWER_MAX (256u << 20)

struct ask { /* one question under way */
	struct ask *next;
	struct prometheus *p;
	struct http_req *req;
	struct buf answer;
	char *url;
	const char *part; /* in a recording */
	void (*take)(struct ask *a, const json_t *answer, const struct err *e);
	struct source_history history;
};

struct prometheus {
	struct source *src;
	struct loop_timer *timer;
	struct ask *asks;
	char *token, *base; /* the URL without a slash at its end */
	struct promalerts *alerts;
	bool paused, queried, alerts_asked;
	bool answered; /* devices are known: alerts can be told on theirs */
	struct buf text, labels;
};

/* --- asking ------------------------------------------------------------------------------------ */

static void take_query(struct ask *a, const json_t *answer, const struct err *e);
static void take_alerts(struct ask *a, const json_t *answer, const struct err *e);

static void ask_free(struct ask *a)
{
	for (struct ask **at = &a->p->asks; *at; at = &(*at)->next)
		if (*at == a) {
			*at = a->next;
			break;
		}
	http_cancel(a->req);
	buf_fini(&a->answer);
	free(a->url);
	free(a);
}

static int on_body(void *arg, struct slice chunk)
{
	return buf_addslice(&((struct ask *)arg)->answer, chunk);
}

static void on_done(void *arg, int status, const struct err *e)
{
	struct ask *a = arg;
	struct err why = { 0 };
	json_t *answer = NULL;

	a->req = NULL;
	a->p->src->st.bytes += a->answer.len;
	if (!e && a->part)
		source_keep_bytes(a->p->src, a->part, BYTES_MESSAGE, buf_slice(&a->answer));
	if (e)
		why = *e;
	else if (!(answer = json_load(buf_slice(&a->answer), &why)))
		err_prefix(&why, "the server answered %d", status);
	a->take(a, answer, answer ? NULL : &why);
	json_decref(answer);
	ask_free(a);
}

/* url is taken. */
static void ask(struct prometheus *p, char *url, const struct source_history *h,
	void (*take)(struct ask *a, const json_t *answer, const struct err *e))
{
	const struct config_source *c = p->src->cfg;
	struct ask *a = xcalloc(1, sizeof(*a));
	struct http_spec spec = { .url = url, .accept = "application/json", .bearer = p->token,
		.ca_file = c->ca_file, .timeout_ms = (int)c->timeout_ms, .max_body = ANSWER_MAX,
		.body = on_body, .done = on_done, .arg = a };
	struct err e;

	a->p = p;
	a->url = url;
	a->take = take;
	a->part = take == take_query ? "query" : take == take_alerts ? "alerts" : NULL;
	if (h)
		a->history = *h;
	a->next = p->asks;
	p->asks = a;
	buf_init(&a->answer, ANSWER_MAX);
	a->req = http_start(p->src->env->http, &spec, &e);
	if (a->req)
		return;
	take(a, NULL, &e);
	ask_free(a);
}

static void add_escaped(struct buf *b, const char *s)
{
	for (; *s; s++)
		if (isalnum((unsigned char)*s) || strchr("-._~", *s))
			buf_addc(b, *s);
		else
			buf_addf(b, "%%%02X", (unsigned char)*s);
}

/* --- the query: devices and current values --------------------------------------------------------- */

static uint32_t device_of(struct prometheus *p, const struct promapi_series *s)
{
	const struct config_source *c = p->src->cfg;
	const char *label = c->device_label ? c->device_label : "instance";
	const char *id = promapi_label(s->labels, label);
	const char *site = c->site_label ? promapi_label(s->labels, c->site_label) : NULL;
	struct delta d = { .kind = DELTA_DEVICE };
	uint32_t device;

	if (!id || !*id)
		return MODEL_NONE;
	device = model_device(p->src->env->model, slice_of(id));
	if (device != MODEL_NONE)
		return device;
	d.device = (struct delta_device){ .id = slice_of(id), .name = slice_of(id),
		.network = slice_of(c->network), .kind = slice_of(c->device_kind),
		.site = slice_of(site), .lat = NAN, .lon = NAN, .source = p->src->id,
		.stale_after_ms = source_stale_after_ms(p->src), .at_ms = clock_wall_ms() };
	return source_emit(p->src, &d) < 0 ? MODEL_NONE : d.device.device;
}

static uint32_t series_of(struct prometheus *p, uint32_t device, const struct promapi_series *s)
{
	const struct config_source *c = p->src->cfg;
	const char *label = c->device_label ? c->device_label : "instance";
	const char *name = promapi_label(s->labels, "__name__");
	struct delta d = { .kind = DELTA_SERIES };
	uint32_t series;

	buf_reset(&p->labels);
	if (promapi_labels_canonical(s->labels, label, &p->labels) < 0)
		return MODEL_NONE;
	d.series = (struct delta_series){ .device = device,
		.name = slice_of(name && *name ? name : "value"),
		.labels = buf_slice(&p->labels) };
	series = model_series(p->src->env->model, device, d.series.name, d.series.labels);
	if (series != MODEL_NONE)
		return series;
	return source_emit(p->src, &d) < 0 ? MODEL_NONE : d.series.series;
}

/* Prometheus' own word on a target that does not answer it: `up` is 0. */
static bool is_scrape_failure(const struct promapi_series *s)
{
	const char *name = promapi_label(s->labels, "__name__");

	return name && strcmp(name, "up") == 0 && s->points[s->n - 1].value == 0;
}

static void set_down(struct prometheus *p, uint32_t device, int64_t at_ms)
{
	struct delta d = { .kind = DELTA_STATUS, .status = { .device = device, .at_ms = at_ms,
		.status = STATUS_DOWN, .reason = slice_of("its scrape fails: up is 0") } };

	source_emit(p->src, &d);
}

static int take_series(void *arg, const struct promapi_series *s)
{
	struct prometheus *p = arg;
	uint32_t device = s->labels && s->n ? device_of(p, s) : MODEL_NONE, series;
	const struct promapi_point *now;
	struct sample v;
	struct delta d = { .kind = DELTA_SAMPLES, .samples = { .v = &v, .n = 1 } };

	if (device == MODEL_NONE || (series = series_of(p, device, s)) == MODEL_NONE) {
		p->src->st.drops++;
		return 0;
	}
	now = &s->points[s->n - 1];
	v = (struct sample){ series, now->value };
	d.samples.device = device;
	d.samples.at_ms = now->at_ms;
	p->src->st.lag_ms = clock_wall_ms() - now->at_ms;
	source_record(p->src, 0);
	if (is_scrape_failure(s))
		set_down(p, device, now->at_ms);
	else
		source_emit(p->src, &d);
	return 0;
}

static void take_query(struct ask *a, const json_t *answer, const struct err *e)
{
	struct prometheus *p = a->p;
	struct promapi_stats st = { 0 };
	struct err why;
	char note[sizeof(st.warning)];

	p->queried = false;
	p->answered = true;
	if (answer && promapi_query(answer, take_series, p, &st, &why) < 0)
		e = &why;
	p->src->st.bad += st.bad;
	p->src->st.drops += st.beyond;
	snprintf(note, sizeof(note), "%s", st.warning);
	if (st.bad && !*note)
		snprintf(note, sizeof(note), "%zu of the answer's series are not in its format", st.bad);
	source_state(p->src, e ? SOURCE_DOWN : SOURCE_LIVE, e ? e->text : *note ? note : NULL);
	source_report(p->src);
}

static void take_alerts(struct ask *a, const json_t *answer, const struct err *e)
{
	a->p->alerts_asked = false;
	promalerts_take(a->p->alerts, answer);
}

static void on_timer(void *arg)
{
	struct prometheus *p = arg;

	if (p->paused)
		return;
	if (!p->queried) {
		buf_reset(&p->text);
		buf_addf(&p->text, "%s/api/v1/query?query=", p->base);
		add_escaped(&p->text, p->src->cfg->query);
		p->queried = true;
		ask(p, xstrdup(p->text.p), NULL, take_query);
	}
	if (!p->alerts_asked && p->answered) {
		p->alerts_asked = true;
		ask(p, xasprintf("%s/api/v1/alerts", p->base), NULL, take_alerts);
	}
}

/* --- history: query_range --------------------------------------------------------------------------- */

struct range {
	struct source_history *h;
	struct point *points;
	size_t n;
};

static int take_points(void *arg, const struct promapi_series *s)
{
	struct range *r = arg;

	for (size_t i = 0; i < s->n && r->n < r->h->points; i++)
		r->points[r->n++] = (struct point){ s->points[i].at_ms, s->points[i].value,
			s->points[i].value, s->points[i].value, !isnan(s->points[i].value) };
	return -1; /* one series is asked for */
}

static void take_range(struct ask *a, const json_t *answer, const struct err *e)
{
	struct range r = { .h = &a->history };
	struct promapi_stats st;
	struct err why;

	r.points = xcalloc(a->history.points, sizeof(*r.points));
	if (answer && promapi_query(answer, take_points, &r, &st, &why) < 0)
		e = &why;
	a->history.done(a->history.arg, r.points, r.n, e);
	free(r.points);
}

/* {labels} of the model are canonical PromQL matchers already; the device's own label joins them. */
static bool prometheus_history(struct source *src, const struct source_history *h)
{
	struct prometheus *p = src->impl;
	const char *label = src->cfg->device_label ? src->cfg->device_label : "instance";
	int64_t seconds = (h->to_ms - h->from_ms) / 1000, step = seconds / (int64_t)h->points + 1;
	struct buf q, url;

	if (slice_is(h->name, "value"))
		return false; /* an expression's result: the name is ours, the server has no such series */
	buf_init(&q, 65536);
	buf_init(&url, 262144);
	buf_addf(&q, "%.*s{%s=\"", SLICE_ARG(h->name), label);
	for (size_t i = 0; i < h->device.n; i++)
		buf_addf(&q, strchr("\"\\", h->device.p[i]) ? "\\%c" : "%c", h->device.p[i]);
	buf_addf(&q, "\"%s%.*s}", h->labels.n ? "," : "", SLICE_ARG(h->labels));
	buf_addf(&url, "%s/api/v1/query_range?start=%lld&end=%lld&step=%lld&query=", p->base,
		(long long)h->from_ms / 1000, (long long)h->to_ms / 1000, (long long)step);
	add_escaped(&url, q.p);
	ask(p, xstrdup(url.p), h, take_range);
	buf_fini(&q);
	buf_fini(&url);
	return true;
}

/* --- life ------------------------------------------------------------------------------------------------ */

static void prometheus_close(struct source *src)
{
	struct prometheus *p = src->impl;
	struct err gone;

	err_set(&gone, ERR_UNREACH, "the source is closed");
	loop_timer_free(p->timer);
	while (p->asks) {
		struct ask *a = p->asks;

		if (a->history.done)
			a->history.done(a->history.arg, NULL, 0, &gone);
		ask_free(a);
	}
	promalerts_free(p->alerts);
	buf_fini(&p->text);
	buf_fini(&p->labels);
	config_secret_free(p->token);
	free(p->base);
	free(p);
}

static int prometheus_open(struct source *src, struct err *e)
{
	const struct config_source *c = src->cfg;
	struct prometheus *p;
	char *token = NULL;

	if (!src->env->replaying && (!c->url || !c->query))
		return err_set(e, ERR_USAGE, "kind prometheus needs a url and a query");
	if (!src->env->replaying && config_secret(&c->token, &token, e) < 0)
		return -1;
	p = xcalloc(1, sizeof(*p));
	src->impl = p;
	p->src = src;
	p->token = token;
	p->base = xstrdup(c->url ? c->url : "");
	for (size_t n = strlen(p->base); n && p->base[n - 1] == '/'; n--)
		p->base[n - 1] = '\0';
	p->alerts = promalerts_new(src);
	buf_init(&p->text, 65536);
	buf_init(&p->labels, 65536);
	if (src->env->replaying)
		return 0;
	source_state(src, SOURCE_DIALING, NULL);
	p->timer = loop_timer_new(src->env->loop, 0, c->interval_ms, on_timer, p);
	return 0;
}

static void prometheus_replay(struct source *src, const char *part, enum source_bytes what,
	struct slice b)
{
	struct ask a = { .p = src->impl };
	struct err e;
	json_t *answer = json_load(b, &e);

	(strcmp(part, "alerts") == 0 ? take_alerts : take_query)(&a, answer, answer ? NULL : &e);
	json_decref(answer);
}

static void prometheus_pause(struct source *src, bool paused)
{
	((struct prometheus *)src->impl)->paused = paused;
}

const struct source_kind source_prometheus = {
	.name = "prometheus",
	.help = "a Prometheus-compatible server: a query's results are devices",
	.open = prometheus_open,
	.close = prometheus_close,
	.pause = prometheus_pause,
	.replay = prometheus_replay,
	.history = prometheus_history,
};
