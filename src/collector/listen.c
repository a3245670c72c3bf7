#include "collector/listen.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "net/ws.h"
#include "rpc/line.h"

#define WS_MAX_MESSAGE (32u << 20)
#define WS_MAX_CONNS   256

struct listen {
	struct api *api;
	struct line_server *lines;
	struct ws_server *ws;
	char *token;
};

/* --- the unix socket -------------------------------------------------------------- */

static int line_out(void *arg, struct slice msg)
{
	return line_send(arg, msg);
}

static size_t line_left(void *arg)
{
	return line_queued(arg);
}

static char *line_who(void *arg)
{
	uid_t uid;
	const struct passwd *pw = line_peer(arg, &uid) ? getpwuid(uid) : NULL;

	return pw ? xstrdup(pw->pw_name) : xasprintf("uid %u", (unsigned)uid);
}

static void line_end(void *arg)
{
	line_free(arg);
}

static void line_in(void *arg, struct slice msg)
{
	api_conn_message(arg, msg);
}

static void line_gone(void *arg, const struct err *why)
{
	if (why->class == ERR_NONE)
		api_conn_ended(arg);
	else
		api_conn_gone(arg);
}

static void accepted(void *arg, struct line *c)
{
	static const struct api_transport transport = { .send = line_out, .queued = line_left,
		.close = line_end, .who = line_who, .local = true };
	static const struct line_ops ops = { .message = line_in, .closed = line_gone };
	struct listen *l = arg;

	line_start(c, &ops, api_conn_new(l->api, &transport, c));
}

/* --- TLS ---------------------------------------------------------------------------- */

/* The connection's data: the API's conn and the ws side may end in either order. */
struct peer {
	struct ws_conn *ws; /* NULL: closed */
	struct conn *conn;  /* NULL: the API is done with it */
};

static int ws_out(void *arg, struct slice msg)
{
	struct peer *p = arg;

	return p->ws ? ws_conn_send(p->ws, msg) : -1;
}

static size_t ws_left(void *arg)
{
	struct peer *p = arg;

	return p->ws ? ws_conn_queued(p->ws) : 0;
}

static char *ws_who(void *arg)
{
	return xstrdup("token"); /* whoever has it */
}

static void ws_end(void *arg)
{
	struct peer *p = arg;

	p->conn = NULL;
	if (p->ws) {
		ws_conn_close(p->ws, 1001);
		return; /* freed when it has closed */
	}
	free(p);
}

static bool token_is(const char *have, const char *auth)
{
	static const char bearer[] = "Bearer ";
	size_t n = strlen(have), diff;

	if (strncmp(auth, bearer, sizeof(bearer) - 1) != 0)
		return false;
	auth += sizeof(bearer) - 1;
	diff = strlen(auth) ^ n;
	for (size_t i = 0; i < n; i++)
		diff |= (size_t)((unsigned char)have[i] ^ (unsigned char)auth[i < strlen(auth) ? i : 0]);
	return diff == 0;
}

static int ws_accept(void *arg, struct ws_conn *ws, const char *path, const char *query,
	const char *auth, const char *subprotocol)
{
	static const struct api_transport transport = { .send = ws_out, .queued = ws_left,
		.close = ws_end, .who = ws_who };
	struct listen *l = arg;
	struct peer *p;

	if (!token_is(l->token, auth))
		return 401;
	p = xcalloc(1, sizeof(*p));
	p->ws = ws;
	p->conn = api_conn_new(l->api, &transport, p);
	ws_conn_set_data(ws, p);
	return 0;
}

static void ws_in(void *arg, struct ws_conn *ws, struct slice msg)
{
	struct peer *p = ws_conn_data(ws);

	if (p && p->conn)
		api_conn_message(p->conn, msg);
}

static void ws_gone(void *arg, struct ws_conn *ws)
{
	struct peer *p = ws_conn_data(ws);

	if (!p)
		return;
	p->ws = NULL;
	if (p->conn)
		api_conn_gone(p->conn);
	else
		free(p);
}

static int listen_tls(struct listen *l, struct ws_hub *hub, const struct listen_spec *s,
	struct err *e)
{
	static const char *const subprotocols[] = { "depin.v1", NULL };
	struct ws_server_spec spec = { .listen = s->addr, .cert_file = s->cert_file,
		.key_file = s->key_file, .subprotocols = subprotocols,
		.max_message = WS_MAX_MESSAGE, .max_conns = WS_MAX_CONNS, .accept = ws_accept,
		.message = ws_in, .closed = ws_gone, .arg = l };

	if (!s->cert_file || !s->key_file || !s->token)
		return err_set(e, ERR_USAGE, "listening on %s needs a certificate, its key and a "
			"token (collector.cert_file, key_file, token_file)", s->addr);
	l->token = xstrdup(s->token);
	l->ws = ws_server_new(hub, &spec, e);
	return l->ws ? 0 : -1;
}

struct listen *listen_new(struct loop *loop, struct ws_hub *hub, struct api *api,
	const struct listen_spec *s, struct err *e)
{
	struct listen *l = xcalloc(1, sizeof(*l));

	l->api = api;
	l->lines = line_listen(loop, s->socket, accepted, l, e);
	if (!l->lines || (s->addr && listen_tls(l, hub, s, e) < 0)) {
		listen_free(l);
		return NULL;
	}
	return l;
}

void listen_free(struct listen *l)
{
	if (!l)
		return;
	line_server_free(l->lines);
	ws_server_free(l->ws);
	if (l->token)
		explicit_bzero(l->token, strlen(l->token));
	free(l->token);
	free(l);
}
