#include "wire/jscan.h"

#include "base/hex.h"
#include "base/utf8.h"
#include "wire/scan.h"

static const char depth_why[] = "nested too deep";

/* \uXXXX at p (the backslash); the code unit, or -1. */
static int32_t unit_at(const char *p, const char *end)
{
	int32_t v = 0;

	if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
		return -1;
	for (int i = 2; i < 6; i++) {
		int d = hex_digit(p[i]);

		if (d < 0)
			return -1;
		v = v << 4 | d;
	}
	return v;
}

static const char *escape(struct js *j, const char *p)
{
	int32_t u, low;

	if (j->end - p < 2)
		return js_fail(j, p, "a string without an end");
	if (p[1] && strchr("\"\\/bfnrt", p[1]))
		return p + 2;
	u = unit_at(p, j->end);
	if (u < 0)
		return js_fail(j, p, "not an escape");
	if (u < 0xd800 || u > 0xdfff)
		return p + 6;
	low = unit_at(p + 6, j->end);
	if (u > 0xdbff || low < 0xdc00 || low > 0xdfff)
		return js_fail(j, p, "half a surrogate pair");
	return p + 12;
}

const char *js_special(struct js *j, const char *p, unsigned *flags)
{
	uint32_t cp;
	size_t n;

	if (*p == '\\') {
		*flags |= JS_ESCAPE;
		return escape(j, p);
	}
	if ((unsigned char)*p < 0x20)
		return js_fail(j, p, "a control character in a string");
	*flags |= *p == 0x7f ? JS_DEL : 0;
	for (; p < j->end && (unsigned char)*p >= 0x80; p += n) {
		*flags |= JS_HIGH;
		n = utf8_decode(p, (size_t)(j->end - p), &cp);
		if (!n)
			return js_fail(j, p, "not UTF-8");
	}
	/* plain bytes get here from the tail of a message, where less than 8 are left */
	while (p < j->end && *p >= 0x20 && *p != '"' && *p != '\\')
		*flags |= *p++ == 0x7f ? JS_DEL : 0;
	return p;
}

static const char *digits(const char *p, const char *end)
{
	while (p < end && scan_digit(*p))
		p++;
	return p;
}

const char *js_number(struct js *j, const char *p)
{
	static const char why[] = "not a number";
	const char *end = j->end, *from = p;

	p += p < end && *p == '-';
	if (p == end || !scan_digit(*p) || (*p == '0' && p + 1 < end && scan_digit(p[1])))
		return js_fail(j, from, why);
	p = digits(p, end);
	if (p < end && *p == '.') {
		if (++p == end || !scan_digit(*p))
			return js_fail(j, from, why);
		p = digits(p, end);
	}
	if (p < end && (*p | 0x20) == 'e') {
		p++;
		p += p < end && (*p == '+' || *p == '-');
		if (p == end || !scan_digit(*p))
			return js_fail(j, from, why);
		p = digits(p, end);
	}
	return p;
}

static const char *literal(struct js *j, const char *p)
{
	size_t left = (size_t)(j->end - p);

	if (left >= 4 && (memcmp(p, "true", 4) == 0 || memcmp(p, "null", 4) == 0))
		return p + 4;
	if (left >= 5 && memcmp(p, "false", 5) == 0)
		return p + 5;
	return js_fail(j, p, left ? "not JSON" : "cut off");
}

/* "key": at p; returns the value's first byte. */
static const char *key(struct js *j, const char *p)
{
	unsigned flags = 0;

	p = js_space(p, j->end);
	if (p == j->end || *p != '"')
		return js_fail(j, p, p == j->end ? "cut off" : "a key was expected");
	p = js_string(j, p + 1, &flags);
	if (!p)
		return NULL;
	p = js_space(p + 1, j->end);
	if (p == j->end || *p != ':')
		return js_fail(j, p, "a colon was expected");
	return js_space(p + 1, j->end);
}

/* A value that is neither object nor array. */
static inline const char *scalar(struct js *j, const char *p)
{
	unsigned flags = 0;

	if (p < j->end && *p == '"') {
		p = js_string(j, p + 1, &flags);
		return p ? p + 1 : NULL;
	}
	if (p < j->end && (scan_digit(*p) || *p == '-'))
		return js_number(j, p);
	return literal(j, p);
}

