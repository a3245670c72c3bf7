/* Descriptors, signals and wake-ups from other threads. */
#include <stdlib.h>

#include "base/alloc.h"
#include "loop/internal.h"

struct loop_io {
	struct owned owned;
	uv_poll_t uv;
	void (*fn)(void *arg, int events);
	void *arg;
	int events; /* asked for; libuv forgets them at an error */
};

static void io_ready(uv_poll_t *h, int status, int events)
{
	struct loop_io *io = uv_handle_get_data((uv_handle_t *)h);

	/* an error on the descriptor: the owner's next read or write tells it which */
	if (status < 0)
		events = UV_READABLE | UV_WRITABLE;
	io->fn(io->arg, events);
}

struct loop_io *loop_io_new(struct loop *l, int fd, int events, void (*fn)(void *arg, int events),
	void *arg)
{
	struct loop_io *io = xcalloc(1, sizeof(*io));

	io->fn = fn;
	io->arg = arg;
	if (uv_poll_init(&l->uv, &io->uv, fd)) {
		free(io);
		return NULL;
	}
	owned_add(l, &io->owned, &io->uv);
	loop_io_set(io, events);
	return io;
}

/* What is asked for each turn is not told to libuv again: it would not wait in that turn. */
void loop_io_set(struct loop_io *io, int events)
{
	if (events == io->events && (!events || uv_is_active((uv_handle_t *)&io->uv)))
		return;
	io->events = events;
	if (events)
		uv_poll_start(&io->uv, events, io_ready);
	else
		uv_poll_stop(&io->uv);
}

void loop_io_free(struct loop_io *io)
{
	if (!io)
		return;
	uv_poll_stop(&io->uv); /* at once: the caller may close fd now */
	owned_close(&io->owned);
}

struct loop_wake {
	struct owned owned;
	uv_async_t uv;
	void (*fn)(void *arg);
	void *arg;
};

static void woken(uv_async_t *h)
{
	struct loop_wake *w = uv_handle_get_data((uv_handle_t *)h);

	w->fn(w->arg);
}

struct loop_wake *loop_wake_new(struct loop *l, void (*fn)(void *arg), void *arg)
{
	struct loop_wake *w = xcalloc(1, sizeof(*w));
	int rc = uv_async_init(&l->uv, &w->uv, woken);

	if (rc)
		BUG("uv_async_init: %s", uv_strerror(rc));
	w->fn = fn;
	w->arg = arg;
	owned_add(l, &w->owned, &w->uv);
	return w;
}

void loop_wake(struct loop_wake *w)
{
	uv_async_send(&w->uv);
}

void loop_wake_free(struct loop_wake *w)
{
	if (w)
		owned_close(&w->owned);
}

struct loop_signal {
	struct owned owned;
	uv_signal_t uv;
	void (*fn)(void *arg, int signo);
	void *arg;
};

static void signalled(uv_signal_t *h, int signo)
{
	struct loop_signal *s = uv_handle_get_data((uv_handle_t *)h);

	s->fn(s->arg, signo);
}

int loop_signal(struct loop *l, int signo, void (*fn)(void *arg, int signo), void *arg)
{
	struct loop_signal *s = xcalloc(1, sizeof(*s));

	uv_signal_init(&l->uv, &s->uv);
	owned_add(l, &s->owned, &s->uv);
	s->fn = fn;
	s->arg = arg;
	if (uv_signal_start(&s->uv, signalled, signo)) {
		owned_close(&s->owned);
		return -1;
	}
	uv_unref((uv_handle_t *)&s->uv); /* a signal that may come is nothing to wait for */
	return 0;
}
