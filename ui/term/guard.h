/*
 * The parent of a program with a screen.  Nothing handles SIGKILL, and the kernel sends it when
 * memory runs out: so the program runs in a child, and what started it stays behind, small and
 * without threads, to put the terminal back after such a death and to say what happened.
 *
 * Nobody else notices: signals are handed down, the child's stop is ours, and so is its end, by
 * exit status or by the same signal.  Where the parent is killed, the child tidies up and ends.
 */
#ifndef UI_TERM_GUARD_H
#define UI_TERM_GUARD_H

#include "base/err.h"

struct guard_opts {
	int (*run)(void *arg, struct err *e);
	void *arg;
	const char *hint; /* what to say after "killed"; may be NULL */
};

/* What run() returned in the child, with its story.  Does not return when a signal ended it or
 * it left by exit().  Without memory for a child, run() is called here. */
int guard_run(const struct guard_opts *o, struct err *e);

#endif
