/*
 * The console itself, on a pseudo-terminal, whose clocks stand still unless a test moves them: the
 * product knows nothing of it.  Time passes only while it sleeps, so a busy machine changes
 * nothing of what it shows.
 */
#ifndef TESTS_CONSOLE_STILL_H
#define TESTS_CONSOLE_STILL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "tests/console/pty.h"

#define STILL_VAR "STILL_CLOCK" /* the file with these two */

struct still_clock {
	_Atomic int64_t wall_ms, mono_ms;
};

struct still;

/* `build` is the folder with bin/depinctl; `dir` has room for a file or two; words: of its
 * command line, NULL at the end. */
struct still *still_start(const char *build, const char *dir, int64_t wall_ms, struct pty_opts o,
	const char *const *words);
/* Takes and answers what comes.  True: nothing did in a millisecond, and it sleeps; then 5 ms
 * pass for it, where time moves. */
bool still_step(struct still *s, bool moves);
struct pty *still_pty(struct still *s);
/* Ends it by a signal; what it left on, "" as it should be.  Good until still_free(). */
const char *still_stop(struct still *s);
void still_free(struct still *s);

#endif
