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
#include "ui/widget/loglist.h"

#define READ_MAX 256

struct regex;

struct events {
	struct feed feed;
	struct loglist log; /* numbers count from feed.first */
	uint64_t first;	    /* feed.first as of the last drawing */
	struct stage *st;
	char *opened; /* the filter that the page was opened with */
	char *filter, *pattern;
	struct regex *match, *trial; /* trial: while it is typed */
	struct err wrong;	     /* about the pattern typed */
	size_t wrong_at;
	bool typing, detail, started;
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
void events_forget(struct events *s); /* all that were read */
/* For struct log_lines, and for the search: what one sees is what is searched. */
void events_line(void *arg, uint64_t n, struct log_line *l);
/* Takes the feed's numbers: those of the log move when old rows are dropped. */
void events_sync(struct events *s);
void events_draw(void *state, struct term *t, struct rect r);

#endif
