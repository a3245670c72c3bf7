/* What the halves of the difference engine share: paint.c finds what differs, paint_style.c knows
 * what it looks like. */
#ifndef UI_TERM_PAINT_OWN_H
#define UI_TERM_PAINT_OWN_H

#include <stdint.h>

#define NCURSES_NOMACROS 1
#include <curses.h>

#include "ui/term/memscreen.h"
#include "ui/term/paint.h"
#include "ui/term/squeeze.h"

#define LOOK_STYLES (ROLE_COUNT * 4) /* by role, plain, selected, marked, both */
#define MAX_PAIRS   256

struct paint {
	struct memscreen mem;
	enum theme_depth depth;
	enum glyph_level glyphs;
	bool can_default;  /* the terminal has default colours */
	struct grid shown; /* what ncurses was given last */
	int crow, ccol;	   /* cursor shown, or -1 */
	int next_row;	   /* where the rows that waited begin */
	bool all;	   /* send everything */
	bool ansi;	   /* colours and attributes are said in the common way */
	struct squeeze pen;
	struct buf raw; /* a frame as ncurses made it */
	struct {
		attr_t attr;
		short pair;
	} styles[LOOK_STYLES];
	struct {
		short fg, bg;
	} pairs[MAX_PAIRS];
	int n_pairs;
	int32_t direct[256]; /* ncurses' palette numbers that stand for 24 bits; else -1 */
};

/* How a look appears: attributes, and the number of its pair of colours. */
attr_t paint_look(const struct paint *p, uint16_t look, short *pair);

#endif
