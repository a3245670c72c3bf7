#include "ui/screen/list.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "client/view.h"
#include "ui/screen/list_in.h"
#include "ui/screen/value.h"

#define HOLD_MS	  3000	/* the order stays so long after the last move */
#define LOST_MS	  30000 /* so long for a row that went out of sight */
#define PAGE_FIRST 60	/* rows of a page before the first drawing */

/* --- rows --- */

const json_t *list_row(struct list *l, uint64_t n)
{
	uint64_t at = l->held ? l->held_at : l->view ? client_view_offset(l->view) : 0;
	uint64_t have = l->held ? l->n_held : l->view ? client_view_n(l->view) : 0;

	if (n < at || n - at >= have)
		return NULL;
	return l->held ? l->held[n - at] : client_view_row(l->view, n - at);
}

const json_t *list_selected(struct list *l)
{
	return l->table.total ? list_row(l, l->table.cursor) : NULL;
}

static struct slice row_id(const struct list *l, const json_t *row)
{
	return row_text(row, l->spec->id);
}

/* The place of an id among the rows that are here, or -1. */
static int64_t view_find(struct list *l, struct slice id)
{
	for (size_t i = 0; id.n && i < client_view_n(l->view); i++)
		if (slice_eq(row_id(l, client_view_row(l->view, i)), id))
			return (int64_t)(client_view_offset(l->view) + i);
	return -1;
}

void list_select(struct list *l, bool sticky)
{
	const json_t *row = list_selected(l);
	struct slice id = row_id(l, row);

	l->sticky = sticky;
	if (!row)
		return; /* it is on its way; when it is here, its id is taken */
	free(l->selected);
	l->selected = xmemdup0(id.p, id.n);
}

/* --- the order held --- */

static void held_free(json_t **rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		json_decref(rows[i]);
	free(rows);
}

void list_let_go(struct list *l)
{
	held_free(l->held, l->n_held);
	l->held = NULL;
	l->n_held = 0;
}

void list_hold(struct list *l)
{
	l->moved_ms = clock_mono_ms();
	if (l->held || !l->view || !client_view_n(l->view))
		return;
	l->held_at = client_view_offset(l->view);
	l->n_held = client_view_n(l->view);
	l->held = xcalloc(l->n_held, sizeof(*l->held));
	for (size_t i = 0; i < l->n_held; i++)
		l->held[i] = json_incref((json_t *)client_view_row(l->view, i));
}

/* Rows without an id are told apart by their place alone: none is another's news. */
static int64_t held_find(struct list *l, struct slice id)
{
	for (size_t i = 0; id.n && i < l->n_held; i++)
		if (slice_eq(row_id(l, l->held[i]), id))
			return (int64_t)i;
	return -1;
}

/* New values for the rows held, wherever they stand now. */
static void held_update(struct list *l)
{
	for (size_t i = 0; i < client_view_n(l->view); i++) {
		json_t *row = (json_t *)client_view_row(l->view, i);
		int64_t at = held_find(l, row_id(l, row));

		if (at < 0)
			continue;
		json_decref(l->held[at]);
		l->held[at] = json_incref(row);
	}
}

/* The user scrolled to where rows had not been held: those take their places beside the others. */
static void held_extend(struct list *l)
{
	uint64_t at = client_view_offset(l->view);
	size_t n = client_view_n(l->view);
	json_t **rows;

	if (at >= l->held_at && at + n <= l->held_at + l->n_held)
		return;
	rows = xcalloc(n ? n : 1, sizeof(*rows));
	for (size_t i = 0; i < n; i++) {
		bool had = at + i >= l->held_at && at + i < l->held_at + l->n_held;

		rows[i] = json_incref(had ? l->held[at + i - l->held_at]
					  : (json_t *)client_view_row(l->view, i));
	}
	held_free(l->held, l->n_held);
	l->held = rows;
	l->n_held = n;
	l->held_at = at;
}

/* Puts the cursor on a row, as far from the top of the window as it was. */
static void follow_to(struct list *l, uint64_t row)
{
	uint64_t below = l->table.cursor - l->table.top;

	l->table.top = row > below ? row - below : 0;
	table_move_to(&l->table, row);
}

