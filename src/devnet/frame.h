/* Events as CloudEvents 1.0 JSON, one text a frame. */
#ifndef DEVNET_FRAME_H
#define DEVNET_FRAME_H

#include "devnet/world.h"

#define FRAME_MAX 4096

/* Writes the event at a position; returns its length (not terminated). */
size_t frame_event(struct world *w, const struct event *ev, char out[FRAME_MAX]);
/* One of a snapshot: without `sequence`, for a reader that joins late; seq and t_ms say when. */
size_t frame_snapshot(struct world *w, enum event_type type, uint32_t device, uint64_t seq,
	int64_t t_ms, char out[FRAME_MAX]);

#endif
