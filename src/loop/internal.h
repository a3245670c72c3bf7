/* What the files of this folder share.  Every libuv handle of ours starts with a struct owned,
 * so that loop_free() can close and free what nobody freed. */
#ifndef LOOP_INTERNAL_H
#define LOOP_INTERNAL_H

#include <uv.h>

#include "loop/loop.h"

struct owned {
	struct owned *next, **prev; /* list of the loop, for loop_free() */
	uv_handle_t *handle;	    /* inside the struct that starts with this */
};

struct hook {
	void (*fn)(void *arg);
	void *arg;
};

#define LOOP_HOOKS 16

struct loop {
	uv_loop_t uv;
	uv_async_t keep; /* counts as alive during a turn: see loop_turn() */
	struct owned *owned;
	struct hook before[LOOP_HOOKS];
	int before_n;
	struct loop_end *ends;
	struct work *work;
	struct loop_timer *soon; /* timers of 0 ms: see timer.c */
	bool stop;
};

/* Enters a started handle in the loop's list; its memory is o itself. */
void owned_add(struct loop *l, struct owned *o, void *handle);
/* Closes the handle; o is freed by libuv's close callback. */
void owned_close(struct owned *o);
void timers_run_soon(struct loop *l);
/* loop_free(): finishes or cancels all slow work. */
void work_cancel_all(struct loop *l);
struct loop *loop_of(const void *handle);

#endif
