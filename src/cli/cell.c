#include "cli/cell.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jtext.h"
#include "base/num.h"
#include "base/utf8.h"

#define CELL_MAX 4096 /* bytes of one cell; what is longer is cut and ends in an ellipsis */

bool cell_right(enum cell_type type)
{
	return type == CELL_NUM || type == CELL_INT || type == CELL_BYTES || type == CELL_AGE;
}

/* A string's text, or any other value's JSON, made harmless. */
static void add_clean(struct slice v, struct buf *out)
{
	struct buf plain, clean;

	buf_init(&plain, v.n * 4 + 64);
	buf_init(&clean, CELL_MAX);
	jtext_plain(v, &plain);
	text_clean(&clean, buf_slice(&plain), false);
	buf_addslice(out, buf_slice(&clean));
	if (clean.full)
		buf_adds(out, "\xe2\x80\xa6");
	buf_fini(&clean);
	buf_fini(&plain);
}

/* Four digits that matter, or the whole of an integer. */
static void add_number(double v, struct buf *out)
{
	int decimals = 3;

	if (!isfinite(v)) {
		buf_addf64(out, v);
		return;
	}
	if (v == trunc(v) && fabs(v) < 1e15) {
		buf_addf(out, "%.0f", v);
		return;
	}
	if (fabs(v) >= 1e15 || fabs(v) < 1e-3) {
		buf_addf(out, "%.3g", v);
		return;
	}
	for (double x = fabs(v); x >= 10 && decimals > 0; x /= 10)
		decimals--;
	buf_addf(out, "%.*f", decimals, v);
	while (decimals-- && out->p[out->len - 1] == '0')
		out->len--;
	if (out->p[out->len - 1] == '.')
		out->len--;
	out->p[out->len] = '\0';
}

/* "2026-11-22T09:52:11.042Z": to the second is enough to read. */
static void add_time(struct slice v, struct buf *out)
{
	const char *dot = memchr(v.p, '.', v.n);

	if (!dot || dot - v.p != 20 || v.p[v.n - 2] != 'Z') {
		add_clean(v, out);
		return;
	}
	add_clean(slice_mem(v.p + 1, 19), out);
	buf_addc(out, 'Z');
}

/* An object of plain values reads better as `a=1 b=2`. */
static void add_object(struct slice v, struct buf *out)
{
	struct jtext_walk w;
	struct slice key, value;
	bool first = true;

	if (jtext_open(&w, v) < 0)
		return;
	while (jtext_next(&w, &key, &value) == 1 && out->len < CELL_MAX) {
		if (!first)
			buf_addc(out, ' ');
		first = false;
		add_clean(key, out);
		buf_addc(out, '=');
		cell_text(value, *value.p == '"' ? CELL_STR : CELL_NUM, out);
	}
	if (first)
		buf_addc(out, '-');
}

void cell_text(struct slice v, enum cell_type type, struct buf *out)
{
	double d;

	if (!v.n || jtext_is_null(v) || slice_is(v, "\"\"")) {
		buf_addc(out, '-');
		return;
	}
	if (type == CELL_TIME && jtext_is_string(v)) {
		add_time(v, out);
		return;
	}
	if (*v.p == '{') {
		add_object(v, out);
		return;
	}
	if (jtext_is_string(v) || num_f64(v, &d) < 0) {
		add_clean(v, out);
		return;
	}
	if (type == CELL_AGE)
		buf_addage(out, (int64_t)(d * 1000)); /* seconds */
	else if (type == CELL_BYTES && d >= 0 && d < 1.8e19)
		buf_addsize(out, (uint64_t)d);
	else if (type == CELL_INT)
		buf_addslice(out, v);
	else
		add_number(d, out);
}

static const struct {
	const char *word;
	struct mark mark;
} marks[] = {
#define GOOD { "\xe2\x97\x8f", "*", "32" }
#define WARN { "\xe2\x96\xb2", "!", "33" }
#define BAD { "\xe2\x9c\x96", "X", "31" }
#define NOTE { "\xe2\x97\x86", "+", "36" }
#define QUIET { "\xe2\x97\x8b", "-", "2" }
	{ "up", GOOD }, { "well", GOOD }, { "live", GOOD }, { "ok", GOOD },
	{ "degraded", WARN }, { "warn", WARN }, { "warning", WARN }, { "stale", WARN },
	{ "dialing", WARN },
	{ "down", BAD }, { "error", BAD }, { "fatal", BAD }, { "critical", BAD }, { "fail", BAD },
	{ "info", NOTE }, { "notice", NOTE },
	{ "unknown", QUIET }, { "idle", QUIET }, { "debug", QUIET }, { "trace", QUIET },
};

const struct mark *mark_of(struct slice word)
{
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (slice_is(word, marks[i].word))
			return &marks[i].mark;
	return NULL;
}
