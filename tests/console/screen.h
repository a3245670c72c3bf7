/*
 * A terminal's screen for tests: bytes in, cells out.  libvterm draws; the private modes that
 * are on are counted here.
 */
#ifndef TESTS_CONSOLE_SCREEN_H
#define TESTS_CONSOLE_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

struct screen;

#define SCREEN_RGB 0x1000000

struct screen_look {
	bool bold, underline, reverse;
	int fg, bg; /* palette number; SCREEN_RGB and 24 bits; -1 for the terminal's own */
};

struct screen *screen_new(int rows, int cols);
void screen_free(struct screen *s);
void screen_resize(struct screen *s, int rows, int cols);
void screen_feed(struct screen *s, const char *p, size_t n);
/* All rows, blanks at their ends cut off, each followed by a line end.  The caller frees. */
char *screen_text(struct screen *s);
/* One row, blanks at its end cut off.  The caller frees. */
char *screen_row(struct screen *s, int row);
struct screen_look screen_look(struct screen *s, int row, int col);
/* Everything that can be seen, cell by cell, as text to compare.  The caller frees. */
char *screen_cells(struct screen *s);
/* The first line in which two texts differ, as words.  Good until the next call. */
const char *screen_difference(const char *was, const char *is);
/* DEC private mode n ("CSI ? n h") as last set; the cursor counts as on from the start. */
bool screen_mode(const struct screen *s, int n);
/* The modes that a program should not leave behind, as words: "" when the terminal is clean. */
const char *screen_left_on(struct screen *s);

#endif
