/* What a user can do with a list. */
#include <stdlib.h>

#include "base/alloc.h"
#include "ui/screen/list_in.h"
#include "ui/screen/value.h"
#include "ui/term/event.h"

#define WHEEL_ROWS 3

/* --- moving --- */

static void moved(struct list *l)
{
	list_select(l, true);
	list_mind_window(l);
}

static int act_move(void *state, struct slice arg, struct err *e)
{
	struct list *l = state;
	int64_t by;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	list_hold(l);
	table_move(&l->table, by);
	moved(l);
	return 0;
}

static int act_page(void *state, struct slice arg, struct err *e)
{
	struct list *l = state;
	int64_t by;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	list_hold(l);
	table_move_page(&l->table, (int)by);
	moved(l);
	return 0;
}

/* Back at the top nothing is chosen any more: the first row is whatever comes first. */
static int act_home(void *state, struct slice arg, struct err *e)
{
	struct list *l = state;

	list_let_go(l);
	table_move_to(&l->table, 0);
	list_select(l, false);
	list_mind_window(l);
	return 0;
}

static int act_end(void *state, struct slice arg, struct err *e)
{
	struct list *l = state;

	list_hold(l);
	table_move_to(&l->table, l->table.total ? l->table.total - 1 : 0);
	moved(l);
	return 0;
}

static int act_scroll(void *state, struct slice arg, struct err *e)
{
	struct list *l = state;
	int64_t by;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	table_scroll(&l->table, (int)by);
	return 0;
}

/* --- order --- */

static struct slice sort_field(const char *sort, bool *descending)
{
	struct slice s = slice_mem(sort, strcspn(sort, ","));
	const char *colon = memchr(s.p, ':', s.n);

	*descending = colon && s.n - (size_t)(colon - s.p) == 5;
	if (colon)
		s.n = (size_t)(colon - s.p);
	return s;
}

void list_mark_sort(struct list *l)
{
	const char *sort = l->sort ? l->sort : l->spec->sort;
	bool descending = false;
	struct slice field = sort ? sort_field(sort, &descending) : (struct slice){ 0 };

	l->table.sort = TABLE_UNSORTED;
	for (int i = 0; field.n && i < l->n_cols; i++)
		if (l->cols[i].field && slice_is(field, l->cols[i].field)) {
			l->table.sort_col = i;
			l->table.sort = descending ? TABLE_DESCENDING : TABLE_ASCENDING;
			/* a moment shown as its age sorts the other way round */
			if (l->cols[i].show == SHOW_AGE)
				l->table.sort = descending ? TABLE_ASCENDING : TABLE_DESCENDING;
		}
}

static void sort_set(struct list *l, char *sort)
{
	free(l->sort);
	l->sort = sort;
	list_let_go(l);
	list_mark_sort(l);
	list_ask(l);
}

static int act_sort(void *state, struct slice arg, struct err *e)
{
	sort_set(state, arg.n ? xmemdup0(arg.p, arg.n) : NULL);
	return 0;
}

static bool sortable(const struct list *l, int col)
{
	return col >= 0 && col < l->n_cols && l->cols[col].field && l->cols[col].show != SHOW_OWN;
}

/* Numbers the largest first, ages too (so moments the earliest), words from a. */
static void sort_by(struct list *l, int col, bool descending)
{
	sort_set(l, xasprintf("%s%s", l->cols[col].field, descending ? ":desc" : ""));
}

static bool starts_descending(const struct list *l, int col)
{
	enum list_show s = l->cols[col].show;

	return s != SHOW_TEXT && s != SHOW_LINK && s != SHOW_AGE;
}

static int act_sort_column(void *state, struct slice arg, struct err *e)
{
	struct list *l = state;
	int64_t by;
	int col = l->table.sort_col, n = l->n_cols;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	if (l->table.sort == TABLE_UNSORTED)
		col = by < 0 ? n : -1;
	for (int i = 0; i < n; i++) {
		col = (col + (by < 0 ? n - 1 : 1)) % n;
		if (sortable(l, col)) {
			sort_by(l, col, starts_descending(l, col));
			return 0;
		}
	}
	return err_set(e, ERR_NO, "no column to sort by");
}

static int act_reverse(void *state, struct slice arg, struct err *e)
{
	struct list *l = state;
	bool descending;

	if (l->table.sort == TABLE_UNSORTED)
		return act_sort_column(state, arg, e);
	sort_field(l->sort ? l->sort : l->spec->sort, &descending);
	sort_by(l, l->table.sort_col, !descending);
	return 0;
}

/* --- filter --- */

static void put_filter(struct list *l, char *filter)
{
	free(l->filter);
	l->filter = filter;
	list_let_go(l);
	l->table.cursor = l->table.top = 0;
	l->sticky = false;
	l->refused.class = ERR_NONE;
	if (l->view)
		list_ask(l);
}

static void remember(struct list *l)
{
	if (l->n_undo == LIST_UNDOS) {
		free(l->undo[0]);
		memmove(l->undo, l->undo + 1, (LIST_UNDOS - 1) * sizeof(*l->undo));
		l->n_undo--;
	}
	l->undo[l->n_undo++] = xstrdup(l->filter ? l->filter : "");
}

