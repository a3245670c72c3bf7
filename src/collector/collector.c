#include "collector/collector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "collector/inside.h"
#include "collector/listen.h"
#include "config/config.h"
#include "config/paths.h"
#include "model/model.h"
#include "model/past.h"
#include "net/http.h"
#include "net/ws.h"

#define SECOND_MS      1000
#define SETTLE_LOOK_MS 20

static int64_t config_stamp(const struct collector *c)
{
	struct stat st;

	if (!c->config || !c->config->path || stat(c->config->path, &st) < 0)
		return 0;
	return (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec + (int64_t)st.st_ino;
}

/* --- sources -------------------------------------------------------------------------- */

static void close_sources(struct collector *c)
{
	for (size_t i = 0; i < c->sources_n; i++)
		source_free(c->sources[i]);
	free(c->sources);
	c->sources = NULL;
	c->sources_n = 0;
}

static int keep(struct collector *c, struct source *s)
{
	if (s)
		c->sources[c->sources_n++] = s;
	return s ? 0 : -1;
}

static int open_sources(struct collector *c, struct err *e)
{
	const struct config_context *x = c->context;

	c->sources = xcalloc(x->n_sources + x->n_ledgers + 1, sizeof(*c->sources));
	for (size_t i = 0; i < x->n_sources; i++)
		if (keep(c, source_new(&c->env, &x->sources[i], e)) < 0)
			return -1;
	for (size_t i = 0; i < x->n_ledgers; i++)
		if (keep(c, source_new_ledger(&c->env, &x->ledgers[i], e)) < 0)
			return -1;
	return 0;
}

/* The configuration changed: a good one replaces the old; a bad one is told and left alone. */
static void reread(struct collector *c)
{
	struct err e = { 0 };
	struct config *fresh = config_load(c->spec.config, &e), *old = c->config;
	const struct config_context *x;

	x = fresh ? config_context(fresh, c->context_name, &e) : NULL;
	if (!x) {
		log_msg(LOG_ERROR, "config", "the old one stays in effect: %s", e.text);
		config_free(fresh);
		return;
	}
	close_sources(c);
	c->config = fresh;
	c->context = x;
	if (open_sources(c, &e) < 0)
		log_msg(LOG_ERROR, "config", "%s", e.text);
	config_free(old);
	log_msg(LOG_INFO, "config", "re-read: %zu sources", c->sources_n);
}

/* After the journal refused something, and once all that it took is durable. */
static void dial_again(struct collector *c)
{
	struct err e = { 0 };

	if (!c->refused || c->paused || c->recorded != c->last_n)
		return;
	close_sources(c);
	c->refused = false;
	if (open_sources(c, &e) < 0)
		log_msg(LOG_ERROR, "config", "%s", e.text);
}

static void each_second(void *arg)
{
	struct collector *c = arg;
	struct delta d = { .kind = DELTA_TICK, .tick = { .now_ms = clock_wall_ms() } };
	struct err e;
	int64_t idle = api_idle_since_ms(c->api), stamp = config_stamp(c);

	status_rates(c);
	for (size_t i = 0; i < c->sources_n; i++)
		source_report(c->sources[i]);
	model_apply(c->model, &d, &e);
	dial_again(c);
	turn_seen(c);
	if (stamp && stamp != c->config_mtime) {
		c->config_mtime = stamp;
		reread(c);
	}
	if (c->linger_ms > 0 && idle && clock_mono_ms() - idle > c->linger_ms) {
		log_msg(LOG_INFO, "collector", "no client for %lld s: leaving",
			(long long)c->linger_ms / 1000);
		loop_stop(c->loop);
	}
}

/* --- the parts, in order ------------------------------------------------------------------ */

/* A replay is a context of its own with one source, the file. */
static struct config *replay_config(const struct collector_spec *s, struct err *e)
{
	struct config *config;
	struct buf b;
	struct jw w;

	buf_init(&b, 65536);
	buf_adds(&b, "contexts: [{ name: replay, sources: [{ name: replay, kind: file, path: ");
	jw_init(&w, &b);
	jw_str(&w, slice_of(s->replay));
	buf_addf(&b, ", speed: %g }] }]\n", s->speed);
	config = config_parse(buf_slice(&b), s->replay, ".", e);
	buf_fini(&b);
	return config;
}

static int open_config(struct collector *c, struct err *e)
{
	c->config = c->spec.replay ? replay_config(&c->spec, e) : config_load(c->spec.config, e);
	if (!c->config)
		return -1;
	c->context = config_context(c->config, c->spec.replay ? "replay" : c->spec.context, e);
	if (!c->context)
		return -1;
	c->context_name = xstrdup(c->context->name);
	c->config_mtime = config_stamp(c);
	c->linger_ms = c->spec.linger_ms >= 0 ? c->spec.linger_ms : c->config->collector.linger_ms;
	c->socket = c->spec.socket ? xstrdup(c->spec.socket)
				   : config_socket_path(c->context_name, e);
	return c->socket ? 0 : -1;
}

static int open_journal(struct collector *c, struct err *e)
{
	const struct config_collector *k = &c->config->collector;
	struct journal_spec s = { .max_age_ms = k->journal.max_age_ms,
		.max_bytes = (uint64_t)k->journal.max_size, .committed = turn_committed, .arg = c };

	if (c->spec.journal ? strcmp(c->spec.journal, "none") == 0 : c->spec.replay != NULL)
		return 0;
	c->journal_path = c->spec.journal
				  ? xstrdup(c->spec.journal)
				  : config_journal_path(c->config, c->context_name, e);
	if (!c->journal_path)
		return -1;
	s.path = c->journal_path;
	c->journal = journal_open(c->loop, &s, e);
	if (!c->journal)
		return -1;
	if (*journal_notice(c->journal))
		log_msg(LOG_WARN, "journal", "%s", journal_notice(c->journal));
	return 0;
}

static void open_model(struct collector *c)
{
	struct model_spec s = { .memory = (uint64_t)c->config->collector.memory,
		.stale_after_ms = c->config->collector.stale_after_ms,
		.begun_ms = c->spec.replay ? 0 : c->started_ms,
		.forget_after_ms = c->config->collector.forget_after_ms,
		.forgotten = turn_forgotten, .unacked = hands_unacked, .arg = c };

	c->model = model_new(&s);
	if (c->journal)
		c->recorded = c->last_n = journal_last_n(c->journal);
}

static uint64_t recorded(void *arg)
{
	return ((struct collector *)arg)->recorded;
}

static bool history(void *arg, uint32_t device, const struct source_history *ask)
{
	struct collector *c = arg;
	uint32_t id = model_device_source(c->model, device);

	for (size_t i = 0; i < c->sources_n; i++)
		if (c->sources[i]->id == id && c->sources[i]->kind->history)
			return c->sources[i]->kind->history(c->sources[i], ask);
	return false;
}

static bool recorded_events(void *arg, const struct journal_query *q, journal_rows_fn *fn,
	void *fnarg)
{
	struct collector *c = arg;

	if (c->journal)
		journal_query_events(c->journal, q, fn, fnarg);
	return c->journal != NULL;
}

static bool recorded_counts(void *arg, const struct journal_count *q, journal_counts_fn *fn,
	void *fnarg)
{
	struct collector *c = arg;

	if (c->journal)
		journal_count_events(c->journal, q, fn, fnarg);
	return c->journal != NULL;
}

static struct past *past(void *arg, int64_t at_ms)
{
	return past_new(((struct collector *)arg)->model, at_ms);
}

static void stop(void *arg)
{
	loop_stop(((struct collector *)arg)->loop);
}

static void open_api(struct collector *c)
{
	struct api_env env = { .loop = c->loop, .model = c->model, .context = c->context_name,
		.started_ms = c->started_ms, .arg = c, .recorded = recorded,
		.recorded_events = recorded_events, .recorded_counts = recorded_counts,
		.history = history, .status = status_write,
		.record = record_set, .replay = replay_set, .act = hands_act, .past = past,
		.stop = stop };

	c->api = api_new(&env);
}

static int open_listen(struct collector *c, struct err *e)
{
	const struct config_collector *k = &c->config->collector;
	struct listen_spec s = { .socket = c->socket,
		.addr = c->spec.listen ? c->spec.listen : k->listen, .cert_file = k->cert_file,
		.key_file = k->key_file };
	char *token = NULL;

	if (config_secret(&k->token, &token, e) < 0)
		return -1;
	s.token = token;
	c->listen = listen_new(c->loop, c->hub, c->api, &s, e);
	config_secret_free(token);
	return c->listen ? 0 : -1;
}

static void open_env(struct collector *c)
{
	c->http = http_new(c->loop);
	c->hub = ws_hub_new(c->loop);
	c->env = (struct source_env){ .loop = c->loop, .http = c->http, .hub = c->hub,
		.model = c->model, .arg = c, .emit = turn_emit, .cursor = turn_cursor,
		.cursor_get = turn_cursor_get, .keep = turn_keep, .kept = turn_kept,
		.bytes = record_bytes, .recording = record_on,
		.stale_after_ms = c->config->collector.stale_after_ms,
		.own_clock = c->spec.replay };
}

/* The socket before the journal's sources: a second collector must refuse before it dials. */
static int open_all(struct collector *c, struct err *e)
{
	if (open_config(c, e) < 0 || open_journal(c, e) < 0)
		return -1;
	open_model(c);
	open_env(c);
	open_api(c);
	if (open_listen(c, e) < 0 || open_sources(c, e) < 0)
		return -1;
	turn_load(c); /* sources and the devices that they kept are there: events find theirs */
	loop_on_turn(c->loop, turn_end, c);
	c->second = loop_timer_new(c->loop, SECOND_MS, SECOND_MS, each_second, c);
	return 0;
}

static bool is_settled(const struct collector *c)
{
	for (size_t i = 0; i < c->sources_n; i++) {
		const struct delta_source_state *st = &c->sources[i]->st;

		if (st->state == SOURCE_DIALING || (st->state == SOURCE_LIVE && st->records == 0))
			return false;
	}
	return true;
}

static void settle_look(void *arg)
{
	struct collector *c = arg;

	if (!is_settled(c) && clock_mono_ms() < c->settle_by_ms)
		return;
	loop_timer_stop(c->settle);
	c->settled(c->settled_arg);
}

void collector_on_settled(struct collector *c, void (*fn)(void *arg), void *arg)
{
	c->settled = fn;
	c->settled_arg = arg;
	c->settle_by_ms = clock_mono_ms() + SETTLE_MS;
	c->settle = loop_timer_new(c->loop, 0, SETTLE_LOOK_MS, settle_look, c);
}

struct collector *collector_new(struct loop *l, const struct collector_spec *s, struct err *e)
{
	struct collector *c = xcalloc(1, sizeof(*c));

	c->loop = l;
	c->acts_end = &c->acts;
	c->spec = *s;
	c->started_ms = clock_wall_ms();
	if (open_all(c, e) < 0) {
		collector_free(c);
		return NULL;
	}
	log_msg(LOG_INFO, "collector", "context %s serves on %s", c->context_name, c->socket);
	return c;
}

void collector_free(struct collector *c)
{
	struct err e = { 0 };

	if (!c)
		return;
	loop_timer_free(c->second);
	loop_timer_free(c->settle);
	close_sources(c);
	if (c->journal && journal_close(c->journal, &e) < 0)
		log_msg(LOG_ERROR, "journal", "not everything could be written: %s", e.text);
	c->journal = NULL;
	hands_end(c);
	record_end(c);
	listen_free(c->listen);
	api_free(c->api);
	if (c->http)
		http_free(c->http);
	if (c->hub)
		ws_hub_free(c->hub);
	model_free(c->model);
	config_free(c->config);
	free(c->socket);
	free(c->journal_path);
	free(c->context_name);
	free(c);
}
