/* Our calls: sent, awaited, answered once. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/jtext.h"
#include "base/json.h"
#include "base/num.h"
#include "base/utf8.h"
#include "rpc/internal.h"

struct call {
	struct rpc_peer *peer;
	uint64_t id;
	struct loop_timer *timer;
	int timeout_ms;
	rpc_fn *fn; /* one of the two */
	rpc_raw_fn *raw;
	void *arg;
	char *method;
};

static struct call **slot_of(struct calls *t, uint64_t id)
{
	return &t->slots[id & (t->cap - 1)];
}

static void table_grow(struct calls *t)
{
	struct calls old = *t;

	t->cap = old.cap ? 2 * old.cap : 8;
	t->slots = xcalloc(t->cap, sizeof(*t->slots));
	for (uint32_t i = 0; i < old.cap; i++)
		if (old.slots[i])
			*slot_of(t, old.slots[i]->id) = old.slots[i];
	free(old.slots);
}

static void table_add(struct calls *t, struct call *c)
{
	if (2 * (t->n + 1) > t->cap)
		table_grow(t);
	do
		c->id = ++t->last_id;
	while (*slot_of(t, c->id));
	*slot_of(t, c->id) = c;
	t->n++;
}

static struct call *table_find(struct calls *t, uint64_t id)
{
	struct call *c = t->cap ? *slot_of(t, id) : NULL;

	return c && c->id == id ? c : NULL;
}

static void call_unlink(struct call *c)
{
	struct calls *t = &c->peer->calls;

	*slot_of(t, c->id) = NULL;
	t->n--;
	loop_timer_free(c->timer);
	c->timer = NULL;
}

static void call_free(struct call *c)
{
	free(c->method);
	free(c);
}

/* Tells the caller and frees c.  The peer is held: its owner may free it in fn. */
static void call_tell(struct call *c, const json_t *v, struct slice text, int code,
	const struct err *e)
{
	struct rpc_peer *p = c->peer;

	peer_hold(p);
	if (c->raw)
		c->raw(c->arg, text, code, e);
	else
		c->fn(c->arg, v, code, e);
	call_free(c);
	peer_drop(p);
}

static void call_fail(struct call *c, int code, const struct err *e)
{
	call_tell(c, NULL, (struct slice){ 0 }, code, e);
}

static void call_late(void *arg)
{
	struct call *c = arg;
	struct err e;

	err_set(&e, ERR_UNREACH, "%s: no answer within %d ms", c->method, c->timeout_ms);
	call_unlink(c);
	call_fail(c, RPC_UNREACHABLE, &e);
}

static int call_send(struct call *c, struct slice params)
{
	struct buf b;
	struct jw w;

	buf_init(&b, RPC_MAX_MESSAGE);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "jsonrpc");
	jw_str(&w, slice_of("2.0"));
	jw_key(&w, "id");
	jw_u64(&w, c->id);
	jw_key(&w, "method");
	jw_str(&w, slice_of(c->method));
	if (params.n) {
		jw_key(&w, "params");
		jw_raw(&w, params);
	}
	jw_end(&w);
	return peer_send(c->peer, &b);
}

static uint64_t call_refused(struct call *c, int code, enum err_class class, const char *why)
{
	struct err e;

	err_set(&e, class, "%s: %s", c->method, why);
	call_fail(c, code, &e);
	return 0;
}

/* Takes c. */
static uint64_t call_start(struct call *c, struct slice params)
{
	struct rpc_peer *p = c->peer;
	uint64_t id;

	if (p->dead)
		return call_refused(c, RPC_UNREACHABLE, ERR_UNREACH, "the connection has ended");
	if (p->calls.n >= RPC_MAX_PENDING)
		return call_refused(c, RPC_BUSY, ERR_REFUSED, "too many calls wait for an answer");
	table_add(&p->calls, c);
	id = c->id;
	peer_hold(p);
	if (call_send(c, params) < 0 && table_find(&p->calls, id) == c) {
		call_unlink(c);
		id = call_refused(c, RPC_UNREACHABLE, ERR_UNREACH,
			"not sent: the connection is down or its queue is full");
	} else if (table_find(&p->calls, id) == c && c->timeout_ms > 0) {
		c->timer = loop_timer_new(p->loop, c->timeout_ms, 0, call_late, c);
	}
	peer_drop(p);
	return id;
}

