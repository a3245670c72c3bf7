/* The libwebsockets context behind clients and servers: what the files about WebSockets share. */
#ifndef NET_WS_HUB_H
#define NET_WS_HUB_H

#include <libwebsockets.h>

#include "net/ws.h"

#define WS_PROTOCOL   "depinctl" /* of our own end: libwebsockets' name for a callback */
#define WS_CLIENT_RX  (64u << 10)
#define WS_SERVER_RX  (16u << 10)

struct site;
struct policy;

struct ws_hub {
	struct loop *loop;
	struct lws_context *ctx;
	struct ws_client *clients;
	uint64_t dials;
	struct ws_server *servers; /* freed with the hub: connections may outlive theirs */
	struct ws_hub *inner;	   /* of further servers: see ws_hub_for_server() */
	struct ws_hub *next, **prev; /* among those of an outer one; prev NULL: not inner */
	bool serves;
	struct site *sites;	   /* client vhosts, one for each CA file */
	struct policy *policies;
	struct loop_end *at_end;
	struct loop_timer *last_rites;
	int turns_left;
	bool dead;
};

/* libwebsockets looks at its timers only after an event of its own: call this after whatever
 * sets or kills something from outside its callbacks. */
void ws_hub_poke(struct ws_hub *h);
/* Ends the connection soon, without a callback's help. */
void ws_hub_kill(struct ws_hub *h, struct lws *wsi);
/*
 * The hub for one more server: h itself for the first.  libwebsockets chooses among the vhosts
 * of a context by names that the client sends, so servers that share one would answer with
 * each other's certificates; each further one gets a context of its own.
 */
struct ws_hub *ws_hub_for_server(struct ws_hub *h);
/* The vhost for clients that trust ca_file (NULL: the system's); NULL with a story. */
struct lws_vhost *ws_hub_client_vhost(struct ws_hub *h, const char *ca_file, struct err *e);
const lws_retry_bo_t *ws_hub_policy(struct ws_hub *h, int keepalive_ms);

/* ws_client.c */
int ws_client_callback(struct lws *wsi, enum lws_callback_reasons why, void *user, void *in,
	size_t n);
void ws_client_orphan(struct ws_client *c); /* the hub goes first */
/* ws_server.c */
void ws_servers_shut(struct ws_hub *h);
void ws_servers_destroy(struct ws_hub *h);

#endif
