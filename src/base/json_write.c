#include <math.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/num.h"
#include "base/utf8.h"

void jw_init(struct jw *w, struct buf *b)
{
	*w = (struct jw){ .b = b };
}

/* Room for n bytes of a value, the comma before it written.  NULL when the buffer is full. */
static inline char *reserve(struct jw *w, size_t n)
{
	char *p = buf_room(w->b, n + 1);

	if (p && w->comma) {
		*p++ = ',';
		w->b->len++;
	}
	w->comma = true;
	return p;
}

/* The bytes up to `end` are written. */
static inline void commit(struct jw *w, char *end)
{
	*end = '\0';
	w->b->len = (size_t)(end - w->b->p);
}

static void put(struct jw *w, const char *s, size_t n)
{
	char *p = reserve(w, n);

	if (p)
		commit(w, mempcpy(p, s, n));
}

/* For values written piece by piece. */
static inline void begin(struct jw *w)
{
	if (w->comma)
		buf_addc(w->b, ',');
	w->comma = true;
}

static void open_with(struct jw *w, char opener, char closer)
{
	if (w->depth == sizeof(w->stack))
		BUG("JSON nested deeper than %zu", sizeof(w->stack));
	w->stack[w->depth++] = closer;
	put(w, &opener, 1);
	w->comma = false;
}

void jw_object(struct jw *w)
{
	open_with(w, '{', '}');
}

void jw_array(struct jw *w)
{
	open_with(w, '[', ']');
}

void jw_end(struct jw *w)
{
	if (!w->depth)
		BUG("JSON: nothing to end");
	buf_addc(w->b, w->stack[--w->depth]);
	w->comma = true;
}

#define ONES  0x0101010101010101u
#define HIGHS 0x8080808080808080u

/* A high bit in each byte that is below n (n <= 128); exact for bytes below 0x80. */
static inline uint64_t below(uint64_t v, uint64_t n)
{
	return (v - ONES * n) & ~v & HIGHS;
}

static bool plain8(const char *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return !((v & HIGHS) | below(v, 0x20) | below(v ^ ONES * '"', 1) |
		 below(v ^ ONES * '\\', 1) | below(v ^ ONES * 0x7f, 1));
}

