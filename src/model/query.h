/*
 * Rows for clients: kinds of rows with typed fields, the filter language, multi-key sort,
 * windows.  docs/api.md lists kinds and fields from the same table (kind_find(), fields).
 *
 * Filter (design.md): status!=up and cpu>80 and network=filecoin and name~'^f01'
 *   = != < <= > >= ~ !~ in ( , ) and or not ( ), quotes '..' or "..", units 80% 2GiB 5m;
 *   ~ is PCRE2 (unanchored, limits); bare words search every text column, without case; `!` is `not`.
 *   A name that is no field of the kind is, for devices, a metric: cpu, node_load1,
 *   disk_free{mount="/"}.  A comparison with an absent value is false (also !=), except that
 *   `not (...)` negates.  An error tells the byte where it went wrong.  Ages compare in seconds,
 *   times with a moment (2026-11-22T10:00:00Z, 15m ago), enums from well to bad (status>=degraded).
 *   A pattern that exceeds its limits on 200 rows matches nothing from there on.
 */
#ifndef MODEL_QUERY_H
#define MODEL_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/model.h"

enum field_type { FIELD_STR, FIELD_NUM, FIELD_INT, FIELD_TIME, FIELD_AGE, FIELD_BYTES, FIELD_ENUM, FIELD_JSON };

struct field { /* one column of a kind */
	const char *name;
	enum field_type type;
	const char *unit, *help;
	bool wide;  /* shown only with -o wide */
	bool extra; /* only when asked for by name, or in json of one row */
};

struct kind {
	const char *name, *singular, *alias, *help; /* "devices" "device" "dev" */
	const struct field *fields; /* ends with name NULL */
	const struct field *groups; /* of groups of its rows, beside what they go by; NULL: none */
};

const struct kind *kind_find(const char *name);
const struct kind *const *kinds(void); /* NULL-terminated */
/* Word i of an enum column, in their order; NULL: no more, or no enum. */
const char *kind_word(const struct kind *k, unsigned column, unsigned i);
bool kind_groups_by(const struct kind *k, unsigned column); /* may query_spec.by name it? */

struct query;

struct query_spec {
	const struct kind *kind;
	struct slice filter;
	struct slice sort;    /* "status:desc,name" ; "": the kind's own order (worst first for devices) */
	struct slice names;   /* "a,b": only these ids or names; "" all */
	uint64_t offset, limit; /* limit 0: count only */
	uint64_t after;	      /* events: only numbers above */
	uint64_t upto;	      /* events: only numbers up to (what the journal has); 0: no bound */
	/* "network,site": the rows are groups of those that match, at most 10,000; sort, names,
	 * window and fields (used with `by` alone) are of groups.  See model/group.h. */
	struct slice by, fields;
};

/* *at: byte of the filter (or sort) that is wrong, SIZE_MAX: something else is.
 * Events and logs without a sort come oldest first, and offset and limit count from the newest
 * (as tail does); events after a number come from there on.  Absent values sort last in both
 * directions, equal rows in the order they came to be. */
struct query *query_new(const struct query_spec *s, size_t *at, struct err *e);
void query_free(struct query *q);
void query_window(struct query *q, uint64_t offset, uint64_t limit);

/* Runs it against the model for about budget_us (0: to the end).  Returns 1 when done, 0 when
 * more time is needed (call again; the model may change in between).  After 1 the next call
 * begins anew; what the last whole run found stands until that one is done. */
int query_step(struct query *q, const struct model *m, int64_t budget_us);
/* Of the last whole run: rows that match, rows there are; ids of the window. */
uint64_t query_matched(const struct query *q);
uint64_t query_total(const struct query *q);
const uint64_t *query_rows(const struct query *q, size_t *n);
/* Row i of the window as a JSON object; f is not asked where the rows are groups. */
struct fields;
int query_row_json(const struct query *q, const struct model *m, size_t i,
	const struct fields *f, struct buf *out);

/* Does this one row match the filter?  (for following) */
bool query_match(struct query *q, const struct model *m, uint64_t row);

/* One row as a JSON object with these fields ("id,name,temp"; "": the kind's usual ones).  Devices
 * have `metrics`: {name: value} of their current values; a dead device's are absent, and fields
 * like `trend(temp)`: the course of a metric (trend.h). */
struct fields;
struct fields *fields_new(const struct kind *k, struct slice names, size_t *at, struct err *e);
void fields_free(struct fields *f);
int row_json(const struct model *m, const struct kind *k, uint64_t row, const struct fields *f,
	struct buf *out);

#endif
