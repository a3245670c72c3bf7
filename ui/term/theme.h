/*
 * Themes: how each role looks.  A file is YAML, flat:
 *
 *   name: dark
 *   help: for terminals with a dark background
 *   ink: "#d0d0d0"      the terminal's own colours, for pictures of the screen; without
 *   paper: "#16181d"    them these
 *   roles:
 *     crit: { fg: "#ff5f5f", attrs: bold, fg16: bright-red, mono: bold reverse }
 *
 * fg, bg      "#rrggbb", a palette number 0-255, or default (the terminal's own); where there
 *             are 256 colours, the nearest of them
 * fg16, bg16  one of the sixteen names (red, bright-red, ...), or default; without
 *             them the nearest of the sixteen
 * attrs       of bold dim italic underline reverse; mono: the same, where there is no colour
 *
 * A role that a file leaves out is plain.
 */
#ifndef UI_TERM_THEME_H
#define UI_TERM_THEME_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ui/term/role.h"

#define THEME_DEFAULT_COLOUR (-1)

enum theme_depth { THEME_MONO, THEME_16, THEME_256, THEME_RGB };

#define THEME_DIRECT 0x1000000 /* a colour of a style: this and its 24 bits, at THEME_RGB */

enum theme_attr {
	THEME_BOLD = 1,
	THEME_DIM = 2,
	THEME_ITALIC = 4,
	THEME_UNDERLINE = 8,
	THEME_REVERSE = 16,
};

struct theme_row {
	int16_t fg, bg, fg16, bg16; /* palette numbers, or THEME_DEFAULT_COLOUR */
	int32_t fg_rgb, bg_rgb;	    /* as the file says it; -1: it names no such */
	uint8_t attrs, mono;
};

struct theme {
	char name[32];
	char help[96];
	uint32_t ink, paper;
	struct theme_row rows[ROLE_COUNT];
};

struct theme_style {
	int32_t fg, bg; /* a palette number, THEME_DEFAULT_COLOUR, or THEME_DIRECT and 24 bits */
	uint8_t attrs;
};

/* Everything or nothing: *t is untouched when the text is wrong. `file` is for the story. */
int theme_parse(struct theme *t, struct slice yaml, const char *file, struct err *e);
/* One of the themes compiled in, or a file when the name has a '/' in it. */
int theme_load(struct theme *t, const char *name, struct err *e);
/* Names of the themes compiled in, one after the other; NULL at the end. */
const char *theme_builtin(size_t i);
struct slice theme_builtin_text(size_t i);
/* How a look (role.h) appears at this depth. */
struct theme_style theme_style(const struct theme *t, uint16_t look, enum theme_depth d);
/* The 24 bits of a style's colour; xterm's where it is a palette number. */
uint32_t theme_rgb(int32_t colour);

#endif
