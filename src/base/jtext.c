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

/* Bytes that end a run of plain ones: within a string, and outside of one. */
static const unsigned char stops_string[256] = { ['"'] = 1, ['\\'] = 1,
	[0] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	[16] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };

/* Length of the string literal at p with both quotes, 0 when it is broken. */
static size_t string_len(const char *p, size_t n)
{
	size_t i = 1;

	for (;;) {
		while (i + 4 <= n && !(stops_string[(unsigned char)p[i]]
				| stops_string[(unsigned char)p[i + 1]]
				| stops_string[(unsigned char)p[i + 2]]
				| stops_string[(unsigned char)p[i + 3]]))
			i += 4;
		while (i < n && !stops_string[(unsigned char)p[i]])
			i++;
		if (i >= n)
			return 0;
		if (p[i] == '"')
			return i + 1;
		if (p[i] != '\\' || i + 1 >= n || !strchr("\"\\/bfnrtu", p[i + 1]) || !p[i + 1])
			return 0;
		i += 2;
	}
}

static const unsigned char in_number[256] = { ['0'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, ['-'] = 1,
	['+'] = 1, ['.'] = 1, ['e'] = 1, ['E'] = 1 };

static size_t word_len(const char *p, size_t n, const char *word, size_t k)
{
	return n >= k && memcmp(p, word, k) == 0 ? k : 0;
}

/* Length of a number or of true, false, null. */
static size_t scalar_len(const char *p, size_t n)
{
	size_t i = 1;

	switch (*p) {
	case 't':
		return word_len(p, n, "true", 4);
	case 'f':
		return word_len(p, n, "false", 5);
	case 'n':
		return word_len(p, n, "null", 4);
	case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7':
	case '8': case '9':
		while (i < n && in_number[(unsigned char)p[i]])
			i++;
		return i;
	default:
		return 0;
	}
}

enum want { VALUE, VALUE_OR_CLOSE, KEY, KEY_OR_CLOSE, COLON, COMMA_OR_CLOSE };

struct scan {
	const char *p;
	size_t n, i;
	char stack[JTEXT_DEPTH];
	int depth;
	enum want want;
};

static int scan_open(struct scan *s, char c)
{
	if (s->depth == JTEXT_DEPTH || (s->want != VALUE && s->want != VALUE_OR_CLOSE))
		return -1;
	s->stack[s->depth++] = c == '{' ? '}' : ']';
	s->want = c == '{' ? KEY_OR_CLOSE : VALUE_OR_CLOSE;
	s->i++;
	return 0;
}

static int scan_close(struct scan *s, char c)
{
	if (!s->depth || s->stack[s->depth - 1] != c)
		return -1;
	if (s->want != COMMA_OR_CLOSE && s->want != (c == '}' ? KEY_OR_CLOSE : VALUE_OR_CLOSE))
		return -1;
	s->depth--;
	s->want = COMMA_OR_CLOSE;
	s->i++;
	return 0;
}

static int scan_comma(struct scan *s)
{
	if (s->want != COMMA_OR_CLOSE)
		return -1;
	s->want = s->stack[s->depth - 1] == '}' ? KEY : VALUE;
	s->i++;
	return 0;
}

static int scan_atom(struct scan *s, char c)
{
	bool key = s->want == KEY || s->want == KEY_OR_CLOSE;
	size_t k;

	if (!key && s->want != VALUE && s->want != VALUE_OR_CLOSE)
		return -1;
	if (key && c != '"')
		return -1;
	k = c == '"' ? string_len(s->p + s->i, s->n - s->i) : scalar_len(s->p + s->i, s->n - s->i);
	s->i += k;
	s->want = key ? COLON : COMMA_OR_CLOSE;
	return k ? 0 : -1;
}

static int scan_step(struct scan *s)
{
	char c = s->p[s->i];

	switch (c) {
	case ' ': case '\t': case '\n': case '\r':
		s->i++;
		return 0;
	case '{': case '[':
		return scan_open(s, c);
	case '}': case ']':
		return scan_close(s, c);
	case ',':
		return scan_comma(s);
	case ':':
		if (s->want != COLON)
			return -1;
		s->want = VALUE;
		s->i++;
		return 0;
	default:
		return scan_atom(s, c);
	}
}

int jtext_value(struct slice *s, struct slice *v)
{
	struct scan sc = { .want = VALUE };

	skip_blanks(s);
	sc.p = s->p;
	sc.n = s->n;
	do {
		if (sc.i >= sc.n || scan_step(&sc) < 0)
			return -1;
	} while (sc.depth || sc.want != COMMA_OR_CLOSE);
	*v = (struct slice){ s->p, sc.i };
	s->p += sc.i;
	s->n -= sc.i;
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
	size_t k;

	skip_blanks(rest);
	if (!rest->n || *rest->p != '"')
		return -1;
	k = string_len(rest->p, rest->n);
	if (!k)
		return -1;
	*key = (struct slice){ rest->p + 1, k - 2 };
	rest->p += k;
	rest->n -= k;
	skip_blanks(rest);
	if (!rest->n || *rest->p != ':')
		return -1;
	rest->p++, rest->n--;
	return 0;
}

int jtext_next(struct jtext_walk *w, struct slice *key, struct slice *value)
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
	return jtext_value(&w->rest, value) < 0 ? -1 : 1;
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

bool jtext_is_string(struct slice v)
{
	return v.n >= 2 && v.p[0] == '"' && v.p[v.n - 1] == '"';
}

bool jtext_is_null(struct slice v)
{
	return slice_is(v, "null");
}
