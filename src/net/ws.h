/*
 * WebSocket and small-HTTP transport: libwebsockets joined to our loop; the only folder that
 * knows it.  Client and server, over TCP, TLS and unix sockets; messages whole (fragments are
 * joined up to max_message).  Clients go direct, whatever http_proxy says.  Every receive counts
 * as proof of life; a server that is silent and answers no PING is dropped after 2 x keepalive.
 *
 * A client's frames over plain TCP and unix sockets are read by ws_frame.c, in one pass, behind a
 * raw socket of libwebsockets: its own client reads a byte at a time and takes half of the time
 * of a stream (docs/benchmarks.md).  Over TLS, where 4.1.6 has no raw clients, it reads them.
 */
#ifndef NET_WS_H
#define NET_WS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"
#include "loop/loop.h"

struct ws_hub;	  /* one a process: the lws context */
struct ws_client; /* one connection to a URL, made again with jittered backoff for ever */
struct ws_server;
struct ws_conn; /* a client of ours */

struct ws_hub *ws_hub_new(struct loop *l);
/* Ends its servers (closed() for each connection) and connections; clients stay to be freed by
 * their owners.  From any callback. */
void ws_hub_free(struct ws_hub *h);

struct ws_client_spec {
	/* ws://, wss:// or ws+unix:///path/of.sock:/path, path and query included */
	const char *url;
	const char *subprotocol;  /* asked for; NULL: none */
	bool subprotocol_needed;  /* close when the server does not choose it */
	const char *bearer;	  /* Authorization header; never logged; NULL: none */
	const char *ca_file;	  /* NULL: the system's */
	uint32_t max_message;	  /* larger ends the connection; 0: 16 MiB */
	int keepalive_ms;	  /* PING after this silence; dropped after twice that */
	int connect_timeout_ms;
	/* Asked before each dial for the URL to use (for resume cursors); NULL: url. */
	void (*dial)(void *arg, char *url, size_t n);
	/* why NULL when up; also told of each dial that failed. */
	void (*state)(void *arg, bool up, const struct err *why);
	/* The text may lie in a buffer for the next bytes: not to be kept.  Not checked: UTF-8. */
	void (*message)(void *arg, struct slice msg, bool binary);
	void *arg;
};
struct ws_client *ws_client_new(struct ws_hub *h, const struct ws_client_spec *s, struct err *e);
int ws_client_send(struct ws_client *c, struct slice text); /* -1: down or queue full (16 MiB) */
void ws_client_redial(struct ws_client *c);		    /* drops the line; backoff as usual */
/* Stops reading from the socket until resumed: back-pressure. */
void ws_client_pause(struct ws_client *c, bool paused);
void ws_client_free(struct ws_client *c); /* from any callback */

struct ws_request { /* plain HTTP request to the server */
	const char *method, *path, *query; /* query "" when none */
	struct slice body;		   /* at most max_body */
	const char *auth;		   /* Authorization header or "" */
	const char *accept;		   /* Accept header or "" */
	bool gzip_ok;
};
struct ws_response { int status; const char *content_type; struct slice body; };

struct ws_server_spec {
	/* "127.0.0.1:7600", "[::1]:0", or "unix:/path/of.sock": this user's alone, as in
	 * rpc/unix.h, and always plain.  Copied, as are the files' names. */
	const char *listen;
	const char *cert_file, *key_file; /* NULL: plain; refused beyond loopback unless both are set */
	const char *const *subprotocols; /* NULL-terminated, first match wins; "" accepts none */
	uint32_t max_message, max_body, max_conns; /* 0: 1 MiB, 1 MiB, 1024 */
	/* A handshake: return an HTTP status other than 0 to refuse. */
	int (*accept)(void *arg, struct ws_conn *c, const char *path, const char *query, const char *auth,
		const char *subprotocol);
	void (*message)(void *arg, struct ws_conn *c, struct slice msg);
	/* The queue was above its low mark of 1 MiB and is below it again. */
	void (*writable)(void *arg, struct ws_conn *c);
	void (*closed)(void *arg, struct ws_conn *c); /* last call for an accepted c */
	/* Plain HTTP, GET and POST; resp->body is copied, and gzipped when it is worth it and the
	 * client can.  NULL: 404. */
	void (*http)(void *arg, const struct ws_request *rq, struct ws_response *resp);
	void *arg;
};
struct ws_server *ws_server_new(struct ws_hub *h, const struct ws_server_spec *s, struct err *e);
int ws_server_port(const struct ws_server *s); /* 0 of a unix socket */
void ws_server_free(struct ws_server *s);

int ws_conn_send(struct ws_conn *c, struct slice text); /* -1: queue full (16 MiB) */
/* Cuts one message into WebSocket fragments of at most n bytes: for tests of the other side. */
int ws_conn_send_fragments(struct ws_conn *c, struct slice text, size_t n);
size_t ws_conn_queued(const struct ws_conn *c);
void ws_conn_close(struct ws_conn *c, int code); /* after what is queued, within 5 s */
void *ws_conn_data(struct ws_conn *c);
void ws_conn_set_data(struct ws_conn *c, void *data);

#endif
