#include <stdlib.h>

#include "base/alloc.h"
#include "loop/internal.h"

struct loop_timer {
	struct owned owned;
	uv_timer_t uv;
	void (*fn)(void *arg);
	void *arg;
};

static void fired(uv_timer_t *h)
{
	struct loop_timer *t = uv_handle_get_data((uv_handle_t *)h);

	t->fn(t->arg);
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
	if (first_ms < 0)
		first_ms = 0;
	if (period_ms < 0)
		period_ms = 0;
	uv_update_time(uv_handle_get_loop((uv_handle_t *)&t->uv));
	uv_timer_start(&t->uv, fired, (uint64_t)first_ms, (uint64_t)period_ms);
}

void loop_timer_stop(struct loop_timer *t)
{
	uv_timer_stop(&t->uv);
}

void loop_timer_free(struct loop_timer *t)
{
	if (t)
		owned_close(&t->owned);
}
