/* Scenarios at run time: POST /control and GET /scenarios. */
#ifndef DEVNET_CONTROL_H
#define DEVNET_CONTROL_H

#include "base/buf.h"
#include "base/err.h"
#include "devnet/state.h"
#include "devnet/world.h"

struct control {
	struct world *world;
	struct state *state; /* NULL: not remembered */
};

/* One command as JSON: {"scenario":"overheat","site":"fra-2","for":"5m"}; also "device" and
 * "depth".  It is recorded, then takes effect just after `now`; the answer says what and when. */
int control_command(struct control *c, struct slice body, int64_t now, struct buf *out,
	struct err *e);
/* The types there are and what is under way or planned. */
void control_list(const struct control *c, int64_t now, struct buf *out);

#endif
