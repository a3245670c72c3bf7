#include "rpc/line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "rpc/chain.h"
#include "rpc/line_internal.h"
#include "rpc/unix.h"

#define READ_ONCE  (64u << 10)
#define READ_TURN  (256u << 10) /* of one line in one turn, so that all get theirs */
#define WRITE_TURN (1u << 20)
#define PIECES	   64

struct end {
	int fd;
	bool socket;
	struct loop_io *io; /* NULL: a file, always ready, looked at by the ticker */
	int events;
};

struct line {
	struct loop *loop;
	struct line_ops ops;
	void *arg;
	struct end in, out; /* of one socket `in` does both and out.fd is -1 */
	struct loop_timer *ticker, *linger;
	struct loop_end *at_end;
	struct buf buf;
	size_t seen; /* bytes of buf known to hold no newline */
	struct chain queue;
	bool started, ended, broken, freed;
	int busy; /* calls of ours on the stack */
};

static struct end *out_end(struct line *c)
{
	return c->out.fd < 0 ? &c->in : &c->out;
}

static void end_set(struct end *x, int events)
{
	if (x->io && x->events != events)
		loop_io_set(x->io, events);
	x->events = events;
}

/* Asks for what is needed now. */
static void line_wait(struct line *c)
{
	int r = c->started && !c->ended && !c->freed ? LOOP_READ : 0;
	int w = c->queue.n && !c->broken ? LOOP_WRITE : 0;
	bool files;

	if (c->out.fd < 0) {
		end_set(&c->in, r | w);
	} else {
		end_set(&c->in, r);
		end_set(&c->out, w);
	}
	files = (r && !c->in.io) || (w && !out_end(c)->io);
	if (files)
		loop_timer_again(c->ticker, 1, 1);
	else if (c->ticker)
		loop_timer_stop(c->ticker);
}

static void line_destroy(struct line *c)
{
	loop_io_free(c->in.io);
	loop_io_free(c->out.io);
	loop_timer_free(c->ticker);
	loop_timer_free(c->linger);
	close(c->in.fd);
	if (c->out.fd >= 0)
		close(c->out.fd);
	buf_fini(&c->buf);
	chain_fini(&c->queue);
	free(c);
}

static void line_closed(struct line *c, enum err_class class, const char *why)
{
	struct err e = { 0 };
	bool first = !c->ended;

	if (class != ERR_NONE) {
		err_set(&e, class, "%s", why);
		c->broken = true;
	}
	c->ended = true;
	if (first && !c->freed)
		c->ops.closed(c->arg, &e);
}

static void line_message(struct line *c, const char *p, size_t n)
{
	if (n && !c->freed)
		c->ops.message(c->arg, slice_mem(p, n));
}

/* Hands over the whole lines of the buffer. */
static void line_deliver(struct line *c)
{
	size_t from = 0;
	char *nl;

	while (!c->freed) {
		nl = memchr(c->buf.p + c->seen, '\n', c->buf.len - c->seen);
		if (!nl || (size_t)(nl - c->buf.p) - from > LINE_MAX_IN)
			break;
		c->seen = (size_t)(nl - c->buf.p) + 1;
		line_message(c, c->buf.p + from, c->seen - 1 - from);
		from = c->seen;
	}
	buf_consume(&c->buf, from);
	c->seen = c->buf.len;
	if (c->seen > LINE_MAX_IN)
		line_closed(c, ERR_REFUSED, "the other side sent a line of more than 32 MiB");
	buf_trim(&c->buf, 2 * READ_ONCE);
}

static ssize_t end_read(const struct end *x, void *p, size_t n)
{
	return x->socket ? recv(x->fd, p, n, MSG_DONTWAIT) : read(x->fd, p, n);
}

/* Reads once; false when there is no more for now. */
static bool line_read_once(struct line *c)
{
	char *p = buf_room(&c->buf, READ_ONCE);
	ssize_t n = end_read(&c->in, p, READ_ONCE);

	if (n > 0) {
		c->buf.len += (size_t)n;
		line_deliver(c);
		return !c->ended && !c->freed && n == READ_ONCE;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n < 0) {
		line_closed(c, ERR_UNREACH, strerror(errno));
		return false;
	}
	line_message(c, c->buf.p, c->buf.len);
	line_closed(c, ERR_NONE, "");
	return false;
}

