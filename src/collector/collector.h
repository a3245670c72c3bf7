/*
 * The collector: the one process that talks to sources, holds the model and writes the journal.
 * Its turn, in this order: read, apply, record, tell.  What a client is told is in the journal.
 */
#ifndef COLLECTOR_COLLECTOR_H
#define COLLECTOR_COLLECTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "loop/loop.h"

struct collector;

struct collector_spec {
	const char *config;  /* NULL: the default place */
	const char *context; /* NULL: the config's current */
	const char *socket;  /* NULL: the context's default */
	const char *listen;  /* overrides collector.listen */
	const char *journal; /* a path, "none", NULL: the context's default */
	const char *replay;  /* a recording instead of the sources */
	double speed;	     /* of the replay; 0: as fast as it goes */
	int64_t linger_ms;   /* leave when no client has come for so long; 0: stay, -1: config */
};

struct collector *collector_new(struct loop *l, const struct collector_spec *s, struct err *e);
/* Calls fn once, when each source has said something first (live with records, or down), or after
 * SETTLE_MS at the latest: a client that had us started then finds what there is to find. */
#define SETTLE_MS 3000
void collector_on_settled(struct collector *c, void (*fn)(void *arg), void *arg);
void collector_free(struct collector *c); /* flushes the journal */

#endif
