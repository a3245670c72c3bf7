#include "store/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/alloc.h"

static const char magic[8] = { 'd', 'e', 'p', 'i', 'n', 'r', 'e', 'c' };

#define VERSION 1
#define HEAD 16			     /* of a record, before its bytes */
#define TIME_MAX 253402300799999ll /* the year 9999 */

/* --- little-endian integers */

static void put_le(unsigned char *p, uint64_t v, int n)
{
	for (int i = 0; i < n; i++)
		p[i] = (unsigned char)(v >> 8 * i);
}

static uint64_t get_le(const char *p, int n)
{
	uint64_t v = 0;

	for (int i = n - 1; i >= 0; i--)
		v = v << 8 | (unsigned char)p[i];
	return v;
}

static uint32_t crc_of(const void *p, size_t n)
{
	return (uint32_t)crc32_z(0, p, n);
}

/* --- encoding */

int recording_put_header(struct buf *b, int64_t start_ms)
{
	unsigned char h[RECORDING_HEADER] = { 0 };

	memcpy(h, magic, 8);
	put_le(h + 8, VERSION, 4);
	put_le(h + 16, (uint64_t)start_ms, 8);
	put_le(h + 24, crc_of(h, 24), 4);
	return buf_add(b, h, sizeof(h));
}

int recording_put(struct buf *b, enum recording_kind kind, uint16_t source, int64_t time_ms,
	struct slice bytes)
{
	unsigned char h[HEAD] = { 0 }, sum[4];
	size_t at = b->len;

	if (bytes.n > RECORDING_BYTES_MAX || bytes.n + RECORDING_FRAME > b->max - b->len)
		return -1;
	put_le(h, bytes.n, 4);
	h[4] = (unsigned char)kind;
	put_le(h + 6, source, 2);
	put_le(h + 8, (uint64_t)time_ms, 8);
	buf_add(b, h, sizeof(h));
	buf_addslice(b, bytes);
	put_le(sum, crc_of(b->p + at, HEAD + bytes.n), 4);
	return buf_add(b, sum, 4);
}

int recording_put_name(struct buf *b, uint16_t source, int64_t time_ms, struct slice name,
	struct slice what)
{
	char both[2 * RECORDING_NAME_MAX + 1];

	if (!name.n || name.n > RECORDING_NAME_MAX || what.n > RECORDING_NAME_MAX ||
		memchr(name.p, 0, name.n) || (what.n && memchr(what.p, 0, what.n)))
		return -1;
	memcpy(both, name.p, name.n);
	both[name.n] = '\0';
	if (what.n)
		memcpy(both + name.n + 1, what.p, what.n);
	return recording_put(b, RECORDING_NAME, source, time_ms,
		slice_mem(both, name.n + 1 + what.n));
}

/* --- decoding */

void recording_init(struct recording *r)
{
	*r = (struct recording){ 0 };
}

void recording_fini(struct recording *r)
{
	for (uint32_t i = 0; i < r->sources_n; i++)
		free(r->sources[i].name);
	free(r->sources);
	recording_init(r);
}

static int damaged(const struct recording *r, struct err *e, const char *what)
{
	return err_set(e, ERR_USAGE, "recording damaged at byte %llu: %s",
		(unsigned long long)r->at, what);
}

static void take(struct recording *r, struct slice *rest, size_t n)
{
	rest->p += n;
	rest->n -= n;
	r->at += n;
}

static int read_header(struct recording *r, struct slice *rest, struct err *e)
{
	size_t n = rest->n < sizeof(magic) ? rest->n : sizeof(magic);

	if (n && memcmp(rest->p, magic, n))
		return err_set(e, ERR_USAGE, "this is not a recording");
	if (rest->n < RECORDING_HEADER)
		return 0;
	if (get_le(rest->p + 24, 4) != crc_of(rest->p, 24))
		return damaged(r, e, "the header's checksum is wrong");
	if (get_le(rest->p + 8, 4) != VERSION)
		return err_set(e, ERR_USAGE, "a recording of version %llu; this program reads %d",
			(unsigned long long)get_le(rest->p + 8, 4), VERSION);
	r->start_ms = (int64_t)get_le(rest->p + 16, 8);
	if (r->start_ms < 0 || r->start_ms > TIME_MAX)
		return damaged(r, e, "a time that cannot be");
	r->last_ms = r->start_ms;
	r->begun = true;
	take(r, rest, RECORDING_HEADER);
	return 1;
}

/* Numbers are given in order, each once. */
static int add_source(struct recording *r, const struct recording_item *it, struct err *e)
{
	const char *end = it->bytes.n ? memchr(it->bytes.p, 0, it->bytes.n) : NULL;
	size_t n = end ? (size_t)(end - it->bytes.p) : 0;
	struct recording_source *s;

	if (!n || n > RECORDING_NAME_MAX || it->bytes.n - n - 1 > RECORDING_NAME_MAX)
		return damaged(r, e, "a source without a proper name");
	if (it->source != r->sources_n || r->sources_n == RECORDING_SOURCES)
		return damaged(r, e, "a source out of order");
	r->sources = xreallocarray(r->sources, r->sources_n + 1, sizeof(*r->sources));
	s = &r->sources[r->sources_n++];
	s->name = xmemdup0(it->bytes.p, it->bytes.n);
	s->what = s->name + n + 1;
	return 0;
}

