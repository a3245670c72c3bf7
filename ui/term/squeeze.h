/*
 * ncurses says colours and attributes the long way: both colours at every change of one, a
 * reset before most of them; and where to go within a row as row and column.  This rewrites a
 * frame's bytes so that each change of look is one sequence that says what differs and no more,
 * and a way within a row names the column alone.  All else passes as it is.
 */
#ifndef UI_TERM_SQUEEZE_H
#define UI_TERM_SQUEEZE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct squeeze_pen {
	int16_t fg, bg; /* palette number or -1 */
	uint8_t attrs;	/* bit n: SGR n is on */
};

struct squeeze {
	struct squeeze_pen have, want; /* the terminal's; what comes next is drawn with */
	bool known;		       /* `have` is sure */
	bool cha;		       /* the terminal knows CHA, "CSI n G" */
	int row;		       /* where the cursor is in this frame, from 1; 0: not sure */
	const int32_t *direct; /* by palette number: 24 bits to say in its place, or -1; or NULL */
};

/* The terminal's pen is not known (any more); begins with a zeroed struct. */
void squeeze_forget(struct squeeze *s);
/* Appends the frame `in` to out.  The pen is carried from one frame to the next: what the frame
 * says at its end, after all it draws, is said when the next one draws. */
void squeeze_frame(struct squeeze *s, struct slice in, struct buf *out);

#endif
