/*
 * A byte buffer that grows up to a limit.  p is never NULL after buf_init() and
 * always NUL-terminated (the NUL is not counted).  An append that would pass
 * `max` appends nothing, sets `full` and returns -1; `full` stays set until
 * buf_reset(), so a writer may check once at its end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct buf {
	char *p;
	size_t len, cap, max;
	bool full;
};

void buf_init(struct buf *b, size_t max);
void buf_fini(struct buf *b); /* accepts zeros */
void buf_reset(struct buf *b); /* empties, keeps the memory */
/* Gives memory beyond `keep` bytes of capacity back when the buffer is empty. */
void buf_trim(struct buf *b, size_t keep);

int buf_add(struct buf *b, const void *p, size_t n);
int buf_addc(struct buf *b, char c);
int buf_adds(struct buf *b, const char *s);
int buf_addslice(struct buf *b, struct slice s);
int buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int buf_addu64(struct buf *b, uint64_t v); /* decimal */
/* Room for n more bytes at p + len, or NULL; the caller adds to len what it wrote. */
char *buf_room(struct buf *b, size_t n);
/* Drops n bytes from the front. */
void buf_consume(struct buf *b, size_t n);
/* Hands the bytes (malloc'd, terminated) to the caller; b is empty afterwards. */
char *buf_steal(struct buf *b);

static inline struct slice buf_slice(const struct buf *b)
{
	return (struct slice){ b->p, b->len };
}

#endif
