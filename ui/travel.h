/*
 * Travelling of the whole console: the commands behind `T`, `{` `}`, `(` `)`, what the first row says
 * of it, and the past that goes on from a moment.
 */
#ifndef UI_TRAVEL_H
#define UI_TRAVEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

struct shell;

struct trip {
	int64_t at_ms;	 /* what is shown; 0: now */
	int64_t want_ms; /* what was asked for last */
	unsigned asked;	 /* answers that are still to come */
	double speed;	 /* so fast it goes on from there; 0: it stands still */
	int64_t went_ms; /* when it was asked for, by the clock that never stands still */
	char told[64];	 /* what the first row said last */
};

int cmd_travel(struct shell *s, struct slice arg, struct err *e);
int cmd_earlier(struct shell *s, struct slice arg, struct err *e);
int cmd_later(struct shell *s, struct slice arg, struct err *e);
int cmd_warning(struct shell *s, struct slice arg, struct err *e);
/* The past goes on from the moment that is shown, so fast; 0: stands still. */
void travel_play(struct shell *s, double speed);
void travel_tick(struct shell *s); /* once a second */
/* How far, as it was typed; nothing: 10 s. */
int travel_step(struct slice arg, int64_t *ms, struct err *e);
/* Back to now; false: it is there. */
bool travel_back(struct shell *s);
/* Is it not now, or soon will not be? */
bool travel_on(const struct shell *s);
/* "◀ 14:05:00, 27 min ago", "▶ 2x ..." while it goes on; nothing: it is now. */
void travel_text(const struct shell *s, struct buf *b);
/* Does the first row say something else than it did? */
bool travel_moved(struct shell *s);

#endif
