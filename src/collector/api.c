#include "collector/api.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "collector/api_conn.h"
#include "collector/moment.h"

#define TICK_MS 50
#define UNREAD_MS 10000 /* how long an ended client may leave its answers unread */

struct method {
	const char *name;
	void (*fn)(struct conn *c, struct rpc_req *req, const json_t *params);
};

static void reply_buf(struct rpc_req *req, struct buf *b)
{
	if (b->full)
		rpc_reply_err(req, RPC_REFUSED, "the answer is larger than %zu MiB", b->max >> 20);
	else
		rpc_reply_text(req, buf_slice(b));
	buf_fini(b);
}

static void call_hello(struct conn *c, struct rpc_req *req, const json_t *params)
{
	const struct api_env *env = &c->api->env;
	struct buf b;
	struct jw w;

	buf_init(&b, 4096);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "version"), jw_str(&w, slice_of(DEPINCTL_VERSION));
	jw_key(&w, "api"), jw_i64(&w, API_VERSION);
	jw_key(&w, "pid"), jw_i64(&w, getpid());
	jw_key(&w, "context"), jw_str(&w, slice_of(env->context));
	jw_key(&w, "started"), jw_time(&w, env->started_ms);
	jw_key(&w, "same_version");
	jw_bool(&w, strcmp(json_str(params, "version", ""), DEPINCTL_VERSION) == 0);
	jw_end(&w);
	reply_buf(req, &b);
}

static const char *const field_types[] = {
	[FIELD_STR] = "string", [FIELD_NUM] = "number", [FIELD_INT] = "integer",
	[FIELD_TIME] = "time",	[FIELD_AGE] = "age",	[FIELD_BYTES] = "bytes",
	[FIELD_ENUM] = "enum",	[FIELD_JSON] = "json",
};

static void schema_words(struct jw *w, const struct kind *k, unsigned column)
{
	const char *word;

	jw_key(w, "words");
	jw_array(w);
	for (unsigned i = 0; (word = kind_word(k, column, i)); i++)
		jw_str(w, slice_of(word));
	jw_end(w);
}

static void schema_field(struct jw *w, const struct field *f)
{
	jw_key(w, "name"), jw_str(w, slice_of(f->name));
	jw_key(w, "type"), jw_str(w, slice_of(field_types[f->type]));
	jw_key(w, "unit"), jw_str(w, slice_of(f->unit ? f->unit : ""));
	jw_key(w, "help"), jw_str(w, slice_of(f->help ? f->help : ""));
	jw_key(w, "wide"), jw_bool(w, f->wide);
	jw_key(w, "extra"), jw_bool(w, f->extra);
}

static void schema_kind(struct jw *w, const struct kind *k)
{
	jw_object(w);
	jw_key(w, "name"), jw_str(w, slice_of(k->name));
	jw_key(w, "singular"), jw_str(w, slice_of(k->singular));
	jw_key(w, "alias"), jw_str(w, slice_of(k->alias ? k->alias : ""));
	jw_key(w, "help"), jw_str(w, slice_of(k->help));
	jw_key(w, "fields");
	jw_array(w);
	for (unsigned i = 0; k->fields[i].name; i++) {
		jw_object(w);
		schema_field(w, &k->fields[i]);
		jw_key(w, "by"), jw_bool(w, kind_groups_by(k, i));
		if (kind_word(k, i, 0))
			schema_words(w, k, i);
		jw_end(w);
	}
	jw_end(w);
	jw_key(w, "groups");
	jw_array(w);
	for (const struct field *f = k->groups; f && f->name; f++) {
		jw_object(w);
		schema_field(w, f);
		jw_end(w);
	}
	jw_end(w);
	jw_end(w);
}

static void call_schema(struct conn *c, struct rpc_req *req, const json_t *params)
{
	struct buf b;
	struct jw w;

	buf_init(&b, 1 << 20);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "kinds");
	jw_array(&w);
	for (const struct kind *const *k = kinds(); *k; k++)
		schema_kind(&w, *k);
	jw_end(&w);
	jw_end(&w);
	reply_buf(req, &b);
}

static void call_status(struct conn *c, struct rpc_req *req, const json_t *params)
{
	const struct api_env *env = &c->api->env;
	struct buf b;
	struct jw w;

	buf_init(&b, 1 << 20);
	jw_init(&w, &b);
	jw_object(&w);
	if (c->moment)
		past_status_write(conn_model(c), env->context, &w);
	else
		env->status(env->arg, &w);
	jw_end(&w);
	reply_buf(req, &b);
}

static void call_record(struct conn *c, struct rpc_req *req, const json_t *params)
{
	static const char *const known[] = { "file", NULL };
	const struct api_env *env = &c->api->env;
	struct err e = { 0 };
	struct buf b;
	struct jw w;

	if (params_known(params, known, &e) < 0) {
		rpc_reply_err(req, RPC_BAD_PARAMS, "%s", e.text);
		return;
	}
	if (!c->transport->local) {
		rpc_reply_err(req, RPC_REFUSED, "record names a file: only over the unix socket");
		return;
	}
	buf_init(&b, 8192);
	jw_init(&w, &b);
	jw_object(&w);
	if (env->record(env->arg, json_str(params, "file", NULL), &w, &e) < 0) {
		reply_err(req, &e);
		buf_fini(&b);
		return;
	}
	jw_end(&w);
	reply_buf(req, &b);
}

