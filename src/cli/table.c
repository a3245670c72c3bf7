/*
 * Tables for people.  The first page of rows decides the widths; later rows keep to them where
 * they can and push their neighbours where they cannot, so that a long list streams.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jtext.h"
#include "base/utf8.h"
#include "cli/cell.h"
#include "cli/form.h"

#define FIRST_PAGE_ROWS 1000
#define GAP 2
#define LAST_LEAST 12 /* cells the last column keeps when the terminal is narrow */

struct table {
	struct buf cells; /* of the rows held back, one after the other */
	size_t *ends;	  /* where each ends */
	size_t n, cap;
	int *widths;
	bool shown; /* the header and the held rows are out, widths are settled */
};

static void table_begin(struct form *f)
{
	struct table *t = xcalloc(1, sizeof(*t));

	buf_init(&t->cells, 64u << 20);
	t->widths = xcalloc(f->columns->n + 1, sizeof(*t->widths));
	f->state = t;
}

static void header_text(const struct column *c, struct buf *out)
{
	struct buf clean;

	buf_init(&clean, 1024);
	text_clean(&clean, slice_of(c->name), false);
	for (size_t i = 0; i < clean.len; i++)
		if (clean.p[i] >= 'a' && clean.p[i] <= 'z')
			clean.p[i] -= 'a' - 'A';
	buf_addslice(out, buf_slice(&clean));
	buf_fini(&clean);
}

static const struct mark *cell_mark(const struct form *f, size_t col, struct slice text)
{
	if (f->columns->v[col].type != CELL_ENUM || (!f->out->tty && !f->out->colour))
		return NULL;
	return mark_of(text);
}

static int cell_width(const struct form *f, size_t col, struct slice text)
{
	return utf8_width(text.p, text.n) + (cell_mark(f, col, text) ? 2 : 0);
}

static void put_text(struct out *o, struct slice text)
{
	struct buf b;

	if (!o->tty || o->utf8) {
		out_addslice(o, text);
		return;
	}
	buf_init(&b, text.n * 8 + 64);
	text_clean(&b, text, true);
	out_addslice(o, buf_slice(&b));
	buf_fini(&b);
}

static void put_marked(struct out *o, const struct mark *m, struct slice text)
{
	if (o->colour)
		out_addf(o, "\033[%sm", m->sgr);
	out_addf(o, "%s ", o->tty && !o->utf8 ? m->ascii : m->glyph);
	put_text(o, text);
	if (o->colour)
		out_adds(o, "\033[0m");
}

/* The last column gives way to the terminal's edge rather than wrap. */
static struct slice cut_last(const struct form *f, struct slice text, int *at)
{
	int room = f->out->width - *at;

	if (!f->out->width || utf8_width(text.p, text.n) <= room)
		return text;
	if (room < LAST_LEAST)
		room = LAST_LEAST;
	if (utf8_width(text.p, text.n) <= room)
		return text;
	text.n = utf8_fit(text.p, text.n, room - 1);
	*at = -1;
	return text;
}

/* *at is the cell the line has come to; `debt` blanks are owed before the next text. */
static void put_cell(struct form *f, size_t col, struct slice text, int *at, int *debt)
{
	struct table *t = f->state;
	const struct mark *m = cell_mark(f, col, text);
	bool last = col + 1 == f->columns->n, right = cell_right(f->columns->v[col].type);
	int w = cell_width(f, col, text), pad = t->widths[col] > w ? t->widths[col] - w : 0;

	out_pad(f->out, *debt + (right ? pad : 0));
	*at += *debt + (right ? pad : 0);
	if (last && !right && !m)
		text = cut_last(f, text, at);
	if (m)
		put_marked(f->out, m, text);
	else
		put_text(f->out, text);
	if (last && *at == -1)
		out_adds(f->out, f->out->utf8 ? "\xe2\x80\xa6" : "~");
	*at += w;
	*debt = GAP + (right ? 0 : pad);
}

