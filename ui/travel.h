/*
 * Travelling of the whole console: the commands behind `T`, `{` `}`, `(` `)`, and what the first
 * row says of it.
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
	char told[64];	 /* what the first row said last */
};

int cmd_travel(struct shell *s, struct slice arg, struct err *e);
int cmd_earlier(struct shell *s, struct slice arg, struct err *e);
int cmd_later(struct shell *s, struct slice arg, struct err *e);
int cmd_warning(struct shell *s, struct slice arg, struct err *e);
/* Back to now; false: it is there. */
bool travel_back(struct shell *s);
/* Is it not now, or soon will not be? */
bool travel_on(const struct shell *s);
/* "◀ 14:05:00, 27 min ago"; nothing: it is now. */
void travel_text(const struct shell *s, struct buf *b);
/* Does the first row say something else than it did? */
bool travel_moved(struct shell *s);

#endif
