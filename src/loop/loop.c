#include "loop/loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "loop/internal.h"

struct loop *loop_of(const void *handle)
{
	return uv_handle_get_loop(handle)->data;
}

void owned_add(struct loop *l, struct owned *o, void *handle)
{
	o->handle = handle;
	o->next = l->owned;
	o->prev = &l->owned;
	if (o->next)
		o->next->prev = &o->next;
	l->owned = o;
	uv_handle_set_data(handle, o);
}

static void owned_closed(uv_handle_t *h)
{
	free(uv_handle_get_data(h));
}

void owned_close(struct owned *o)
{
	*o->prev = o->next;
	if (o->next)
		o->next->prev = o->prev;
	uv_close(o->handle, owned_closed);
}

struct loop *loop_new(void)
{
	struct loop *l = xcalloc(1, sizeof(*l));
	int rc = uv_loop_init(&l->uv);

	if (rc == 0)
		rc = uv_async_init(&l->uv, &l->keep, NULL);
	if (rc)
		BUG("no event loop: %s", uv_strerror(rc));
	uv_unref((uv_handle_t *)&l->keep);
	l->uv.data = l;
	signal(SIGPIPE, SIG_IGN); /* a peer that hangs up is an error value, not our end */
	return l;
}

void loop_on_turn(struct loop *l, void (*before)(void *arg), void *arg)
{
	if (l->before_n == LOOP_HOOKS)
		BUG("more than %d turn hooks", LOOP_HOOKS);
	l->before[l->before_n++] = (struct hook){ before, arg };
}

struct loop_end {
	struct hook hook;
	struct loop_end *next, **prev;
};

struct loop_end *loop_end_new(struct loop *l, void (*fn)(void *arg), void *arg)
{
	struct loop_end *x = xcalloc(1, sizeof(*x));

	x->hook = (struct hook){ fn, arg };
	x->next = l->ends;
	x->prev = &l->ends;
	if (x->next)
		x->next->prev = &x->next;
	l->ends = x;
	return x;
}

void loop_end_free(struct loop_end *x)
{
	if (!x)
		return;
	*x->prev = x->next;
	if (x->next)
		x->next->prev = x->prev;
	free(x);
}

static void call_ends(struct loop *l)
{
	while (l->ends) {
		struct hook h = l->ends->hook;

		loop_end_free(l->ends);
		h.fn(h.arg);
	}
}

void *loop_uv(struct loop *l)
{
	return &l->uv;
}

void loop_stop(struct loop *l)
{
	l->stop = true;
}

/*
 * One turn.  libuv has no place between its wait and its callbacks, so the wait is ours: that
 * way each callback sees the clock as it is after the wait, and not as it was before it.
 * libuv does nothing at all when only unreferenced handles are left (signals, children let
 * go): `keep` makes it look at them too.
 */
void loop_turn(struct loop *l, int timeout_ms)
{
	struct pollfd pfd = { .fd = uv_backend_fd(&l->uv), .events = POLLIN };
	int wait_ms;

	for (int i = 0; i < l->before_n; i++)
		l->before[i].fn(l->before[i].arg);
	if (l->stop)
		return;
	uv_ref((uv_handle_t *)&l->keep);
	wait_ms = uv_backend_timeout(&l->uv);
	if (wait_ms < 0 || (timeout_ms >= 0 && timeout_ms < wait_ms))
		wait_ms = timeout_ms;
	if (l->soon)
		wait_ms = 0;
	if (wait_ms != 0 && poll(&pfd, 1, wait_ms) < 0 && errno != EINTR)
		BUG("poll: errno %d", errno);
	clock_turn();
	timers_run_soon(l);
	uv_run(&l->uv, UV_RUN_NOWAIT);
	uv_unref((uv_handle_t *)&l->keep);
}

void loop_run(struct loop *l)
{
	l->stop = false;
	while (!l->stop && (l->soon || uv_loop_alive(&l->uv)))
		loop_turn(l, -1);
}

static void close_stray(uv_handle_t *h, void *arg)
{
	if (!uv_is_closing(h))
		BUG("a %s handle outlived its owner", uv_handle_type_name(uv_handle_get_type(h)));
}

void loop_free(struct loop *l)
{
	if (!l)
		return;
	l->before_n = 0;
	call_ends(l);
	work_cancel_all(l);
	l->soon = NULL;
	while (l->owned)
		owned_close(l->owned);
	uv_close((uv_handle_t *)&l->keep, NULL);
	uv_walk(&l->uv, close_stray, NULL);
	uv_run(&l->uv, UV_RUN_DEFAULT);
	if (uv_loop_close(&l->uv))
		BUG("the loop is not empty at its end");
	free(l);
}
