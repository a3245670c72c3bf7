/* The modes of a terminal that we switch on, and the strings that switch them on and off. */
#ifndef UI_TERM_MODES_H
#define UI_TERM_MODES_H

#include <stdbool.h>

#include "base/buf.h"

struct paint;

struct modes {
	bool xterm; /* it knows private modes: xterm and its many heirs */
	bool mouse; /* report clicks, drags and the wheel */
	bool sync;  /* it said that it knows synchronized output */
	char clear[64], smcup[128], rmcup[128], civis[64], cnorm[64], sgr0[64], csr[64];
};

/* Asks the terminal's description. */
void modes_init(struct modes *m, struct paint *p);
void modes_enter(const struct modes *m, struct buf *out);
/* Undoes every mode of the table, on or not, and ends a frame that was cut off. */
void modes_leave(const struct modes *m, struct buf *out);
/* Switches the mouse's reports on or off, where the terminal has them. */
void modes_mouse(struct modes *m, bool on, struct buf *out);

#endif