static void put_row(struct form *f, const struct slice *cells)
{
	int at = 0, debt = 0;

	for (size_t i = 0; i < f->columns->n; i++)
		put_cell(f, i, cells[i], &at, &debt);
}

static void widen(struct form *f, size_t col, struct slice text)
{
	struct table *t = f->state;
	int w = cell_width(f, col, text);

	if (w > t->widths[col])
		t->widths[col] = w;
}

static void put_header(struct form *f)
{
	size_t n = f->columns->n;
	struct slice *cells = xcalloc(n + 1, sizeof(*cells));
	struct buf b;
	size_t *starts = xcalloc(n + 1, sizeof(*starts));

	buf_init(&b, 64u << 10);
	for (size_t i = 0; i < n; i++) {
		starts[i] = b.len;
		header_text(&f->columns->v[i], &b);
	}
	starts[n] = b.len;
	for (size_t i = 0; i < n; i++) {
		cells[i] = slice_mem(b.p + starts[i], starts[i + 1] - starts[i]);
		widen(f, i, cells[i]);
	}
	if (f->out->colour)
		out_adds(f->out, "\033[1m");
	put_row(f, cells);
	if (f->out->colour)
		out_adds(f->out, "\033[0m");
	out_adds(f->out, "\n");
	buf_fini(&b);
	free(starts);
	free(cells);
}

/* Cells [from, from + columns) of those held back. */
static void held_cells(const struct form *f, size_t from, struct slice *cells)
{
	const struct table *t = f->state;

	for (size_t i = 0; i < f->columns->n; i++) {
		size_t start = from + i ? t->ends[from + i - 1] : 0;

		cells[i] = slice_mem(t->cells.p + start, t->ends[from + i] - start);
	}
}

static void show_held(struct form *f)
{
	struct table *t = f->state;
	size_t n = f->columns->n;
	struct slice *cells = xcalloc(n + 1, sizeof(*cells));

	for (size_t r = 0; !t->shown && n && r < t->n; r += n) {
		held_cells(f, r, cells);
		for (size_t i = 0; i < n; i++)
			widen(f, i, cells[i]);
	}
	if (f->headers && !t->shown)
		put_header(f);
	for (size_t r = 0; n && r < t->n; r += n) {
		held_cells(f, r, cells);
		put_row(f, cells);
		out_adds(f->out, "\n");
	}
	t->shown = true;
	t->n = 0;
	buf_reset(&t->cells);
	free(cells);
}

static void hold(struct table *t)
{
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 256;
		t->ends = xreallocarray(t->ends, t->cap, sizeof(*t->ends));
	}
	t->ends[t->n++] = t->cells.len;
}

static void table_row(struct form *f, struct slice row)
{
	struct table *t = f->state;
	size_t held = f->columns->n ? t->n / f->columns->n : 0;

	for (size_t i = 0; i < f->columns->n; i++) {
		struct slice v = { 0 };

		jtext_get(row, f->columns->v[i].name, &v);
		cell_text(v, f->columns->v[i].type, &t->cells);
		hold(t);
	}
	if (t->shown || held + 1 >= FIRST_PAGE_ROWS)
		show_held(f);
}

static void table_page(struct form *f)
{
	struct table *t = f->state;

	if (t->n || !t->shown)
		show_held(f);
}

static void table_drop(struct form *f)
{
	struct table *t = f->state;

	buf_fini(&t->cells);
	free(t->ends);
	free(t->widths);
	free(t);
	f->state = NULL;
}

const struct form_class form_table = { .name = "table", .help = "columns for people",
	.needs_columns = true, .begin = table_begin, .row = table_row, .page = table_page,
	.drop = table_drop };
const struct form_class form_wide = { .name = "wide",
	.help = "a table with more columns",
	.needs_columns = true,
	.columns = COLUMNS_WIDE,
	.begin = table_begin,
	.row = table_row,
	.page = table_page,
	.drop = table_drop };
