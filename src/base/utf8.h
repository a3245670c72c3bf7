/*
 * UTF-8, cell widths, and the one sanitiser: no string from outside reaches a
 * terminal, a window title or a table on stdout except through text_clean().
 * Widths are a table of our own (ambiguous = 1), not the C library's.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* Decodes one code point at p; returns its length 1..4, or 0 when the bytes at p are not
 * UTF-8 (overlong, surrogate, above 10FFFF, cut off). n must not be 0. */
size_t utf8_decode(const char *p, size_t n, uint32_t *cp);
size_t utf8_encode(uint32_t cp, char out[4]);
/* Bytes at the beginning that are printable ASCII: each a cell, and harmless.  Most text is. */
size_t utf8_plain(const char *p, size_t n);
bool utf8_valid(const char *p, size_t n);
/* Code points a reader cannot see or that rearrange what he sees: controls, bidi, zero-width,
 * separators, tags, selectors, private use, noncharacters.  text_clean() lets none through. */
bool utf8_hidden(uint32_t cp);
/* Cells: 0 for combining, 1, or 2 for wide.  Controls are 0: they never get here cleaned. */
int utf8_cp_width(uint32_t cp);
/* Cells of a cleaned string. */
int utf8_width(const char *p, size_t n);
/* Bytes of the longest prefix that fits in `cells`, never cutting a cluster. */
size_t utf8_fit(const char *p, size_t n, int cells);

/*
 * Appends s made harmless: C0, DEL and C1 as visible stand-ins (^[ ^J ... <9b>), invalid bytes
 * as U+FFFD, bidi controls, zero-width, tags, variation selectors and private use dropped or
 * shown (<202e>), at most three marks on one base.  The result is valid UTF-8, printable, on one
 * line, and its own fixed point.  -1 when out is full; what fitted stays.  `ascii` turns all
 * else above 7E into '?', for locales that are not UTF-8.
 */
int text_clean(struct buf *out, struct slice s, bool ascii);

#endif
