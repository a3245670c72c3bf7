/*
 * A program on a pseudo-terminal, driven as a user and his terminal would: keys in, a screen
 * out, questions answered.  Nothing here sleeps: one waits for what the screen shows, with a
 * deadline after which the test fails and shows the screen.
 */
#ifndef TESTS_CONSOLE_PTY_H
#define TESTS_CONSOLE_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "tests/console/screen.h"

#define PTY_WAIT_MS 20000 /* how long a test waits for what must come: not a measure of anything   \
			   */

struct pty;

struct pty_opts {
	int rows, cols;		/* 0: 24 and 80 */
	const char *term;	/* NULL: xterm-256color */
	const char *const *env; /* "NAME=value", or "NAME" to take it away; NULL at the end */
	bool mute;		/* a terminal that answers nothing */
	bool sync2026;		/* it knows synchronized output */
	int answer_after_ms;	/* it answers late */
	int answer_times;	/* 0: once */
	size_t rate;		/* bytes a second it takes; 0: all */
};

/* argv[0] is a path.  LANG and LC_ALL are C.UTF-8, the rest of the environment is small. */
struct pty *pty_start(const struct pty_opts *o, const char *const *argv);
/* Ends the program if it lives, and forgets it. */
void pty_end(struct pty *p);

void pty_send(struct pty *p, const char *bytes, size_t n);
/* "j<down>/temp<enter>": names of keys as in ui/term/keys.h, "<lt>" for '<'. */
void pty_keys(struct pty *p, const char *keys);
void pty_resize(struct pty *p, int rows, int cols);
void pty_signal(struct pty *p, int sig);
/* A terminal that stops reading, as after Ctrl-S. */
void pty_freeze(struct pty *p, bool on);
/* The line fills up, with what shows nothing: not a byte more of the program's fits. */
void pty_fill(struct pty *p);
/* The terminal's window is closed. */
void pty_hangup(struct pty *p);

/* Takes and answers what the program sends for so long (0: what is there now). */
void pty_pump(struct pty *p, int ms);
/* The same until something comes, for so long at most; false: nothing came. */
bool pty_await(struct pty *p, int ms);
/* Waits until the text is on the screen, or no more; the test fails at the deadline. */
void pty_expect(struct pty *p, const char *text);
void pty_expect_gone(struct pty *p, const char *text);
/* Waits until nothing has come for so long. */
void pty_settle(struct pty *p, int quiet_ms);
/* Waits for the end; its status as waitpid() gives it. */
int pty_wait(struct pty *p);
/* Waits for the end of what was its child, and takes what it still sent. */
void pty_wait_child(struct pty *p, int pid);
bool pty_alive(struct pty *p);
int pty_pid(const struct pty *p);
/* The first of its children; the test fails when there is none. */
int pty_child(const struct pty *p);
int pty_child_of(int pid);

struct screen *pty_screen(struct pty *p);
/* Everything the program sent so far. */
const struct buf *pty_output(struct pty *p);
/* "" when modes and settings are as they were at the start; else what is not. */
const char *pty_left_on(struct pty *p);

#endif
