/* What memory no longer holds: events of the journal, for answers.  Nobody outside the API includes
 * this. */
#ifndef COLLECTOR_OLDER_H
#define COLLECTOR_OLDER_H

#include <stddef.h>

#include "store/journal.h"

struct api;
struct model;
struct older;

/* fn(arg) on a later turn, once, unless it is dropped before: the caller forgets it then.  NULL:
 * there is no journal. */
struct older *older_ask(struct api *a, const struct journal_query *q, journal_rows_fn *fn,
	void *arg);
struct older *older_count(struct api *a, const struct journal_count *q, journal_counts_fn *fn,
	void *arg);
void older_drop(struct older *o); /* accepts NULL */

/* A model with these rows alone: the same filter and the same writer of rows serve them.  Ascending
 * numbers, or descending throughout. */
struct model *older_model(const struct journal_event *v, size_t n);

#endif
