/*
 * A console as its users have it: a real collector over a devnet of 300 devices, all in a folder
 * of its own.  One at a time.
 */
#ifndef TESTS_CONSOLE_WORLD_H
#define TESTS_CONSOLE_WORLD_H

#include "tests/console/pty.h"

/* argv0: the test's own, the program is looked for from there unless DEPINCTL names it. */
void world_find(const char *argv0);
/* What goes wrong in the world that is opened next: --scenario of the devnet. */
void world_trouble(const char *scenario);
int world_open(void **state);
int world_close(void **state);
/* A file in the world's folder; good until the next call. */
const char *world_path(const char *name);
const char *world_program(void);
/* "depinctl VERB --config ...": its exit code. */
int world_run(const char *verb);
/* The collector dies without a word. */
void world_kill_collector(void);
/* The console with one option and its value, both may be NULL; it comes back as it was left. */
struct pty *world_start(struct pty_opts o, const char *option, const char *value);
/* The console started by a shell that has run this line. */
struct pty *world_start_after(const char *shell);
/* What the console before this one remembered is gone. */
void world_forget(void);
/* The console on its first screen, nothing remembered. */
struct pty *world_console(int rows, int cols);
void world_expect_clean(struct pty *p);
/* Is there an SGR sequence with a colour in it: 30 to 49, or 90 to 107? */
bool world_has_colour(const struct buf *output);
/* Ends a console by its own command, in good order. */
void world_quit(struct pty *p);

#endif
