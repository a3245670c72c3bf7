/* A client, shared by its files. */
#ifndef NET_WS_CLIENT_H
#define NET_WS_CLIENT_H

#include "base/buf.h"
#include "net/backoff.h"
#include "net/resolve.h"
#include "net/url.h"
#include "net/ws_frame.h"
#include "net/ws_handshake.h"
#include "net/ws_hub.h"
#include "net/ws_queue.h"

struct ws_raw;

struct ws_client {
	struct ws_hub *hub;
	struct ws_client *next, **prev;
	struct ws_client_spec spec;
	char *url, *subprotocol, *bearer, *ca_file;
	struct url to;
	char host[280]; /* as the Host header says it */
	char shown[256];
	struct resolve *resolve;
	struct resolved addrs;
	int addr; /* the one being tried */
	uint64_t dial; /* 0: none under way and none up */
	struct lws *wsi;
	struct ws_raw *raw; /* plain TCP and unix sockets; NULL: TLS, or no line */
	bool up, paused;
	int64_t up_since_ms, alive_ms;
	struct backoff backoff;
	struct loop_timer *again, *patience, *pulse;
	struct buf join; /* fragments of one message */
	bool joining;
	struct ws_queue out;
	struct err why; /* our own reason to close */
};

/* The dial or the connection has ended.  The last thing a caller does: the owner may free c. */
void ws_client_down(struct ws_client *c, const struct err *why);
/* One address did not answer: the next, or the end of this dial.  Likewise the last thing. */
void ws_client_failed(struct ws_client *c, const struct err *why);
/* The handshake is done. */
void ws_client_up(struct ws_client *c);

/* ws_client_raw.c; the handshake is queued by the first.  NULL: it is too long. */
struct ws_raw *ws_raw_new(struct ws_client *c);
void ws_raw_free(struct ws_raw *r);
int ws_raw_send(struct ws_raw *r, struct slice text);
void ws_raw_flow(struct ws_raw *r, bool on); /* whether bytes are read */
void ws_raw_pulse(struct ws_raw *r);	     /* a PING, or the end, of who is silent */
int ws_raw_receive(struct ws_raw *r, const char *p, size_t n);

#endif
