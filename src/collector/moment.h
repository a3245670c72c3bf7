/*
 * Moments gone by, for connections that travel: each a model of the past, shared by those who look
 * at the same one.  A few are there at a time; what nobody looks at goes.
 */
#ifndef COLLECTOR_MOMENT_H
#define COLLECTOR_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct api;
struct model;
struct moment;

/* One more user of the moment; it may not be ready.  NULL: too many are looked at. */
struct moment *moment_take(struct api *a, int64_t at_ms, struct err *e);
void moment_drop(struct moment *m); /* accepts NULL */
/* Works on it for about budget_us.  True: it is ready. */
bool moment_step(struct moment *m, int64_t budget_us);
/* Of a ready one; to be asked for anew in every turn. */
const struct model *moment_model(const struct moment *m);
int64_t moment_at_ms(const struct moment *m);

void moments_tick(struct api *a);
void moments_end(struct api *a); /* users are gone */

#endif
