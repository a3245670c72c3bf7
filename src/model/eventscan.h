/*
 * Events one after another, those that pass a filter, from a number on in either direction: for
 * the pages of a log, which end early, and for counts over time.  In slices, like a query.
 */
#ifndef MODEL_EVENTSCAN_H
#define MODEL_EVENTSCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

struct eventscan;
struct model;

struct eventscan_spec {
	struct slice filter;
	uint64_t from; /* the number to go on from, itself not looked at */
	uint64_t upto; /* newer ones are not there yet; 0: all are */
	bool older;    /* towards the older ones */
};

/* *at: byte of the filter that is wrong. */
struct eventscan *eventscan_new(const struct eventscan_spec *s, size_t *at, struct err *e);
void eventscan_free(struct eventscan *s);

enum eventscan_end { EVENTSCAN_FOUND, EVENTSCAN_MORE, EVENTSCAN_END };

/* The next event that passes, looking at no more than `most` (which is counted down): MORE when
 * they are used up.  END: memory holds no further one. */
enum eventscan_end eventscan_next(struct eventscan *s, const struct model *m, unsigned *most,
	uint64_t *n);
uint64_t eventscan_at(const struct eventscan *s); /* looked at last, or where it began */

/* Bit s: an event of severity s passes.  False: that depends on more than its severity. */
bool eventscan_severities(struct eventscan *s, uint32_t *out);

/* When and how bad (OpenTelemetry's number); false: memory no longer holds it. */
bool model_event(const struct model *m, uint64_t n, int64_t *at_ms, int *severity);
/* The first held event that is not before a moment, newest + 1 when all are; by their numbers'
 * order, which is that of their coming, so that a late one may stand before it. */
uint64_t model_event_since(const struct model *m, int64_t at_ms);

#endif
