#include "wire/promapi.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/num.h"
#include "wire/prom.h"

static struct slice text(const json_t *v)
{
	const char *s = json_string_value(v);

	return s ? slice_mem(s, json_string_length(v)) : slice_mem(NULL, 0);
}

/* The answer's data, or NULL with the server's own words. */
static const json_t *open_answer(const json_t *a, struct promapi_stats *st, struct err *e)
{
	const char *status = json_str(a, "status", ""), *type = json_str(a, "errorType", "error");
	const json_t *data = json_object_get(a, "data");

	*st = (struct promapi_stats){ 0 };
	snprintf(st->warning, sizeof(st->warning), "%s",
		json_string_length(json_array_get(json_object_get(a, "warnings"), 0)) ?
		json_string_value(json_array_get(json_object_get(a, "warnings"), 0)) : "");
	if (strcmp(status, "error") == 0) {
		err_set(e, strcmp(type, "bad_data") == 0 ? ERR_USAGE : ERR_UNREACH,
			"the server answers %s: %s", type, json_str(a, "error", "no reason given"));
		return NULL;
	}
	if (strcmp(status, "success") != 0 || !json_is_object(data)) {
		err_set(e, ERR_UNREACH, "not an answer of the Prometheus HTTP API; is the URL right?");
		return NULL;
	}
	return data;
}

/* [seconds, "value"] */
static int get_point(const json_t *v, struct promapi_point *p)
{
	const json_t *at = json_array_get(v, 0), *value = json_array_get(v, 1);
	double s = json_number_value(at);

	if (json_array_size(v) != 2 || !json_is_number(at) || !json_is_string(value) ||
		!(fabs(s) < 9e12) || num_f64(text(value), &p->value) < 0)
		return -1;
	p->at_ms = (int64_t)llround(s * 1000);
	return 0;
}

struct reading {
	promapi_series_fn *fn;
	void *arg;
	struct promapi_stats *st;
	struct promapi_point *points; /* PROMAPI_POINTS_MAX, or one */
};

/* Tells one series; labels NULL: a scalar.  values: an array of points. */
static int tell(struct reading *r, const json_t *labels, const json_t *values)
{
	struct promapi_series s = { labels, r->points, 0 };
	const json_t *v;
	size_t i;

	json_array_foreach((json_t *)values, i, v) {
		if (s.n == PROMAPI_POINTS_MAX) {
			r->st->beyond += json_array_size(values) - i;
			break;
		}
		if (get_point(v, &r->points[s.n]) < 0)
			r->st->bad++;
		else
			s.n++;
	}
	if (!s.n)
		return 0;
	r->st->series++;
	r->st->points += s.n;
	return r->fn(r->arg, &s);
}

static bool labels_ok(const json_t *labels)
{
	const char *name;
	json_t *v;

	if (!json_is_object(labels) || json_object_size(labels) > PROM_LABELS_MAX)
		return false;
	json_object_foreach((json_t *)labels, name, v)
		if (!json_is_string(v))
			return false;
	return true;
}

/* One element of a vector (one "value") or of a matrix ("values"). */
static int take_series(struct reading *r, const json_t *v, bool matrix)
{
	const json_t *labels = json_object_get(v, "metric");
	const json_t *values = json_object_get(v, matrix ? "values" : "value");
	struct promapi_series s = { labels, r->points, 1 };

	if (!labels_ok(labels) || !json_is_array(values)) {
		r->st->bad++;
		return 0;
	}
	if (matrix)
		return tell(r, labels, values);
	if (get_point(values, r->points) < 0) {
		r->st->bad++;
		return 0;
	}
	r->st->series++;
	r->st->points++;
	return r->fn(r->arg, &s);
}

static int take_scalar(struct reading *r, const json_t *v)
{
	struct promapi_series s = { NULL, r->points, 1 };

	if (get_point(v, r->points) < 0) {
		r->st->bad++;
		return 0;
	}
	r->st->series = r->st->points = 1;
	r->fn(r->arg, &s);
	return 0;
}

static void take_all(struct reading *r, const json_t *result, bool matrix)
{
	const json_t *v;
	size_t i;

	json_array_foreach((json_t *)result, i, v) {
		if (i == PROMAPI_SERIES_MAX) {
			r->st->beyond += json_array_size(result) - i;
			return;
		}
		if (take_series(r, v, matrix) < 0)
			return;
	}
}

int promapi_query(const json_t *answer, promapi_series_fn *fn, void *arg,
	struct promapi_stats *st, struct err *e)
{
	struct reading r = { fn, arg, st, NULL };
	const json_t *data = open_answer(answer, st, e), *result;
	const char *type;
	bool matrix;

