/*
 * What reaches beyond the screen: the clipboard (OSC 52), a notice of the desktop (OSC 9).  Pure:
 * text in, the bytes that say it out.  The text is made harmless first, and is one line.
 */
#ifndef UI_TERM_REACH_H
#define UI_TERM_REACH_H

#include <stdbool.h>

#include "base/buf.h"

#define REACH_COPY_MAX	 (64 * 1024) /* many terminals take no more than this */
#define REACH_NOTICE_MAX 200

enum reach_through { REACH_DIRECT, REACH_TMUX, REACH_SCREEN };

/* -1: too long, and nothing was added. */
int reach_copy(struct buf *out, struct slice text, enum reach_through via);
/* Cut where it is too long. */
void reach_notify(struct buf *out, struct slice text, enum reach_through via);

#endif
