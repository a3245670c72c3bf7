/* What waits to be written to one WebSocket: whole messages or fragments, each with the room
 * that libwebsockets wants in front of it, so that nothing is copied twice. */
#ifndef NET_WS_QUEUE_H
#define NET_WS_QUEUE_H

#include <stdbool.h>

#include "base/slice.h"

struct lws;
struct ws_out;

#define WS_QUEUE_MAX (16u << 20)

struct ws_queue {
	struct ws_out *first, **last;
	size_t bytes;
	bool asked; /* for a writable notice */
};

enum ws_part { WS_WHOLE, WS_FIRST, WS_MIDDLE, WS_LAST, WS_BYTES /* framed already */ };

void ws_queue_init(struct ws_queue *q);
void ws_queue_fini(struct ws_queue *q);
/* -1: full, nothing is queued. */
int ws_queue_add(struct ws_queue *q, struct slice text, enum ws_part part);
/* Asks libwebsockets for a writable notice unless that is under way. */
void ws_queue_ask(struct ws_queue *q, struct lws *wsi);
/* On the notice: writes until the kernel takes no more or this turn's share is done.  -1: the
 * connection is broken. */
int ws_queue_write(struct ws_queue *q, struct lws *wsi);

#endif
