/*
 * Timers.  One of 0 ms is for the next turn, which libuv does not promise: started from within a
 * timer it would fire in the same pass, and one that starts itself anew would never let go.  So
 * those wait in a list of ours.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "loop/internal.h"

struct loop_timer {
	struct owned owned;
	uv_timer_t uv;
	struct loop_timer *next, **prev; /* of loop.soon, prev NULL: not in it */
	uint64_t period_ms;
	void (*fn)(void *arg);
	void *arg;
};

static void fired(uv_timer_t *h)
{
	struct loop_timer *t = uv_handle_get_data((uv_handle_t *)h);

	t->fn(t->arg);
}

static void soon_add(struct loop_timer *t)
{
	struct loop_timer **p = &loop_of(&t->uv)->soon;

	while (*p)
		p = &(*p)->next;
	t->next = NULL;
	t->prev = p;
	*p = t;
}

static void soon_remove(struct loop_timer *t)
{
	if (!t->prev)
		return;
	*t->prev = t->next;
	if (t->next)
		t->next->prev = t->prev;
	t->prev = NULL;
}

/* Runs those that wait now; what they start waits for the next turn. */
void timers_run_soon(struct loop *l)
{
	struct loop_timer *now = l->soon, *t;

	l->soon = NULL;
	if (now)
		now->prev = &now;
	while ((t = now)) {
		soon_remove(t);
		if (t->period_ms)
			uv_timer_start(&t->uv, fired, t->period_ms, t->period_ms);
		t->fn(t->arg);
	}
}

struct loop_timer *loop_timer_new(struct loop *l, int64_t first_ms, int64_t period_ms,
	void (*fn)(void *arg), void *arg)
{
	struct loop_timer *t = xcalloc(1, sizeof(*t));

	t->fn = fn;
	t->arg = arg;
	uv_timer_init(&l->uv, &t->uv);
	owned_add(l, &t->owned, &t->uv);
	loop_timer_again(t, first_ms, period_ms);
	return t;
}

void loop_timer_again(struct loop_timer *t, int64_t first_ms, int64_t period_ms)
{
	loop_timer_stop(t);
	t->period_ms = period_ms > 0 ? (uint64_t)period_ms : 0;
	if (first_ms <= 0) {
		soon_add(t);
		return;
	}
	uv_update_time(uv_handle_get_loop((uv_handle_t *)&t->uv));
	uv_timer_start(&t->uv, fired, (uint64_t)first_ms, t->period_ms);
}

void loop_timer_stop(struct loop_timer *t)
{
	soon_remove(t);
	uv_timer_stop(&t->uv);
}

void loop_timer_free(struct loop_timer *t)
{
	if (!t)
		return;
	soon_remove(t);
	owned_close(&t->owned);
}
