/*
 * Parameters of API calls, strictly: an unknown name or a wrong type is refused with its name.
 * A query's parameters are the same for `query`, `subscribe` and `update`.
 */
#ifndef COLLECTOR_PARAMS_H
#define COLLECTOR_PARAMS_H

#include <jansson.h>

#include "base/err.h"
#include "model/query.h"

#define QUERY_LIMIT_MAX	    10000
#define QUERY_LIMIT_DEFAULT 100

/* Checks that the object has only these members (NULL-terminated). */
int params_known(const json_t *params, const char *const *names, struct err *e);
/* An optional moment: RFC 3339, or Unix milliseconds.  def when absent. */
int params_moment(const json_t *params, const char *name, int64_t def, int64_t *ms, struct err *e);
int params_uint(const json_t *params, const char *name, uint64_t max, uint64_t *v, struct err *e);
/* An optional number; what stands in *v when absent. */
int params_real(const json_t *params, const char *name, double *v, struct err *e);

/* A query as asked for: owned strings, kept so that `update` can change one of them. */
struct ask {
	const struct kind *kind;
	char *filter, *sort, *names, *fields, *by;
	uint64_t offset, limit, after;
	int64_t since_ms; /* 0: none */
	uint64_t interval_ms;
	bool hold; /* run for all rows: the window is cut from them */
};

void ask_init(struct ask *a);
void ask_fini(struct ask *a);
/* Takes what params has; the rest of *a stays. */
int ask_read(struct ask *a, const json_t *params, bool is_update, struct err *e);

/* The compiled form. *at: byte of the filter as the user wrote it, when that is wrong, SIZE_MAX
 * when something else is. */
int ask_compile(const struct ask *a, uint64_t recorded, struct query **q, struct fields **f,
	size_t *at, struct err *e);
struct query *ask_query(const struct ask *a, uint64_t recorded, size_t *at, struct err *e);
struct fields *ask_fields(const struct ask *a, struct err *e);

#endif
