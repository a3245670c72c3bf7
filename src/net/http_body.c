#include "net/http_body.h"

#include <strings.h>

#include "base/alloc.h"

#define WINDOW	  (15 + 32) /* the largest, for gzip and zlib alike */
#define AT_ONCE	  16384
#define WAITS_MAX (1u << 20)

int http_body_begin(struct http_body *b, const char *encoding)
{
	static const char *const packings[] = { "gzip", "x-gzip", "deflate" };

	if (!*encoding || strcasecmp(encoding, "identity") == 0)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(packings) && !b->packed; i++)
		b->packed = strcasecmp(encoding, packings[i]) == 0;
	if (!b->packed)
		return -1;
	if (inflateInit2(&b->z, WINDOW) != Z_OK)
		BUG("zlib refused to begin");
	buf_init(&b->waits, WAITS_MAX);
	return 0;
}

void http_body_fini(struct http_body *b)
{
	if (b->packed) {
		inflateEnd(&b->z);
		buf_fini(&b->waits);
	}
	*b = (struct http_body){ 0 };
}

bool http_body_waits(const struct http_body *b)
{
	return b->full || b->waits.len;
}

bool http_body_is_whole(const struct http_body *b)
{
	return !b->begun || b->whole;
}

/* One piece out of what z has to read; another stream may follow the end of one. */
static enum http_body_verdict unpack(struct http_body *b, size_t *room, http_body_fn *fn, void *arg)
{
	unsigned char out[AT_ONCE];
	size_t n = *room < AT_ONCE ? *room : AT_ONCE;
	int rc;

	if (b->whole && inflateReset(&b->z) != Z_OK)
		return BODY_BROKEN;
	b->z.next_out = out;
	b->z.avail_out = (unsigned)n;
	rc = inflate(&b->z, Z_NO_FLUSH);
	n -= b->z.avail_out;
	b->whole = rc == Z_STREAM_END;
	b->full = rc == Z_OK && b->z.avail_out == 0;
	if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
		return BODY_BROKEN;
	*room -= n;
	if (n && fn(arg, slice_mem((char *)out, n)) < 0)
		return BODY_STOPPED;
	return b->full || b->z.avail_in ? BODY_WAITS : BODY_TAKEN;
}

static enum http_body_verdict take_packed(struct http_body *b, struct slice in, size_t *room,
	http_body_fn *fn, void *arg)
{
	enum http_body_verdict v = BODY_WAITS;

	b->begun = true;
	b->z.next_in = (unsigned char *)(uintptr_t)in.p;
	b->z.avail_in = (unsigned)in.n;
	while (v == BODY_WAITS && *room)
		v = unpack(b, room, fn, arg);
	return v;
}

static enum http_body_verdict take_plain(struct slice in, size_t *room, http_body_fn *fn, void *arg)
{
	*room -= in.n < *room ? in.n : *room;
	return fn(arg, in) < 0 ? BODY_STOPPED : BODY_TAKEN;
}

enum http_body_verdict http_body_take(struct http_body *b, struct slice more, size_t *room,
	http_body_fn *fn, void *arg)
{
	struct slice in = more;
	enum http_body_verdict v;

	if (!b->packed)
		return more.n ? take_plain(more, room, fn, arg) : BODY_TAKEN;
	if (http_body_waits(b)) {
		buf_addslice(&b->waits, more);
		in = buf_slice(&b->waits);
	}
	if (!in.n && !b->full)
		return BODY_TAKEN;
	v = take_packed(b, in, room, fn, arg);
	if (in.p == more.p && b->z.avail_in)
		buf_add(&b->waits, b->z.next_in, b->z.avail_in);
	else if (in.p != more.p)
		buf_consume(&b->waits, in.n - b->z.avail_in);
	return b->waits.full ? BODY_BROKEN : v;
}
