/*
 * Ethereum JSON-RPC over the devnet's transports: a WebSocket connection with its subscriptions
 * to newHeads and logs, and single HTTP posts.
 */
#ifndef DEVNET_ETHCONN_H
#define DEVNET_ETHCONN_H

#include "devnet/ethrpc.h"
#include "loop/loop.h"
#include "net/ws.h"

#define ETHCONN_SUBS 32

struct ethconn;

struct ethconn *ethconn_new(struct loop *l, struct eth *eth, struct ws_conn *c);
void ethconn_free(struct ethconn *x);
void ethconn_message(struct ethconn *x, struct slice msg);
/* A block left or joined the canonical chain. */
void ethconn_block(struct ethconn *x, const struct block *b, bool lost);

/* One post; the answer is appended to out (nothing for a notification). */
void ethconn_post(struct loop *l, struct eth *eth, struct slice body, struct buf *out);

#endif
