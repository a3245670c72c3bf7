/*
 * A checking JSON scanner without a tree, for the hot paths.  Private to this folder.
 * A cursor walks over the bytes; a function that fails leaves it at the offending byte with the
 * reason in `why`.  Checked: grammar, UTF-8, escapes (no lone surrogates), depth.
 */
#ifndef WIRE_JSCAN_H
#define WIRE_JSCAN_H

#include <stdint.h>
#include <string.h>

#include "base/buf.h"

enum js_flags {
	JS_ESCAPE = 1, /* the string holds a backslash */
	JS_HIGH = 2,   /* ... or bytes beyond ASCII */
	JS_DEL = 4,    /* ... or a 7F */
};

struct js {
	const char *p, *end;
	const char *why;
};

static inline const char *js_fail(struct js *j, const char *at, const char *why)
{
	j->p = at;
	j->why = why;
	return NULL;
}

static inline const char *js_space(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
		p++;
	return p;
}

/* The high bit of each byte set whose turn it is to be looked at: quote, backslash, controls
 * (00..1F, 7F) and all beyond ASCII.  Exact for the lowest such byte. */
static inline uint64_t js_marks(uint64_t x)
{
	const uint64_t one = 0x0101010101010101u;
	uint64_t q = x ^ one * '"', b = x ^ one * '\\';

	return (((q - one) & ~q) | ((b - one) & ~b) | ((x - one * 0x20) & ~x) | x | (x + one)) &
		one * 0x80;
}

/* Past what is not plain text at p (not a quote): an escape, a UTF-8 sequence, 7F. */
const char *js_special(struct js *j, const char *p, unsigned *flags);

/* p is after the opening quote; returns the closing one, or NULL. */
static inline const char *js_string(struct js *j, const char *p, unsigned *flags)
{
	for (;;) {
		uint64_t x, m;

		while (j->end - p >= 8) {
			memcpy(&x, p, 8);
			m = js_marks(x);
			if (m) {
				p += __builtin_ctzll(m) >> 3;
				break;
			}
			p += 8;
		}
		if (p == j->end)
			return js_fail(j, p, "a string without an end");
		if (*p == '"')
			return p;
		p = js_special(j, p, flags);
		if (!p)
			return NULL;
	}
}

/* The byte after the number, literal or whole value at p, or NULL. */
const char *js_number(struct js *j, const char *p);
const char *js_value(struct js *j, const char *p, int depth);

/* A checked string's text, escapes undone, into out (n bytes are always enough); its length. */
size_t js_unescape(struct slice s, char *out);

/*
 * The members of an object, for paths that are not hot: js_open() at the value's first byte,
 * then js_member() as long as it gives 1 (0: no more, -1: broken).  key is the text between
 * the quotes, value the raw JSON.
 */
int js_open(struct js *j, struct slice object);
int js_member(struct js *j, struct slice *key, struct slice *value);
/* A raw value that is a string: its text between the quotes. */
int js_text(struct slice value, struct slice *text, unsigned *flags);

#endif
