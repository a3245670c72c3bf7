/* Inside the events screen: what its files share. */
#ifndef UI_SCREEN_EVENTS_H
#define UI_SCREEN_EVENTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "ui/screen/feed.h"
#include "ui/screen/pretty.h"
#include "ui/screen/screen.h"
#include "ui/widget/histogram.h"
#include "ui/widget/loglist.h"

#define READ_MAX      256
#define EVENTS_UNDOS  16
#define EVENTS_MARKS  64
#define EVENTS_STRIPS 8 /* spans of the strip */

struct regex;

struct strip { /* events over time, above the log */
	bool zoomed;	 /* the user chose the span */
	bool on, chosen; /* chosen: by the user, else by the room there is */
	int span;	 /* of EVENTS_STRIPS */
	struct histogram h;
	int cells; /* pieces asked for */
	int64_t asked_ms;
	bool waiting, stale; /* stale: what it should show is another span */
	struct rect rect;
	struct asker asker;
};

struct events {
	struct feed feed;
	struct loglist log; /* numbers count from feed.first */
	uint64_t first;	    /* feed.first as of the last drawing */
	struct stage *st;
	char *opened; /* the filter that the page was opened with */
	char *filter, *pattern;
	char *undo[EVENTS_UNDOS]; /* filters before; NULL: none */
	int n_undo;
	struct regex *match, *trial; /* trial: while it is typed */
	struct err wrong;	     /* about the pattern typed */
	size_t wrong_at;
	uint64_t hits, hit_at; /* rows here that match; how many up to the cursor */
	int hunt;	       /* -1, 1: a match is looked for beyond what is here */
	struct asker hunter;
	bool typing, detail, started, on;
	bool deltas; /* times since the row above */
	struct strip strip;
	uint64_t marks[EVENTS_MARKS]; /* events' numbers */
	int n_marks;
	struct pretty pretty;
	uint64_t pretty_of; /* row, plus 1 */
	int pretty_top;
	struct { /* rows read lately: those in sight */
		json_t *row;
		uint64_t at; /* place in the feed, plus 1 */
	} read[READ_MAX];
	struct buf text;
	struct rect rect;
};

/* The event at a place of the feed, borrowed until that place is read anew; NULL: gone. */
const json_t *events_row(struct events *s, uint64_t at);
const json_t *events_selected(struct events *s);
void events_forget(struct events *s); /* all that were read */
/* For struct log_lines, and for the search: what one sees is what is searched. */
void events_line(void *arg, uint64_t n, struct log_line *l);
/* Takes the feed's numbers: those of the log move when rows come or go before them. */
void events_sync(struct events *s);
void events_draw(void *state, struct term *t, struct rect r);

/* events.c */
void events_moved(struct events *s); /* the cursor has: further rows may be needed */
void events_to_tail(struct events *s);
void events_stay(struct events *s); /* with another filter, where the cursor is */
void events_jump(struct events *s, uint64_t number, int64_t at_ms);

/* events_filter.c: what is shown */
extern const struct action events_filters[];
int events_set_filter(struct events *s, struct slice text);
bool events_undo_filter(struct events *s);
bool events_marked(const struct events *s, uint64_t number);

/* events_search.c */
extern const struct action events_searches[];
int events_search(struct events *s, struct slice pattern, struct err *e);
void events_search_end(struct events *s);
/* Some more rows are looked at, for the number of matches; false: all have been. */
bool events_count(struct events *s);
void events_typing(void *state, const char *what, struct slice text);
bool events_trouble(void *state, const char *what, struct slice *story, int *at);

/* events_strip.c */
extern const struct action events_strips[];
void strip_layout(struct events *s, struct rect *r); /* takes its rows off the top */
void strip_draw(struct events *s, struct term *t);
void strip_tick(struct events *s);
bool strip_click(struct events *s, int row, int col);
void strip_reset(struct events *s); /* the filter is another */
void strip_end(struct events *s);

#endif
