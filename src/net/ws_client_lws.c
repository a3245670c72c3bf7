/* What libwebsockets says about our connections: of those over TLS all, of the others what is no
 * byte of theirs. */
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "net/ws_client.h"

#define ALIVE_MS  250	     /* signs of life closer than this are one */
#define KEEP_JOIN (1u << 20) /* of the buffer for joined messages */

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
	unsigned status = c->raw ? 0 : lws_http_client_http_response(wsi);
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

static int client_established(struct ws_client *c, struct lws *wsi)
{
	c->wsi = wsi;
	ws_client_up(c);
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

/* The line is dropped and what still comes is passed over.  Answering -1 here would begin a polite
 * close, in which libwebsockets 4.1.6 goes on reading and writes beyond its buffer. */
static int too_large(struct ws_client *c)
{
	struct err e;

	err_set(&e, ERR_REFUSED, "%s: sent a message of more than %u bytes", c->shown,
		c->spec.max_message);
	ws_client_down(c, &e);
	return 0;
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
		return too_large(c);
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
	ws_client_down(c, &e);
	return 0;
}

static int client_refused(struct ws_client *c, struct lws *wsi, const char *in, size_t n)
{
	struct err e = c->why;

	c->wsi = NULL;
	if (!e.class)
		story_of_failure(c, wsi, in, n, &e);
	c->why = (struct err){ 0 };
	ws_client_failed(c, &e);
	return 0;
}

int ws_client_callback(struct lws *wsi, enum lws_callback_reasons why, void *user, void *in,
	size_t n)
{
	struct ws_client *c = client_of(wsi);

	if (!c)
		return 0; /* of a connection that is being killed */
	switch (why) {
	case LWS_CALLBACK_RAW_RX:
		return c->raw ? ws_raw_receive(c->raw, in, n) : -1;
	case LWS_CALLBACK_RAW_CLOSE:
		return c->up ? client_closed(c, wsi) : client_refused(c, wsi, NULL, 0);
	case LWS_CALLBACK_CLIENT_RECEIVE:
		return client_receive(c, wsi, in, n);
	case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
		c->alive_ms = clock_mono_ms();
		return 0;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
	case LWS_CALLBACK_RAW_WRITEABLE:
		return ws_queue_write(&c->out, wsi);
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		return add_bearer(c, wsi, in, *(unsigned char **)in + n);
	case LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH:
		return check_subprotocol(c, wsi);
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		return client_established(c, wsi);
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		return client_refused(c, wsi, in, n);
	case LWS_CALLBACK_CLIENT_CLOSED:
	case LWS_CALLBACK_WSI_DESTROY:
		return client_closed(c, wsi);
	default:
		return 0;
	}
}
