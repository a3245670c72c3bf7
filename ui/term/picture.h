/*
 * A grid of cells as something to keep: plain text, a picture (SVG) or a page (HTML), in the
 * theme's own colours whatever the terminal can show.  The same grid makes the same bytes.
 */
#ifndef UI_TERM_PICTURE_H
#define UI_TERM_PICTURE_H

#include "base/buf.h"
#include "base/err.h"
#include "ui/term/grid.h"
#include "ui/term/theme.h"

enum picture_form { PICTURE_TEXT, PICTURE_SVG, PICTURE_HTML };

struct picture {
	const struct grid *grid;
	const struct theme *theme;
	const char *title; /* any bytes */
	enum picture_form form;
};

/* By the end of the file's name: .txt, .svg, .html; -1 with a story for another. */
int picture_form_of(const char *path, struct err *e);
void picture_draw(const struct picture *p, struct buf *out);
/* Into a new file; one that is there already stays as it is. */
int picture_save(const struct picture *p, const char *path, struct err *e);

#endif
