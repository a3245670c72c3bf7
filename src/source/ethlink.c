#include "source/ethlink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "config/config.h"
#include "net/backoff.h"
#include "net/http.h"
#include "net/ws.h"
#include "rpc/rpc.h"
#include "source/source.h"

#define MESSAGE_MAX  (32u << 20)
#define KEEPALIVE_MS 15000
#define DIAL_MS	     10000

struct post { /* one call over HTTP */
	struct post *next;
	struct ethlink *l;
	struct http_req *req;
	char *body;
	struct buf answer;
	struct rpc_peer *peer; /* checks and unwraps the answer: one call, one peer */
	ethlink_fn *fn;
	void *arg;
};

struct call { /* one over WebSocket */
	ethlink_fn *fn;
	void *arg;
};

struct ethlink {
	struct ethlink_spec s;
	char *token;
	size_t url; /* the one in use */
	bool http, freeing;
	struct ws_client *ws;
	struct rpc_peer *peer;
	struct post *posts;
	struct backoff backoff;
	struct loop_timer *retry; /* HTTP: when to say `up` again */
	bool is_up;
	struct err refused; /* why we hang up ourselves */
};

static const char *url_now(const struct ethlink *l)
{
	return l->s.cfg->urls.v[l->url % l->s.cfg->urls.n];
}

static bool is_http(const char *url)
{
	return strncmp(url, "http", 4) == 0;
}

/* --- WebSocket ------------------------------------------------------------------------- */

static int ws_out(void *arg, struct slice msg)
{
	struct ethlink *l = arg;

	return ws_client_send(l->ws, msg);
}

static void on_notice(void *arg, const char *method, const json_t *params)
{
	struct ethlink *l = arg;

	l->s.notice(l->s.arg, method, params);
}

static const struct rpc_ops ws_ops = { .send = ws_out, .notice = on_notice };

static void ws_state(void *arg, bool up, const struct err *why)
{
	struct ethlink *l = arg;

	if (up) {
		l->peer = rpc_new(l->s.env->loop, &ws_ops, l);
		l->s.up(l->s.arg);
		return;
	}
	rpc_free(l->peer);
	l->peer = NULL;
	if (!l->freeing)
		l->s.down(l->s.arg, l->refused.class ? &l->refused : why);
	l->refused = (struct err){ 0 };
}

static void ws_dial(void *arg, char *url, size_t n)
{
	struct ethlink *l = arg;

	snprintf(url, n, "%s", url_now(l));
	l->url++;
}

static void ws_message(void *arg, struct slice msg, bool binary)
{
	struct ethlink *l = arg;

	if (l->peer)
		rpc_feed(l->peer, msg);
}

static void ws_answer(void *arg, const json_t *result, int code, const struct err *e)
{
	struct call *c = arg, copy = *c;

	free(c);
	copy.fn(copy.arg, result, result ? NULL : e);
}

static void ws_call(struct ethlink *l, const char *method, const char *params, ethlink_fn *fn,
	void *arg)
{
	struct call *c;
	struct err e;

	if (!l->peer) {
		err_set(&e, ERR_UNREACH, "no line");
		fn(arg, NULL, &e);
		return;
	}
	c = xmalloc(sizeof(*c));
	*c = (struct call){ fn, arg };
	rpc_call_text(l->peer, method, slice_of(params), (int)l->s.cfg->timeout_ms, ws_answer, c);
}

/* --- HTTP -------------------------------------------------------------------------------- */

static void post_free(struct post *p)
{
	for (struct post **at = &p->l->posts; *at; at = &(*at)->next)
		if (*at == p) {
			*at = p->next;
			break;
		}
	http_cancel(p->req);
	rpc_free(p->peer);
	buf_fini(&p->answer);
	free(p->body);
	free(p);
}

static void http_up(void *arg)
{
	struct ethlink *l = arg;

	l->is_up = true;
	l->s.up(l->s.arg);
}

static void http_down(struct ethlink *l, const struct err *why)
{
	if (!l->is_up)
		return;
	l->is_up = false;
	l->url++;
	loop_timer_again(l->retry, backoff_next_ms(&l->backoff), 0);
	l->s.down(l->s.arg, why);
}

static int post_out(void *arg, struct slice msg)
{
	struct post *p = arg;

	p->body = xmemdup0(msg.p, msg.n);
	return 0;
}

static int post_body(void *arg, struct slice chunk)
{
	struct post *p = arg;

	return buf_addslice(&p->answer, chunk);
}

