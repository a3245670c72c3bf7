/* The server's side: accepting, handshakes, messages, closing.  Sockets are accepted here and
 * not by libwebsockets, so that their number, their rate and running out of descriptors are
 * ours to answer for. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "net/tcp_listen.h"
#include "net/ws_conn.h"

#define ACCEPT_TURN    64
#define ACCEPT_REST_MS 100
#define QUEUE_LOW      (1u << 20)
#define CLOSE_SECS     5
#define ALIVE_MS       250
#define KEEP_JOIN      (1u << 20)
#define MESSAGE_MAX    (1u << 20) /* when the spec names none */
#define CONNS_MAX      1024	  /* likewise */

static const lws_retry_bo_t policy = {
	.secs_since_valid_ping = 20, .secs_since_valid_hangup = 60,
};

/* --- connections */

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

/* The owner hears of it once; afterwards c is nobody's but libwebsockets'. */
static void conn_closed(struct ws_conn *c)
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
	conn_closed(c);
	ws_queue_fini(&c->out);
	buf_fini(&c->join);
	ws_http_free(c->http);
	free(c);
}

static struct ws_conn *conn_new(struct ws_server *s)
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

static int server_callback(struct lws *wsi, enum lws_callback_reasons why, void *user, void *in,
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
		conn_closed(c);
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		lws_set_opaque_user_data(wsi, NULL);
		conn_free(c);
		return 0;
	default:
		return 0;
	}
}

/* --- accepting */

static void adopt(struct ws_server *s, int fd)
{
	lws_adopt_desc_t d = { .vh = s->vhost, .fd = { .sockfd = fd },
		.type = LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP | LWS_ADOPT_ALLOW_SSL };
	struct ws_conn *c;
	struct lws *wsi;
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	wsi = lws_adopt_descriptor_vhost_via_info(&d);
	if (!wsi)
		return; /* fd is closed by now */
	c = conn_new(s);
	c->wsi = wsi;
	lws_set_opaque_user_data(wsi, c);
}

static void accept_again(void *arg)
{
	struct ws_server *s = arg;

	loop_io_set(s->io, LOOP_READ);
}

static void client_waits(void *arg, int events)
{
	struct ws_server *s = arg;

	for (int i = 0; i < ACCEPT_TURN; i++) {
		int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd >= 0 && s->conns_n >= s->spec.max_conns) {
			log_msg(LOG_DEBUG, "ws", "refused a connection: %u are open", s->conns_n);
			close(fd);
		} else if (fd >= 0) {
			adopt(s, fd);
		} else {
			if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
				log_msg(LOG_WARN, "ws", "cannot accept: %s", strerror(errno));
				loop_io_set(s->io, 0);
				loop_timer_again(s->rest, ACCEPT_REST_MS, 0);
			}
			break;
		}
	}
	ws_hub_poke(s->hub);
}

/* --- the server */

static void make_protocols(struct ws_server *s)
{
	const char *const *names = s->spec.subprotocols;
	size_t n = 0;

	while (names && names[n])
		n++;
	s->none = !names;
	s->names = xcalloc(n + 1, sizeof(*s->names));
	s->protocols = xcalloc(n + 2, sizeof(*s->protocols));
	s->protocols[0] = (struct lws_protocols){ .name = WS_PROTOCOL, .callback = server_callback,
		.rx_buffer_size = WS_SERVER_RX };
	for (size_t i = 0, k = 1; i < n; i++) {
		if (!*names[i]) {
			s->none = true;
			continue;
		}
		s->names[k - 1] = xstrdup(names[i]);
		s->protocols[k] = s->protocols[0];
		s->protocols[k].name = s->names[k - 1];
		k++;
	}
}

static int make_vhost(struct ws_server *s, struct err *e)
{
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN_SERVER,
		.vhost_name = s->spec.listen,
		.protocols = s->protocols,
		.retry_and_idle_policy = &policy,
		.timeout_secs = 10,
		.keepalive_timeout = 60,
		.http_proxy_address = "",
		.alpn = "http/1.1",
		.ssl_cert_filepath = s->spec.cert_file,
		.ssl_private_key_filepath = s->spec.key_file,
	};

	if (s->spec.cert_file)
		info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	s->vhost = lws_create_vhost(s->hub->ctx, &info);
	if (s->vhost)
		return 0;
	return err_set(e, ERR_USAGE, "cannot serve TLS with certificate %s and key %s: are they PEM, "
		"readable and of one pair?", s->spec.cert_file ? s->spec.cert_file : "(none)",
		s->spec.key_file ? s->spec.key_file : "(none)");
}

static void server_destroy(struct ws_server *s)
{
	for (char **p = s->names; p && *p; p++)
		free(*p);
	free(s->names);
	free(s->protocols);
	free(s);
}

static int server_check(struct ws_server *s, struct err *e)
{
	const char *files[] = { s->spec.cert_file, s->spec.key_file };

	if (!files[0] != !files[1])
		return err_set(e, ERR_USAGE, "TLS needs both a certificate and its key");
	for (int i = 0; i < 2; i++)
		if (files[i] && access(files[i], R_OK) < 0)
			return err_set(e, ERR_USAGE, "%s: %s", files[i], strerror(errno));
	return 0;
}

static void server_leave_hub(struct ws_server *s)
{
	if (s->hub && s->hub->prev)
		ws_hub_free(s->hub);
}

struct ws_server *ws_server_new(struct ws_hub *h, const struct ws_server_spec *spec, struct err *e)
{
	struct ws_server *s = xcalloc(1, sizeof(*s));

	s->spec = *spec;
	s->fd = -1;
	if (!s->spec.max_conns)
		s->spec.max_conns = CONNS_MAX;
	if (!s->spec.max_message)
		s->spec.max_message = MESSAGE_MAX;
	make_protocols(s);
	if (server_check(s, e) < 0)
		goto fail;
	s->fd = tcp_listen(spec->listen, spec->cert_file != NULL, &s->port, e);
	if (s->fd < 0)
		goto fail;
	s->hub = ws_hub_for_server(h);
	if (make_vhost(s, e) < 0)
		goto fail;
	s->spec.listen = s->spec.cert_file = s->spec.key_file = NULL; /* the caller's */
	s->spec.subprotocols = NULL;
	s->rest = loop_timer_new(h->loop, 1, 0, accept_again, s);
	loop_timer_stop(s->rest);
	s->io = loop_io_new(h->loop, s->fd, LOOP_READ, client_waits, s);
	s->next = s->hub->servers;
	s->hub->servers = s;
	return s;
fail:
	server_leave_hub(s);
	if (s->fd >= 0)
		close(s->fd);
	server_destroy(s);
	return NULL;
}

int ws_server_port(const struct ws_server *s)
{
	return s->port;
}

void ws_server_free(struct ws_server *s)
{
	if (!s || s->dead)
		return;
	s->dead = true;
	loop_io_free(s->io);
	loop_timer_free(s->rest);
	close(s->fd);
	while (s->conns) {
		struct ws_conn *c = s->conns;
		struct lws *wsi = c->wsi;

		conn_closed(c);
		ws_hub_kill(s->hub, wsi);
	}
	server_leave_hub(s);
}

void ws_servers_shut(struct ws_hub *h)
{
	for (struct ws_server *s = h->servers; s; s = s->next)
		ws_server_free(s);
}

void ws_servers_destroy(struct ws_hub *h)
{
	while (h->servers) {
		struct ws_server *s = h->servers;

		h->servers = s->next;
		server_destroy(s);
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