static bool plain1(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static size_t plain_run(const char *p, size_t n)
{
	size_t i = 0;

	while (i + 8 <= n && plain8(p + i))
		i += 8;
	while (i < n && plain1((unsigned char)p[i]))
		i++;
	return i;
}

static void put_u16(struct buf *b, uint32_t v)
{
	static const char hex[] = "0123456789abcdef";

	buf_add(b,
		(char[]){ '\\', 'u', hex[v >> 12 & 15], hex[v >> 8 & 15], hex[v >> 4 & 15],
			hex[v & 15] },
		6);
}

static void put_escaped(struct buf *b, uint32_t cp)
{
	static const char *const names[] = { ['\b'] = "\\b",
		['\t'] = "\\t",
		['\n'] = "\\n",
		['\f'] = "\\f",
		['\r'] = "\\r",
		['"'] = "\\\"",
		['\\'] = "\\\\" };

	if (cp < ARRAY_LEN(names) && names[cp]) {
		buf_add(b, names[cp], 2);
	} else if (cp > 0xffff) {
		put_u16(b, 0xd7c0 + (cp >> 10));
		put_u16(b, 0xdc00 + (cp & 0x3ff));
	} else {
		put_u16(b, cp);
	}
}

/* One code point, or one byte that is none. */
static size_t put_char(struct buf *b, const char *p, size_t n)
{
	uint32_t cp;
	size_t k = utf8_decode(p, n, &cp);

	if (!k)
		buf_add(b, "\xef\xbf\xbd", 3);
	else if (cp == '"' || cp == '\\' || utf8_hidden(cp))
		put_escaped(b, cp);
	else
		buf_add(b, p, k);
	return k ? k : 1;
}

static void put_odd_str(struct buf *b, struct slice s)
{
	buf_addc(b, '"');
	for (size_t i = 0; i < s.n;) {
		size_t run = plain_run(s.p + i, s.n - i);

		if (run)
			buf_add(b, s.p + i, run);
		i += run;
		if (i < s.n)
			i += put_char(b, s.p + i, s.n - i);
	}
	buf_addc(b, '"');
}

/* Nearly always: one reservation, one copy. */
static inline bool put_plain_str(struct jw *w, struct slice s, bool colon)
{
	char *p;

	if (plain_run(s.p, s.n) != s.n)
		return false;
	p = reserve(w, s.n + 3);
	if (!p)
		return true;
	*p++ = '"';
	if (s.n)
		p = mempcpy(p, s.p, s.n);
	*p++ = '"';
	if (colon)
		*p++ = ':';
	commit(w, p);
	return true;
}

void jw_key(struct jw *w, const char *key)
{
	struct slice s = slice_of(key);

	if (!put_plain_str(w, s, true)) {
		begin(w);
		put_odd_str(w->b, s);
		buf_addc(w->b, ':');
	}
	w->comma = false;
}

void jw_str(struct jw *w, struct slice s)
{
	if (put_plain_str(w, s, false))
		return;
	begin(w);
	put_odd_str(w->b, s);
}

static void put_int(struct jw *w, uint64_t v, bool neg)
{
	char s[21];
	size_t i = sizeof(s);

	do
		s[--i] = (char)('0' + v % 10);
	while (v /= 10);
	if (neg)
		s[--i] = '-';
	put(w, s + i, sizeof(s) - i);
}

void jw_i64(struct jw *w, int64_t v)
{
	put_int(w, v < 0 ? 0 - (uint64_t)v : (uint64_t)v, v < 0);
}

void jw_u64(struct jw *w, uint64_t v)
{
	put_int(w, v, false);
}

void jw_f64(struct jw *w, double v)
{
	if (!isfinite(v)) {
		put(w, "null", 4);
		return;
	}
	begin(w);
	buf_addf64(w->b, v);
}

void jw_bool(struct jw *w, bool v)
{
	put(w, v ? "true" : "false", v ? 4 : 5);
}

void jw_null(struct jw *w)
{
	put(w, "null", 4);
}

void jw_raw(struct jw *w, struct slice json)
{
	put(w, json.n ? json.p : "", json.n);
}

void jw_time(struct jw *w, int64_t unix_ms)
{
	if (!unix_ms) {
		put(w, "null", 4);
		return;
	}
	begin(w);
	buf_addc(w->b, '"');
	buf_addtime(w->b, unix_ms);
	buf_addc(w->b, '"');
}

static void jw_json_object(struct jw *w, const json_t *v)
{
	const char *key;
	json_t *member;

	jw_object(w);
	json_object_foreach((json_t *)v, key, member)
	{
		jw_key(w, key);
		jw_json(w, member);
	}
	jw_end(w);
}

static void jw_json_array(struct jw *w, const json_t *v)
{
	jw_array(w);
	for (size_t i = 0; i < json_array_size(v); i++)
		jw_json(w, json_array_get(v, i));
	jw_end(w);
}

void jw_json(struct jw *w, const json_t *v)
{
	switch (v ? json_typeof(v) : JSON_NULL) {
	case JSON_OBJECT:
		jw_json_object(w, v);
		break;
	case JSON_ARRAY:
		jw_json_array(w, v);
		break;
	case JSON_STRING:
		jw_str(w, slice_mem(json_string_value(v), json_string_length(v)));
		break;
	case JSON_INTEGER:
		jw_i64(w, json_integer_value(v));
		break;
	case JSON_REAL:
		jw_f64(w, json_real_value(v));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		jw_bool(w, json_is_true(v));
		break;
	case JSON_NULL:
		jw_null(w);
		break;
	}
}
