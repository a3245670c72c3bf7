#include "devnet/server.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/num.h"
#include "devnet/ethconn.h"
#include "devnet/exposition.h"
#include "devnet/stream.h"
#include "net/ws.h"

#define TICK_MS	     25
#define TICK_BLOCKS  16 /* made in one tick when the chain is behind */
#define MESSAGE_MAX  (1u << 20)
#define CONNS_MAX    256
#define SUBPROTOCOL  "cloudevents.json"

/* A WebSocket connection: of one sort or the other. */
struct conn {
	struct conn *next, **at;
	struct server *server;
	struct stream *stream;
	struct ethconn *eth;
};

struct server {
	struct server_spec spec;
	struct loop *loop;
	struct ws_hub *hub;
	struct ws_server *ws;
	struct loop_timer *tick;
	struct eth eth;
	struct conn *conns;
	struct buf answer;
	bool synced; /* the chain has caught up once: readers are told of new blocks */
};

static bool allowed(const struct server *s, const char *auth)
{
	size_t n = s->spec.token ? strlen(s->spec.token) : 0;

	if (!n)
		return true;
	return strncmp(auth, "Bearer ", 7) == 0 && strlen(auth + 7) == n &&
	       sodium_memcmp(auth + 7, s->spec.token, n) == 0;
}

/* The run's own time: never behind what is settled, should the wall clock step back. */
static int64_t now_of(const struct server *s)
{
	int64_t now = clock_wall_ms(), edge = s->spec.world->timeline.edge;

	return now > edge ? now : edge;
}

/* --- the tick */

static void on_block(void *arg, const struct block *b, bool lost)
{
	struct server *s = arg;

	for (struct conn *c = s->conns; c; c = c->next)
		if (c->eth)
			ethconn_block(c->eth, b, lost);
}

static void on_lost(void *arg, const struct block *b)
{
	on_block(arg, b, true);
}

static void on_won(void *arg, const struct block *b)
{
	on_block(arg, b, false);
}

static const struct chain_ops chain_ops = { .lost = on_lost, .won = on_won };

static void tick(void *arg)
{
	struct server *s = arg;
	int64_t now = now_of(s);

	timeline_advance(&s->spec.world->timeline, now);
	s->eth.now = now;
	if (chain_advance(s->spec.chain, now, TICK_BLOCKS) && !s->synced) {
		s->synced = true;
		chain_tell(s->spec.chain, &chain_ops, s);
	}
	for (struct conn *c = s->conns; c; c = c->next)
		if (c->stream)
			stream_pump(c->stream, now);
}

/* --- WebSocket */

/* "since=123" among the query's words. */
static int read_since(const char *query, struct stream_ask *a)
{
	const char *p = query;

	*a = (struct stream_ask){ 0 };
	while (p && strncmp(p, "since=", 6) != 0)
		p = (p = strchr(p, '&')) ? p + 1 : NULL;
	if (!p)
		return 0;
	a->has_since = true;
	return num_u64(slice_mem(p + 6, strcspn(p + 6, "&")), &a->since);
}

static struct conn *conn_new(struct server *s, struct ws_conn *wc)
{
	struct conn *c = xcalloc(1, sizeof(*c));

	c->server = s;
	c->next = s->conns;
	c->at = &s->conns;
	if (c->next)
		c->next->at = &c->next;
	s->conns = c;
	ws_conn_set_data(wc, c);
	return c;
}

static void conn_free(struct conn *c)
{
	*c->at = c->next;
	if (c->next)
		c->next->at = c->at;
	stream_free(c->stream);
	ethconn_free(c->eth);
	free(c);
}

static int accept_stream(struct server *s, struct ws_conn *wc, const char *query,
	const char *subprotocol)
{
	struct stream_ask ask;

	if (strcmp(subprotocol, SUBPROTOCOL) != 0 || read_since(query, &ask) < 0)
		return 400;
	timeline_advance(&s->spec.world->timeline, now_of(s));
	conn_new(s, wc)->stream = stream_new(s->spec.world, wc, &ask, now_of(s));
	return 0;
}

