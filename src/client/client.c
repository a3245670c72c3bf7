#include "client/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/jtext.h"
#include "client/inside.h"

#define TIMEOUT_MS 10000
#define AGAIN_FIRST_MS 200
#define AGAIN_MOST_MS 5000

struct call { /* one call under way */
	struct client *c;
	client_fn *fn;
	void *arg;
};

/* --- the line and the peer on it --- */

static int on_send(void *arg, struct slice msg)
{
	struct client *c = arg;

	return c->line ? line_send(c->line, msg) : -1;
}

static void on_message(void *arg, struct slice msg)
{
	struct client *c = arg;

	rpc_feed(c->peer, msg);
}

static void on_closed(void *arg, const struct err *why)
{
	struct client *c = arg;

	if (c->broken.class == ERR_NONE)
		err_set(&c->broken, ERR_UNREACH, "the collector closed the line%s%s",
			why->class == ERR_NONE ? "" : ": ",
			why->class == ERR_NONE ? "" : why->text);
	loop_timer_again(c->again, 0, 0); /* not from here: its frames may be on the stack */
}

static void note_bye(struct client *c, struct slice params)
{
	struct slice reason;
	struct buf b;

	buf_init(&b, 400);
	if (jtext_get(params, "reason", &reason))
		jtext_plain(reason, &b);
	err_set(&c->broken, ERR_UNREACH, "%s", b.len ? b.p : "the collector said good-bye");
	buf_fini(&b);
}

static void on_notice(void *arg, const char *method, struct slice params)
{
	struct client *c = arg;

	if (strcmp(method, "rows") == 0)
		views_notice(c, params);
	else if (strcmp(method, "events") == 0)
		follows_notice(c, params);
	else if (strcmp(method, "bye") == 0)
		note_bye(c, params);
}

static void on_request(void *arg, struct rpc_req *req, const char *method, const json_t *params)
{
	rpc_reply_err(req, RPC_NO_METHOD, "a client has no methods");
}

/* Where nobody can be asked to replace it, the difference is at least told. */
static void tell_version(struct client *c)
{
	char *line;

	if (!c->spec.say || c->spec.may_replace || c->spec.no_start)
		return;
	line = xasprintf("the collector (pid %lld) is version %s, this is %s; `depinctl stop` ends it",
		(long long)c->hello.pid, c->hello.version, DEPINCTL_VERSION);
	c->spec.say(c->spec.arg, line);
	free(line);
}

static void greeted(void *arg, struct slice result, const struct err *e)
{
	struct client *c = arg;
	struct client_hello *h = &c->hello;
	struct err ignored;
	json_t *j = e ? NULL : json_load(result, &ignored);

	if (!j)
		return;
	snprintf(h->version, sizeof(h->version), "%s", json_str(j, "version", "?"));
	snprintf(h->context, sizeof(h->context), "%s", json_str(j, "context", ""));
	snprintf(h->started, sizeof(h->started), "%s", json_str(j, "started", ""));
	h->api = json_i64(j, "api", 0);
	h->pid = json_i64(j, "pid", 0);
	h->same_version = strcmp(h->version, DEPINCTL_VERSION) == 0;
	c->greeted = true;
	json_decref(j);
	if (!h->same_version)
		tell_version(c);
}

void client_begin(struct client *c)
{
	static const struct line_ops line_ops = { .message = on_message, .closed = on_closed };
	static const struct rpc_ops rpc_ops = { .send = on_send, .request = on_request,
		.notice_raw = on_notice };
	static const char params[] =
		"{\"client\":\"depinctl\",\"version\":\"" DEPINCTL_VERSION "\"}";

	c->broken = (struct err){ 0 };
	c->greeted = false;
	c->peer = rpc_new(c->loop, &rpc_ops, c);
	line_start(c->line, &line_ops, c);
	client_call(c, "hello", slice_of(params), greeted, c);
}

/* --- broken lines --- */

static void clear_wreck(struct client *c)
{
	struct rpc_peer *peer = c->peer;
	struct line *line = c->line;

	c->peer = NULL;
	c->line = NULL;
	rpc_free(peer);
	line_free(line);
}

static void try_again(struct client *c)
{
	struct err e;

	c->line = client_dial(c, &e);
	if (!c->line) {
		loop_timer_again(c->again, c->wait_ms, 0);
		c->wait_ms = c->wait_ms * 2 > AGAIN_MOST_MS ? AGAIN_MOST_MS : c->wait_ms * 2;
		return;
	}
	c->wait_ms = AGAIN_FIRST_MS;
	client_begin(c);
	travel_again(c);
	views_again(c);
	follows_again(c);
	if (c->spec.state)
		c->spec.state(c->spec.arg, NULL);
}

