/* One value as a person reads it: cleaned, on one line, in units. */
#ifndef CLI_CELL_H
#define CLI_CELL_H

#include <stdbool.h>

#include "base/buf.h"
#include "cli/columns.h"

/* Appends the text of a JSON value; an absent one (n 0) or null is "-". */
void cell_text(struct slice value, enum cell_type type, struct buf *out);
/* Numbers stand at the right of their column. */
bool cell_right(enum cell_type type);

/* How a state's word is marked, on terminals: a glyph before it and a colour (SGR), both by
 * what the word means.  NULL: a word that means no state. */
struct mark {
	const char *glyph, *ascii, *sgr;
};
const struct mark *mark_of(struct slice word);

#endif