static struct call *call_new(struct rpc_peer *p, const char *method, int timeout_ms, void *arg)
{
	struct call *c = xcalloc(1, sizeof(*c));

	c->peer = p;
	c->method = xstrdup(method);
	c->timeout_ms = timeout_ms;
	c->arg = arg;
	return c;
}

uint64_t rpc_call_text(struct rpc_peer *p, const char *method, struct slice params, int timeout_ms,
	rpc_fn *fn, void *arg)
{
	struct call *c = call_new(p, method, timeout_ms, arg);

	c->fn = fn;
	return call_start(c, params);
}

uint64_t rpc_call_raw(struct rpc_peer *p, const char *method, struct slice params, int timeout_ms,
	rpc_raw_fn *fn, void *arg)
{
	struct call *c = call_new(p, method, timeout_ms, arg);

	c->raw = fn;
	return call_start(c, params);
}

uint64_t rpc_call(struct rpc_peer *p, const char *method, json_t *params, int timeout_ms,
	rpc_fn *fn, void *arg)
{
	struct buf b;
	struct jw w;
	uint64_t id;

	buf_init(&b, RPC_MAX_MESSAGE);
	jw_init(&w, &b);
	if (params)
		jw_json(&w, params);
	json_decref(params);
	id = rpc_call_text(p, method, buf_slice(&b), timeout_ms, fn, arg);
	buf_fini(&b);
	return id;
}

void rpc_cancel(struct rpc_peer *p, uint64_t id)
{
	struct call *c = table_find(&p->calls, id);

	if (!c)
		return;
	call_unlink(c);
	call_free(c);
}

void calls_end(struct rpc_peer *p)
{
	struct err e;

	for (uint32_t i = 0; i < p->calls.cap; i++) {
		struct call *c = p->calls.slots[i];

		if (!c)
			continue;
		err_set(&e, ERR_UNREACH, "%s: the connection ended before the answer", c->method);
		call_unlink(c);
		call_fail(c, RPC_UNREACHABLE, &e);
	}
}

struct slice rpc_error_data(const struct rpc_peer *p)
{
	return p->error_data;
}

/* Other servers' error objects: a code and a message are promised, and often missing. */
static int error_read(struct slice error, struct err *e, struct slice *data)
{
	json_t *v = json_load(error, NULL);
	int64_t code = json_i64(v, "code", 0);
	const char *text = json_is_string(v) ? json_string_value(v) : json_str(v, "message", "");
	struct buf clean;

	if (code == 0 || code != (int)code)
		code = RPC_INTERNAL;
	buf_init(&clean, sizeof(e->text) - 1);
	text_clean(&clean, slice_of(text), false);
	err_set(e, rpc_class_of((int)code), "%s", clean.len ? clean.p : "an error without a message");
	buf_fini(&clean);
	json_decref(v);
	*data = (struct slice){ 0 };
	jtext_get(error, "data", data);
	return (int)code;
}

static void answer_error(struct call *c, struct slice error)
{
	struct rpc_peer *p = c->peer;
	struct err e;
	struct slice data;
	int code = error_read(error, &e, &data);

	peer_hold(p);
	p->error_data = data;
	call_fail(c, code, &e);
	p->error_data = (struct slice){ 0 };
	peer_drop(p);
}

static void answer_result(struct call *c, struct slice result)
{
	struct err e;
	json_t *v;

	if (c->raw) {
		call_tell(c, NULL, result, 0, NULL);
		return;
	}
	v = json_load(result, &e);
	if (!v) {
		err_prefix(&e, "%s: the answer cannot be read", c->method);
		e.class = ERR_UNREACH;
		call_fail(c, RPC_PARSE, &e);
		return;
	}
	call_tell(c, v, result, 0, NULL);
	json_decref(v);
}

void calls_answer(struct rpc_peer *p, struct slice id, struct slice result, struct slice error)
{
	struct call *c;
	uint64_t n;

	c = num_u64(id, &n) == 0 ? table_find(&p->calls, n) : NULL;
	if (!c) {
		p->counts.stray++;
		return;
	}
	call_unlink(c);
	/* some servers send "error": null beside a result */
	if (error.p && !(jtext_is_null(error) && result.p))
		answer_error(c, error);
	else
		answer_result(c, result);
}
