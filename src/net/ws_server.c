/* The server: listening and accepting.  Sockets are accepted here and not by libwebsockets, so
 * that their number, their rate and running out of descriptors are ours to answer for. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/log.h"
#include "net/tcp_listen.h"
#include "net/ws_conn.h"
#include "rpc/unix.h"

#define ACCEPT_TURN    64
#define ACCEPT_REST_MS 100
#define MESSAGE_MAX    (1u << 20) /* when the spec names none */
#define CONNS_MAX      1024	  /* likewise */

static const lws_retry_bo_t policy = {
	.secs_since_valid_ping = 20, .secs_since_valid_hangup = 60,
};

static void adopt(struct ws_server *s, int fd)
{
	lws_adopt_desc_t d = { .vh = s->vhost, .fd = { .sockfd = fd },
		.type = LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP | LWS_ADOPT_ALLOW_SSL };
	struct ws_conn *c;
	struct lws *wsi;
	int on = 1;

	if (!s->path)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	wsi = lws_adopt_descriptor_vhost_via_info(&d);
	if (!wsi)
		return; /* fd is closed by now */
	c = ws_conn_new(s);
	c->wsi = wsi;
	lws_set_opaque_user_data(wsi, c);
}

/* Whether this client may come in; one that may not is closed. */
static bool admit(struct ws_server *s, int fd)
{
	struct ucred who = { 0 };

	if (s->conns_n >= s->spec.max_conns)
		log_msg(LOG_DEBUG, "ws", "refused a connection: %u are open", s->conns_n);
	else if (s->path && !unix_peer_trusted(fd, &who))
		log_msg(LOG_WARN, "ws", "%s: refused a client of uid %u", s->path, who.uid);
	else
		return true;
	close(fd);
	return false;
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

		if (fd >= 0) {
			if (admit(s, fd))
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

static void make_protocols(struct ws_server *s)
{
	const char *const *names = s->spec.subprotocols;
	size_t n = 0;

	while (names && names[n])
		n++;
	s->none = !names;
	s->names = xcalloc(n + 1, sizeof(*s->names));
	s->protocols = xcalloc(n + 2, sizeof(*s->protocols));
	s->protocols[0] = (struct lws_protocols){ .name = WS_PROTOCOL, .callback = ws_server_callback,
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
	free(s->path);
	free(s);
}

#define UNIX_LISTEN "unix:"

static int server_listen(struct ws_server *s, struct err *e)
{
	const char *at = s->spec.listen;
	int fd;

	if (strncmp(at, UNIX_LISTEN, strlen(UNIX_LISTEN)) != 0)
		return tcp_listen(at, s->spec.cert_file != NULL, &s->port, e);
	if (s->spec.cert_file)
		return err_set(e, ERR_USAGE, "%s: no TLS on a unix socket: nobody listens in there",
			at);
	at += strlen(UNIX_LISTEN);
	fd = unix_listen(at, &s->bound, e);
	if (fd >= 0)
		s->path = xstrdup(at);
	return fd;
}

static void server_hang_up(struct ws_server *s)
{
	if (s->path)
		unix_unlink(s->path, &s->bound);
	if (s->fd >= 0)
		close(s->fd);
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
	s->fd = server_listen(s, e);
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
	server_hang_up(s);
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
	server_hang_up(s);
	while (s->conns) {
		struct ws_conn *c = s->conns;
		struct lws *wsi = c->wsi;

		ws_conn_closed(c);
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
