#include "wire/telemetry.h"

#include <string.h>

#include "base/alloc.h"
#include "wire/jscan.h"
#include "wire/scan.h"

#define PREFIX "net.depin.device."

enum tele_kind tele_kind(struct slice type)
{
	static const struct {
		const char *name;
		enum tele_kind kind;
	} kinds[] = {
		{ "telemetry.v1", TELE_TELEMETRY }, { "birth.v1", TELE_BIRTH },
		{ "death.v1", TELE_DEATH }, { "status.v1", TELE_STATUS },
		{ "log.v1", TELE_LOG }, { "alert.v1", TELE_ALERT },
	};
	const size_t n = sizeof(PREFIX) - 1;

	if (type.n <= n || memcmp(type.p, PREFIX, n) != 0)
		return TELE_NONE;
	type = (struct slice){ type.p + n, type.n - n };
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (slice_is(type, kinds[i].name))
			return kinds[i].kind;
	return TELE_OTHER;
}

/* --- telemetry */

struct reading {
	struct js j;
	struct telemetry *out;
	struct tele_value *v;
	size_t cap;
};

static const char *slow_number(struct js *j, const char *p, double *v, bool *ok)
{
	const char *q = js_number(j, p);

	if (q && num_f64((struct slice){ p, (size_t)(q - p) }, v) < 0)
		*ok = false;
	return q;
}

/* The value at p into *v; *ok becomes false where the metric has none that we can keep. */
static inline const char *take_value(struct js *j, const char *p, struct tele_value *v, bool *ok)
{
	const char *q;

	v->text = (struct slice){ 0 };
	if (p < j->end && (scan_digit(*p) || *p == '-')) {
		q = scan_f64(p, j->end, &v->value);
		return q ? q : slow_number(j, p, &v->value, ok);
	}
	q = js_value(j, p, 62);
	if (!q)
		return NULL;
	v->value = *p == 't' ? 1 : *p == 'f' ? 0 : NAN;
	if (*p == '"')
		v->text = (struct slice){ p + 1, (size_t)(q - p - 2) };
	else if (*p == '{' || *p == '[')
		*ok = false;
	return q;
}

/* "name": value at p into the next place. */
static inline const char *take_metric(struct reading *r, const char *p)
{
	struct tele_value spare, *v = r->out->n < r->cap ? &r->v[r->out->n] : &spare;
	unsigned flags = 0;
	const char *q;
	bool ok;

	if (p == r->j.end || *p != '"')
		return js_fail(&r->j, p, "a metric was expected");
	q = js_string(&r->j, ++p, &flags);
	if (!q)
		return NULL;
	v->name = (struct slice){ p, (size_t)(q - p) };
	ok = !flags && v->name.n && v->name.n <= TELE_NAME_MAX && v != &spare;
	p = js_space(q + 1, r->j.end);
	if (p == r->j.end || *p != ':')
		return js_fail(&r->j, p, "a colon was expected");
	p = take_value(&r->j, js_space(p + 1, r->j.end), v, &ok);
	if (p && ok)
		r->out->n++;
	else if (p)
		r->out->bad++;
	return p;
}

static const char *take_metrics(struct reading *r, const char *p)
{
	if (p == r->j.end || *p != '{')
		return js_fail(&r->j, p, "\"m\" is not an object");
	p = js_space(p + 1, r->j.end);
	if (p < r->j.end && *p == '}')
		return p + 1;
	for (;;) {
		p = take_metric(r, p);
		if (!p)
			return NULL;
		p = js_space(p, r->j.end);
		if (p < r->j.end && *p == '}')
			return p + 1;
		if (p == r->j.end || *p != ',')
			return js_fail(&r->j, p, "a comma was expected");
		p = js_space(p + 1, r->j.end);
	}
}

static const char *take_time(struct reading *r, const char *p)
{
	const char *q = js_value(&r->j, p, 62);
	struct slice s = { p, q ? (size_t)(q - p) : 0 };
	double ms;

	if (!q || *p == 'n')
		return q;
	if (*p == '"' && s.n >= 2)
		r->out->has_time = num_rfc3339_ms((struct slice){ p + 1, s.n - 2 },
			&r->out->time_ms) == 0;
	else if (num_i64(s, &r->out->time_ms) == 0)
		r->out->has_time = r->out->time_ms > -9000000000000000 &&
			r->out->time_ms < 9000000000000000;
	else if (num_f64(s, &ms) == 0 && fabs(ms) < 9e15) {
		r->out->time_ms = (int64_t)ms;
		r->out->has_time = true;
	}
	if (!r->out->has_time) {
		r->out->time_ms = 0;
		r->out->bad++;
	}
	return q;
}

/* The members of data; false when it is broken (r->j.why). */
static bool take_members(struct reading *r, bool *seen)
{
	for (;;) {
		const char *p = js_space(r->j.p, r->j.end), *q;
		unsigned flags = 0;
		char key;

		if (p < r->j.end && *p == '}') {
			r->j.p = p + 1;
			return true;
		}
		if (p < r->j.end && *p == ',')
			p = js_space(p + 1, r->j.end);
		if (p == r->j.end || *p != '"')
			return js_fail(&r->j, p, "a key was expected");
		q = js_string(&r->j, p + 1, &flags);
		if (!q)
			return false;
		key = q - p == 2 ? p[1] : '\0'; /* ours are of one letter */
		p = js_space(q + 1, r->j.end);
		if (p == r->j.end || *p != ':')
			return js_fail(&r->j, p, "a colon was expected");
		p = js_space(p + 1, r->j.end);
		if (key == 'm') {
			*seen = true;
			p = take_metrics(r, p);
		} else if (key == 't') {
			p = take_time(r, p);
		} else {
			p = js_value(&r->j, p, 62);
		}
		if (!p)
			return false;
		r->j.p = p;
	}
}

int telemetry_decode(struct slice data, struct tele_value *v, size_t cap, struct telemetry *out,
	struct err *e)
{
	struct reading r = { .out = out, .v = v,
		.cap = cap < TELE_METRICS_MAX ? cap : TELE_METRICS_MAX };
	bool seen = false;

	*out = (struct telemetry){ 0 };
	if (js_open(&r.j, data) < 0 || !take_members(&r, &seen))
		return err_set(e, ERR_UNREACH, "telemetry, byte %zu of data: %s",
			data.n ? (size_t)(r.j.p - data.p) : 0, r.j.why);
	if (!seen)
		return err_set(e, ERR_UNREACH, "telemetry: no member \"m\" with the metrics");
	return 0;
}
