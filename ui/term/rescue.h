/*
 * The terminal as we found it, from every exit path.  One table says which modes were switched
 * on; one async-signal-safe function undoes them.  It runs from term_close(), from exit(), and
 * from every signal that would end the process, which then dies of that signal, so that the
 * exit status is true.  What the program and its libraries wrote to stderr meanwhile is kept in
 * memory and shown afterwards.
 *
 * One terminal a process.  All of it belongs to the thread that draws, but for the handlers.
 */
#ifndef UI_TERM_RESCUE_H
#define UI_TERM_RESCUE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

#include "base/err.h"
#include "base/slice.h"

#define RESCUE_STRING 512

struct rescue_opts {
	int in, out;	    /* descriptors of the terminal; `out` non-blocking */
	struct slice enter; /* bytes that switch our modes on */
	struct slice leave; /* bytes that switch them off, whichever were on */
	bool catch_stderr;  /* it is the same terminal */
};

/*
 * What must be undone.  It may lie in memory that outlives the process, where somebody reads it
 * after a death that no handler sees: guard.h.  Strings are two, so that one is whole while the
 * other is written.
 */
struct rescue_will {
	volatile sig_atomic_t up; /* the modes are on */
	volatile sig_atomic_t which, linger, owed;
	struct termios was;
	pid_t heir; /* the parent that will undo it; 0: nobody */
	int said;   /* a file for what is written to stderr, open in both; -1: one of our own */
	struct {
		char enter[RESCUE_STRING], leave[RESCUE_STRING];
		size_t n_enter, n_leave;
	} s[2];
};

/* Where to keep it; before rescue_begin(). */
void rescue_set_will(struct rescue_will *w);
/* Undoes what a process that is stopped or dead left on.  False: there was nothing to undo. */
bool rescue_inherit(struct rescue_will *w, int in, int out, bool dead);

/* Raw mode, signals, stderr.  Does not write `enter`: that is the first frame's business. */
int rescue_begin(const struct rescue_opts *o, struct err *e);
/* The bytes that leave changed (the mouse was switched on or off). */
void rescue_set_strings(struct slice enter, struct slice leave);
/* Undoes all of it, once; async-signal-safe. */
void rescue_now(void);
/* So many answers of the terminal are still out, and worth waiting for so long: whoever reads the
 * terminal next should not get them. */
void rescue_set_linger(int ms, unsigned owed);
/* The end of the program's own choosing: rescue_now(), handlers as they were. */
void rescue_end(void);
/* The modes are on; false while another job has the terminal: do not write to it. */
bool rescue_up(void);
/* Stops the process as ^Z would; comes back when it is continued, modes on again. */
void rescue_stop(void);
/* The part of it that stops this process alone; async-signal-safe.  The kernel ignores it where
 * no shell could continue us (a terminal or ssh that runs nothing but us): better than to hang. */
void rescue_stop_self(void);

enum rescue_wake { RESCUE_RESIZED = 1, RESCUE_RESUMED = 2 };
/* Readable when a signal left a word; -1 before rescue_begin(). */
int rescue_fd(void);
/* The words left since the last call, as bits of enum rescue_wake. */
int rescue_take(void);

#endif
