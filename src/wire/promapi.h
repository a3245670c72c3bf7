/*
 * Answers of the Prometheus HTTP API v1 (query, query_range, alerts), from Jansson values.
 * Source: prometheus.io "HTTP API"; also what Mimir, Thanos and VictoriaMetrics answer.
 * Slices and strings are borrowed from the JSON for the call.
 * Limits: PROMAPI_SERIES_MAX series and PROMAPI_POINTS_MAX points of an answer; what is beyond is
 * counted, not told.
 */
#ifndef WIRE_PROMAPI_H
#define WIRE_PROMAPI_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define PROMAPI_SERIES_MAX 1000000u
#define PROMAPI_POINTS_MAX 11000u /* of a series: Prometheus's own limit */

struct promapi_point {
	int64_t at_ms;
	double value;
};

struct promapi_series {
	const json_t *labels; /* object of strings; NULL for a scalar */
	const struct promapi_point *points;
	size_t n;
};

struct promapi_stats {
	size_t series, points;
	size_t bad;    /* series or points not of the format (native histograms too) */
	size_t beyond; /* over a limit */
	char warning[256]; /* the first of the answer's warnings */
};

struct promapi_alert {
	const json_t *labels, *annotations; /* objects, or NULL */
	const char *name, *severity, *summary; /* "" when absent */
	bool firing; /* else pending */
	int64_t since_ms; /* 0: unknown */
	double value;	  /* NaN: unknown */
};

/* fn's -1 ends it early (not an error).  -1: not an answer, or the server's own error, told in
 * e: bad_data is ERR_USAGE, the others ERR_UNREACH. */
typedef int promapi_series_fn(void *arg, const struct promapi_series *s);
int promapi_query(const json_t *answer, promapi_series_fn *fn, void *arg,
	struct promapi_stats *st, struct err *e);
typedef int promapi_alert_fn(void *arg, const struct promapi_alert *a);
int promapi_alerts(const json_t *answer, promapi_alert_fn *fn, void *arg,
	struct promapi_stats *st, struct err *e);

/* One label's value or NULL; borrowed. */
const char *promapi_label(const json_t *labels, const char *name);
/* Canonical form as prom_labels_canonical() has it, without __name__ and `skip` (may be ""). */
int promapi_labels_canonical(const json_t *labels, const char *skip, struct buf *out);

#endif
