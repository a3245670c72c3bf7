#include "devnet/ethconn.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/hex.h"
#include "devnet/ethjson.h"
#include "devnet/ethlogs.h"
#include "devnet/noise.h"
#include "rpc/rpc.h"

struct sub {
	uint64_t id; /* 0: free */
	bool logs;   /* else newHeads */
	struct log_filter filter;
};

struct ethconn {
	struct eth *eth;
	struct ws_conn *conn; /* NULL: a post */
	struct buf *out;      /* of a post */
	struct rpc_peer *peer;
	uint64_t last_id;
	struct sub subs[ETHCONN_SUBS];
};

static int send_message(void *arg, struct slice msg)
{
	struct ethconn *x = arg;

	return x->conn ? ws_conn_send(x->conn, msg) : buf_addslice(x->out, msg);
}

static struct sub *find_sub(struct ethconn *x, uint64_t id)
{
	for (size_t i = 0; i < ETHCONN_SUBS; i++)
		if (x->subs[i].id == id)
			return &x->subs[i];
	return NULL;
}

static void reply_id(struct rpc_req *req, uint64_t id)
{
	struct buf b;

	buf_init(&b, 64);
	buf_addc(&b, '"');
	buf_addquantity(&b, id);
	buf_addc(&b, '"');
	rpc_reply_text(req, buf_slice(&b));
	buf_fini(&b);
}

static void subscribe(struct ethconn *x, struct rpc_req *req, const json_t *params)
{
	const char *what = json_string_value(json_array_get(params, 0));
	struct sub *s = find_sub(x, 0);
	struct err e;

	if (!x->conn) {
		rpc_reply_err(req, RPC_NO_METHOD, "notifications not supported: use a WebSocket");
		return;
	}
	if (!what || (strcmp(what, "newHeads") != 0 && strcmp(what, "logs") != 0)) {
		rpc_reply_err(req, RPC_BAD_PARAMS, "no such subscription: newHeads and logs are there");
		return;
	}
	if (!s) {
		rpc_reply_err(req, -32005, "at most %d subscriptions", ETHCONN_SUBS);
		return;
	}
	s->logs = what[0] == 'l';
	if (s->logs && log_filter_parse(json_array_get(params, 1), &s->filter, &e) < 0) {
		rpc_reply_err(req, RPC_BAD_PARAMS, "%s", e.text);
		return;
	}
	s->id = noise_mix(0x5ab5c, ++x->last_id) | 1; /* a name, not a count: clients must not guess */
	reply_id(req, s->id);
}

static void unsubscribe(struct ethconn *x, struct rpc_req *req, const json_t *params)
{
	const json_t *v = json_array_get(params, 0);
	struct sub *s = NULL;
	uint64_t id;

	if (json_is_string(v) && hex_quantity(slice_of(json_string_value(v)), &id) == 0 && id)
		s = find_sub(x, id);
	if (s)
		s->id = 0;
	rpc_reply_text(req, slice_of(s ? "true" : "false"));
}

static void request(void *arg, struct rpc_req *req, const char *method, const json_t *params)
{
	struct ethconn *x = arg;
	struct buf out;
	struct err e;
	int code;

	if (strcmp(method, "eth_subscribe") == 0) {
		subscribe(x, req, params);
		return;
	}
	if (strcmp(method, "eth_unsubscribe") == 0) {
		unsubscribe(x, req, params);
		return;
	}
	buf_init(&out, ETHRPC_ANSWER_MAX);
	code = ethrpc_call(x->eth, method, params, &out, &e);
	if (code)
		rpc_reply_err(req, code, "%s", e.text);
	else
		rpc_reply_text(req, buf_slice(&out));
	buf_fini(&out);
}

static const struct rpc_ops ops = { .send = send_message, .request = request };

struct ethconn *ethconn_new(struct loop *l, struct eth *eth, struct ws_conn *c)
{
	struct ethconn *x = xcalloc(1, sizeof(*x));

	x->eth = eth;
	x->conn = c;
	x->peer = rpc_new(l, &ops, x);
	return x;
}

void ethconn_free(struct ethconn *x)
{
	if (!x)
		return;
	rpc_free(x->peer);
	free(x);
}

void ethconn_message(struct ethconn *x, struct slice msg)
{
	rpc_feed(x->peer, msg);
}

/* A reader that does not take its notices is let go: it can fill the gap when it is back. */
static void notify(struct ethconn *x, const struct sub *s, const struct block *b, size_t index,
	bool lost)
{
	struct buf out;
	struct jw w;

	buf_init(&out, 65536);
	buf_adds(&out, "{\"subscription\":\"");
	buf_addquantity(&out, s->id);
	buf_adds(&out, "\",\"result\":");
	jw_init(&w, &out);
	if (s->logs)
		ethjson_log(&w, b, index, lost);
	else
		ethjson_header(&w, b);
	buf_addc(&out, '}');
	if (rpc_notify_text(x->peer, "eth_subscription", buf_slice(&out)) < 0)
		ws_conn_close(x->conn, 1013);
	buf_fini(&out);
}

void ethconn_block(struct ethconn *x, const struct block *b, bool lost)
{
	for (size_t i = 0; i < ETHCONN_SUBS; i++) {
		const struct sub *s = &x->subs[i];

		if (s->id && !s->logs && !lost)
			notify(x, s, b, 0, false);
		for (size_t k = 0; s->id && s->logs && k < b->ntxs; k++)
			if (log_filter_match(&s->filter, &b->txs[k].log))
				notify(x, s, b, k, lost);
	}
}

void ethconn_post(struct loop *l, struct eth *eth, struct slice body, struct buf *out)
{
	struct ethconn x = { .eth = eth, .out = out };

	x.peer = rpc_new(l, &ops, &x);
	rpc_feed(x.peer, body);
	rpc_free(x.peer);
}
