/*
 * A body on its way to its reader: unpacked where it came packed (gzip), and no more of it at a
 * time than there is room for.  16 KiB of gzip may be 16 MiB of nothing: what does not fit waits
 * packed.
 */
#ifndef NET_HTTP_BODY_H
#define NET_HTTP_BODY_H

#include <stdbool.h>
#include <zlib.h>

#include "base/buf.h"

struct http_body {
	z_stream z;
	bool packed, begun;
	bool whole; /* the packed stream has come to its end */
	bool full;  /* what was unpacked last filled its room: there may be more */
	struct buf waits;
};

typedef int http_body_fn(void *arg, struct slice chunk); /* -1: no more of it */
enum http_body_verdict { BODY_TAKEN, BODY_WAITS, BODY_BROKEN, BODY_STOPPED };

/* encoding: of Content-Encoding, "" for none.  -1: one that is not known here. */
int http_body_begin(struct http_body *b, const char *encoding);
void http_body_fini(struct http_body *b); /* accepts zeros */
/*
 * Takes what waits, then more, and hands at most *room bytes to fn; *room goes down by those.
 * BODY_WAITS: the rest is kept, nothing more is to be given before it went.
 */
enum http_body_verdict http_body_take(struct http_body *b, struct slice more, size_t *room,
	http_body_fn *fn, void *arg);
bool http_body_waits(const struct http_body *b);
/* At the end of all bytes: none is missing. */
bool http_body_is_whole(const struct http_body *b);

#endif
