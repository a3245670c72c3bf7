/*
 * The course of a device's status as a field: `trend(status)`, the last two hours, `trend(status 1d)`
 * another span.  In JSON a text of STATES_SLOTS letters, the newest last, each the worst of its slot:
 * u up, ? unknown, d degraded, s stale, x down, - not known or not there.
 */
#ifndef MODEL_STATES_H
#define MODEL_STATES_H

#include <stdint.h>

#include "base/json.h"

#define STATES_SLOTS 60
#define STATES_MS    (2 * 3600000)

struct model;

void states_json(const struct model *m, uint32_t device, int64_t span_ms, struct jw *w);

#endif
