/*
 * What to show where a terminal cannot show a character.  Whoever draws uses the best glyph
 * there is; the same cell holds a stand-in on a lesser terminal, so layouts never differ.
 */
#ifndef UI_TERM_GLYPH_H
#define UI_TERM_GLYPH_H

#include <stdint.h>

enum glyph_level {
	GLYPH_ASCII, /* the locale is not UTF-8 */
	GLYPH_VGA,   /* the Linux console: lines, half blocks, Latin-1, little more */
	GLYPH_FULL,
};

/* The same character or a stand-in of one cell. */
uint32_t glyph_at(uint32_t cp, enum glyph_level l);

#endif
