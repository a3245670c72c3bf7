#include "rpc/rpc.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/jtext.h"
#include "base/json.h"
#include "base/num.h"
#include "rpc/internal.h"

struct rpc_peer *rpc_new(struct loop *l, const struct rpc_ops *ops, void *arg)
{
	struct rpc_peer *p = xcalloc(1, sizeof(*p));

	p->loop = l;
	p->ops = *ops;
	p->arg = arg;
	p->refs = 1;
	return p;
}

void peer_hold(struct rpc_peer *p)
{
	p->refs++;
}

void peer_drop(struct rpc_peer *p)
{
	if (--p->refs)
		return;
	free(p->calls.slots);
	free(p);
}

void rpc_free(struct rpc_peer *p)
{
	if (!p || p->dead)
		return;
	p->dead = true;
	calls_end(p);
	reqs_orphan(p);
	peer_drop(p);
}

uint32_t rpc_unanswered(const struct rpc_peer *p)
{
	return p->reqs_n;
}

struct rpc_counts rpc_counts(const struct rpc_peer *p)
{
	return p->counts;
}

int peer_send(struct rpc_peer *p, struct buf *b)
{
	int rc = p->dead || b->full ? -1 : p->ops.send(p->arg, buf_slice(b));

	if (rc < 0)
		p->counts.unsent++;
	buf_fini(b);
	return rc;
}

/* The members of one message, as text; p NULL where absent. */
struct message {
	struct slice id, method, params, result, error;
};

/* *rest: what stands behind it.  A long answer is gone through once, here, and its bytes are
 * known to be JSON then. */
static int message_read(struct slice text, struct message *m, struct slice *rest)
{
	struct jtext_walk w;
	struct slice key, value;
	int rc;

	*m = (struct message){ 0 };
	if (jtext_open(&w, text) < 0 || w.close != '}')
		return -1;
	while ((rc = jtext_next(&w, &key, &value)) == 1) {
		if (slice_is(key, "id"))
			m->id = value;
		else if (slice_is(key, "method"))
			m->method = value;
		else if (slice_is(key, "params"))
			m->params = value;
		else if (slice_is(key, "result"))
			m->result = value;
		else if (slice_is(key, "error"))
			m->error = value;
	}
	*rest = w.rest.n ? slice_mem(w.rest.p + 1, w.rest.n - 1) : w.rest;
	return rc;
}

/* An id is echoed byte for byte, so it must be sound JSON: a string, a number or null. */
static bool id_is_sound(struct slice id)
{
	uint64_t n;
	json_t *v;
	bool ok;

	if (num_u64(id, &n) == 0 && (id.n == 1 || id.p[0] != '0'))
		return true;
	if (id.n > RPC_MAX_ID)
		return false;
	v = json_load(id, NULL);
	ok = json_is_string(v) || json_is_number(v) || json_is_null(v);
	json_decref(v);
	return ok;
}

static int method_read(struct slice text, struct buf *out)
{
	if (!jtext_is_string(text) || jtext_plain(text, out) < 0 || out->full)
		return -1;
	return out->len && strlen(out->p) == out->len ? 0 : -1;
}

/* Parses params into *v (NULL when absent); -1 when they are not an array or an object. */
static int params_read(struct slice text, json_t **v)
{
	*v = NULL;
	if (!text.p || jtext_is_null(text))
		return 0;
	*v = json_load(text, NULL);
	if (json_is_array(*v) || json_is_object(*v))
		return 0;
	json_decref(*v);
	return -1;
}

static void take_notice(struct rpc_peer *p, const char *method, struct slice params)
{
	json_t *v;

	if (p->ops.notice_raw) {
		p->ops.notice_raw(p->arg, method, params);
		return;
	}
	if (params_read(params, &v) < 0) {
		p->counts.malformed++;
		return;
	}
	if (p->ops.notice)
		p->ops.notice(p->arg, method, v);
	json_decref(v);
}

static void take_request(struct rpc_peer *p, struct batch *b, const struct message *m,
	const char *method)
{
	json_t *v;

	if (!p->ops.request) {
		reply_stray(p, b, m->id, RPC_NO_METHOD, "this side answers no requests");
		return;
	}
	if (p->reqs_n >= RPC_MAX_PENDING) {
		p->counts.busy++;
		reply_stray(p, b, m->id, RPC_BUSY, "too many requests under way");
		return;
	}
	if (params_read(m->params, &v) < 0) {
		p->counts.malformed++;
		reply_stray(p, b, m->id, RPC_BAD_PARAMS, "params: not an array or an object");
		return;
	}
	p->ops.request(p->arg, req_new(p, b, m->id), method, v);
	json_decref(v);
}

