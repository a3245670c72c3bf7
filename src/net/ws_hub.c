#include "net/ws_hub.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "base/alloc.h"
#include "base/log.h"

#define LAST_TURNS 16 /* libuv's close callbacks need two or three */

struct site {
	struct site *next;
	char *ca_file; /* NULL: the system's */
	struct lws_vhost *vhost;
};

/* Kept for the hub's life: a closing connection still looks at its own. */
struct policy {
	struct policy *next;
	lws_retry_bo_t bo;
};

static void log_line(int level, const char *line)
{
	log_msg(LOG_DEBUG, "lws", "%.*s", (int)strcspn(line, "\n"), line);
}

static struct lws_context *context_new(struct ws_hub *h)
{
	static bool tls_is_ready;
	void *loops[1] = { loop_uv(h->loop) };
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
		.foreign_loops = loops,
		.user = h,
		.pt_serv_buf_size = WS_CLIENT_RX,
		.max_http_header_data = 8192,
		.max_http_header_pool = 256,
		.timeout_secs = 10,
		.gid = (gid_t)-1,
		.uid = (uid_t)-1,
	};

	/* once a process: each time gives the slots in OpenSSL's objects new numbers, and what
	 * another context has put there is not found again */
	if (!tls_is_ready)
		info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	tls_is_ready = true;
	lws_set_log_level(LLL_ERR | LLL_WARN | LLL_NOTICE, log_line);
	return lws_create_context(&info);
}

static void hub_destroy(struct ws_hub *h)
{
	/* the second call, after all handles have closed: this one frees */
	lws_context_destroy(h->ctx);
	ws_servers_destroy(h);
	while (h->sites) {
		struct site *s = h->sites;

		h->sites = s->next;
		free(s->ca_file);
		free(s);
	}
	while (h->policies) {
		struct policy *p = h->policies;

		h->policies = p->next;
		free(p);
	}
	loop_timer_free(h->last_rites);
	free(h);
}

static void last_rite(void *arg)
{
	struct ws_hub *h = arg;

	if (--h->turns_left) {
		loop_timer_again(h->last_rites, 0, 0);
		return;
	}
	loop_end_free(h->at_end);
	hub_destroy(h);
}

/* The loop ends: nothing else turns it any more. */
static void loop_ends(void *arg)
{
	struct ws_hub *h = arg;

	if (!h->dead)
		BUG("the loop ends before its ws_hub");
	for (int i = 0; i < LAST_TURNS; i++)
		uv_run(loop_uv(h->loop), UV_RUN_NOWAIT);
	hub_destroy(h);
}

struct ws_hub *ws_hub_new(struct loop *l)
{
	struct ws_hub *h = xcalloc(1, sizeof(*h));

	h->loop = l;
	h->ctx = context_new(h);
	if (!h->ctx)
		BUG("no libwebsockets context: is libwebsockets-evlib-uv installed?");
	h->at_end = loop_end_new(l, loop_ends, h);
	return h;
}

void ws_hub_free(struct ws_hub *h)
{
	if (!h || h->dead)
		return;
	h->dead = true;
	if (h->prev) {
		*h->prev = h->next;
		if (h->next)
			h->next->prev = h->prev;
	}
	while (h->inner)
		ws_hub_free(h->inner);
	while (h->clients)
		ws_client_orphan(h->clients);
	ws_servers_shut(h);
	lws_context_destroy(h->ctx);
	h->turns_left = LAST_TURNS;
	h->last_rites = loop_timer_new(h->loop, 0, 0, last_rite, h);
}

struct ws_hub *ws_hub_for_server(struct ws_hub *h)
{
	struct ws_hub *in;

	if (!h->serves) {
		h->serves = true;
		return h;
	}
	in = ws_hub_new(h->loop);
	in->serves = true;
	in->next = h->inner;
	in->prev = &h->inner;
	if (in->next)
		in->next->prev = &in->next;
	h->inner = in;
	return in;
}

void ws_hub_poke(struct ws_hub *h)
{
	if (!h->dead)
		lws_cancel_service(h->ctx);
}

void ws_hub_kill(struct ws_hub *h, struct lws *wsi)
{
	if (h->dead)
		return; /* the context's end closes them all */
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
	ws_hub_poke(h);
}

static const struct lws_protocols client_protocols[] = {
	{ .name = WS_PROTOCOL, .callback = ws_client_callback, .rx_buffer_size = WS_CLIENT_RX },
	{ .name = NULL },
};

static struct lws_vhost *client_vhost_new(struct ws_hub *h, const char *ca_file)
{
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.vhost_name = "client",
		.protocols = client_protocols,
		.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
		.client_ssl_ca_filepath = ca_file,
		.http_proxy_address = "", /* direct, whatever the environment says */
		.timeout_secs = 30,
	};

	if (ca_file)
		info.options |= LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
	return lws_create_vhost(h->ctx, &info);
}

struct lws_vhost *ws_hub_client_vhost(struct ws_hub *h, const char *ca_file, struct err *e)
{
	struct site *s;

	for (s = h->sites; s; s = s->next)
		if (ca_file && s->ca_file ? strcmp(ca_file, s->ca_file) == 0 : ca_file == s->ca_file)
			return s->vhost;
	if (ca_file && access(ca_file, R_OK) < 0) {
		err_set(e, ERR_USAGE, "%s: the ca_file cannot be read", ca_file);
		return NULL;
	}
	s = xcalloc(1, sizeof(*s));
	s->vhost = client_vhost_new(h, ca_file);
	if (!s->vhost) {
		err_set(e, ERR_USAGE, "%s: no CA certificates in PEM format",
			ca_file ? ca_file : "the system's CA file");
		free(s);
		return NULL;
	}
	s->ca_file = ca_file ? xstrdup(ca_file) : NULL;
	s->next = h->sites;
	h->sites = s;
	return s->vhost;
}

const lws_retry_bo_t *ws_hub_policy(struct ws_hub *h, int keepalive_ms)
{
	int secs = keepalive_ms > 0 ? (keepalive_ms + 999) / 1000 : 30;
	struct policy *p;

	if (secs > 32000)
		secs = 32000;
	for (p = h->policies; p; p = p->next)
		if (p->bo.secs_since_valid_ping == secs)
			return &p->bo;
	p = xcalloc(1, sizeof(*p));
	p->bo.secs_since_valid_ping = (uint16_t)secs;
	p->bo.secs_since_valid_hangup = (uint16_t)(2 * secs);
	p->next = h->policies;
	h->policies = p;
	return &p->bo;
}