static void try_release(struct list *l)
{
	int64_t quiet = clock_mono_ms() - l->moved_ms, at;

	if (quiet < HOLD_MS || l->trial || !l->view)
		return;
	at = l->sticky && l->selected ? view_find(l, slice_of(l->selected)) : -1;
	if (at < 0 && l->sticky && l->selected && quiet < LOST_MS)
		return;
	list_let_go(l);
	if (at >= 0)
		follow_to(l, (uint64_t)at);
	else
		l->sticky = false;
	l->st->dirty(l->st->arg);
}

/* --- the window --- */

char *list_whole_filter(const struct list *l)
{
	const char *own = l->trial ? l->trial : l->filter;

	if (own && !*own)
		own = NULL;
	if (!l->fixed)
		return own ? xstrdup(own) : NULL;
	return own ? xasprintf("(%s) and (%s)", l->fixed, own) : xstrdup(l->fixed);
}

/* Names of fields, each once. */
static void add_fields(struct buf *b, const char *names)
{
	while (names && *names) {
		size_t n = name_end(names);
		const char *had = n ? memmem(b->p, b->len, names, n) : b->p;

		while (had && ((had > b->p && had[-1] != ',') || (had[n] && had[n] != ',')))
			had = memmem(had + 1, b->len - (size_t)(had + 1 - b->p), names, n);
		if (!had) {
			if (b->len)
				buf_addc(b, ',');
			buf_add(b, names, n);
		}
		names += n + (names[n] == ',');
	}
}

char *list_field_names(const struct list *l)
{
	struct buf b;
	char *names;

	buf_init(&b, 8192);
	add_fields(&b, l->spec->id);
	for (int i = 0; i < l->n_cols; i++) {
		const struct list_col *c = &l->cols[i];

		add_fields(&b, c->show == SHOW_OWN ? c->also : c->field);
	}
	names = buf_steal(&b);
	buf_fini(&b);
	return names;
}

void list_ask(struct list *l)
{
	uint64_t page = l->table.page > 0 ? (uint64_t)l->table.page : PAGE_FIRST;
	struct client_query q = { .kind = l->spec->kind, .by = l->by, .limit = 3 * page < 1000 ? 3 * page : 1000,
		.sort = l->sort ? l->sort : l->by ? NULL : l->spec->sort, .interval_ms = l->spec->interval_ms };
	char *filter = list_whole_filter(l);
	struct buf fields;

	if (!l->st->client)
		goto out;
	l->refused.class = ERR_NONE; /* until this question is, too: the rows before it go on coming */
	buf_init(&fields, 8192);
	add_fields(&fields, l->spec->id);
	add_fields(&fields, l->by ? l->fields : l->spec->fields);
	for (int i = 0; i < l->n_cols; i++) {
		add_fields(&fields, l->cols[i].show == SHOW_OWN ? NULL : l->cols[i].field);
		add_fields(&fields, l->cols[i].also);
	}
	q.offset = l->table.top > page ? l->table.top - page : 0;
	q.filter = filter;
	q.fields = fields.p;
	q.names = l->only;
	if (l->view)
		client_view_set(l->view, &q);
	else
		l->view = client_view_new(l->st->client, &q, &list_view_ops, l);
	buf_fini(&fields);
out:
	free(filter);
}

/* Asks for more when the window comes near the edge of what was asked for. */
void list_mind_window(struct list *l)
{
	const struct client_query *q = l->view ? client_view_query(l->view) : NULL;
	uint64_t page = l->table.page > 0 ? (uint64_t)l->table.page : 1, top = l->table.top;

	if (!q)
		return;
	if ((q->offset > 0 && top < q->offset + page / 3) ||
		(top + page + page / 3 > q->offset + q->limit && q->offset + q->limit < l->table.total))
		list_ask(l);
}

static void on_changed(void *arg, struct client_view *v)
{
	struct list *l = arg;
	int64_t at;

	l->view = v; /* the first answer may come before client_view_new() returns */
	table_set_total(&l->table, client_view_matched(v));
	if (l->held) {
		held_update(l);
		held_extend(l);
	} else if (l->sticky && l->selected) {
		at = view_find(l, slice_of(l->selected));
		if (at >= 0)
			follow_to(l, (uint64_t)at);
	}
	if (l->sticky && !l->selected)
		list_select(l, true);
	if (l->spec->changed)
		l->spec->changed(l->arg);
	list_mind_window(l);
	l->st->dirty(l->st->arg);
}

