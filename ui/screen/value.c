#include "ui/screen/value.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/num.h"
#include "ui/term/role.h"
#include "ui/widget/histogram.h"

#define ARG_MAX 100000000 /* further than there are rows; callers may multiply */

/* --- numbers --- */

static const struct unit {
	const char *name, *sign;
	double times;	/* shown as value * times */
	int decimals;	/* -1: as large as the number is */
	bool prefixes;	/* 12.4k rather than 12400 */
} units[] = {
	{ "ratio", "%", 100, 0, false },
	{ "percent", "%", 1, 0, false },
	{ "%", "%", 1, 0, false },
	{ "celsius", "°C", 1, 1, false },
	{ "watts", "W", 1, -1, true },
	{ "kilowatts", "kW", 1, -1, false },
	{ "kilowatt_hours", "kWh", 1, -1, true },
	{ "hertz", "Hz", 1, 3, false },
	{ "megahertz", "MHz", 1, 0, false },
	{ "volts", "V", 1, 1, false },
	{ "millivolts", "mV", 1, 0, false },
	{ "amperes", "A", 1, 1, false },
	{ "milliseconds", "ms", 1, -1, false },
	{ "ms", "ms", 1, -1, false },
	{ "ntu", "NTU", 1, 2, false },
	{ "ph", "pH", 1, 2, false },
	{ "bar", "bar", 1, 2, false },
	{ "dbm", "dBm", 1, 0, false },
	{ "per_minute", "/min", 1, -1, false },
	{ "kilometres_per_hour", "km/h", 1, 0, false },
	{ "milligrams_per_litre", "mg/L", 1, 2, false },
	{ "cubic_metres_per_hour", "m³/h", 1, -1, false },
	{ "watts_per_m2", "W/m²", 1, 0, false },
	{ "tao", "TAO", 1, -1, true },
	{ "/s", "/s", 1, -1, true },
	{ "deg", "°", 1, 4, false },
};

static const struct unit *unit_of(struct slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (slice_is(name, units[i].name))
			return &units[i];
	return NULL;
}

void value_count(struct buf *b, double v)
{
	char digits[40];
	int n = snprintf(digits, sizeof(digits), "%.0f", fabs(v) < 1e30 ? v : 0), i = 0;

	if (digits[0] == '-')
		buf_addc(b, digits[i++]);
	for (; i < n; i++) {
		buf_addc(b, digits[i]);
		if (i + 1 < n && (n - i - 1) % 3 == 0)
			buf_addc(b, ',');
	}
}

static void add_plain(struct buf *b, double v)
{
	double a = fabs(v);

	if (v == trunc(v) && a < 1e5)
		buf_addfixed(b, v, 0);
	else
		buf_addfixed(b, v, a >= 100 ? 0 : a >= 10 ? 1 : a >= 0.095 ? 2 : 3);
}

static void add_number(struct buf *b, double v, const struct unit *u)
{
	if (u && u->decimals >= 0)
		buf_addfixed(b, v, u->decimals);
	else if (fabs(v) >= 1e5 || (u && u->prefixes && fabs(v) >= 1e4))
		buf_addsi(b, v, "");
	else if (fabs(v) > 0 && fabs(v) < 1e-3)
		buf_addf(b, "%.2g", v);
	else
		add_plain(b, v);
}

void value_unit(struct buf *b, double v, struct slice unit)
{
	const struct unit *u = unit_of(unit);

	if (isnan(v)) {
		buf_addc(b, '-');
	} else if (slice_is(unit, "bytes") && v >= 0 && v < 1.8e19) {
		buf_addsize(b, (uint64_t)v);
	} else if (slice_is(unit, "seconds") || slice_is(unit, "s")) {
		value_span(b, v * 1000);
	} else {
		add_number(b, u ? v * u->times : v, u);
		if (u || unit.n)
			buf_addc(b, ' ');
		if (u)
			buf_adds(b, u->sign);
		else
			buf_addslice(b, unit);
	}
}

struct slice value_sign(struct slice unit, double *times)
{
	const struct unit *u = unit_of(unit);

	*times = u ? u->times : 1;
	return u ? slice_of(u->sign) : unit;
}

/* --- times --- */

void value_age(struct buf *b, int64_t ms)
{
	int64_t s = ms / 1000;

	if (s < 3)
		buf_adds(b, "now");
	else if (s < 60)
		buf_addf(b, "%d s", (int)(s < 10 ? s : s / 5 * 5));
	else if (s < 3600)
		buf_addf(b, "%d min", (int)(s / 60));
	else if (s < 48 * 3600)
		buf_addf(b, "%d h", (int)(s / 3600));
	else
		buf_addf(b, "%lld d", (long long)(s / 86400));
}

void value_span(struct buf *b, double ms)
{
	double a = fabs(ms);

	if (isnan(ms))
		buf_addc(b, '-');
	else if (a < 1)
		buf_addf(b, a ? "%.2g ms" : "0 s", ms);
	else if (a < 1000)
		buf_addf(b, "%.0f ms", ms);
	else if (a < 120000)
		buf_addf(b, a < 10000 ? "%.1f s" : "%.0f s", ms / 1000);
	else if (a < 7200000)
		buf_addf(b, "%.0f min", ms / 60000);
	else if (a < 172800000)
		buf_addf(b, "%.0f h", ms / 3600000);
	else
		buf_addf(b, "%.0f d", ms / 86400000);
}

