/*
 * A line being typed: editing, history, completion, and where it is wrong.  Bytes are UTF-8,
 * one line, at most PROMPT_MAX of them.
 */
#ifndef UI_WIDGET_PROMPT_H
#define UI_WIDGET_PROMPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "ui/widget/rect.h"

#define PROMPT_MAX     1024
#define PROMPT_HISTORY 200
#define PROMPT_OFFERS  64

/* What could stand at the cursor: the words fill text[from, cursor). */
struct prompt_offers {
	size_t from;
	char *words[PROMPT_OFFERS]; /* malloc'd; offers_add() */
	size_t n;
};

void offers_add(struct prompt_offers *o, struct slice word);

struct prompt {
	struct buf text;
	size_t cursor;	  /* a byte, never within a character */
	const char *sign; /* ":" or "/" */
	/* Fills *o for the text up to the cursor, or calls prompt_offer() later; NULL: no completion. */
	void (*complete)(void *arg, struct slice text, size_t cursor, struct prompt_offers *o);
	void *arg;
	struct prompt_offers offers;
	size_t offer; /* the one inserted last by Tab, when `cycling` */
	bool cycling;
	char *history[PROMPT_HISTORY];
	size_t n_history, at_history; /* at_history == n_history: the line being typed */
	char *typed;		      /* that line, while the history is looked through */
	char error[160];
	size_t error_at; /* the byte that is wrong */
};

enum prompt_result {
	PROMPT_IGNORED, /* not a key for a line */
	PROMPT_MOVED,
	PROMPT_CHANGED,
	PROMPT_DONE, /* Enter: the text is the answer */
	PROMPT_LEFT, /* Esc, or backspace in an empty line */
};

void prompt_init(struct prompt *p, const char *sign);
void prompt_fini(struct prompt *p);
/* Another line; the history stays. */
void prompt_set(struct prompt *p, struct slice text);
enum prompt_result prompt_key(struct prompt *p, uint32_t key);
/* The answer to a Tab, late: takes the words over.  The text is still what it was for. */
void prompt_offer(struct prompt *p, const struct prompt_offers *o);
/* Pasted bytes: controls become blanks. */
enum prompt_result prompt_paste(struct prompt *p, struct slice text);
/* Remembers a line; the same one again only moves. */
void prompt_remember(struct prompt *p, struct slice line);
/* Shown until the text changes; empty: none. */
void prompt_error(struct prompt *p, const char *text, size_t at);
/* One row, the cursor in it; the offers, if Tab found several, in the row above. */
void prompt_draw(struct prompt *p, struct term *t, struct rect r, int row);

#endif
