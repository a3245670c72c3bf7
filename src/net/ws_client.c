/*
 * One WebSocket connection to a URL, dialled again for ever.
 *
 * A dial has a number, and libwebsockets is given that number instead of a pointer: what it
 * says about a connection that we gave up, or whose client is freed, finds nobody and is
 * dropped, however late it comes.
 */
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "net/backoff.h"
#include "net/resolve.h"
#include "net/url.h"
#include "net/ws_hub.h"
#include "net/ws_queue.h"

#define BACKOFF_MIN_MS 250
#define BACKOFF_MAX_MS 30000
#define ALIVE_MS       250 /* signs of life closer than this are one */
#define KEEP_JOIN      (1u << 20) /* of the buffer for joined messages */
#define MESSAGE_MAX    (16u << 20) /* when the spec names none */
#define CONNECT_MS     10000

struct ws_client {
	struct ws_hub *hub;
	struct ws_client *next, **prev;
	struct ws_client_spec spec;
	char *url, *subprotocol, *bearer, *ca_file;
	struct url to;
	char shown[256];
	struct resolve *resolve;
	struct resolved addrs;
	int addr; /* the one being tried */
	uint64_t dial; /* 0: none under way and none up */
	struct lws *wsi;
	bool up, paused;
	int64_t up_since_ms, alive_ms;
	struct backoff backoff;
	struct loop_timer *again, *patience, *pulse;
	struct buf join; /* fragments of one message */
	bool joining;
	struct ws_queue out;
	struct err why; /* our own reason to close */
};

static void client_dial(void *arg);
static void client_connect(struct ws_client *c);

static char *copy(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

/* Lets go of the connection, whatever its state. */
static void client_drop(struct ws_client *c)
{
	struct lws *wsi = c->wsi;

	c->dial = 0;
	c->wsi = NULL;
	c->up = false;
	resolve_cancel(c->resolve);
	c->resolve = NULL;
	if (c->patience)
		loop_timer_stop(c->patience);
	if (c->pulse)
		loop_timer_stop(c->pulse);
	ws_queue_fini(&c->out);
	ws_queue_init(&c->out);
	buf_reset(&c->join);
	c->joining = false;
	if (wsi && c->hub) {
		lws_set_opaque_user_data(wsi, NULL);
		ws_hub_kill(c->hub, wsi);
	}
}

/* The dial or the connection has ended.  The last thing a caller does: the owner may free c. */
static void client_down(struct ws_client *c, const struct err *why)
{
	struct err e = *why;

	if (c->up && clock_mono_ms() - c->up_since_ms > BACKOFF_MAX_MS)
		backoff_reset(&c->backoff);
	client_drop(c);
	loop_timer_again(c->again, backoff_next_ms(&c->backoff), 0);
	if (c->spec.state)
		c->spec.state(c->spec.arg, false, &e);
}

/* One address did not answer: the next, or the end of this dial. */
static void client_failed(struct ws_client *c, const struct err *why)
{
	struct err e = *why;

	if (c->addr + 1 >= c->addrs.n || e.class != ERR_UNREACH) {
		client_down(c, &e);
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
	client_down(c, &e);
}

static void client_connect(struct ws_client *c)
{
	struct lws_client_connect_info i = { .context = c->hub->ctx };
	char host[sizeof(c->to.host) + 16];
	bool v6 = strchr(c->to.host, ':') != NULL;
	struct err e;

	i.vhost = ws_hub_client_vhost(c->hub, c->ca_file, &e);
	if (!i.vhost) {
		client_down(c, &e);
		return;
	}
	snprintf(host, sizeof(host), v6 ? "[%s]:%d" : "%s:%d", c->to.host, c->to.port);
	i.address = c->addrs.text[c->addr];
	i.port = c->to.port;
	i.path = c->to.path;
	i.host = i.origin = host;
	i.protocol = c->subprotocol;
	i.local_protocol_name = WS_PROTOCOL;
	i.ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT | (c->to.tls ? LCCSCF_USE_SSL : 0);
	i.alpn = "http/1.1";
	i.retry_and_idle_policy = ws_hub_policy(c->hub, c->spec.keepalive_ms);
	c->dial = ++c->hub->dials;
	i.opaque_user_data = (void *)(uintptr_t)c->dial;
	c->wsi = lws_client_connect_via_info(&i);
	ws_hub_poke(c->hub);
	if (c->wsi)
		return;
	err_set(&e, ERR_UNREACH, "%s: cannot connect to %s", c->shown, i.address);
	client_failed(c, &e);
}

static void client_resolved(void *arg, const struct resolved *addrs, const struct err *why)
{
	struct ws_client *c = arg;
	struct err e;

	c->resolve = NULL;
	if (why) {
		e = *why;
		err_prefix(&e, "%s", c->shown);
		client_down(c, &e);
		return;
	}
	c->addrs = *addrs;
	c->addr = 0;
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
		client_down(c, &e);
		return;
	}
	loop_timer_again(c->patience, c->spec.connect_timeout_ms, 0);
	c->resolve = resolve_start(c->hub->loop, c->to.host, client_resolved, c);
}

/* --- what libwebsockets says */

static struct ws_client *client_of(struct lws *wsi)
{
	struct ws_hub *h = lws_context_user(lws_get_context(wsi));
	uint64_t dial = (uintptr_t)lws_get_opaque_user_data(wsi);

	for (struct ws_client *c = dial ? h->clients : NULL; c; c = c->next)
		if (c->dial == dial)
			return c;
	return NULL;
}

static int add_bearer(struct ws_client *c, struct lws *wsi, unsigned char **p, unsigned char *end)
{
	char *line;
	int rc;

	if (!c->bearer)
		return 0;
	line = xasprintf("Bearer %s", c->bearer);
	rc = lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_AUTHORIZATION,
		(unsigned char *)line, (int)strlen(line), p, end);
	explicit_bzero(line, strlen(line));
	free(line);
	return rc;
}