static int on_accept(void *arg, struct ws_conn *wc, const char *path, const char *query,
	const char *auth, const char *subprotocol)
{
	struct server *s = arg;

	if (!allowed(s, auth))
		return 401;
	if (strcmp(path, "/events") == 0)
		return accept_stream(s, wc, query, subprotocol);
	if (strcmp(path, "/") != 0 && strcmp(path, "/rpc") != 0)
		return 404;
	conn_new(s, wc)->eth = ethconn_new(s->loop, &s->eth, wc);
	return 0;
}

static void on_message(void *arg, struct ws_conn *wc, struct slice msg)
{
	struct conn *c = ws_conn_data(wc);

	if (c && c->eth)
		ethconn_message(c->eth, msg);
}

static void on_writable(void *arg, struct ws_conn *wc)
{
	struct server *s = arg;
	struct conn *c = ws_conn_data(wc);

	if (c && c->stream)
		stream_pump(c->stream, now_of(s));
}

static void on_closed(void *arg, struct ws_conn *wc)
{
	struct conn *c = ws_conn_data(wc);

	ws_conn_set_data(wc, NULL);
	if (c)
		conn_free(c);
}

/* --- HTTP */

static void answer(struct server *s, struct ws_response *r, int status, const char *type)
{
	*r = (struct ws_response){ status, type, buf_slice(&s->answer) };
}

static void answer_text(struct server *s, struct ws_response *r, int status, const char *text)
{
	buf_reset(&s->answer);
	buf_adds(&s->answer, text);
	answer(s, r, status, "text/plain; charset=utf-8");
}

static void answer_error(struct server *s, struct ws_response *r, int status, const struct err *e)
{
	struct jw w;

	buf_reset(&s->answer);
	jw_init(&w, &s->answer);
	jw_object(&w);
	jw_key(&w, "error");
	jw_str(&w, slice_of(e->text));
	jw_end(&w);
	answer(s, r, status, "application/json");
}

static void get_health(struct server *s, const struct ws_request *rq, struct ws_response *r)
{
	char registry[ADDR_TEXT];
	struct cursor c;

	addr_text(&chain_maker(s->spec.chain)->registry, registry);
	cursor_seek_time(&s->spec.world->timeline, &c, s->spec.world->timeline.edge);
	buf_addf(&s->answer, "{\"status\":\"ok\",\"sequence\":%llu,\"block\":%llu,\"registry\":\"%s\"}",
		(unsigned long long)c.seq - 1, (unsigned long long)chain_head(s->spec.chain), registry);
	answer(s, r, 200, "application/json");
}

/* /metrics, /metrics/NETWORK, /metrics/NETWORK/SITE */
static int read_metrics_path(const char *path, struct exposition_spec *x)
{
	const char *network = path + strlen("/metrics"), *site;

	x->network = x->site = -1;
	if (!*network)
		return 0;
	site = strchr(++network, '/');
	x->network = fleet_network(slice_mem(network, site ? (size_t)(site - network) : strlen(network)));
	if (site)
		x->site = fleet_site(slice_of(site + 1));
	return x->network < 0 || (site && x->site < 0) ? -1 : 0;
}

static void get_metrics(struct server *s, const struct ws_request *rq, struct ws_response *r)
{
	struct exposition_spec x = { .now = s->spec.world->timeline.edge,
		.openmetrics = strstr(rq->accept, "application/openmetrics-text") != NULL };

	if (read_metrics_path(rq->path, &x) < 0) {
		answer_text(s, r, 404, "no such network or site\n");
		return;
	}
	if (exposition_write(s->spec.world, &x, &s->answer) < 0) {
		answer_text(s, r, 503, "the page would pass 96 MiB: ask for /metrics/NETWORK/SITE\n");
		return;
	}
	answer(s, r, 200, x.openmetrics ?
		"application/openmetrics-text; version=1.0.0; charset=utf-8" :
		"text/plain; version=0.0.4; charset=utf-8");
}

