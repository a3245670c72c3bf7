/*
 * JSON as text: finds values and members without building a tree, so that what is only handed
 * on keeps its bytes (numbers beyond double, key order) and costs one scan.  Checked: brackets,
 * quotes, escapes' shape, commas, depth (at most 64); how a number is spelled is not, beyond
 * its bytes.  Slices point into the text given.
 */
#ifndef BASE_JTEXT_H
#define BASE_JTEXT_H

#include <stdbool.h>

#include "base/buf.h"

#define JTEXT_DEPTH 64

/* Takes one whole value off the front of *s (blanks before it skipped) into *v.  -1: not JSON. */
int jtext_value(struct slice *s, struct slice *v);
/* True when s is one whole value and nothing but blanks beside it. */
bool jtext_whole(struct slice s);

/* Walks an object or an array:
 *   jtext_open(&w, object);  while (jtext_next(&w, &key, &value) == 1) ...
 * key comes without its quotes, escapes not undone; it is empty for arrays and may be NULL. */
struct jtext_walk {
	struct slice rest;
	char close; /* '}' or ']' */
	bool first;
};
int jtext_open(struct jtext_walk *w, struct slice v); /* -1: neither object nor array */
/* 1, 0 at the end, -1 broken. */
int jtext_next(struct jtext_walk *w, struct slice *key, struct slice *value);
/* The same, but the value is still ahead.  It is taken with jtext_take(), or walked itself, so
 * that a long one is gone through once: jtext_into(), jtext_next() until 0, jtext_out(). */
int jtext_ahead(struct jtext_walk *w, struct slice *key);
int jtext_take(struct jtext_walk *w, struct slice *value);	  /* as jtext_value() */
int jtext_into(struct jtext_walk *inner, const struct jtext_walk *w); /* as jtext_open() */
void jtext_out(struct jtext_walk *w, const struct jtext_walk *inner);

/* The member of this name (plain ASCII); false when absent or v is no object. */
bool jtext_get(struct slice v, const char *key, struct slice *value);
/* What the value says: a string without quotes and escapes (lone surrogates become U+FFFD);
 * any other value its own text.  Returns as buf_add(). */
int jtext_plain(struct slice v, struct buf *out);
/* What v's member of this name says, a string of at most 64 KiB; "" when there is none.  The
 * caller's. */
char *jtext_member(struct slice v, const char *key);
bool jtext_is_string(struct slice v);
bool jtext_is_null(struct slice v);

#endif
