/*
 * A log: lines that somebody else holds, numbered from 0, the newest last.  Follows the end, or
 * stands still while the user looks; what matches the search is marked.
 */
#ifndef UI_WIDGET_LOGLIST_H
#define UI_WIDGET_LOGLIST_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/widget/rect.h"

struct regex;

struct log_line {
	struct slice time, tag, text; /* valid until the next line is asked for */
	uint32_t sign;		      /* a glyph for the severity; 0: none */
	uint16_t look;		      /* of sign and tag */
};

struct log_lines {
	void (*line)(void *arg, uint64_t n, struct log_line *l);
	void *arg;
};

struct loglist {
	uint64_t total;
	uint64_t cursor, top;
	bool paused; /* false: the cursor stays on the newest line */
	int shift;   /* cells scrolled sideways */
	int tag_width;
	int page;
};

void loglist_set_total(struct loglist *l, uint64_t total);
/* Moving back pauses, moving onto the last line follows again. */
void loglist_move(struct loglist *l, int64_t by);
void loglist_move_to(struct loglist *l, uint64_t n);
void loglist_move_page(struct loglist *l, int pages);
void loglist_follow(struct loglist *l, bool on);
void loglist_shift(struct loglist *l, int cells);
void loglist_window(struct loglist *l, int rect_rows, uint64_t *first, int *count);
/* match: what to mark; NULL: nothing. */
void loglist_draw(struct loglist *l, struct term *t, struct rect r, const struct log_lines *lines,
	struct regex *match);

#endif
