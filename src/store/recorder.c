#include "store/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "loop/loop.h"

#define GATHER_BYTES (256u << 10) /* written when so many are there, or after FLUSH_MS */
#define GATHER_MAX (32u << 20)	  /* beyond, records are left out */
#define KEEP_ROOM (1u << 20)
#define FLUSH_MS 200

/* One write under way; the pool thread's until finished. */
struct flush {
	struct recorder *r; /* NULL: closed meanwhile */
	int fd;
	struct buf b;
	int error; /* an errno */
	pthread_mutex_t lock;
	pthread_cond_t cond;
	bool finished;
};

struct recorder {
	struct loop *loop;
	struct loop_timer *timer;
	int fd;
	uint64_t max_bytes;
	struct buf b;
	struct flush *f; /* NULL: none under way */
	char **names;	 /* by number */
	uint32_t names_n, last;
	uint64_t lost_here; /* since the last record kept */
	bool broken;	    /* a write failed: what follows it would not be in its place */
	struct recorder_stats s;
};

static int write_all(int fd, const struct buf *b)
{
	for (size_t at = 0; at < b->len;) {
		ssize_t n = write(fd, b->p + at, b->len - at);

		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0)
			at += (size_t)n;
	}
	return 0;
}

static void in_thread(void *arg)
{
	struct flush *f = arg;
	int error = write_all(f->fd, &f->b);

	pthread_mutex_lock(&f->lock);
	f->error = error;
	f->finished = true;
	pthread_cond_signal(&f->cond);
	pthread_mutex_unlock(&f->lock);
}

static void stop(struct recorder *r, const char *why)
{
	if (r->s.stopped)
		return;
	r->s.stopped = true;
	snprintf(r->s.error, sizeof(r->s.error), "%s", why);
}

static void broke(struct recorder *r, const char *why)
{
	r->broken = true;
	stop(r, why);
}

static void flush_free(struct flush *f)
{
	buf_fini(&f->b);
	pthread_mutex_destroy(&f->lock);
	pthread_cond_destroy(&f->cond);
	free(f);
}

static void begin_flush(struct recorder *r);

static void flushed(void *arg, bool cancelled)
{
	struct flush *f = arg;
	struct recorder *r = f->r;

	if (r) {
		r->f = NULL;
		if (cancelled || f->error)
			broke(r, cancelled ? "cancelled" : strerror(f->error));
		if (r->b.len >= GATHER_BYTES)
			begin_flush(r);
	}
	flush_free(f);
}

static void begin_flush(struct recorder *r)
{
	struct flush *f;

	if (r->f || !r->b.len || r->broken)
		return;
	f = r->f = xcalloc(1, sizeof(*f));
	f->r = r;
	f->fd = r->fd;
	f->b = r->b;
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->cond, NULL);
	buf_init(&r->b, GATHER_MAX);
	loop_work(r->loop, in_thread, flushed, f);
}

static void on_timer(void *arg)
{
	begin_flush(arg);
}

struct recorder *recorder_open(struct loop *l, const char *path, uint64_t max_bytes,
	struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	struct recorder *r;

	if (fd < 0) {
		err_set(e, errno == EEXIST ? ERR_USAGE : ERR_OURS, "cannot record to %s: %s", path,
			strerror(errno));
		return NULL;
	}
	r = xcalloc(1, sizeof(*r));
	r->loop = l;
	r->fd = fd;
	r->max_bytes = max_bytes ? max_bytes : UINT64_MAX;
	buf_init(&r->b, GATHER_MAX);
	recording_put_header(&r->b, clock_wall_ms());
	r->s.bytes = r->b.len;
	r->timer = loop_timer_new(l, FLUSH_MS, FLUSH_MS, on_timer, r);
	return r;
}

/* Its number, in order of first sight; -1: there are too many. */
static int64_t source_number(struct recorder *r, const char *name, const char *what,
	int64_t time_ms)
{
	if (r->last < r->names_n && strcmp(r->names[r->last], name) == 0)
		return r->last;
	for (r->last = 0; r->last < r->names_n; r->last++)
		if (strcmp(r->names[r->last], name) == 0)
			return r->last;
	if (r->names_n == RECORDING_SOURCES ||
		recording_put_name(&r->b, (uint16_t)r->names_n, time_ms, slice_of(name),
			slice_of(what)) < 0)
		return -1;
	r->names = xreallocarray(r->names, r->names_n + 1, sizeof(*r->names));
	r->names[r->names_n++] = xstrdup(name);
	return r->last;
}

static int put_lost(struct recorder *r, uint16_t source, int64_t time_ms)
{
	char n[24];

	if (!r->lost_here)
		return 0;
	snprintf(n, sizeof(n), "%llu", (unsigned long long)r->lost_here);
	if (recording_put(&r->b, RECORDING_LOST, source, time_ms, slice_of(n)) < 0)
		return -1;
	r->lost_here = 0;
	return 0;
}

void recorder_add(struct recorder *r, const char *source, const char *what,
	enum recording_kind kind, int64_t time_ms, struct slice bytes)
{
	size_t before = r->b.len;
	int64_t n = -1;

	if (r->s.bytes + bytes.n > r->max_bytes)
		stop(r, "the recording has the size it was allowed");
	if (!r->s.stopped)
		n = source_number(r, source, what, time_ms);
	if (n < 0 || put_lost(r, (uint16_t)n, time_ms) < 0 ||
		recording_put(&r->b, kind, (uint16_t)n, time_ms, bytes) < 0) {
		r->lost_here++;
		r->s.lost++;
	} else {
		r->s.records++;
	}
	r->s.bytes += r->b.len - before;
	if (r->b.len >= GATHER_BYTES)
		begin_flush(r);
}

void recorder_stats(const struct recorder *r, struct recorder_stats *out)
{
	*out = r->s;
}

/* Waits for the write under way, which nobody hears of any more. */
static void await_flush(struct recorder *r)
{
	struct flush *f = r->f;

	if (!f)
		return;
	pthread_mutex_lock(&f->lock);
	while (!f->finished)
		pthread_cond_wait(&f->cond, &f->lock);
	pthread_mutex_unlock(&f->lock);
	f->r = NULL;
	r->f = NULL;
	if (f->error)
		broke(r, strerror(f->error));
}

int recorder_close(struct recorder *r, struct err *e)
{
	int rc = 0, error;

	if (!r)
		return 0;
	await_flush(r);
	error = r->broken ? 0 : write_all(r->fd, &r->b);
	if (close(r->fd) < 0 && !error)
		error = errno;
	if (error)
		stop(r, strerror(error));
	if (r->s.stopped || r->s.lost)
		rc = err_set(e, ERR_OURS, "the recording is not whole: %llu records left out: %s",
			(unsigned long long)r->s.lost,
			r->s.stopped ? r->s.error : "the disk was too slow");
	loop_timer_free(r->timer);
	for (uint32_t i = 0; i < r->names_n; i++)
		free(r->names[i]);
	free(r->names);
	buf_fini(&r->b);
	free(r);
	return rc;
}
