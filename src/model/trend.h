/*
 * A field of devices that is no column: `trend(temp)`, the course of a metric over the last ten
 * minutes, or `trend(temp 2h)` over another span.  In JSON an array of at most TREND_SLOTS
 * numbers, the newest last: the mean of each slot, of a counter what it grew by a second; null is
 * a gap.  Slots lie at whole multiples of their width, so that an array changes only at its end
 * until all of it moves on by one.
 */
#ifndef MODEL_TREND_H
#define MODEL_TREND_H

#include "model/history.h"
#include "model/kind.h"

#define TREND_SLOTS HISTORY_SLOTS
#define TREND_MS    (10 * 60000)
#define TREND_FIELDS_MAX 8  /* of one list of fields: each costs a look into history a row */

struct trend {
	struct metric metric;
	int64_t span_ms;
	bool of_status; /* states.h has it, not a metric */
	struct history_slots *kept; /* of series asked for lately */
};

/* 1: it is one; 0: the name is something else; -1: it is one, and wrong. */
int trend_init(struct trend *t, struct slice name, struct err *e);
void trend_fini(struct trend *t);
void trend_json(struct trend *t, const struct model *m, uint32_t device, struct jw *w);

#endif