static void on_again(void *arg)
{
	struct client *c = arg;

	if (c->peer) {
		clear_wreck(c);
		if (c->spec.reconnect && c->spec.state)
			c->spec.state(c->spec.arg, &c->broken);
		if (c->spec.reconnect)
			loop_timer_again(c->again, c->wait_ms, 0);
		return;
	}
	try_again(c);
}

bool client_up(const struct client *c)
{
	return c->peer && c->broken.class == ERR_NONE;
}

/* --- calls --- */

static void answered(void *arg, struct slice result, int code, const struct err *e)
{
	struct call *k = arg;

	/* "the line is gone" says less than why it is */
	if (!result.n && e->class == ERR_UNREACH && k->c->broken.class != ERR_NONE)
		e = &k->c->broken;
	k->c->pending--;
	k->fn(k->arg, result, result.n ? NULL : e);
	free(k);
}

void client_call(
	struct client *c, const char *method, struct slice params, client_fn *fn, void *arg)
{
	struct call *k;

	if (!c->peer) {
		fn(arg, (struct slice){ 0 }, &c->broken);
		return;
	}
	k = xmalloc(sizeof(*k));
	*k = (struct call){ c, fn, arg };
	c->pending++;
	rpc_call_raw(c->peer, method, params, (int)c->spec.timeout_ms, answered, k);
}

void client_flush(struct client *c)
{
	if (c->line)
		line_flush(c->line);
}

int client_wait(struct client *c, struct err *e)
{
	while (c->pending)
		loop_turn(c->loop, 1000);
	if (c->broken.class == ERR_NONE)
		return 0;
	if (e)
		*e = c->broken;
	return -1;
}

struct wait {
	struct buf *result;
	struct err *e;
	bool done;
	int rc;
};

static void waited(void *arg, struct slice result, const struct err *e)
{
	struct wait *w = arg;

	w->done = true;
	w->rc = e ? -1 : buf_addslice(w->result, result);
	if (e && w->e)
		*w->e = *e;
	else if (w->rc < 0)
		err_set(w->e, ERR_OURS, "the answer is larger than %zu bytes", w->result->max);
}

int client_ask(struct client *c, const char *method, struct slice params, struct buf *result,
	struct err *e)
{
	struct wait w = { .result = result, .e = e };

	client_call(c, method, params, waited, &w);
	while (!w.done)
		loop_turn(c->loop, 1000);
	return w.rc;
}

int client_hello(struct client *c, struct client_hello *h, struct err *e)
{
	while (!c->greeted && c->peer && c->pending)
		loop_turn(c->loop, 1000);
	if (!c->greeted)
		return c->broken.class == ERR_NONE
			? err_set(e, ERR_UNREACH, "%s: it does not greet as a collector", c->socket)
			: err_set(e, ERR_UNREACH, "%s", c->broken.text);
	*h = c->hello;
	return 0;
}

/* --- life --- */

struct loop *client_loop(const struct client *c)
{
	return c->loop;
}

const char *client_socket(const struct client *c)
{
	return c->socket;
}

static char *copy(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

static struct client *client_new(const struct client_spec *s)
{
	struct client *c = xcalloc(1, sizeof(*c));

	c->spec = *s;
	if (!c->spec.timeout_ms)
		c->spec.timeout_ms = TIMEOUT_MS;
	c->spec.socket = c->socket = copy(s->socket);
	c->spec.config = c->config = copy(s->config);
	c->spec.context = c->context = copy(s->context);
	c->own_loop = !s->loop;
	c->loop = s->loop ? s->loop : loop_new();
	c->again = loop_timer_new(c->loop, 0, 0, on_again, c);
	loop_timer_stop(c->again);
	c->wait_ms = AGAIN_FIRST_MS;
	return c;
}

struct client *client_open(const struct client_spec *s, struct err *e)
{
	struct client *c = client_new(s);

	c->line = client_dial(c, e);
	if (c->line) {
		client_begin(c);
		if (!s->may_replace || client_check_version(c, e) == 0)
			return c;
	}
	client_free(c);
	return NULL;
}

void client_free(struct client *c)
{
	if (!c)
		return;
	if (c->broken.class == ERR_NONE)
		err_set(&c->broken, ERR_UNREACH, "the client is closing");
	clear_wreck(c);
	loop_timer_free(c->again);
	if (c->own_loop)
		loop_free(c->loop);
	free(c->socket);
	free(c->config);
	free(c->context);
	free(c);
}
