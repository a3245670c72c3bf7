/* Requests of the other side, and our answers to them. */
#include <stdarg.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/json.h"
#include "rpc/internal.h"

#define BATCH_RESERVE (1u << 20) /* of a batch's bytes: for errors that say what did not fit */

struct batch *batch_new(struct rpc_peer *p)
{
	struct batch *b = xcalloc(1, sizeof(*b));

	b->peer = p;
	b->open = 1;
	buf_init(&b->out, RPC_MAX_MESSAGE);
	peer_hold(p);
	return b;
}

void batch_drop(struct batch *b)
{
	struct rpc_peer *p = b->peer;

	if (--b->open)
		return;
	if (b->out.len && buf_addc(&b->out, ']') == 0)
		peer_send(p, &b->out);
	else
		buf_fini(&b->out);
	free(b);
	peer_drop(p);
}

static void answer_open(struct buf *b, struct slice id)
{
	buf_init(b, RPC_MAX_MESSAGE);
	buf_adds(b, "{\"jsonrpc\":\"2.0\",\"id\":");
	buf_addslice(b, id);
}

static void error_add(struct buf *b, int code, struct slice text)
{
	struct jw w;

	buf_adds(b, ",\"error\":");
	jw_init(&w, b);
	jw_object(&w);
	jw_key(&w, "code");
	jw_i64(&w, code);
	jw_key(&w, "message");
	jw_str(&w, text);
	jw_end(&w);
	buf_addc(b, '}');
}

/* Sends the answer or adds it to its batch; takes out. */
static void answer_go(struct rpc_peer *p, struct batch *batch, struct slice id, struct buf *out)
{
	if (out->full || (batch && batch->out.len + out->len + BATCH_RESERVE > batch->out.max)) {
		buf_fini(out);
		answer_open(out, id);
		error_add(out, RPC_BUSY, slice_of("the answer is too large: ask for less at once"));
	}
	if (!batch) {
		peer_send(p, out);
		return;
	}
	buf_addc(&batch->out, batch->out.len ? ',' : '[');
	buf_addslice(&batch->out, buf_slice(out));
	buf_fini(out);
}

void reply_stray(struct rpc_peer *p, struct batch *b, struct slice id, int code, const char *text)
{
	struct buf out;

	answer_open(&out, id);
	error_add(&out, code, slice_of(text));
	answer_go(p, b, id, &out);
}

struct rpc_req *req_new(struct rpc_peer *p, struct batch *b, struct slice id)
{
	struct rpc_req *r = xcalloc(1, sizeof(*r));

	r->peer = p;
	r->batch = b;
	r->id = xmemdup0(id.p, id.n);
	r->next = p->reqs;
	r->prev = &p->reqs;
	if (r->next)
		r->next->prev = &r->next;
	p->reqs = r;
	p->reqs_n++;
	if (b)
		b->open++;
	return r;
}

void reqs_orphan(struct rpc_peer *p)
{
	for (struct rpc_req *r = p->reqs; r; r = r->next)
		r->peer = NULL;
	p->reqs = NULL;
	p->reqs_n = 0;
}

static void req_free(struct rpc_req *r)
{
	if (r->peer) {
		*r->prev = r->next;
		if (r->next)
			r->next->prev = r->prev;
		r->peer->reqs_n--;
	}
	if (r->batch)
		batch_drop(r->batch);
	free(r->id);
	free(r);
}

static void req_answer(struct rpc_req *r, struct buf *out)
{
	struct rpc_peer *p = r->peer;

	if (!p) {
		buf_fini(out);
		req_free(r);
		return;
	}
	peer_hold(p);
	answer_go(p, r->batch, slice_of(r->id), out);
	req_free(r);
	peer_drop(p);
}

void rpc_reply_text(struct rpc_req *r, struct slice result)
{
	struct buf out;

	answer_open(&out, slice_of(r->id));
	buf_adds(&out, ",\"result\":");
	buf_addslice(&out, result.n ? result : slice_of("null"));
	buf_addc(&out, '}');
	req_answer(r, &out);
}

void rpc_reply_err(struct rpc_req *r, int code, const char *fmt, ...)
{
	struct buf out;
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	answer_open(&out, slice_of(r->id));
	error_add(&out, code, slice_of(text));
	free(text);
	req_answer(r, &out);
}

int rpc_notify_text(struct rpc_peer *p, const char *method, struct slice params)
{
	struct buf b;
	struct jw w;

	buf_init(&b, RPC_MAX_MESSAGE);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "jsonrpc");
	jw_str(&w, slice_of("2.0"));
	jw_key(&w, "method");
	jw_str(&w, slice_of(method));
	if (params.n) {
		jw_key(&w, "params");
		jw_raw(&w, params);
	}
	jw_end(&w);
	return peer_send(p, &b);
}
