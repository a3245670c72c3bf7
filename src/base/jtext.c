#include "base/jtext.h"

#include <string.h>

#include "base/utf8.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_blanks(struct slice *s)
{
	while (s->n && is_blank(*s->p))
		s->p++, s->n--;
}

/* Bytes that a string's run ends at. */
static const unsigned char stops_string[256] = { ['"'] = 1, ['\\'] = 1,
	[0] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	[16] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };

static const unsigned char in_number[256] = { ['0'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, ['-'] = 1,
	['+'] = 1, ['.'] = 1, ['e'] = 1, ['E'] = 1 };

/* Each of these takes the text from p on and returns where its part ends, NULL when broken. */

static inline const char *blanks_end(const char *p, const char *end)
{
	while (p < end && (unsigned char)*p <= ' ' && is_blank(*p))
		p++;
	return p;
}

/* p is at the opening quote. */
static inline const char *string_end(const char *p, const char *end)
{
	for (p++;;) {
		while (p < end && !stops_string[(unsigned char)*p])
			p++;
		if (p == end)
			return NULL;
		if (*p == '"')
			return p + 1;
		if (*p != '\\' || p + 1 == end || !p[1] || !strchr("\"\\/bfnrtu", p[1]))
			return NULL;
		p += 2;
	}
}

static const char *word_end(const char *p, const char *end, const char *word, size_t n)
{
	return (size_t)(end - p) >= n && memcmp(p, word, n) == 0 ? p + n : NULL;
}

/* A string, a number, or true, false, null; p < end. */
static inline const char *atom_end(const char *p, const char *end)
{
	switch (*p) {
	case '"':
		return string_end(p, end);
	case 't':
		return word_end(p, end, "true", 4);
	case 'f':
		return word_end(p, end, "false", 5);
	case 'n':
		return word_end(p, end, "null", 4);
	case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7':
	case '8': case '9':
		while (p < end && in_number[(unsigned char)*p])
			p++;
		return p;
	default:
		return NULL;
	}
}

/* A member's name and its colon. */
static inline const char *key_end(const char *p, const char *end)
{
	p = blanks_end(p, end);
	if (p == end || *p != '"')
		return NULL;
	p = string_end(p, end);
	if (!p)
		return NULL;
	p = blanks_end(p, end);
	return p < end && *p == ':' ? p + 1 : NULL;
}

/* The containers that are open: their number, and for each whether it is an object. */
struct open {
	uint64_t objects; /* bit 0: the innermost */
	int depth;
};

/* Behind a value: closes what ends there and goes on to the next value, if there is one still
 * open: then *more. */
static inline const char *after_value(const char *p, const char *end, struct open *o, bool *more)
{
	for (; o->depth; o->depth--, o->objects >>= 1, p++) {
		p = blanks_end(p, end);
		if (p == end)
			return NULL;
		if (*p == ',') {
			*more = true;
			return o->objects & 1 ? key_end(p + 1, end) : p + 1;
		}
		if (*p != (o->objects & 1 ? '}' : ']'))
			return NULL;
	}
	*more = false;
	return p;
}

/* p is at the opening bracket; the result is at the first value in it, or at the other bracket. */
static inline const char *open_end(const char *p, const char *end, struct open *o, bool *empty)
{
	bool object = *p == '{';

	if (o->depth == JTEXT_DEPTH)
		return NULL;
	o->objects = o->objects << 1 | object;
	o->depth++;
	p = blanks_end(p + 1, end);
	*empty = p < end && *p == (object ? '}' : ']');
	return object && !*empty ? key_end(p, end) : p;
}

static const char *value_end(const char *p, const char *end)
{
	struct open o = { 0 };
	bool more = true, empty;

	while (p && more) {
		p = blanks_end(p, end);
		if (p == end)
			return NULL;
		empty = true; /* an atom is, too: nothing in it is waited for */
		if (*p == '{' || *p == '[')
			p = open_end(p, end, &o, &empty);
		else
			p = atom_end(p, end);
		if (p && empty)
			p = after_value(p, end, &o, &more);
	}
	return p;
}

int jtext_value(struct slice *s, struct slice *v)
{
	const char *p;

	skip_blanks(s);
	p = s->n ? value_end(s->p, s->p + s->n) : NULL;
	if (!p)
		return -1;
	*v = (struct slice){ s->p, (size_t)(p - s->p) };
	*s = (struct slice){ p, s->n - v->n };
	return 0;
}

bool jtext_whole(struct slice s)
{
	struct slice v;

	if (jtext_value(&s, &v) < 0)
		return false;
	skip_blanks(&s);
	return s.n == 0;
}

int jtext_open(struct jtext_walk *w, struct slice v)
{
	skip_blanks(&v);
	if (!v.n || (*v.p != '{' && *v.p != '['))
		return -1;
	w->close = *v.p == '{' ? '}' : ']';
	w->rest = (struct slice){ v.p + 1, v.n - 1 };
	w->first = true;
	return 0;
}

static int take_key(struct slice *rest, struct slice *key)
{
	const char *end = rest->p + rest->n, *behind;

	skip_blanks(rest);
	behind = key_end(rest->p, end);
	if (!behind)
		return -1;
	*key = (struct slice){ rest->p + 1, (size_t)(string_end(rest->p, end) - rest->p) - 2 };
	*rest = (struct slice){ behind, (size_t)(end - behind) };
	return 0;
}

int jtext_ahead(struct jtext_walk *w, struct slice *key)
{
	struct slice k = { 0 };

	skip_blanks(&w->rest);
	if (!w->rest.n)
		return -1;
	if (*w->rest.p == w->close)
		return 0;
	if (!w->first) {
		if (*w->rest.p != ',')
			return -1;
		w->rest.p++, w->rest.n--;
	}
	w->first = false;
	if (w->close == '}' && take_key(&w->rest, &k) < 0)
		return -1;
	if (key)
		*key = k;
	return 1;
}

int jtext_take(struct jtext_walk *w, struct slice *value)
{
	return jtext_value(&w->rest, value);
}

int jtext_into(struct jtext_walk *inner, const struct jtext_walk *w)
{
	return jtext_open(inner, w->rest);
}

/* It has come to the other bracket. */
void jtext_out(struct jtext_walk *w, const struct jtext_walk *inner)
{
	w->rest = inner->rest.n ? slice_mem(inner->rest.p + 1, inner->rest.n - 1) : inner->rest;
}

int jtext_next(struct jtext_walk *w, struct slice *key, struct slice *value)
{
	int more = jtext_ahead(w, key);

	return more == 1 && jtext_take(w, value) < 0 ? -1 : more;
}

bool jtext_get(struct slice v, const char *key, struct slice *value)
{
	struct jtext_walk w;
	struct slice k, found;

	skip_blanks(&v);
	if (!v.n || *v.p != '{' || jtext_open(&w, v) < 0)
		return false;
	while (jtext_next(&w, &k, &found) == 1)
		if (slice_is(k, key)) {
			*value = found;
			return true;
		}
	return false;
}

static int hex4(const char *p, size_t n, uint32_t *out)
{
	uint32_t v = 0;

	if (n < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = p[i];
		int d = c >= '0' && c <= '9' ? c - '0'
			: (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;

		if (d < 0)
			return -1;
		v = v << 4 | (uint32_t)d;
	}
	*out = v;
	return 0;
}

/* One \uXXXX, or a pair of them; p is behind the `u`.  Returns bytes taken. */
static size_t plain_u(const char *p, size_t n, struct buf *out)
{
	uint32_t cp, low;
	size_t took = 4;
	char enc[4];

	if (hex4(p, n, &cp) < 0) {
		buf_adds(out, "\xef\xbf\xbd");
		return 0;
	}
	if (cp >= 0xd800 && cp < 0xdc00 && n >= 10 && p[4] == '\\' && p[5] == 'u'
	    && hex4(p + 6, n - 6, &low) == 0 && low >= 0xdc00 && low < 0xe000) {
		cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
		took = 10;
	}
	if (cp >= 0xd800 && cp < 0xe000)
		cp = 0xfffd;
	buf_add(out, enc, utf8_encode(cp, enc));
	return took;
}

static char plain_escape(char c)
{
	switch (c) {
	case 'b': return '\b';
	case 'f': return '\f';
	case 'n': return '\n';
	case 'r': return '\r';
	case 't': return '\t';
	default: return c; /* quote, backslash, slash */
	}
}

int jtext_plain(struct slice v, struct buf *out)
{
	const char *p, *end;

	if (!jtext_is_string(v))
		return buf_addslice(out, v);
	p = v.p + 1;
	end = v.p + v.n - 1;
	while (p < end) {
		const char *bs = memchr(p, '\\', (size_t)(end - p));
		size_t run = (size_t)((bs ? bs : end) - p);

		buf_add(out, p, run);
		p += run;
		if (!bs || p + 1 >= end)
			break;
		if (p[1] == 'u') {
			p += 2;
			p += plain_u(p, (size_t)(end - p), out);
		} else {
			buf_addc(out, plain_escape(p[1]));
			p += 2;
		}
	}
	return out->full ? -1 : 0;
}

char *jtext_member(struct slice v, const char *key)
{
	struct slice value;
	struct buf b;
	char *s;

	buf_init(&b, 65536);
	if (jtext_get(v, key, &value) && jtext_is_string(value))
		jtext_plain(value, &b);
	s = buf_steal(&b);
	buf_fini(&b);
	return s;
}

bool jtext_is_string(struct slice v)
{
	return v.n >= 2 && v.p[0] == '"' && v.p[v.n - 1] == '"';
}

bool jtext_is_null(struct slice v)
{
	return slice_is(v, "null");
}