int list_set_filter(struct list *l, struct slice text)
{
	while (text.n && text.p[text.n - 1] == ' ')
		text.n--;
	free(l->trial);
	l->trial = NULL;
	if (!slice_is(text, l->filter ? l->filter : ""))
		remember(l);
	put_filter(l, text.n ? xmemdup0(text.p, text.n) : NULL);
	return 0;
}

void list_open(struct list *l, struct slice filter)
{
	if (!filter.n)
		return;
	l->first = xmemdup0(filter.p, filter.n);
	l->filter = xstrdup(l->first);
}

static int act_filter(void *state, struct slice arg, struct err *e)
{
	return list_set_filter(state, arg);
}

static int act_unfilter(void *state, struct slice arg, struct err *e)
{
	struct list *l = state;

	if (!l->n_undo)
		return err_set(e, ERR_NO, "no filter to undo");
	put_filter(l, l->undo[--l->n_undo]);
	if (!*l->filter) {
		free(l->filter);
		l->filter = NULL;
	}
	return 0;
}

void list_typing(void *state, const char *what, struct slice text)
{
	struct list *l = state;

	if (strcmp(what, "filter") != 0)
		return;
	free(l->trial);
	l->trial = text.p ? xmemdup0(text.p, text.n) : NULL;
	l->refused.class = ERR_NONE;
	list_let_go(l);
	if (l->view)
		list_ask(l);
}

bool list_trouble(void *state, const char *what, struct slice *story, int *at)
{
	struct list *l = state;

	if (l->refused.class == ERR_NONE || strcmp(what, "filter") != 0)
		return false;
	*story = slice_of(l->refused.text);
	*at = l->refused_at;
	return true;
}

struct slice list_current(void *state, const char *what)
{
	struct list *l = state;
	const char *s = strcmp(what, "filter") == 0 ? l->filter : strcmp(what, "sort") == 0 ? l->sort
											    : NULL;

	return slice_of(s ? s : "");
}

bool list_back(void *state)
{
	struct list *l = state;

	if (strcmp(l->filter ? l->filter : "", l->first ? l->first : "") == 0)
		return false;
	list_set_filter(l, slice_of(l->first ? l->first : ""));
	return true;
}

static int act_release(void *state, struct slice arg, struct err *e)
{
	struct list *l = state;

	list_let_go(l);
	l->sticky = false;
	return 0;
}

static int act_copy_row(void *state, struct slice arg, struct err *e)
{
	struct list *l = state;
	struct buf line;

	if (!list_selected(l))
		return err_set(e, ERR_NO, "nothing is under the cursor here");
	buf_init(&line, 64 * 1024);
	buf_adds(&line, "copy ");
	list_row_line(l, l->table.cursor, &line);
	l->st->run(l->st->arg, line.p);
	buf_fini(&line);
	return 0;
}

static int act_export_rows(void *state, struct slice arg, struct err *e)
{
	return list_export(state, arg, e);
}

const struct action list_moves[] = {
	{ "move", "ROWS", "move the cursor", .run = act_move },
	{ "page", "PAGES", "move by pages", .run = act_page },
	{ "home", "", "to the first row", .run = act_home },
	{ "end", "", "to the last row", .run = act_end },
	{ 0 },
};

const struct action list_actions[] = {
	{ "scroll", "COLUMNS", "scroll sideways", .run = act_scroll },
	{ "sort", "FIELD[:desc],...", "order the rows; nothing: as the collector does", .run = act_sort },
	{ "sort-column", "N", "order by the next column, or with -1 the one before",
		.run = act_sort_column },
	{ "reverse", "", "turn the order round", .run = act_reverse },
	{ "filter", "EXPR", "show only rows that match; nothing: all", .run = act_filter },
	{ "unfilter", "", "back to the filter before", .run = act_unfilter },
	{ "copy-row", "", "the row under the cursor into the clipboard, with all its columns",
		.run = act_copy_row },
	{ "export-rows", "[marked] FILE.csv|.json",
		"all rows that match, or those marked, with their columns into a new file",
		.run = act_export_rows },
	{ "release", "", "let go of the row under the cursor and of the order held", .run = act_release },
	{ 0 },
};

/* --- mouse --- */

void list_point(struct list *l, uint64_t row)
{
	list_hold(l);
	table_move_to(&l->table, row);
	moved(l);
}

void list_mouse(void *state, const struct term_event *ev)
{
	struct list *l = state;
	struct err ignored;
	int at = ev->row - l->rect.row, col;
	uint64_t row;

	if (ev->mouse == TERM_MOUSE_WHEEL_UP || ev->mouse == TERM_MOUSE_WHEEL_DOWN) {
		list_hold(l);
		table_move(&l->table, ev->mouse == TERM_MOUSE_WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS);
		moved(l);
	} else if (ev->mouse == TERM_MOUSE_PRESS && at == 0) {
		if (!table_col_at(&l->table, l->rect, ev->col - l->rect.col, &col) || !sortable(l, col))
			return;
		if (l->table.sort != TABLE_UNSORTED && l->table.sort_col == col)
			act_reverse(l, slice_of(""), &ignored);
		else
			sort_by(l, col, starts_descending(l, col));
	} else if (ev->mouse == TERM_MOUSE_PRESS && table_row_at(&l->table, at, &row)) {
		bool again = l->sticky && row == l->table.cursor;

		list_point(l, row);
		if (again)
			l->st->run(l->st->arg, "open");
	}
}