static void get_scenarios(struct server *s, const struct ws_request *rq, struct ws_response *r)
{
	control_list(&s->spec.control, now_of(s), &s->answer);
	answer(s, r, 200, "application/json");
}

static void post_control(struct server *s, const struct ws_request *rq, struct ws_response *r)
{
	struct err e;

	if (control_command(&s->spec.control, rq->body, now_of(s), &s->answer, &e) < 0)
		answer_error(s, r, e.class == ERR_REFUSED ? 409 : e.class == ERR_OURS ? 500 : 400, &e);
	else
		answer(s, r, 200, "application/json");
}

static void post_rpc(struct server *s, const struct ws_request *rq, struct ws_response *r)
{
	ethconn_post(s->loop, &s->eth, rq->body, &s->answer);
	answer(s, r, 200, "application/json");
}

static const struct route {
	const char *method, *path;
	bool below; /* also for what is below path */
	bool open;  /* without the token */
	void (*run)(struct server *s, const struct ws_request *rq, struct ws_response *r);
} routes[] = {
	{ "GET", "/healthz", false, true, get_health },
	{ "GET", "/metrics", true, false, get_metrics },
	{ "GET", "/scenarios", false, false, get_scenarios },
	{ "POST", "/control", false, false, post_control },
	{ "POST", "/", false, false, post_rpc },
	{ "POST", "/rpc", false, false, post_rpc },
};

static bool route_is(const struct route *t, const char *path)
{
	size_t n = strlen(t->path);

	return strncmp(path, t->path, n) == 0 && (!path[n] || (t->below && path[n] == '/'));
}

static void on_http(void *arg, const struct ws_request *rq, struct ws_response *r)
{
	struct server *s = arg;
	const struct route *found = NULL;
	bool path = false;

	for (size_t i = 0; i < ARRAY_LEN(routes); i++)
		if (route_is(&routes[i], rq->path)) {
			path = true;
			if (strcmp(rq->method, routes[i].method) == 0)
				found = &routes[i];
		}
	buf_reset(&s->answer);
	buf_trim(&s->answer, 1u << 16);
	if (!found)
		answer_text(s, r, path ? 405 : 404, path ? "wrong method\n" : "nothing here\n");
	else if (!found->open && !allowed(s, rq->auth))
		answer_text(s, r, 401, "a bearer token is needed\n");
	else
		found->run(s, rq, r);
}

/* --- life */

struct server *server_new(struct loop *l, const struct server_spec *spec, struct err *e)
{
	static const char *const subprotocols[] = { SUBPROTOCOL, "", NULL };
	struct server *s = xcalloc(1, sizeof(*s));
	const struct ws_server_spec ws = { .listen = spec->listen, .subprotocols = subprotocols,
		.max_message = MESSAGE_MAX, .max_body = MESSAGE_MAX, .max_conns = CONNS_MAX,
		.accept = on_accept, .message = on_message, .writable = on_writable,
		.closed = on_closed, .http = on_http, .arg = s };

	s->spec = *spec;
	s->loop = l;
	s->eth = (struct eth){ .chain = spec->chain, .now = clock_wall_ms() };
	buf_init(&s->answer, EXPOSITION_MAX);
	timeline_advance(&spec->world->timeline, clock_wall_ms());
	s->hub = ws_hub_new(l);
	s->ws = ws_server_new(s->hub, &ws, e);
	if (!s->ws) {
		server_free(s);
		return NULL;
	}
	s->tick = loop_timer_new(l, 0, TICK_MS, tick, s);
	return s;
}

void server_free(struct server *s)
{
	if (!s)
		return;
	chain_tell(s->spec.chain, NULL, NULL);
	loop_timer_free(s->tick);
	ws_server_free(s->ws);
	while (s->conns)
		conn_free(s->conns);
	ws_hub_free(s->hub);
	buf_fini(&s->answer);
	free(s);
}

int server_port(const struct server *s)
{
	return ws_server_port(s->ws);
}
