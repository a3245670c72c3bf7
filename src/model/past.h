/*
 * A model as it was at a moment: what a client that had looked then would have seen.  Made out of
 * the live one, in slices: statuses by walking its trail back, values from history, events by
 * their numbers, blocks by their times.  What is not known for that moment is absent or
 * `unknown`, never as it is now.  Names, sites, networks and firmware are walked back with
 * the statuses; where the trail does not reach, and for a device's place and source, today's are taken.
 *
 * It borrows texts, names, history and events of the live model, which must outlive it, and
 * costs about 150 bytes a device and 64 a series.
 */
#ifndef MODEL_PAST_H
#define MODEL_PAST_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"

struct past;

struct past *past_new(struct model *live, int64_t at_ms);
void past_free(struct past *p);
/* Works for about budget_us (0: to the end).  True: it is done.  The live model may change in
 * between. */
bool past_step(struct past *p, int64_t budget_us);
/* To be asked for anew in every turn: what is borrowed may have moved.  Only when done. */
const struct model *past_model(struct past *p);
int64_t past_at_ms(const struct past *p);
uint64_t past_bytes(const struct past *p);

/* From when on each is known; INT64_MAX: not at all. */
struct past_reach {
	int64_t statuses_ms, history_ms, events_ms;
};
void past_reach(const struct model *live, struct past_reach *out);

#endif
