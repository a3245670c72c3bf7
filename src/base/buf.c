#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

static int grow(struct buf *b, size_t need)
{
	size_t cap;

	if (need > b->max - b->len || b->full) {
		b->full = true;
		return -1;
	}
	if (b->len + need + 1 <= b->cap)
		return 0;
	cap = b->cap < 64 ? 64 : b->cap;
	while (cap < b->len + need + 1)
		cap *= 2;
	b->p = xrealloc(b->p, cap);
	b->cap = cap;
	return 0;
}

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .max = max };
	b->p = xcalloc(1, 64);
	b->cap = 64;
}

void buf_fini(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ 0 };
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	b->full = false;
	if (b->p)
		b->p[0] = '\0';
}

void buf_trim(struct buf *b, size_t keep)
{
	if (b->len || b->cap <= keep || keep < 64)
		return;
	b->p = xrealloc(b->p, keep);
	b->cap = keep;
}

int buf_add(struct buf *b, const void *p, size_t n)
{
	if (grow(b, n) < 0)
		return -1;
	if (n)
		memcpy(b->p + b->len, p, n);
	b->len += n;
	b->p[b->len] = '\0';
	return 0;
}

int buf_addc(struct buf *b, char c)
{
	return buf_add(b, &c, 1);
}

int buf_adds(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

int buf_addslice(struct buf *b, struct slice s)
{
	return buf_add(b, s.p, s.n);
}

int buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || grow(b, (size_t)n) < 0)
		return -1;
	va_start(ap, fmt);
	vsnprintf(b->p + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
	return 0;
}

int buf_addu64(struct buf *b, uint64_t v)
{
	char s[20];
	size_t i = sizeof(s);

	do
		s[--i] = (char)('0' + v % 10);
	while (v /= 10);
	return buf_add(b, s + i, sizeof(s) - i);
}

char *buf_room(struct buf *b, size_t n)
{
	return grow(b, n) < 0 ? NULL : b->p + b->len;
}

void buf_consume(struct buf *b, size_t n)
{
	if (n > b->len)
		BUG("consume %zu of %zu", n, b->len);
	memmove(b->p, b->p + n, b->len - n);
	b->len -= n;
	b->p[b->len] = '\0';
}

char *buf_steal(struct buf *b)
{
	char *p = b->p;

	buf_init(b, b->max);
	return p;
}