/* The record at the front, checked; 0: not all of it is here. */
static int read_record(const struct recording *r, struct slice rest, struct recording_item *it,
	struct err *e)
{
	size_t n;

	if (rest.n < HEAD)
		return 0;
	n = get_le(rest.p, 4);
	if (n > RECORDING_BYTES_MAX)
		return damaged(r, e, "a record longer than any may be");
	if (rest.n < n + RECORDING_FRAME)
		return 0;
	if (get_le(rest.p + HEAD + n, 4) != crc_of(rest.p, HEAD + n))
		return damaged(r, e, "a wrong checksum");
	*it = (struct recording_item){
		.kind = (unsigned char)rest.p[4],
		.source = (uint16_t)get_le(rest.p + 6, 2),
		.time_ms = (int64_t)get_le(rest.p + 8, 8),
		.bytes = { rest.p + HEAD, n },
	};
	if (it->kind < RECORDING_MESSAGE || it->kind >= RECORDING_KINDS)
		return damaged(r, e, "a record of an unknown kind");
	if (it->time_ms < 0 || it->time_ms > TIME_MAX)
		return damaged(r, e, "a time that cannot be");
	return 1;
}

int recording_next(struct recording *r, struct slice *rest, struct recording_item *out,
	struct err *e)
{
	int rc;

	if (!r->begun && (rc = read_header(r, rest, e)) < 1)
		return rc;
	while ((rc = read_record(r, *rest, out, e)) == 1) {
		if (out->kind == RECORDING_NAME) {
			if (add_source(r, out, e) < 0)
				return -1;
		} else if (out->source >= r->sources_n) {
			return damaged(r, e, "a record of a source that has no name yet");
		}
		take(r, rest, out->bytes.n + RECORDING_FRAME);
		if (out->time_ms < r->last_ms) /* the clock was set back while recording */
			out->time_ms = r->last_ms;
		r->last_ms = out->time_ms;
		if (out->kind == RECORDING_NAME)
			continue;
		out->name = r->sources[out->source].name;
		out->what = r->sources[out->source].what;
		return 1;
	}
	return rc;
}

/* --- a file */

#define READ_AT_ONCE (256u << 10)

struct recording_file {
	int fd;
	char *path;
	struct recording r;
	struct buf b;
	size_t used; /* bytes at the front of b that were decoded */
	bool cut;
};

struct recording_file *recording_open(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct recording_file *f;

	if (fd < 0) {
		err_set(e, ERR_USAGE, "cannot open %s: %s", path, strerror(errno));
		return NULL;
	}
	f = xcalloc(1, sizeof(*f));
	f->fd = fd;
	f->path = xstrdup(path);
	recording_init(&f->r);
	buf_init(&f->b, RECORDING_BYTES_MAX + RECORDING_FRAME + 2 * READ_AT_ONCE);
	return f;
}

void recording_close(struct recording_file *f)
{
	if (!f)
		return;
	close(f->fd);
	free(f->path);
	recording_fini(&f->r);
	buf_fini(&f->b);
	free(f);
}

/* 1 more bytes, 0 the file's end, -1 */
static int fill(struct recording_file *f, struct err *e)
{
	char *to;
	ssize_t n;

	if (f->used)
		buf_consume(&f->b, f->used);
	f->used = 0;
	to = buf_room(&f->b, READ_AT_ONCE);
	do
		n = read(f->fd, to, READ_AT_ONCE);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_set(e, ERR_OURS, "cannot read: %s", strerror(errno));
	f->b.len += (size_t)n;
	return n > 0;
}

int recording_read(struct recording_file *f, struct recording_item *out, struct err *e)
{
	struct slice rest;
	int rc;

	for (;;) {
		rest = slice_mem(f->b.p + f->used, f->b.len - f->used);
		rc = recording_next(&f->r, &rest, out, e);
		f->used = f->b.len - rest.n;
		if (rc == 0)
			rc = fill(f, e) > 0 ? 2 : 0;
		if (rc != 2)
			break;
	}
	if (rc < 0)
		return err_prefix(e, "%s", f->path);
	if (rc == 0 && !f->r.begun)
		return err_set(e, ERR_USAGE, "%s: this is not a recording: it ends in its header",
			f->path);
	f->cut = rc == 0 && f->b.len > f->used;
	return rc;
}

bool recording_cut(const struct recording_file *f)
{
	return f->cut;
}

int64_t recording_start_ms(const struct recording_file *f)
{
	return f->r.start_ms;
}
