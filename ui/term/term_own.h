/* What the halves of the terminal object share: term.c draws and sends, term_input.c listens. */
#ifndef UI_TERM_TERM_OWN_H
#define UI_TERM_TERM_OWN_H

#include "base/buf.h"
#include "ui/term/grid.h"
#include "ui/term/input.h"
#include "ui/term/modes.h"
#include "ui/term/pace.h"
#include "ui/term/paint.h"
#include "ui/term/term.h"
#include "ui/term/tty.h"

struct term {
	struct tty tty;
	bool real; /* there is a terminal */
	bool gone, told_gone;
	struct grid grid;
	struct paint *paint;
	struct modes modes;
	enum term_when sync;
	enum glyph_level glyphs;
	struct pace pace;
	struct input input;
	struct buf out;	    /* frames not yet written */
	struct buf scratch; /* one string being cleaned */
	int crow, ccol;	    /* cursor, or -1 */
	bool cursor_on;	    /* as the terminal last heard */
	bool urgent;	    /* a key waits to be seen */
	bool incomplete;    /* rows wait for the next frame */
	bool resumed, resized;
	int want_rows, want_cols;
	int64_t resize_at, resize_since; /* -1: none is due */
	struct {
		bool copy, notify, bell;
		int64_t notified_ms, rang_ms;
	} may; /* reach beyond the screen */
	uint64_t frames, skipped, bytes;
};

/* The strings of the crash path, after a mode was switched. */
void term_tell_rescue(struct term *t);

#endif
