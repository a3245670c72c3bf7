/*
 * The event loop: libuv, and nothing above this folder sees it but src/net and src/rpc
 * (loop_uv()).  One thread.  A callback that runs longer than 10 ms is a bug of ours.
 * Handles are freed by the library after libuv has closed them; x_free(NULL) is fine, and
 * after x_free() returns no callback of x comes any more.
 */
#ifndef LOOP_LOOP_H
#define LOOP_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct loop;
struct loop_timer;
struct loop_child;

struct loop *loop_new(void); /* the process ignores SIGPIPE from here on */
void loop_free(struct loop *l); /* closes what is left, runs close callbacks */
void loop_run(struct loop *l);	/* until loop_stop() or nothing is left to wait for */
void loop_stop(struct loop *l);
/* Runs what is ready, waits at most timeout_ms (0: not at all); for clients with their own turn. */
void loop_turn(struct loop *l, int timeout_ms);
void *loop_uv(struct loop *l); /* the uv_loop_t, for src/net and src/rpc alone */

/* Hooks of the turn, called before each wait in order of adding (apply, record, tell); they must
 * not add hooks.  The clock is read (clock_turn()) after the wait, before any callback. */
void loop_on_turn(struct loop *l, void (*before)(void *arg), void *arg);
/* Called once, first thing in loop_free(), for what must let go of its handles by then. */
struct loop_end;
struct loop_end *loop_end_new(struct loop *l, void (*fn)(void *arg), void *arg);
void loop_end_free(struct loop_end *x); /* not called then; not within its own fn */

/* period_ms 0: once.  first_ms from now; 0: in the next turn, never in this one. */
struct loop_timer *loop_timer_new(struct loop *l, int64_t first_ms, int64_t period_ms,
	void (*fn)(void *arg), void *arg);
void loop_timer_again(struct loop_timer *t, int64_t first_ms, int64_t period_ms);
void loop_timer_stop(struct loop_timer *t);
void loop_timer_free(struct loop_timer *t);

/* fn runs in the loop's thread, until loop_free(); does not keep loop_run() waiting. */
int loop_signal(struct loop *l, int signo, void (*fn)(void *arg, int signo), void *arg);

/* Any descriptor: readable/writable notice (level). events: 1 read, 2 write; an error on fd shows
 * as both.  NULL when fd cannot be waited for (a regular file, or closed).  Sets O_NONBLOCK. */
enum loop_events { LOOP_READ = 1, LOOP_WRITE = 2 };
struct loop_io;
struct loop_io *loop_io_new(struct loop *l, int fd, int events, void (*fn)(void *arg, int events),
	void *arg);
void loop_io_set(struct loop_io *io, int events);
void loop_io_free(struct loop_io *io); /* does not close fd */

/* Slow work: `work` in a pool thread, then `done` in the loop's thread (also at loop_free,
 * with cancelled = true, when it never ran). */
void loop_work(struct loop *l, void (*work)(void *arg), void (*done)(void *arg, bool cancelled),
	void *arg);
/* From any thread: have the loop call fn(arg) soon; several wakes may be one call. */
struct loop_wake;
struct loop_wake *loop_wake_new(struct loop *l, void (*fn)(void *arg), void *arg);
void loop_wake(struct loop_wake *w);
void loop_wake_free(struct loop_wake *w);

/* A child with its three descriptors given (-1: /dev/null). */
struct loop_child *loop_child_new(struct loop *l, const char *path, char *const argv[],
	const int fds[3], void (*exited)(void *arg, int status, int signo), void *arg,
	struct err *e);
int loop_child_pid(const struct loop_child *c);
void loop_child_kill(struct loop_child *c, int signo);
void loop_child_free(struct loop_child *c); /* does not kill */

#endif