/* What TLS found wrong with the server's certificate, or NULL. */
static const char *distrust(struct lws *wsi)
{
	SSL *ssl = lws_get_ssl(wsi);
	long rc = ssl ? SSL_get_verify_result(ssl) : X509_V_OK;

	return rc == X509_V_OK ? NULL : X509_verify_cert_error_string(rc);
}

/* The server's words are its own: cleaned before anybody sees them. */
static void story_of_failure(struct ws_client *c, struct lws *wsi, const char *in, size_t n,
	struct err *e)
{
	unsigned status = lws_http_client_http_response(wsi);
	struct buf clean;

	if (status == 401 || status == 403) {
		err_set(e, ERR_REFUSED, "%s: the server answered %u: is the token right?", c->shown,
			status);
		return;
	}
	if (status && status != 101) {
		err_set(e, ERR_REFUSED, "%s: the server answered %u instead of opening a WebSocket",
			c->shown, status);
		return;
	}
	if (c->to.tls && distrust(wsi)) {
		err_set(e, ERR_REFUSED, "%s: its certificate is not trusted (%s): give its CA in "
			"ca_file", c->shown, distrust(wsi));
		return;
	}
	buf_init(&clean, 200);
	text_clean(&clean, slice_mem(in ? in : "", in ? strnlen(in, n) : 0), false);
	err_set(e, ERR_UNREACH, "%s: cannot connect: is it running, and is the port right? (%s)",
		c->shown, clean.len ? clean.p : "it broke off");
	buf_fini(&clean);
}

static int check_subprotocol(struct ws_client *c, struct lws *wsi)
{
	char got[64] = "";

	lws_hdr_copy(wsi, got, sizeof(got), WSI_TOKEN_PROTOCOL);
	if (!c->spec.subprotocol_needed || !c->subprotocol || strcmp(got, c->subprotocol) == 0)
		return 0;
	err_set(&c->why, ERR_REFUSED, "%s: the server does not speak %s", c->shown, c->subprotocol);
	return -1;
}

static int client_up(struct ws_client *c, struct lws *wsi)
{
	c->up = true;
	c->wsi = wsi;
	c->up_since_ms = c->alive_ms = clock_mono_ms();
	loop_timer_stop(c->patience);
	if (c->paused)
		ws_client_pause(c, true);
	if (c->spec.state)
		c->spec.state(c->spec.arg, true, NULL);
	return 0;
}