static void call_replay(struct conn *c, struct rpc_req *req, const json_t *params)
{
	const struct api_env *env = &c->api->env;
	struct err e = { 0 };
	struct buf b;
	struct jw w;

	buf_init(&b, 8192);
	jw_init(&w, &b);
	jw_object(&w);
	if (env->replay(env->arg, params, &w, &e) < 0) {
		reply_err(req, &e);
		buf_fini(&b);
		return;
	}
	jw_end(&w);
	reply_buf(req, &b);
}

static void call_stop(struct conn *c, struct rpc_req *req, const json_t *params)
{
	rpc_reply_text(req, slice_of("{}"));
	c->api->env.stop(c->api->env.arg);
}

static const struct method methods[] = {
	{ "query", call_query },
	{ "page", call_page },
	{ "update", call_update },
	{ "history", call_history },
	{ "scroll", call_scroll },
	{ "histogram", call_histogram },
	{ "cells", call_cells },
	{ "hello", call_hello },
	{ "schema", call_schema },
	{ "status", call_status },
	{ "describe", call_describe },
	{ "subscribe", call_subscribe },
	{ "unsubscribe", call_unsubscribe },
	{ "follow", call_follow },
	{ "unfollow", call_unfollow },
	{ "record", call_record },
	{ "travel", call_travel },
	{ "ack", call_ack },
	{ "silence", call_silence },
	{ "unsilence", call_unsilence },
	{ "replay", call_replay },
	{ "stop", call_stop },
};

static void on_request(void *arg, struct rpc_req *req, const char *name, const json_t *params)
{
	for (size_t i = 0; i < ARRAY_LEN(methods); i++)
		if (strcmp(methods[i].name, name) == 0) {
			methods[i].fn(arg, req, params);
			return;
		}
	rpc_reply_err(req, RPC_NO_METHOD, "no method '%.60s'; docs/api.md lists them", name);
}

static int on_send(void *arg, struct slice msg)
{
	struct conn *c = arg;

	return c->dead ? -1 : c->transport->send(c->targ, msg);
}

void api_conn_message(struct conn *c, struct slice msg)
{
	if (!c->dead)
		rpc_feed(c->peer, msg);
}

void api_conn_gone(struct conn *c)
{
	c->dead = true; /* reaped at the next tick: its own frames may be on the stack */
}

void api_conn_ended(struct conn *c)
{
	c->ended = true;
}

bool conn_congested(const struct conn *c)
{
	return c->dead || c->transport->queued(c->targ) > CONN_QUEUE_MARK;
}

static void conn_free(struct conn *c)
{
	conn_end_subs(c);
	conn_end_follows(c);
	conn_end_calls(c);
	conn_end_scans(c);
	conn_end_held(c);
	conn_end_travel(c);
	rpc_free(c->peer);
	c->transport->close(c->targ);
	free(c);
}

/* One that sends no more stays until all it asked is answered and taken. */
static bool is_over(struct conn *c)
{
	size_t unread;

	if (c->dead || !c->ended || rpc_unanswered(c->peer))
		return c->dead;
	unread = c->transport->queued(c->targ);
	if (unread != c->unread || !c->unread_ms)
		c->unread_ms = clock_mono_ms();
	c->unread = unread;
	return !unread || clock_mono_ms() - c->unread_ms > UNREAD_MS;
}

static void reap(struct api *a)
{
	for (struct conn **at = &a->conns; *at;) {
		struct conn *c = *at;

		if (!is_over(c)) {
			at = &c->next;
			continue;
		}
		*at = c->next;
		conn_free(c);
		if (--a->clients == 0)
			a->idle_since_ms = clock_mono_ms();
	}
}

static void tick(void *arg)
{
	struct api *a = arg;

	reap(a);
	moments_tick(a);
	for (struct conn *c = a->conns; c; c = c->next) {
		conn_tick_subs(c);
		conn_tick_held(c);
		conn_tell_follows(c);
	}
}

struct api *api_new(const struct api_env *env)
{
	struct api *a = xcalloc(1, sizeof(*a));

	a->env = *env;
	a->jobs = jobs_new(env->loop, env->model);
	a->tick = loop_timer_new(env->loop, TICK_MS, TICK_MS, tick, a);
	a->idle_since_ms = clock_mono_ms();
	return a;
}

void api_free(struct api *a)
{
	if (!a)
		return;
	for (struct conn *c = a->conns; c; c = c->next) {
		rpc_notify_text(c->peer, "bye", slice_of("{\"reason\":\"the collector stops\"}"));
		c->dead = true;
	}
	reap(a);
	moments_end(a);
	jobs_free(a->jobs);
	loop_timer_free(a->tick);
	free(a);
}

struct conn *api_conn_new(struct api *a, const struct api_transport *t, void *arg)
{
	static const struct rpc_ops rpc_ops = { .send = on_send, .request = on_request };
	struct conn *c = xcalloc(1, sizeof(*c));

	c->api = a;
	c->transport = t;
	c->targ = arg;
	c->peer = rpc_new(a->env.loop, &rpc_ops, c);
	c->next = a->conns;
	a->conns = c;
	a->clients++;
	a->idle_since_ms = 0;
	return c;
}

uint32_t api_clients(const struct api *a)
{
	return a->clients;
}

int64_t api_idle_since_ms(const struct api *a)
{
	return a->clients ? 0 : a->idle_since_ms;
}

void api_recorded(struct api *a)
{
	for (struct conn *c = a->conns; c; c = c->next)
		conn_tell_follows(c);
}
