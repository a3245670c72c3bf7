/* One connection of a server: its handshake, its messages, its end. */
#include "net/ws_conn.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"

#define QUEUE_LOW  (1u << 20)
#define CLOSE_SECS 5
#define ALIVE_MS   250 /* signs of life closer than this are one */
#define KEEP_JOIN  (1u << 20)

static void conn_unlink(struct ws_conn *c)
{
	if (!c->server)
		return;
	*c->prev = c->next;
	if (c->next)
		c->next->prev = c->prev;
	c->server->conns_n--;
	c->server = NULL;
}

void ws_conn_closed(struct ws_conn *c)
{
	struct ws_server *s = c->server;

	c->up = false;
	conn_unlink(c);
	if (s && c->accepted && s->spec.closed)
		s->spec.closed(s->spec.arg, c);
	c->accepted = false;
}

static void conn_free(struct ws_conn *c)
{
	ws_conn_closed(c);
	ws_queue_fini(&c->out);
	buf_fini(&c->join);
	ws_http_free(c->http);
	free(c);
}

struct ws_conn *ws_conn_new(struct ws_server *s)
{
	struct ws_conn *c = xcalloc(1, sizeof(*c));

	c->server = s;
	ws_queue_init(&c->out);
	buf_init(&c->join, s->spec.max_message);
	c->next = s->conns;
	c->prev = &s->conns;
	if (c->next)
		c->next->prev = &c->next;
	s->conns = c;
	s->conns_n++;
	return c;
}

/* --- the handshake */

static bool offered(const struct ws_server *s, const char *name, size_t n)
{
	for (char **p = s->names; *p; p++)
		if (strlen(*p) == n && memcmp(*p, name, n) == 0)
			return true;
	return false;
}

/* The first of the client's list that we speak, as libwebsockets will choose too. */
static int choose_subprotocol(const struct ws_server *s, const char *list, char *out, size_t size)
{
	if (!*list) {
		out[0] = '\0';
		return s->none ? 0 : -1;
	}
	while (*list) {
		size_t n;

		list += strspn(list, ", \t");
		n = strcspn(list, ", \t");
		if (n && n < size && offered(s, list, n)) {
			memcpy(out, list, n);
			out[n] = '\0';
			return 0;
		}
		list += n;
	}
	return -1;
}

/* The HTTP status to refuse a handshake with, 0: welcome. */
static int judge(struct ws_conn *c, struct lws *wsi)
{
	struct ws_server *s = c->server;
	char path[1024], query[2048], auth[1024], list[128], chosen[64];
	int rc = 0;

	if (!s || s->dead || c->closing)
		return 503;
	if (ws_http_header(wsi, WSI_TOKEN_GET_URI, path, sizeof(path)) < 0 ||
		ws_http_query(wsi, query, sizeof(query)) < 0)
		return 414;
	if (ws_http_header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, auth, sizeof(auth)) < 0 ||
		ws_http_header(wsi, WSI_TOKEN_PROTOCOL, list, sizeof(list)) < 0)
		return 431;
	if (choose_subprotocol(s, list, chosen, sizeof(chosen)) < 0)
		return 400;
	if (s->spec.accept)
		rc = s->spec.accept(s->spec.arg, c, path, query, auth, chosen);
	explicit_bzero(auth, sizeof(auth));
	c->accepted = rc == 0;
	return rc;
}

static int confirm_upgrade(struct ws_conn *c, struct lws *wsi, const char *to)
{
	int status = strcasecmp(to, "websocket") == 0 ? judge(c, wsi) : 400;

	if (status == 0)
		return 0;
	lws_return_http_status(wsi, (unsigned)status, NULL);
	return -1;
}

/* --- messages */

static int too_large(struct lws *wsi)
{
	lws_close_reason(wsi, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, NULL, 0);
	return -1;
}

static int conn_receive(struct ws_conn *c, struct lws *wsi, const char *p, size_t n)
{
	struct ws_server *s = c->server;
	bool whole = lws_is_final_fragment(wsi);
	int64_t now = clock_mono_ms();

	if (!s)
		return -1;
	if (now - c->alive_ms >= ALIVE_MS) {
		c->alive_ms = now;
		lws_validity_confirmed(wsi);
	}
	if (c->join.len + n + lws_remaining_packet_payload(wsi) > s->spec.max_message)
		return too_large(wsi);
	if (whole && !c->join.len) {
		if (s->spec.message)
			s->spec.message(s->spec.arg, c, slice_mem(p, n));
		return 0;
	}
	buf_add(&c->join, p, n);
	if (!whole)
		return 0;
	if (s->spec.message)
		s->spec.message(s->spec.arg, c, buf_slice(&c->join));
	buf_reset(&c->join); /* c lives until libwebsockets says otherwise */
	buf_trim(&c->join, KEEP_JOIN);
	return 0;
}

