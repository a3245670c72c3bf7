/*
 * What a broken or malicious node sends: frames that a reader must refuse, count and survive.
 * They ride between the good ones and have no position of their own, so nothing is lost with
 * them.
 */
#ifndef DEVNET_HOSTILE_H
#define DEVNET_HOSTILE_H

#include "base/buf.h"
#include "devnet/world.h"

#define HOSTILE_MAX (192u << 10)

/* Does one ride before the event at this position? */
bool hostile_due(const struct segment *s, uint64_t seq);
/* Is this event lost on its way, for readers that were there?  (A resume gets it.) */
bool hostile_loses(const struct segment *s, uint64_t seq);
/* The frame that rides before ev; now and then it is the event before ev once more. */
void hostile_frame(struct world *w, const struct event *ev, struct buf *out);
size_t hostile_kinds(void);

#endif
