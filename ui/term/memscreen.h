/*
 * An ncurses screen whose terminal is a file in memory: what ncurses writes is taken from there.
 * No terminal is needed, nothing blocks, no signal is touched.
 */
#ifndef UI_TERM_MEMSCREEN_H
#define UI_TERM_MEMSCREEN_H

#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"

struct screen; /* ncurses' SCREEN */

struct memscreen {
	struct screen *screen;
	FILE *out, *in;
	int fd; /* the file behind `out` */
};

/* On failure the caller still closes. */
int memscreen_open(struct memscreen *m, const char *term, int rows, int cols, struct err *e);
void memscreen_close(struct memscreen *m);
/* A string capability ("smcup"), padding taken out; "" when the terminal has none. */
const char *memscreen_cap(struct memscreen *m, const char *name, char *out, size_t n);
/* Appends what ncurses wrote since the last call. */
void memscreen_take(struct memscreen *m, struct buf *out);
/* Forgets it. */
void memscreen_drop(struct memscreen *m);

#endif
