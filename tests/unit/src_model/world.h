/* A small model for the tests of this folder, and short words to fill and ask it. */
#ifndef TESTS_MODEL_WORLD_H
#define TESTS_MODEL_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/json.h"
#include "model/query.h"

#define S(text) slice_of(text)
#define T0 ((int64_t)1790000000000) /* a Monday in September 2026 */

static inline void apply(struct model *m, struct delta *d)
{
	struct err e = { 0 };

	if (model_apply(m, d, &e) < 0)
		fail_msg("refused: %s", e.text);
}

static inline void tick(struct model *m, int64_t now_ms)
{
	struct delta d = { .kind = DELTA_TICK, .tick.now_ms = now_ms };

	apply(m, &d);
}

static inline uint32_t device(struct model *m, const char *id, const char *network, int64_t at_ms)
{
	struct delta d = { .kind = DELTA_DEVICE,
		.device = { .id = S(id), .network = S(network), .lat = NAN, .lon = NAN,
			.source = MODEL_NONE, .at_ms = at_ms } };

	apply(m, &d);
	return d.device.device;
}

static inline uint32_t series(struct model *m, uint32_t dev, const char *name, const char *labels,
	enum series_type type)
{
	struct delta d = { .kind = DELTA_SERIES,
		.series = { .device = dev, .name = S(name), .labels = S(labels), .type = type } };

	apply(m, &d);
	return d.series.series;
}

static inline void sample(struct model *m, uint32_t dev, uint32_t s, double v, int64_t at_ms)
{
	struct sample one = { s, v };
	struct delta d = { .kind = DELTA_SAMPLES,
		.samples = { .v = &one, .n = 1, .device = dev, .at_ms = at_ms } };

	apply(m, &d);
}

static inline void status(struct model *m, uint32_t dev, enum device_status st, int64_t at_ms)
{
	struct delta d = { .kind = DELTA_STATUS,
		.status = { .device = dev, .status = st, .at_ms = at_ms } };

	apply(m, &d);
}

static inline struct query *query(const struct model *m, const char *kind, const char *filter,
	const char *sort, uint64_t offset, uint64_t limit)
{
	struct query_spec s = { .kind = kind_find(kind), .filter = S(filter), .sort = S(sort),
		.offset = offset, .limit = limit };
	struct err e = { 0 };
	size_t at;
	struct query *q = query_new(&s, &at, &e);

	if (!q)
		fail_msg("'%s' at %zu: %s", filter, at, e.text);
	assert_int_equal(query_step(q, m, 0), 1);
	return q;
}

/* These fields of all rows that match, as one JSON text without the outer brackets' noise:
 * `a b|c d` for two rows of two fields. */
static inline char *ask_sorted(const struct model *m, const char *kind, const char *filter,
	const char *sort, const char *fields, uint64_t offset, uint64_t limit)
{
	static char out[65536];
	struct query *q = query(m, kind, filter, sort, offset, limit);
	struct err e = { 0 };
	size_t at, n, len = 0;
	struct fields *f = fields_new(kind_find(kind), S(fields), &at, &e);
	const uint64_t *rows = query_rows(q, &n);

	if (!f)
		fail_msg("fields '%s' at %zu: %s", fields, at, e.text);
	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		struct buf b;
		json_t *o, *v;
		const char *k;
		int first = 1;

		buf_init(&b, 1 << 20);
		assert_int_equal(row_json(m, kind_find(kind), rows[i], f, &b), 0);
		o = json_load(buf_slice(&b), &e);
		if (!o)
			fail_msg("no JSON: %s in %s", e.text, b.p);
		len += (size_t)snprintf(out + len, sizeof(out) - len, "%s", i ? "|" : "");
		json_object_foreach(o, k, v)
		{
			char *text = json_is_string(v) ? xstrdup(json_string_value(v)) :
				json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15));

			len += (size_t)snprintf(out + len, sizeof(out) - len, "%s%s",
				first ? "" : " ", text);
			first = 0;
			free(text);
		}
		json_decref(o);
		buf_fini(&b);
	}
	fields_free(f);
	query_free(q);
	return out;
}

static inline char *ask(const struct model *m, const char *kind, const char *filter,
	const char *fields)
{
	return ask_sorted(m, kind, filter, "", fields, 0, 1000);
}

#endif
