/*
 * One WebSocket connection to a URL, dialled again for ever.
 *
 * A dial has a number, and libwebsockets is given that number instead of a pointer: what it
 * says about a connection that we gave up, or whose client is freed, finds nobody and is
 * dropped, however late it comes.
 */
#include "net/ws_client.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "net/reach.h"

#define BACKOFF_MIN_MS 250
#define BACKOFF_MAX_MS 30000
#define MESSAGE_MAX    (16u << 20) /* when the spec names none */
#define CONNECT_MS     10000
#define KEEPALIVE_MS   30000
#define BEATS	       4 /* looks at a line in the time of its keepalive */

static void client_dial(void *arg);
static void client_connect(struct ws_client *c);

static char *copy(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

static void client_hang_up(struct ws_client *c)
{
	struct lws *wsi = c->wsi;

	c->dial = 0;
	c->wsi = NULL;
	c->up = false;
	ws_raw_free(c->raw);
	c->raw = NULL;
	ws_queue_fini(&c->out);
	ws_queue_init(&c->out);
	buf_reset(&c->join);
	c->joining = false;
	if (wsi && c->hub) {
		lws_set_opaque_user_data(wsi, NULL);
		ws_hub_kill(c->hub, wsi);
	}
}

/* Lets go of the connection, whatever its state. */
static void client_drop(struct ws_client *c)
{
	resolve_cancel(c->resolve);
	c->resolve = NULL;
	if (c->patience)
		loop_timer_stop(c->patience);
	if (c->pulse)
		loop_timer_stop(c->pulse);
	client_hang_up(c);
}

void ws_client_down(struct ws_client *c, const struct err *why)
{
	struct err e = *why;

	if (c->up && clock_mono_ms() - c->up_since_ms > BACKOFF_MAX_MS)
		backoff_reset(&c->backoff);
	client_drop(c);
	loop_timer_again(c->again, backoff_next_ms(&c->backoff), 0);
	if (c->spec.state)
		c->spec.state(c->spec.arg, false, &e);
}

void ws_client_failed(struct ws_client *c, const struct err *why)
{
	struct err e = *why;

	if (c->addr + 1 >= c->addrs.n || e.class != ERR_UNREACH) {
		ws_client_down(c, &e);
		return;
	}
	c->addr++;
	client_connect(c);
}

static void client_late(void *arg)
{
	struct ws_client *c = arg;
	struct err e;

	err_set(&e, ERR_UNREACH, "%s: no answer within %d ms: is it running, or behind a firewall?",
		c->shown, c->spec.connect_timeout_ms);
	ws_client_down(c, &e);
}

static int client_reach(struct ws_client *c, struct err *e)
{
	int rc = c->to.sock[0] ? reach_unix(c->to.sock, e)
			       : reach_tcp(c->addrs.text[c->addr], c->to.port, e);

	if (rc < 0)
		err_prefix(e, "%s", c->shown);
	return rc;
}

/* A raw socket for frames of ours; its answers come when we have its number. */
static void connect_plain(struct ws_client *c, struct lws_client_connect_info *i)
{
	uint64_t dial = ++c->hub->dials;

	i->method = "RAW";
	i->opaque_user_data = (void *)(uintptr_t)dial;
	c->wsi = lws_client_connect_via_info(i);
	if (!c->wsi)
		return;
	c->dial = dial;
	ws_queue_ask(&c->out, c->wsi);
}

static void connect_tls(struct ws_client *c, struct lws_client_connect_info *i)
{
	i->path = c->to.path;
	i->host = i->origin = c->host;
	i->protocol = c->subprotocol;
	i->ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT | LCCSCF_USE_SSL;
	i->alpn = "http/1.1";
	i->retry_and_idle_policy = ws_hub_policy(c->hub, c->spec.keepalive_ms);
	c->dial = ++c->hub->dials;
	i->opaque_user_data = (void *)(uintptr_t)c->dial;
	c->wsi = lws_client_connect_via_info(i);
}

static void client_connect(struct ws_client *c)
{
	struct lws_client_connect_info i = { .context = c->hub->ctx };
	char sock[sizeof(c->to.sock) + 1];
	bool v6 = strchr(c->to.host, ':') != NULL;
	struct err e;

	client_hang_up(c);
	i.vhost = ws_hub_client_vhost(c->hub, c->ca_file, &e);
	if (!i.vhost) {
		ws_client_down(c, &e);
		return;
	}
	if (client_reach(c, &e) < 0) {
		ws_client_failed(c, &e);
		return;
	}
	snprintf(c->host, sizeof(c->host), c->to.sock[0] ? "%s" : v6 ? "[%s]:%d" : "%s:%d", c->to.host,
		c->to.port);
	snprintf(sock, sizeof(sock), "+%s", c->to.sock); /* libwebsockets' way to say it */
	i.address = c->to.sock[0] ? sock : c->addrs.text[c->addr];
	i.port = c->to.port;
	i.local_protocol_name = WS_PROTOCOL;
	if (!c->to.tls && !(c->raw = ws_raw_new(c))) {
		err_set(&e, ERR_USAGE, "%s: the path or the token is too long", c->shown);
		ws_client_down(c, &e);
		return;
	}
	(c->to.tls ? connect_tls : connect_plain)(c, &i);
	ws_hub_poke(c->hub);
	if (c->wsi)
		return;
	err_set(&e, ERR_UNREACH, "%s: cannot connect to %s", c->shown, i.address);
	ws_client_failed(c, &e);
}

static void client_resolved(void *arg, const struct resolved *addrs, const struct err *why)
{
	struct ws_client *c = arg;
	struct err e;

	c->resolve = NULL;
	if (why) {
		e = *why;
		err_prefix(&e, "%s", c->shown);
		ws_client_down(c, &e);
		return;
	}
	c->addrs = *addrs;
	client_connect(c);
}

static void client_dial(void *arg)
{
	struct ws_client *c = arg;
	char url[sizeof(c->to.path) + 512];
	struct err e;

	snprintf(url, sizeof(url), "%s", c->url);
	if (c->spec.dial)
		c->spec.dial(c->spec.arg, url, sizeof(url));
	url_shown(url, c->shown, sizeof(c->shown));
	if (url_parse(url, &c->to, &e) < 0) {
		ws_client_down(c, &e);
		return;
	}
	loop_timer_again(c->patience, c->spec.connect_timeout_ms, 0);
	c->addrs.n = c->addr = 0;
	if (c->to.sock[0])
		client_connect(c);
	else
		c->resolve = resolve_start(c->hub->loop, c->to.host, client_resolved, c);
}

void ws_client_up(struct ws_client *c)
{
	int beat = c->spec.keepalive_ms / BEATS + 1;

	c->up = true;
	c->up_since_ms = c->alive_ms = clock_mono_ms();
	loop_timer_stop(c->patience);
	if (c->raw)
		loop_timer_again(c->pulse, beat, beat);
	if (c->paused)
		ws_client_pause(c, true);
	if (c->spec.state)
		c->spec.state(c->spec.arg, true, NULL);
}

/* A paused connection over TLS reads no PONG either: we vouch for it meanwhile. */
static void client_pulse(void *arg)
{
	struct ws_client *c = arg;

	if (!c->up)
		return;
	if (c->raw) {
		ws_raw_pulse(c->raw);
		return;
	}
	lws_validity_confirmed(c->wsi);
	ws_hub_poke(c->hub);
}

static int check_spec(const struct ws_client_spec *s, struct err *e)
{
	struct url u;

	if (url_parse(s->url, &u, e) < 0)
		return -1;
	if (u.scheme[0] != 'w')
		return err_set(e, ERR_USAGE, "%s://%s: not a URL of ws, wss or ws+unix", u.scheme, u.host);
	for (const char *p = s->bearer; p && *p; p++)
		if (*p <= ' ' || *p >= 0x7f)
			return err_set(e, ERR_USAGE, "the token for %s holds a blank or a control "
				"character", u.host);
	return 0;
}

struct ws_client *ws_client_new(struct ws_hub *h, const struct ws_client_spec *s, struct err *e)
{
	struct ws_client *c;

	if (check_spec(s, e) < 0)
		return NULL;
	c = xcalloc(1, sizeof(*c));
	c->hub = h;
	c->spec = *s;
	c->url = copy(s->url);
	c->subprotocol = copy(s->subprotocol);
	c->bearer = copy(s->bearer);
	c->ca_file = copy(s->ca_file);
	if (c->spec.connect_timeout_ms <= 0)
		c->spec.connect_timeout_ms = CONNECT_MS;
	if (!c->spec.max_message)
		c->spec.max_message = MESSAGE_MAX;
	if (c->spec.keepalive_ms <= 0)
		c->spec.keepalive_ms = KEEPALIVE_MS;
	c->backoff = (struct backoff){ .min_ms = BACKOFF_MIN_MS, .max_ms = BACKOFF_MAX_MS };
	buf_init(&c->join, c->spec.max_message);
	ws_queue_init(&c->out);
	c->patience = loop_timer_new(h->loop, 1, 0, client_late, c);
	loop_timer_stop(c->patience);
	c->pulse = loop_timer_new(h->loop, 1, 0, client_pulse, c);
	loop_timer_stop(c->pulse);
	c->next = h->clients;
	c->prev = &h->clients;
	if (c->next)
		c->next->prev = &c->next;
	h->clients = c;
	c->again = loop_timer_new(h->loop, 0, 0, client_dial, c);
	return c;
}

int ws_client_send(struct ws_client *c, struct slice text)
{
	if (!c->up)
		return -1;
	if (c->raw)
		return ws_raw_send(c->raw, text);
	if (ws_queue_add(&c->out, text, WS_WHOLE) < 0)
		return -1;
	ws_queue_ask(&c->out, c->wsi);
	return 0;
}

void ws_client_redial(struct ws_client *c)
{
	struct err e;

	if (!c->hub || (!c->up && !c->dial && !c->resolve))
		return; /* it waits for its next dial already */
	err_set(&e, ERR_UNREACH, "%s: dialled anew", c->shown);
	ws_client_down(c, &e);
}

void ws_client_pause(struct ws_client *c, bool paused)
{
	int beat = c->spec.keepalive_ms > 2000 ? c->spec.keepalive_ms / 2 : 1000;

	c->paused = paused;
	if (!c->up)
		return;
	if (c->raw) {
		ws_raw_flow(c->raw, !paused);
		return;
	}
	if (paused)
		loop_timer_again(c->pulse, beat, beat);
	else
		loop_timer_stop(c->pulse);
	lws_rx_flow_control(c->wsi, !paused);
	ws_hub_poke(c->hub);
}

void ws_client_orphan(struct ws_client *c)
{
	client_drop(c);
	*c->prev = c->next;
	if (c->next)
		c->next->prev = c->prev;
	loop_timer_free(c->again);
	loop_timer_free(c->patience);
	loop_timer_free(c->pulse);
	c->again = c->patience = c->pulse = NULL;
	c->hub = NULL;
}

void ws_client_free(struct ws_client *c)
{
	if (!c)
		return;
	if (c->hub)
		ws_client_orphan(c);
	ws_queue_fini(&c->out);
	buf_fini(&c->join);
	free(c->url);
	free(c->subprotocol);
	if (c->bearer)
		explicit_bzero(c->bearer, strlen(c->bearer));
	free(c->bearer);
	free(c->ca_file);
	free(c);
}