/* The answer has been through the peer: post_answer() has run, or the bytes were no answer. */
static void post_done(void *arg, int status, const struct err *e)
{
	struct post *p = arg;
	struct ethlink *l = p->l;
	struct err why;

	p->req = NULL;
	if (e)
		why = *e;
	else if (p->answer.len == 0)
		err_set(&why, ERR_UNREACH, "the node answered %d and nothing more", status);
	else
		rpc_feed(p->peer, buf_slice(&p->answer));
	if (p->fn && !e && p->answer.len)
		err_set(&why, ERR_UNREACH, "the node answered %d with no JSON-RPC answer", status);
	if (p->fn) {
		ethlink_fn *fn = p->fn;

		p->fn = NULL;
		fn(p->arg, NULL, &why);
		post_free(p);
		http_down(l, &why);
		return;
	}
	if (l->is_up) /* not hung up on by what was made of the answer */
		backoff_reset(&l->backoff);
	post_free(p);
}

static void post_answer(void *arg, const json_t *result, int code, const struct err *e)
{
	struct post *p = arg;
	ethlink_fn *fn = p->fn;

	p->fn = NULL;
	if (fn && p->answer.len) /* otherwise post_done() tells, or nobody waits any more */
		fn(p->arg, result, result ? NULL : e);
	else
		p->fn = fn;
}

static void http_call(struct ethlink *l, const char *method, const char *params, ethlink_fn *fn,
	void *arg)
{
	static const struct rpc_ops ops = { .send = post_out };
	struct post *p = xcalloc(1, sizeof(*p));
	struct http_spec spec = { .url = url_now(l), .content_type = "application/json",
		.bearer = l->token, .ca_file = l->s.cfg->ca_file,
		.timeout_ms = (int)l->s.cfg->timeout_ms, .max_body = MESSAGE_MAX,
		.body = post_body, .done = post_done, .arg = p };
	struct err e;

	*p = (struct post){ .l = l, .fn = fn, .arg = arg, .next = l->posts };
	l->posts = p;
	buf_init(&p->answer, MESSAGE_MAX);
	p->peer = rpc_new(l->s.env->loop, &ops, p);
	rpc_call_text(p->peer, method, slice_of(params), (int)l->s.cfg->timeout_ms * 2, post_answer, p);
	spec.post = p->body;
	p->req = http_start(l->s.env->http, &spec, &e);
	if (p->req)
		return;
	p->fn = NULL;
	post_free(p);
	fn(arg, NULL, &e);
}

/* --- both -------------------------------------------------------------------------------- */

void ethlink_call(struct ethlink *l, const char *method, const char *params, ethlink_fn *fn,
	void *arg)
{
	if (l->http)
		http_call(l, method, params, fn, arg);
	else
		ws_call(l, method, params, fn, arg);
}

bool ethlink_pushes(const struct ethlink *l)
{
	return !l->http;
}

void ethlink_refuse(struct ethlink *l, const struct err *why)
{
	if (l->http) {
		http_down(l, why);
		return;
	}
	l->refused = *why;
	ws_client_redial(l->ws);
}

static int check_urls(const struct config_ledger *c, struct err *e)
{
	if (c->urls.n == 0)
		return err_set(e, ERR_USAGE, "a ledger needs urls: ws://, wss://, http:// or https://");
	for (size_t i = 1; i < c->urls.n; i++)
		if (is_http(c->urls.v[i]) != is_http(c->urls.v[0]))
			return err_set(e, ERR_USAGE, "urls must be all ws:// or all http://");
	return 0;
}

static int open_ws(struct ethlink *l, struct err *e)
{
	struct ws_client_spec s = { .url = url_now(l), .bearer = l->token,
		.ca_file = l->s.cfg->ca_file, .max_message = MESSAGE_MAX,
		.keepalive_ms = KEEPALIVE_MS, .connect_timeout_ms = DIAL_MS, .dial = ws_dial,
		.state = ws_state, .message = ws_message, .arg = l };

	l->ws = ws_client_new(l->s.env->hub, &s, e);
	return l->ws ? 0 : -1;
}

struct ethlink *ethlink_new(const struct ethlink_spec *s, struct err *e)
{
	struct ethlink *l;

	if (check_urls(s->cfg, e) < 0)
		return NULL;
	l = xcalloc(1, sizeof(*l));
	l->s = *s;
	l->http = is_http(url_now(l));
	l->backoff = (struct backoff){ .min_ms = 500, .max_ms = 10000 };
	if (config_secret(&s->cfg->token, &l->token, e) < 0 || (!l->http && open_ws(l, e) < 0)) {
		ethlink_free(l);
		return NULL;
	}
	if (l->http)
		l->retry = loop_timer_new(s->env->loop, 0, 0, http_up, l);
	return l;
}

void ethlink_free(struct ethlink *l)
{
	struct err gone;

	if (!l)
		return;
	l->freeing = true;
	err_set(&gone, ERR_UNREACH, "the ledger is closed");
	while (l->posts) {
		struct post *p = l->posts;
		ethlink_fn *fn = p->fn;

		p->fn = NULL;
		if (fn)
			fn(p->arg, NULL, &gone);
		post_free(p);
	}
	ws_client_free(l->ws);
	rpc_free(l->peer);
	loop_timer_free(l->retry);
	config_secret_free(l->token);
	free(l);
}
