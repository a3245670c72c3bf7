/* The filter language (query.h): text to a tree of tests, and a row through it. */
#ifndef MODEL_FILTER_H
#define MODEL_FILTER_H

#include "model/kind.h"

struct filter;

/* An empty text lets every row through.  *at: byte of the text that is wrong. */
struct filter *filter_new(const struct rows *r, struct slice text, size_t *at, struct err *e);
void filter_free(struct filter *f);
/* To be called before matching whenever the model may have changed. */
void filter_prepare(struct filter *f, const struct model *m);
/* Does it take every row? */
bool filter_empty(const struct filter *f);
bool filter_match(struct filter *f, const struct model *m, uint64_t row);
/* Of these rows those that pass, moved to the front in their order: how many. */
size_t filter_rows(struct filter *f, const struct model *m, uint64_t *rows, size_t n);
/* Does it look at this column and at nothing else? */
bool filter_alone(const struct filter *f, const char *column);
/* When every match must have column = text: that text (the filter's own), else empty. */
struct slice filter_pinned(const struct filter *f, const char *column);

#endif
