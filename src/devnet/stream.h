/*
 * Readers of /events.  Each has a cursor of its own into the run; frames are made when there is
 * room to send them, so a slow reader costs a bounded queue and falls behind in time, never in
 * memory, and a reader that comes back gets what it missed.
 */
#ifndef DEVNET_STREAM_H
#define DEVNET_STREAM_H

#include "devnet/world.h"
#include "net/ws.h"

struct stream;

/* since: resume behind this position (has_since), else a snapshot of births, then from `now`. */
struct stream_ask {
	bool has_since;
	uint64_t since;
};

struct stream *stream_new(struct world *w, struct ws_conn *c, const struct stream_ask *a,
	int64_t now);
void stream_free(struct stream *s);
/* Sends what is due, as far as there is room; called each tick and when there is room again. */
void stream_pump(struct stream *s, int64_t now);

#endif
