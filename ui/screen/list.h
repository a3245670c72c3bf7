/*
 * A list of rows that the collector keeps up to date: only what is seen, and a page around it,
 * is ever asked for.  The selection is an id: the row under the cursor never becomes another.
 * While the user moves, the order is held; values go on changing.
 */
#ifndef UI_SCREEN_LIST_H
#define UI_SCREEN_LIST_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "ui/screen/asker.h"
#include "ui/screen/marks.h"
#include "ui/screen/screen.h"
#include "ui/widget/table.h"

#define LIST_COLS  24
#define LIST_UNDOS 8
#define LIST_TREND 16 /* numbers of a trend that are drawn */
#define LIST_STATES 60 /* letters of trend(status) */

enum list_show {
	SHOW_TEXT,
	SHOW_WORD,    /* a state: glyph, word, colour */
	SHOW_NUM,     /* with the column's unit */
	SHOW_COUNT,   /* 99,871 */
	SHOW_PERCENT, /* 0..100 as a bar */
	SHOW_RATIO,   /* 0..1 as a bar */
	SHOW_TREND,   /* with the column's unit, and before it the course that `also` gives */
	SHOW_STATES,  /* letters of trend(status), as heat */
	SHOW_BYTES,
	SHOW_SECONDS, /* a span */
	SHOW_AGE,     /* a moment, as the time since then */
	SHOW_TIME,    /* a moment */
	SHOW_ALARM,   /* a count that ought to be nothing */
	SHOW_LINK,    /* a hash, an address */
	SHOW_OWN,     /* the screen's own, by its hook */
};

struct list_col {
	const char *field, *title;
	enum list_show show;
	int min, want, grow;
	bool pinned;
	const char *unit;
	const char *also; /* fields it needs besides, "a,b" */
};

struct list_spec {
	const char *kind;
	const char *id;	   /* the field that tells rows apart */
	const char *sort;  /* when the user asks for none; NULL: the collector's */
	const char *fields; /* asked for besides the columns' */
	int64_t interval_ms;
	/* Fills a SHOW_OWN cell; may use *scratch for its text. */
	void (*cell)(void *arg, const json_t *row, const struct list_col *col,
		struct table_cell *out, struct buf *scratch);
	/* The filter of what a group stands for; the caller frees.  NULL: it cannot be told. */
	char *(*members)(void *arg, const json_t *row);
	/* Rows have come; the columns may be set anew. */
	void (*changed)(void *arg);
	bool (*calm)(const json_t *row); /* such rows are greyed; NULL: none is */
	const char *empty; /* what to say when there are no rows at all */
};

struct list_export;

struct list {
	const struct list_spec *spec;
	struct stage *st;
	void *arg; /* for the spec's functions */
	struct client_view *view;
	struct table table;
	struct rect rect; /* drawn last */
	struct list_col cols[LIST_COLS];
	struct table_col tcols[LIST_COLS];
	char *names[2 * LIST_COLS]; /* owned strings of columns set by name */
	int n_cols;
	const char *by, *fields; /* the rows are groups with these fields; NULL: they are not */
	const char *only; /* "id,id": no others; NULL: all */
	char *fixed;  /* a filter that always holds, or NULL */
	char *first;  /* the filter that the page was opened with */
	char *filter; /* the user's; NULL: none */
	char *trial;  /* one being typed; NULL: none is */
	char *undo[LIST_UNDOS];
	int n_undo;
	char *sort; /* the user's; NULL: spec's */
	char *selected;
	bool sticky; /* the user chose it: the cursor goes where it goes */
	int64_t moved_ms;
	json_t **held; /* the order while it is held, rows from held_at on; NULL: it is not */
	uint64_t held_at;
	size_t n_held;
	struct err refused; /* class ERR_NONE: all is well */
	int refused_at;
	struct marks marks;
	char *marked_last; /* one end of a range; NULL: none */
	float trend[LIST_TREND]; /* of the cell drawn last */
	uint8_t states[LIST_STATES]; /* the same */
	struct list_export *export; /* a file being written; NULL: none */
	struct asker asker;
	struct buf scratch;
};

void list_init(struct list *l, const struct list_spec *spec, struct stage *st, void *arg);
/* Columns: copied; the strings must outlive the list, or be remembered by list_keep(). */
void list_columns(struct list *l, const struct list_col *cols, int n);
const char *list_keep(struct list *l, int i, const char *s); /* i < 2 * LIST_COLS */
/* A filter that always holds. */
void list_fix(struct list *l, const char *filter);
/* The rows are groups of what matches (by: "network,site"), or again each for itself (NULL), in
 * this order (NULL: the usual).  by and fields must outlive it. */
void list_group(struct list *l, const char *by, const char *fields, const char *sort);
void list_draw(struct list *l, struct term *t, struct rect r);
/* NULL: not here (yet). */
const json_t *list_row(struct list *l, uint64_t n);
const json_t *list_selected(struct list *l);
uint64_t list_matched(const struct list *l);
uint64_t list_total(const struct list *l);
bool list_ready(const struct list *l);
/* The ids of the rows marked, or else of the one under the cursor, which stays there. */
void list_meant(struct list *l, struct marks *ids);
/* The user points at a row. */
void list_point(struct list *l, uint64_t row);
/* What is narrowed, sorted and held, as a line for the top of the screen. */
void list_headline(struct list *l, struct term *t, struct rect r, int row, struct slice what);

/* Of the screen's contract; the state's first member must be its struct list. */
void list_fini(void *state);
void list_show(void *state, bool on);
bool list_tick(void *state);
extern const struct action list_moves[], list_actions[], list_marks[];
void list_mouse(void *state, const struct term_event *ev);
void list_typing(void *state, const char *what, struct slice text);
bool list_trouble(void *state, const char *what, struct slice *story, int *at);
struct slice list_current(void *state, const char *what);
bool list_back(void *state);
int list_set_filter(struct list *l, struct slice text);
/* Before it is shown: the filter that the page is about. */
void list_open(struct list *l, struct slice filter);

#endif