	if (!data)
		return -1;
	type = json_str(data, "resultType", "");
	result = json_object_get(data, "result");
	matrix = strcmp(type, "matrix") == 0;
	if (strcmp(type, "string") == 0)
		return err_set(e, ERR_USAGE, "the query's result is a string, not samples");
	if ((!matrix && strcmp(type, "vector") != 0 && strcmp(type, "scalar") != 0) ||
		!json_is_array(result))
		return err_set(e, ERR_UNREACH, "an answer of the unknown type \"%.32s\"", type);
	r.points = xcalloc(matrix ? PROMAPI_POINTS_MAX : 1, sizeof(*r.points));
	if (strcmp(type, "scalar") == 0)
		take_scalar(&r, result);
	else
		take_all(&r, result, matrix);
	free(r.points);
	return 0;
}

/* --- alerts */

static const char *member(const json_t *o, const char *key)
{
	return json_str(o, key, "");
}

static void get_alert(const json_t *v, struct promapi_alert *a)
{
	const json_t *labels = json_object_get(v, "labels");
	const json_t *notes = json_object_get(v, "annotations");

	*a = (struct promapi_alert){ .value = NAN };
	a->labels = json_is_object(labels) ? labels : NULL;
	a->annotations = json_is_object(notes) ? notes : NULL;
	a->name = *member(labels, "alertname") ? member(labels, "alertname") :
		member(labels, "alertName");
	a->severity = member(labels, "severity");
	a->summary = *member(notes, "summary") ? member(notes, "summary") :
		member(notes, "description");
	a->firing = strcmp(member(v, "state"), "firing") == 0;
	if (num_rfc3339_ms(slice_of(member(v, "activeAt")), &a->since_ms) < 0)
		a->since_ms = 0;
	if (num_f64(text(json_object_get(v, "value")), &a->value) < 0)
		a->value = NAN;
}

int promapi_alerts(const json_t *answer, promapi_alert_fn *fn, void *arg,
	struct promapi_stats *st, struct err *e)
{
	const json_t *data = open_answer(answer, st, e), *list, *v;
	size_t i;

	if (!data)
		return -1;
	list = json_object_get(data, "alerts");
	if (!json_is_array(list))
		return err_set(e, ERR_UNREACH, "an answer without a list of alerts");
	json_array_foreach((json_t *)list, i, v) {
		struct promapi_alert a;

		if (i == PROMAPI_SERIES_MAX) {
			st->beyond += json_array_size(list) - i;
			break;
		}
		get_alert(v, &a);
		if (!*a.name) {
			st->bad++;
			continue;
		}
		st->series++;
		if (fn(arg, &a) < 0)
			break;
	}
	return 0;
}

/* --- labels */

const char *promapi_label(const json_t *labels, const char *name)
{
	return json_string_value(json_object_get(labels, name));
}

/* As a metric page would have written it. */
static void escape(struct slice s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\n')
			buf_adds(out, "\\n");
		else if (s.p[i] == '"' || s.p[i] == '\\')
			buf_addf(out, "\\%c", s.p[i]);
		else
			buf_addc(out, s.p[i]);
	}
}

/* Where in the buffer a label's name and value went: it may move while it grows. */
struct span {
	size_t name, value, end;
};

int promapi_labels_canonical(const json_t *labels, const char *skip, struct buf *out)
{
	struct prom_label l[PROM_LABELS_MAX];
	struct span at[PROM_LABELS_MAX];
	struct prom_sample s = { .labels = l };
	const char *name;
	struct buf b;
	json_t *v;
	int rc;

	buf_init(&b, out->max);
	json_object_foreach((json_t *)labels, name, v) {
		if (strcmp(name, "__name__") == 0 || strcmp(name, skip) == 0 ||
			s.nlabels == PROM_LABELS_MAX)
			continue;
		at[s.nlabels].name = b.len;
		escape(slice_of(name), &b);
		at[s.nlabels].value = b.len;
		escape(text(v), &b);
		at[s.nlabels++].end = b.len;
	}
	for (size_t i = 0; i < s.nlabels; i++) {
		l[i].name = slice_mem(b.p + at[i].name, at[i].value - at[i].name);
		l[i].value = slice_mem(b.p + at[i].value, at[i].end - at[i].value);
	}
	rc = b.full ? -1 : prom_labels_canonical(&s, slice_of(""), out);
	buf_fini(&b);
	return rc;
}