void value_time(struct buf *b, int64_t unix_ms, int64_t now_ms)
{
	time_t s = unix_ms / 1000;
	struct tm tm;
	char text[40];
	bool today = unix_ms / 86400000 == now_ms / 86400000;

	if (unix_ms <= 0 || !gmtime_r(&s, &tm)) {
		buf_addc(b, '-');
		return;
	}
	strftime(text, sizeof(text), today ? "%H:%M:%S" : "%d %b %H:%M", &tm);
	buf_adds(b, text);
}

/* --- states --- */

static const struct {
	const char *word;
	struct sign sign;
} signs[] = {
	{ "up", { 0x25cf, ROLE_OK } },	      { "well", { 0x25cf, ROLE_OK } },
	{ "live", { 0x25cf, ROLE_OK } },      { "writing", { 0x25cf, ROLE_OK } },
	{ "degraded", { 0x25b2, ROLE_WARN } }, { "warn", { 0x25b2, ROLE_WARN } },
	{ "warning", { 0x25b2, ROLE_WARN } }, { "dialing", { 0x25c6, ROLE_NOTICE } },
	{ "stale", { 0x25c7, ROLE_STALE } },  { "stalled", { 0x2716, ROLE_CRIT } },
	{ "down", { 0x2716, ROLE_CRIT } },    { "error", { 0x2716, ROLE_CRIT } },
	{ "fatal", { 0x2716, ROLE_CRIT } },   { "critical", { 0x2716, ROLE_CRIT } },
	{ "orphaned", { 0x2716, ROLE_WARN } }, { "info", { 0x25c6, ROLE_NOTICE } },
	{ "active", { 0x25cf, ROLE_TEXT } },  { "acked", { 0x25c7, ROLE_DIM } },
	{ "silenced", { 0x25cb, ROLE_DIM } }, { "resolved", { 0x00b7, ROLE_DIM } },
	{ "notice", { 0x25c6, ROLE_NOTICE } }, { "unknown", { 0x25cb, ROLE_DIM } },
	{ "idle", { 0x25cb, ROLE_DIM } },     { "debug", { 0x00b7, ROLE_DIM } },
	{ "trace", { 0x00b7, ROLE_DIM } },    { "none", { 0x00b7, ROLE_DIM } },
};

struct sign sign_of(struct slice word)
{
	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (slice_is(word, signs[i].word))
			return signs[i].sign;
	return (struct sign){ ' ', ROLE_TEXT };
}

uint16_t percent_look(double v)
{
	return v >= 90 ? ROLE_TEXT : v >= 50 ? ROLE_WARN : ROLE_CRIT;
}

void filter_add(struct buf *b, const char *field, const char *op, struct slice value)
{
	buf_addf(b, "%s%s'", field, op);
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '\'' || value.p[i] == '\\')
			buf_addc(b, '\\');
		buf_addc(b, value.p[i]);
	}
	buf_addc(b, '\'');
}

char *filter_line(const char *command, const char *field, struct slice value)
{
	struct buf b;
	char *line;

	buf_init(&b, 1 << 16);
	buf_addf(&b, "%s ", command);
	filter_add(&b, field, "=", value);
	line = buf_steal(&b);
	buf_fini(&b);
	return line;
}

/* --- what users write --- */

int value_arg(struct slice arg, int64_t *n, struct err *e)
{
	*n = 1;
	if (arg.n && num_i64(arg, n) < 0)
		return err_set(e, ERR_USAGE, "'%.*s' is no number", SLICE_ARG(arg));
	*n = *n > ARG_MAX ? ARG_MAX : *n < -ARG_MAX ? -ARG_MAX : *n;
	return 0;
}

/* --- rows --- */

struct slice row_text(const json_t *row, const char *key)
{
	const json_t *v = json_object_get(row, key);

	return json_is_string(v) ? slice_mem(json_string_value(v), json_string_length(v))
				 : (struct slice){ "", 0 };
}

double row_num(const json_t *row, const char *key)
{
	return json_f64(row, key, NAN);
}

int64_t row_time(const json_t *row, const char *key)
{
	int64_t ms;

	return num_rfc3339_ms(row_text(row, key), &ms) == 0 ? ms : 0;
}

static uint32_t count_at(const json_t *counts, size_t i)
{
	return (uint32_t)json_integer_value(json_array_get(counts, i));
}

void value_bars(const json_t *answer, struct histogram *h)
{
	const json_t *counts = json_object_get(answer, "buckets"), *one;
	size_t i;

	h->n = json_array_size(counts);
	h->v = xreallocarray(h->v, h->n + 1, sizeof(*h->v));
	json_array_foreach((json_t *)counts, i, one)
		h->v[i] = (struct histogram_bar){ count_at(one, 0), count_at(one, 1), count_at(one, 2) };
	h->from_ms = row_time(answer, "from");
	h->step_ms = json_i64(answer, "step_ms", 0);
	h->known_ms = row_time(answer, "oldest");
}

/* --- lists --- */

size_t name_end(const char *names)
{
	bool braces = false, brackets = false;
	size_t n = 0;

	for (; names[n] && (names[n] != ',' || braces || brackets); n++) {
		char c = names[n];

		braces = c == '{' || (braces && c != '}');
		brackets = (c == '(' && !braces) || (brackets && (c != ')' || braces));
	}
	return n;
}