static ssize_t end_write(const struct end *x, struct iovec *iov, int n)
{
	struct msghdr m = { .msg_iov = iov, .msg_iovlen = (size_t)n };

	return x->socket ? sendmsg(x->fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL)
			 : writev(x->fd, iov, n);
}

static void line_write(struct line *c)
{
	struct iovec iov[PIECES];
	size_t total = 0;

	while (c->queue.n && !c->broken && total < WRITE_TURN) {
		ssize_t n = end_write(out_end(c), iov, chain_iov(&c->queue, iov, PIECES));

		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0 && errno != EINTR)
			line_closed(c, ERR_UNREACH, strerror(errno));
		if (n > 0) {
			chain_consume(&c->queue, (size_t)n);
			total += (size_t)n;
		}
	}
}

/* The owner let go: stays while there is something to send and somebody to read it. */
static void line_leave(struct line *c)
{
	if (--c->busy)
		return;
	if (!c->freed || (c->queue.n && !c->broken)) {
		line_wait(c);
		return;
	}
	loop_end_free(c->at_end);
	line_destroy(c);
}

static void line_ready(void *arg, int events)
{
	struct line *c = arg;
	size_t n = 0;

	c->busy++;
	if (events & LOOP_WRITE)
		line_write(c);
	if (events & LOOP_READ)
		while (c->started && !c->ended && !c->freed && n < READ_TURN &&
			line_read_once(c))
			n += READ_ONCE;
	line_leave(c);
}

static void line_tick(void *arg)
{
	struct line *c = arg;

	line_ready(c, (c->in.io ? 0 : LOOP_READ) | (out_end(c)->io ? 0 : LOOP_WRITE));
}

static void end_init(struct line *c, struct end *x, int fd)
{
	struct stat st;

	x->fd = fd;
	if (fd < 0)
		return;
	x->socket = fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode);
	x->io = loop_io_new(c->loop, fd, 0, line_ready, c);
	if (!x->io && !c->ticker) {
		c->ticker = loop_timer_new(c->loop, 1, 1, line_tick, c);
		loop_timer_stop(c->ticker);
	}
}

struct line *line_new(struct loop *l, int in, int out)
{
	struct line *c = xcalloc(1, sizeof(*c));

	c->loop = l;
	end_init(c, &c->in, in);
	end_init(c, &c->out, out == in ? -1 : out);
	buf_init(&c->buf, LINE_MAX_IN + 2 * READ_ONCE);
	chain_init(&c->queue);
	return c;
}

void line_start(struct line *c, const struct line_ops *ops, void *arg)
{
	c->ops = *ops;
	c->arg = arg;
	c->started = true;
	line_wait(c);
}

int line_send(struct line *c, struct slice msg)
{
	if (c->broken || c->freed || msg.n >= LINE_MAX_OUT - c->queue.n)
		return -1;
	chain_add(&c->queue, msg);
	chain_add(&c->queue, slice_mem("\n", 1));
	/* written at the next turn, so that many small ones are one system call */
	line_wait(c);
	return 0;
}

void line_flush(struct line *c)
{
	if (c->broken || c->freed)
		return;
	c->busy++;
	line_write(c);
	line_leave(c);
}

bool line_peer(const struct line *c, uid_t *uid)
{
	struct ucred who;

	if (!c->in.socket || !unix_peer_trusted(c->in.fd, &who))
		return false;
	*uid = who.uid;
	return true;
}

size_t line_queued(const struct line *c)
{
	return c->queue.n;
}

static void linger_over(void *arg)
{
	struct line *c = arg;

	loop_end_free(c->at_end);
	line_destroy(c);
}

static void loop_over(void *arg)
{
	line_destroy(arg);
}

void line_free(struct line *c)
{
	if (!c || c->freed)
		return;
	c->freed = true;
	c->busy++;
	line_write(c);
	if (c->queue.n && !c->broken) {
		c->linger = loop_timer_new(c->loop, LINE_LINGER_MS, 0, linger_over, c);
		c->at_end = loop_end_new(c->loop, loop_over, c);
	}
	line_leave(c);
}
