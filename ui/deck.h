/*
 * The deck: where the collector plays a recording, its place and speed in the second row, and the
 * commands that hold it, change its speed, skip ahead.
 */
#ifndef UI_DECK_H
#define UI_DECK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "ui/screen/asker.h"

struct shell;

struct deck {
	struct asker asker;
	bool playing; /* there is a recording */
	bool waiting; /* for an answer */
	bool paused, skipping, ended;
	double speed;
	int64_t at_ms, start_ms;
};

void deck_fini(struct shell *s);
void deck_ask(struct shell *s);	 /* the line is there: is a recording played? */
void deck_tick(struct shell *s); /* once a second */
/* "▶ 10x  14:05:12  3 min in"; nothing: none is played. */
void deck_text(const struct shell *s, struct buf *b);

int cmd_hold(struct shell *s, struct slice arg, struct err *e);
int cmd_speed(struct shell *s, struct slice arg, struct err *e);
int cmd_seek(struct shell *s, struct slice arg, struct err *e);

#endif