static void on_refused(void *arg, struct client_view *v, const struct err *e, int at)
{
	struct list *l = arg;
	const char *own = l->trial ? l->trial : l->filter;

	l->refused = *e;
	l->refused_at = at;
	if (at >= 0 && l->fixed && own && *own) {
		int skip = (int)strlen(l->fixed) + 8; /* "(fixed) and (" */

		l->refused_at = at >= skip ? at - skip : -1;
	}
	l->st->dirty(l->st->arg);
}

const struct client_view_ops list_view_ops = { .changed = on_changed, .refused = on_refused };

/* --- life --- */

void list_init(struct list *l, const struct list_spec *spec, struct stage *st, void *arg)
{
	l->spec = spec;
	l->st = st;
	l->arg = arg;
	l->table.cols = l->tcols;
	buf_init(&l->scratch, 1 << 16);
}

void list_fini(void *state)
{
	struct list *l = state;

	list_let_go(l);
	list_export_fini(l);
	client_view_free(l->view);
	asker_fini(&l->asker);
	marks_fini(&l->marks);
	free(l->marked_last);
	for (int i = 0; i < 2 * LIST_COLS; i++)
		free(l->names[i]);
	for (int i = 0; i < l->n_undo; i++)
		free(l->undo[i]);
	free(l->fixed);
	free(l->first);
	free(l->filter);
	free(l->trial);
	free(l->sort);
	free(l->selected);
	buf_fini(&l->scratch);
}

const char *list_keep(struct list *l, int i, const char *s)
{
	free(l->names[i]);
	return l->names[i] = xstrdup(s);
}

void list_columns(struct list *l, const struct list_col *cols, int n)
{
	l->n_cols = n < LIST_COLS ? n : LIST_COLS;
	for (int i = 0; i < l->n_cols; i++) {
		const struct list_col *c = &cols[i];
		bool number = c->show == SHOW_NUM || c->show == SHOW_COUNT || c->show == SHOW_BYTES
			|| c->show == SHOW_SECONDS || c->show == SHOW_AGE || c->show == SHOW_ALARM
			|| c->show == SHOW_TREND || c->show == SHOW_RATIO || c->show == SHOW_PERCENT;

		l->cols[i] = *c;
		l->tcols[i] = (struct table_col){ c->title, c->min, c->want, c->grow, number,
			c->pinned };
	}
	l->table.n_cols = l->n_cols;
	list_mark_sort(l);
	if (l->view)
		list_ask(l);
}

void list_show(void *state, bool on)
{
	struct list *l = state;

	if (on && !l->view) {
		list_ask(l);
	} else if (!on) {
		list_let_go(l);
		client_view_free(l->view);
		l->view = NULL;
	}
}

void list_group(struct list *l, const char *by, const char *fields, const char *sort)
{
	free(l->sort);
	l->sort = sort ? xstrdup(sort) : NULL;
	l->by = by;
	l->fields = fields;
	free(l->selected);
	l->selected = NULL;
	l->sticky = false;
	l->refused.class = ERR_NONE;
	l->table.cursor = l->table.top = 0;
	list_let_go(l);
	list_mark_sort(l);
}

void list_fix(struct list *l, const char *filter)
{
	free(l->fixed);
	l->fixed = filter ? xstrdup(filter) : NULL;
	if (l->view)
		list_ask(l);
}

bool list_tick(void *state)
{
	struct list *l = state;

	if (l->held)
		try_release(l);
	for (int i = 0; i < l->n_cols; i++)
		if (l->cols[i].show == SHOW_AGE)
			return l->table.total > 0;
	return false;
}

uint64_t list_matched(const struct list *l)
{
	return l->view ? client_view_matched(l->view) : 0;
}

uint64_t list_total(const struct list *l)
{
	return l->view ? client_view_total(l->view) : 0;
}

bool list_ready(const struct list *l)
{
	return l->view && client_view_ready(l->view);
}