static void refuse(struct rpc_peer *p, struct batch *b, int code, const char *text)
{
	p->counts.malformed++;
	/* one who answers requests says what was wrong; one who only asks would start a quarrel */
	if (p->ops.request)
		reply_stray(p, b, slice_of("null"), code, text);
}

static void take_called(struct rpc_peer *p, struct batch *b, const struct message *m)
{
	struct buf method;

	buf_init(&method, RPC_MAX_METHOD);
	if (method_read(m->method, &method) < 0 || (m->id.p && !id_is_sound(m->id)))
		refuse(p, b, RPC_INVALID, "not a request: method or id is off");
	else if (m->id.p)
		take_request(p, b, m, method.p);
	else
		take_notice(p, method.p, m->params);
	buf_fini(&method);
}

static void take_message(struct rpc_peer *p, struct batch *b, const struct message *m)
{
	if (m->method.p)
		take_called(p, b, m);
	else if (m->id.p && (m->result.p || m->error.p))
		calls_answer(p, m->id, m->result, m->error);
	else
		refuse(p, b, RPC_INVALID, "not a request: no method");
}

static void take_one(struct rpc_peer *p, struct batch *b, struct slice text)
{
	struct slice rest;
	struct message m;

	if (message_read(text, &m, &rest) < 0)
		refuse(p, b, RPC_INVALID, "not a request: no JSON object");
	else
		take_message(p, b, &m);
}

static void take_batch(struct rpc_peer *p, struct slice text)
{
	struct batch *b = batch_new(p);
	struct jtext_walk w;
	struct slice one;
	int n = 0;

	jtext_open(&w, text);
	while (!p->dead && n < RPC_MAX_PENDING && jtext_next(&w, NULL, &one) == 1) {
		take_one(p, b, one);
		n++;
	}
	if (n == 0 && !p->dead)
		refuse(p, NULL, RPC_INVALID, "an empty batch");
	else if (n == RPC_MAX_PENDING && jtext_next(&w, NULL, &one) == 1)
		refuse(p, b, RPC_INVALID, "a batch of too many: the rest is left out");
	batch_drop(b);
}

static bool only_blanks(struct slice s)
{
	while (s.n && strchr(" \t\r\n", *s.p) && *s.p)
		s.p++, s.n--;
	return s.n == 0;
}

static void take_text(struct rpc_peer *p, struct slice msg)
{
	struct slice rest = msg, one;

	if (jtext_value(&rest, &one) < 0 || !only_blanks(rest))
		refuse(p, NULL, RPC_PARSE, "not JSON");
	else if (one.p[0] == '[')
		take_batch(p, one);
	else
		take_one(p, NULL, one);
}

void rpc_feed(struct rpc_peer *p, struct slice msg)
{
	struct slice rest;
	struct message m;

	if (p->dead)
		return;
	peer_hold(p);
	if (message_read(msg, &m, &rest) == 0 && only_blanks(rest))
		take_message(p, NULL, &m);
	else
		take_text(p, msg);
	peer_drop(p);
}

/* Errors as values and errors on the wire, first match each way. */
static const struct {
	enum err_class class;
	int code;
} codes[] = {
	{ ERR_NO, RPC_NOT_FOUND },
	{ ERR_USAGE, RPC_BAD_PARAMS },
	{ ERR_USAGE, RPC_NO_METHOD },
	{ ERR_USAGE, RPC_INVALID },
	{ ERR_USAGE, RPC_PARSE },
	{ ERR_UNREACH, RPC_UNREACHABLE },
	{ ERR_REFUSED, RPC_REFUSED },
	{ ERR_REFUSED, RPC_BUSY },
	{ ERR_OURS, RPC_INTERNAL },
};

int rpc_code_of(enum err_class c)
{
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (codes[i].class == c)
			return codes[i].code;
	return c == ERR_NONE ? 0 : RPC_INTERNAL;
}

enum err_class rpc_class_of(int code)
{
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (codes[i].code == code)
			return codes[i].class;
	return ERR_REFUSED; /* a code of the other side's own: it understood, and said no */
}
