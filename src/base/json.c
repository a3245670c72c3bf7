#include "base/json.h"

#include "base/num.h"
#include "base/utf8.h"

#define DEPTH_MAX 64

/*
 * The pre-pass: one walk over the bytes that counts the depth and finds the numbers Jansson
 * would choke on.  Nothing is copied until the first of them is found.
 */
struct pass {
	const char *p, *end, *copied; /* [start, copied) is in `out` already */
	struct buf out;		      /* p is NULL: no odd number so far */
	int depth;
};

static const char *skip_string(const char *p, const char *end)
{
	for (;;) {
		const char *q = p, *b;

		while (q < end && *q != '"') /* mostly short: a call to memchr() costs more */
			q++;
		if (q == end)
			return end;
		b = q;
		while (b > p && b[-1] == '\\')
			b--;
		if ((q - b) % 2 == 0)
			return q + 1;
		p = q + 1;
	}
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

/* JSON's own grammar, stricter than num_f64(): no leading zero or plus, digits around the dot. */
static bool json_number(struct slice s, bool *integer)
{
	const char *p = s.p, *end = s.p + s.n;

	*integer = true;
	p += p < end && *p == '-';
	if (p == end || !digit(*p) || (*p == '0' && p + 1 < end && digit(p[1])))
		return false;
	while (p < end && digit(*p))
		p++;
	if (p < end && *p == '.') {
		*integer = false;
		if (++p == end || !digit(*p))
			return false;
		while (p < end && digit(*p))
			p++;
	}
	if (p < end && (*p | 0x20) == 'e') {
		*integer = false;
		p++;
		p += p < end && (*p == '-' || *p == '+');
		if (p == end || !digit(*p))
			return false;
		while (p < end && digit(*p))
			p++;
	}
	return p == end;
}

static bool odd_number(struct slice s)
{
	bool integer;
	int64_t i;
	double d;

	if (!json_number(s, &integer))
		return false; /* not a number at all: Jansson's to refuse */
	return integer ? num_i64(s, &i) < 0 : num_f64(s, &d) < 0;
}

static bool is_key(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
		p++;
	return p < end && *p == ':';
}

/* Only these can be too large: a long integer, any exponent, a very long fraction. */
static bool suspicious(size_t n, bool fraction, bool exponent)
{
	return exponent || n > (fraction ? 300 : 18);
}

/* p is at the first byte of a number; returns the byte after it. */
static const char *pass_number(struct pass *w, const char *p)
{
	const char *q = p + 1;
	bool fraction = false, exponent = false;

	for (;; q++) {
		while (q < w->end && digit(*q))
			q++;
		if (q == w->end || !(*q == '.' || *q == '+' || *q == '-' || (*q | 0x20) == 'e'))
			break;
		fraction |= *q == '.';
		exponent |= (*q | 0x20) == 'e';
	}
	if (!suspicious((size_t)(q - p), fraction, exponent) ||
		!odd_number(slice_mem(p, (size_t)(q - p))) || is_key(q, w->end))
		return q;
	if (!w->out.p)
		buf_init(&w->out, SIZE_MAX / 4);
	buf_add(&w->out, w->copied, (size_t)(p - w->copied));
	buf_addc(&w->out, '"');
	buf_add(&w->out, p, (size_t)(q - p));
	buf_addc(&w->out, '"');
	w->copied = q;
	return q;
}

static int pre_pass(struct pass *w)
{
	const char *p = w->p;

	while (p < w->end) {
		char c = *p;

		if (c == '"') {
			p = skip_string(p + 1, w->end);
		} else if (digit(c) || c == '-') {
			p = pass_number(w, p);
		} else {
			if (c == '[' || c == '{')
				w->depth++;
			else if (c == ']' || c == '}')
				w->depth--;
			if (w->depth > DEPTH_MAX)
				return -1;
			p++;
		}
	}
	if (w->out.p)
		buf_add(&w->out, w->copied, (size_t)(w->end - w->copied));
	return 0;
}

/* Where in the caller's bytes `at` of the rewritten ones is: the quotes put in do not count. */
static size_t original(const struct pass *w, size_t at)
{
	const char *p = w->p;

	if (!w->out.p)
		return at;
	for (size_t i = 0; i < at && i < w->out.len && p < w->end; i++)
		p += *p == w->out.p[i];
	return (size_t)(p - w->p);
}

/* Jansson quotes the offending bytes: not before they are harmless. */
static void story(struct err *e, const struct pass *w, const json_error_t *je)
{
	size_t at = original(w, je->position > 0 ? (size_t)je->position : 0);
	struct buf b;

	buf_init(&b, sizeof(je->text) * 4);
	text_clean(&b, slice_of(je->text), false);
	err_set(e, ERR_UNREACH, "JSON: %.200s (line %d, byte %zu)", b.p, je->line, at);
	buf_fini(&b);
}

json_t *json_load(struct slice s, struct err *e)
{
	struct pass w = { .p = s.n ? s.p : "", .end = (s.n ? s.p : "") + s.n };
	struct slice text = s;
	json_error_t je;
	json_t *v = NULL;

	w.copied = w.p;
	if (memchr(w.p, '\0', s.n)) { /* Jansson would skip it */
		err_set(e, ERR_UNREACH, "JSON: a NUL byte");
		goto out;
	}
	if (pre_pass(&w) < 0) {
		err_set(e, ERR_UNREACH, "JSON: nested deeper than %d", DEPTH_MAX);
		goto out;
	}
	if (w.out.p)
		text = buf_slice(&w.out);
	v = json_loadb(text.n ? text.p : "", text.n, JSON_DECODE_ANY, &je);
	if (!v)
		story(e, &w, &je);
out:
	buf_fini(&w.out);
	return v;
}

const char *json_str(const json_t *o, const char *key, const char *def)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : def;
}

static struct slice text_of(const json_t *v)
{
	return slice_mem(json_string_value(v), json_string_length(v));
}

int64_t json_i64(const json_t *o, const char *key, int64_t def)
{
	const json_t *v = json_object_get(o, key);
	int64_t i;

	if (json_is_integer(v))
		return json_integer_value(v);
	return json_is_string(v) && num_i64(text_of(v), &i) == 0 ? i : def;
}

double json_f64(const json_t *o, const char *key, double def)
{
	const json_t *v = json_object_get(o, key);
	double d;

	if (json_is_number(v))
		return json_number_value(v);
	return json_is_string(v) && num_f64(text_of(v), &d) == 0 ? d : def;
}

bool json_flag(const json_t *o, const char *key, bool def)
{
	const json_t *v = json_object_get(o, key);

	return json_is_boolean(v) ? json_is_true(v) : def;
}
