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
	bool marked;
};

struct log_lines {
	void (*line)(void *arg, uint64_t n, struct log_line *l);
	void *arg;
};

#define LOG_ROWS_MAX 256 /* lines in sight that a click finds when they are wrapped */

struct loglist {
	uint64_t total;
	uint64_t cursor, top;
	bool paused; /* false: the cursor stays on the newest line */
	int shift;   /* cells scrolled sideways */
	int tag_width;
	int page;
	bool wrap; /* long lines go on in the next row */
	uint8_t height[LOG_ROWS_MAX]; /* rows of the lines in sight, when wrapped */
};

void loglist_set_total(struct loglist *l, uint64_t total);
/* Moving back pauses, moving onto the last line follows again. */
void loglist_move(struct loglist *l, int64_t by);
void loglist_move_to(struct loglist *l, uint64_t n);
void loglist_move_page(struct loglist *l, int pages);
void loglist_follow(struct loglist *l, bool on);
void loglist_shift(struct loglist *l, int cells);
void loglist_window(struct loglist *l, int rect_rows, uint64_t *first, int *count);
/* The line in a row of what was drawn last; false: none. */
bool loglist_line_at(const struct loglist *l, int row, uint64_t *n);
/* match: what to mark; NULL: nothing. */
void loglist_draw(struct loglist *l, struct term *t, struct rect r, const struct log_lines *lines,
	struct regex *match);

#endif