/* After a value: closes what ends here, steps over a comma; the next value's first byte, or,
 * with *level 0, the byte after the outermost.  kinds: one bit a level, 1 for objects. */
static const char *after(struct js *j, const char *p, uint64_t kinds, int *level)
{
	while (*level) {
		bool object = kinds >> (*level - 1) & 1;

		p = js_space(p, j->end);
		if (p == j->end)
			return js_fail(j, p, "cut off");
		if (*p == ',')
			return object ? key(j, p + 1) : js_space(p + 1, j->end);
		if (*p != (object ? '}' : ']'))
			return js_fail(j, p, "a comma or an end was expected");
		p++;
		(*level)--;
	}
	return p;
}

const char *js_value(struct js *j, const char *p, int depth)
{
	uint64_t kinds = 0;
	int level = 0;

	for (;;) {
		bool object = p < j->end && *p == '{';

		if (object || (p < j->end && *p == '[')) {
			const char *q = js_space(p + 1, j->end);

			if (level == depth || level == 64)
				return js_fail(j, p, depth_why);
			if (q < j->end && *q == (object ? '}' : ']')) {
				p = q + 1;
			} else {
				kinds = (kinds & ~(1ull << level)) | (uint64_t)object << level;
				level++;
				p = object ? key(j, q) : q;
				if (!p)
					return NULL;
				continue;
			}
		} else {
			p = scalar(j, p);
			if (!p)
				return NULL;
		}
		if (!level)
			return p;
		p = after(j, p, kinds, &level);
		if (!p || !level)
			return p;
	}
}

size_t js_unescape(struct slice s, char *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *p = s.p, *end = s.p + s.n;
	char *o = out;

	while (p < end) {
		const char *q = memchr(p, '\\', (size_t)(end - p)), *e;
		int32_t u;

		q = q ? q : end;
		memcpy(o, p, (size_t)(q - p));
		o += q - p;
		if (end - q < 2)
			break;
		e = q[1] ? strchr(from, q[1]) : NULL;
		if (e) {
			*o++ = to[e - from];
			p = q + 2;
			continue;
		}
		u = unit_at(q, end);
		p = u < 0 ? q + 2 : q + 6;
		if (u >= 0xd800 && u <= 0xdbff && unit_at(p, end) >= 0xdc00) {
			u = 0x10000 + ((u & 0x3ff) << 10 | (unit_at(p, end) & 0x3ff));
			p += 6;
		}
		if (u >= 0)
			o += utf8_encode((uint32_t)u, o);
	}
	return (size_t)(o - out);
}

int js_open(struct js *j, struct slice object)
{
	const char *p;

	if (!object.n) /* its pointer may be NULL */
		object.p = "";
	*j = (struct js){ object.p, object.p + object.n, NULL };
	p = js_space(j->p, j->end);
	if (p == j->end || *p != '{') {
		js_fail(j, p, "not an object");
		return -1;
	}
	j->p = p + 1;
	return 0;
}

int js_member(struct js *j, struct slice *name, struct slice *value)
{
	const char *p = js_space(j->p, j->end), *q;
	unsigned flags = 0;

	if (p < j->end && *p == '}')
		return 0;
	if (p < j->end && *p == ',')
		p = js_space(p + 1, j->end);
	if (p == j->end || *p != '"') {
		js_fail(j, p, "a key was expected");
		return -1;
	}
	q = js_string(j, p + 1, &flags);
	if (!q)
		return -1;
	*name = (struct slice){ p + 1, (size_t)(q - p - 1) };
	p = js_space(q + 1, j->end);
	if (p == j->end || *p != ':') {
		js_fail(j, p, "a colon was expected");
		return -1;
	}
	p = js_space(p + 1, j->end);
	q = js_value(j, p, 64);
	if (!q)
		return -1;
	*value = (struct slice){ p, (size_t)(q - p) };
	j->p = q;
	return 1;
}

int js_text(struct slice value, struct slice *text, unsigned *flags)
{
	struct js j = { value.p, value.p + value.n, NULL };
	const char *q;

	*flags = 0;
	if (!value.n || *value.p != '"')
		return -1;
	q = js_string(&j, value.p + 1, flags);
	if (!q || q + 1 != j.end)
		return -1;
	*text = (struct slice){ value.p + 1, (size_t)(q - value.p - 1) };
	return 0;
}