/* libwebsockets takes only a PONG for a sign of life, and some servers send none. */
static void client_alive(struct ws_client *c, struct lws *wsi)
{
	int64_t now = clock_mono_ms();

	if (now - c->alive_ms < ALIVE_MS)
		return;
	c->alive_ms = now;
	lws_validity_confirmed(wsi);
}

static int too_large(struct ws_client *c, struct lws *wsi)
{
	err_set(&c->why, ERR_REFUSED, "%s: sent a message of more than %u bytes", c->shown,
		c->spec.max_message);
	lws_close_reason(wsi, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, NULL, 0);
	return -1;
}

static void hand_over(struct ws_client *c, struct lws *wsi, struct slice msg)
{
	if (c->spec.message)
		c->spec.message(c->spec.arg, msg, lws_frame_is_binary(wsi));
}

static int client_joined(struct ws_client *c, struct lws *wsi)
{
	uint64_t dial = c->dial;

	c->joining = false;
	hand_over(c, wsi, buf_slice(&c->join));
	if (client_of(wsi) != c || c->dial != dial)
		return 0; /* freed or redialled by its owner */
	buf_reset(&c->join);
	buf_trim(&c->join, KEEP_JOIN);
	return 0;
}

static int client_receive(struct ws_client *c, struct lws *wsi, const char *p, size_t n)
{
	bool whole = lws_is_final_fragment(wsi);

	client_alive(c, wsi);
	if (c->join.len + n + lws_remaining_packet_payload(wsi) > c->spec.max_message)
		return too_large(c, wsi);
	if (whole && !c->joining) {
		hand_over(c, wsi, slice_mem(p, n));
		return 0;
	}
	c->joining = true;
	buf_add(&c->join, p, n);
	return whole ? client_joined(c, wsi) : 0;
}

static int client_closed(struct ws_client *c, struct lws *wsi)
{
	struct err e = c->why;

	c->wsi = NULL;
	if (!e.class)
		err_set(&e, ERR_UNREACH, "%s: the connection ended", c->shown);
	c->why = (struct err){ 0 };
	client_down(c, &e);
	return 0;
}

static int client_refused(struct ws_client *c, struct lws *wsi, const char *in, size_t n)
{
	struct err e = c->why;

	c->wsi = NULL;
	if (!e.class)
		story_of_failure(c, wsi, in, n, &e);
	c->why = (struct err){ 0 };
	client_failed(c, &e);
	return 0;
}

int ws_client_callback(struct lws *wsi, enum lws_callback_reasons why, void *user, void *in,
	size_t n)
{
	struct ws_client *c = client_of(wsi);

	if (!c)
		return why == LWS_CALLBACK_CLIENT_RECEIVE ? -1 : 0;
	switch (why) {
	case LWS_CALLBACK_CLIENT_RECEIVE:
		return client_receive(c, wsi, in, n);
	case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
		c->alive_ms = clock_mono_ms();
		return 0;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return ws_queue_write(&c->out, wsi);
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		return add_bearer(c, wsi, in, *(unsigned char **)in + n);
	case LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH:
		return check_subprotocol(c, wsi);
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		return client_up(c, wsi);
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		return client_refused(c, wsi, in, n);
	case LWS_CALLBACK_CLIENT_CLOSED:
	case LWS_CALLBACK_WSI_DESTROY:
		return client_closed(c, wsi);
	default:
		return 0;
	}
}

/* --- what the owner says */

/* A paused connection reads no PONG either: we vouch for it meanwhile. */
static void client_pulse(void *arg)
{
	struct ws_client *c = arg;

	if (!c->up)
		return;
	lws_validity_confirmed(c->wsi);
	ws_hub_poke(c->hub);
}

static int check_spec(const struct ws_client_spec *s, struct err *e)
{
	struct url u;

	if (url_parse(s->url, &u, e) < 0)
		return -1;
	if (u.scheme[0] != 'w')
		return err_set(e, ERR_USAGE, "%s://%s: not a URL of ws or wss", u.scheme, u.host);
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
	if (!c->up || ws_queue_add(&c->out, text, WS_WHOLE) < 0)
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
	client_down(c, &e);
}

void ws_client_pause(struct ws_client *c, bool paused)
{
	int beat = c->spec.keepalive_ms > 2000 ? c->spec.keepalive_ms / 2 : 1000;

	c->paused = paused;
	if (!c->up)
		return;
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
