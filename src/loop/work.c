#include <stdlib.h>

#include "base/alloc.h"
#include "loop/internal.h"

struct work {
	uv_work_t uv;
	struct work *next, **prev;
	void (*work)(void *arg);
	void (*done)(void *arg, bool cancelled);
	void *arg;
};

static void in_thread(uv_work_t *r)
{
	struct work *w = r->data;

	w->work(w->arg);
}

static void finished(uv_work_t *r, int status)
{
	struct work *w = r->data;

	*w->prev = w->next;
	if (w->next)
		w->next->prev = w->prev;
	w->done(w->arg, status == UV_ECANCELED);
	free(w);
}

void loop_work(struct loop *l, void (*work)(void *arg), void (*done)(void *arg, bool cancelled),
	void *arg)
{
	struct work *w = xcalloc(1, sizeof(*w));

	w->work = work;
	w->done = done;
	w->arg = arg;
	w->uv.data = w;
	w->next = l->work;
	w->prev = &l->work;
	if (w->next)
		w->next->prev = &w->next;
	l->work = w;
	if (uv_queue_work(&l->uv, &w->uv, in_thread, finished))
		BUG("uv_queue_work refused");
}

/* Work that runs already is waited for: its thread uses memory that its owner will free. */
void work_cancel_all(struct loop *l)
{
	while (l->work) {
		for (struct work *w = l->work; w; w = w->next)
			uv_cancel((uv_req_t *)&w->uv);
		uv_run(&l->uv, UV_RUN_ONCE);
	}
}
