/*
 * Devices rolled up: one row for all that agree in up to three columns (query_spec.by).  A group
 * has the columns it goes by, the fields of group_fields[], and any metric or number of a device
 * taken together: temp (their mean), avg(temp), sum(power), min(..), max(..), count(..).
 * The devices of groups beyond GROUPS_MAX make up a last one, "(others)".
 */
#ifndef MODEL_GROUP_H
#define MODEL_GROUP_H

#include "model/kind.h"

#define GROUPS_BY_MAX 3
#define GROUPS_MAX 10000 /* as many as a query's window may have */

struct groups;

extern const struct field group_fields[]; /* ends with name NULL */

/* Of rows of r. */
struct groups *groups_new(const struct rows *r, const struct query_spec *s, struct err *e);
void groups_free(struct groups *g);

/* A run: begin; then prepare whenever the model may have changed, add; finish. */
void groups_begin(struct groups *g);
void groups_prepare(struct groups *g, const struct model *m);
void groups_add(struct groups *g, const struct model *m, const uint64_t *rows, size_t n);
/* Puts them in order; those whose id is not in names are left out (NULL: none is). */
void groups_finish(struct groups *g, const struct strtab *names);

/* Of the last finished run. */
size_t groups_n(const struct groups *g);
void group_json(const struct groups *g, size_t i, struct jw *w); /* an object */

#endif
