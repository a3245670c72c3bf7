/*
 * Answers that look at many events: a little each turn, gone with their line.  Nobody outside
 * the API includes this.
 */
#ifndef COLLECTOR_SCAN_H
#define COLLECTOR_SCAN_H

#include <stddef.h>

#include "collector/api_conn.h"
#include "model/eventscan.h"

struct scan;

struct scan_ops {
	/* Looks at a few thousand events.  True: it has replied, end() comes next. */
	bool (*step)(void *arg, struct scan *s);
	/* Frees arg. */
	void (*end)(void *arg);
};

/* Begins in the next turn; arg is end()'s. */
struct scan *scan_start(struct conn *c, struct rpc_req *req, const struct scan_ops *ops, void *arg);
/* No step until scan_wake(): for answers that wait for something. */
void scan_sleep(struct scan *s);
void scan_wake(struct scan *s);
struct conn *scan_conn(const struct scan *s);
struct rpc_req *scan_req(const struct scan *s);
/* Is the time of this step used up? */
bool scan_late(const struct scan *s);

#define SCAN_CHUNK    512  /* events between two looks at the clock */
#define SCAN_SLICE_US 2000 /* a turn, each scan */

#endif
