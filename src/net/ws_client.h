/* A client, shared by its files. */
#ifndef NET_WS_CLIENT_H
#define NET_WS_CLIENT_H

#include "base/buf.h"
#include "net/backoff.h"
#include "net/resolve.h"
#include "net/url.h"
#include "net/ws_hub.h"
#include "net/ws_queue.h"

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

/* The dial or the connection has ended.  The last thing a caller does: the owner may free c. */
void ws_client_down(struct ws_client *c, const struct err *why);
/* One address did not answer: the next, or the end of this dial.  Likewise the last thing. */
void ws_client_failed(struct ws_client *c, const struct err *why);

#endif
