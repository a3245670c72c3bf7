/*
 * The difference engine: a grid of cells in, the fewest bytes that turn the terminal's screen
 * into it out.  ncurses does the work, writing to a file in memory; this is the only place that
 * knows it.  It never touches a terminal, a signal or the clock.
 */
#ifndef UI_TERM_PAINT_H
#define UI_TERM_PAINT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "ui/term/glyph.h"
#include "ui/term/grid.h"
#include "ui/term/theme.h"

struct paint;

/* NULL with a clear word when the terminal is not known or cannot address its cursor. */
struct paint *paint_new(const char *term, int rows, int cols, enum theme_depth max,
	enum glyph_level glyphs, struct err *e);
void paint_free(struct paint *p);
enum theme_depth paint_depth(const struct paint *p);
/* A string capability of the terminal ("smcup"), padding taken out; "" when it has none. */
const char *paint_cap(struct paint *p, const char *name, char *out, size_t n);
void paint_theme(struct paint *p, const struct theme *t);
/* A new size; the whole screen is sent at the next frame. */
void paint_resize(struct paint *p, int rows, int cols);
/* Nothing that stands on the terminal can be trusted: all of it is sent at the next frame. */
void paint_forget(struct paint *p);
/* True when a frame of this grid and cursor would send anything. */
bool paint_differs(const struct paint *p, const struct grid *g, int crow, int ccol);
/*
 * Appends the bytes of one frame.  `budget` (0: none) bounds the cells that change, in bytes
 * guessed from them: the rows of the cursor and the selection come first, then the rows that
 * have waited longest.  Returns false when rows had to wait: call again for the next frame.
 */
bool paint_frame(
	struct paint *p, const struct grid *g, int crow, int ccol, size_t budget, struct buf *out);

#endif