static int conn_writable(struct ws_conn *c, struct lws *wsi)
{
	struct ws_server *s = c->server;

	if (ws_queue_write(&c->out, wsi) < 0)
		return -1;
	if (c->closing && !c->out.first) {
		lws_close_reason(wsi, (enum lws_close_status)c->closing, NULL, 0);
		return -1;
	}
	if (c->full && c->out.bytes <= QUEUE_LOW) {
		c->full = false;
		if (s && s->spec.writable)
			s->spec.writable(s->spec.arg, c);
	}
	return 0;
}

static int conn_up(struct ws_conn *c, struct lws *wsi)
{
	c->up = true;
	c->alive_ms = clock_mono_ms();
	if (c->out.first || c->closing)
		ws_queue_ask(&c->out, wsi);
	return c->server ? 0 : -1;
}

int ws_server_callback(struct lws *wsi, enum lws_callback_reasons why, void *user, void *in,
	size_t n)
{
	struct ws_conn *c = lws_get_opaque_user_data(wsi);

	if (!c)
		return 0;
	switch (why) {
	case LWS_CALLBACK_RECEIVE:
		return conn_receive(c, wsi, in, n);
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return conn_writable(c, wsi);
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		return confirm_upgrade(c, wsi, in);
	case LWS_CALLBACK_ESTABLISHED:
		return conn_up(c, wsi);
	case LWS_CALLBACK_HTTP:
		return ws_http_begin(c, wsi, in);
	case LWS_CALLBACK_HTTP_BODY:
		return ws_http_body(c, wsi, in, n);
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		return ws_http_complete(c, wsi);
	case LWS_CALLBACK_HTTP_WRITEABLE:
		return ws_http_write(c, wsi);
	case LWS_CALLBACK_CLOSED:
	case LWS_CALLBACK_CLOSED_HTTP:
		ws_conn_closed(c);
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		lws_set_opaque_user_data(wsi, NULL);
		conn_free(c);
		return 0;
	default:
		return 0;
	}
}

/* --- what the owner says to a connection */

static void conn_ask(struct ws_conn *c)
{
	c->full |= c->out.bytes > QUEUE_LOW;
	if (c->up)
		ws_queue_ask(&c->out, c->wsi);
}

int ws_conn_send(struct ws_conn *c, struct slice text)
{
	if (!c->server || c->closing || ws_queue_add(&c->out, text, WS_WHOLE) < 0)
		return -1;
	conn_ask(c);
	return 0;
}

int ws_conn_send_fragments(struct ws_conn *c, struct slice text, size_t n)
{
	size_t pieces = n ? text.n / n + 1 : 1, at = 0;

	if (!n || text.n <= n)
		return ws_conn_send(c, text);
	/* all or nothing: half a message would stop the stream for good */
	if (!c->server || c->closing || text.n + pieces * 128 > WS_QUEUE_MAX - c->out.bytes)
		return -1;
	while (at < text.n) {
		size_t k = text.n - at < n ? text.n - at : n;
		enum ws_part part = at == 0 ? WS_FIRST : at + k == text.n ? WS_LAST : WS_MIDDLE;

		ws_queue_add(&c->out, slice_mem(text.p + at, k), part);
		at += k;
	}
	conn_ask(c);
	return 0;
}

size_t ws_conn_queued(const struct ws_conn *c)
{
	return c->out.bytes;
}

/* What is queued goes out first, if the other side takes it in time. */
void ws_conn_close(struct ws_conn *c, int code)
{
	if (!c->server || c->closing)
		return;
	c->closing = code;
	if (!c->up)
		return;
	lws_set_timeout(c->wsi, PENDING_TIMEOUT_CLOSE_SEND, CLOSE_SECS);
	ws_queue_ask(&c->out, c->wsi);
	ws_hub_poke(c->server->hub);
}

void *ws_conn_data(struct ws_conn *c)
{
	return c->data;
}

void ws_conn_set_data(struct ws_conn *c, void *data)
{
	c->data = data;
}
