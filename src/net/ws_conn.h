/* One connection of a server: shared by its files.  Born when a TCP connection comes in, it is
 * a plain HTTP one first and may become a WebSocket. */
#ifndef NET_WS_CONN_H
#define NET_WS_CONN_H

#include <sys/stat.h>

#include "base/buf.h"
#include "net/ws_hub.h"
#include "net/ws_queue.h"

struct ws_http; /* a plain request being answered */

struct ws_server {
	struct ws_hub *hub;
	struct ws_server *next;
	struct ws_server_spec spec;
	struct lws_vhost *vhost;
	struct lws_protocols *protocols; /* ours, then one a subprotocol, then an empty one */
	char **names;			 /* of the subprotocols, NULL-terminated */
	bool none;			 /* a client may ask for no subprotocol */
	struct loop_io *io;
	struct loop_timer *rest;
	struct ws_conn *conns;
	uint32_t conns_n;
	int fd, port;
	char *path; /* of a unix socket; NULL: TCP */
	struct stat bound; /* what path was made */
	bool dead;
};

struct ws_conn {
	struct ws_server *server; /* NULL: gone */
	struct ws_conn *next, **prev;
	struct lws *wsi;
	void *data;
	bool accepted; /* the owner knows it, and will be told when it closes */
	bool up;
	bool full;  /* the queue was above its low mark */
	int closing; /* the code to close with */
	int64_t alive_ms;
	struct ws_queue out;
	struct buf join;
	struct ws_http *http;
};

struct ws_conn *ws_conn_new(struct ws_server *s);
/* The owner hears of the end, once; afterwards c is nobody's but libwebsockets'. */
void ws_conn_closed(struct ws_conn *c);
int ws_server_callback(struct lws *wsi, enum lws_callback_reasons why, void *user, void *in,
	size_t n);

/* ws_http.c; each returns what the callback returns. */
int ws_http_begin(struct ws_conn *c, struct lws *wsi, const char *path);
int ws_http_body(struct ws_conn *c, struct lws *wsi, const void *p, size_t n);
int ws_http_complete(struct ws_conn *c, struct lws *wsi);
int ws_http_write(struct ws_conn *c, struct lws *wsi);
void ws_http_free(struct ws_http *h);
/* Copies a header into s ("" when absent); -1 when it does not fit. */
int ws_http_query(struct lws *wsi, char *s, size_t n);
int ws_http_header(struct lws *wsi, enum lws_token_indexes token, char *s, size_t n);

#endif
