#include "ui/widget/table.h"

#include <math.h>

#include "ui/term/term.h"
#include "ui/widget/heat.h"
#include "ui/widget/spark.h"

#define GAP	   2
#define HEAT_CELLS 250
#define BAR_TEXT   8 /* cells kept for the text after a bar or sparkline */
#define BAR_NARROW 4 /* a graph in less is not worth it */
#define HEAD	   64 /* cells: columns that begin further right do not show the selection */

/* --- moving --- */

static void follow_cursor(struct table *t)
{
	uint64_t page = t->page > 0 ? (uint64_t)t->page : 1;

	if (t->cursor < t->top)
		t->top = t->cursor;
	if (t->cursor >= t->top + page)
		t->top = t->cursor - page + 1;
	if (t->total <= page)
		t->top = 0;
	else if (t->top > t->total - page)
		t->top = t->total - page;
}

void table_set_total(struct table *t, uint64_t total)
{
	t->total = total;
	if (t->cursor >= total)
		t->cursor = total ? total - 1 : 0;
	follow_cursor(t);
}

void table_move_to(struct table *t, uint64_t row)
{
	t->cursor = row < t->total ? row : t->total ? t->total - 1 : 0;
	follow_cursor(t);
}

void table_move(struct table *t, int64_t by)
{
	if (by < 0)
		table_move_to(t, t->cursor > (uint64_t)-by ? t->cursor - (uint64_t)-by : 0);
	else
		table_move_to(t, t->cursor + (uint64_t)by);
}

void table_move_page(struct table *t, int pages)
{
	table_move(t, (int64_t)pages * (t->page > 1 ? t->page - 1 : 1));
}

static int pinned_cols(const struct table *t)
{
	int n = 0;

	while (n < t->n_cols && t->cols[n].pinned)
		n++;
	return n;
}

void table_scroll(struct table *t, int cols)
{
	int last = t->n_cols - pinned_cols(t) - 1;

	if (cols > 0 && !t->more_right)
		return;
	t->first_col += cols;
	t->first_col = t->first_col > last ? last : t->first_col;
	t->first_col = t->first_col < 0 ? 0 : t->first_col;
}

void table_window(struct table *t, int rect_rows, uint64_t *first, int *count)
{
	t->page = rect_rows > 1 ? rect_rows - 1 : 0;
	follow_cursor(t);
	*first = t->top;
	*count = t->total - t->top < (uint64_t)t->page ? (int)(t->total - t->top) : t->page;
}

/* --- where the columns stand --- */

struct layout {
	int n;
	int head; /* cells that show the selection */
	struct {
		int col, at, width;
	} place[TABLE_COLS_MAX];
	bool more_left, more_right;
};

static int wanted(const struct table_col *c)
{
	int w = c->want > 0 ? c->want : text_cells(slice_of(c->title)) + 2;

	return w < c->min ? c->min : w;
}

/* The column that can best spare a cell: those that grow before those that do not. */
static int sparest(const struct table *t, const struct layout *l)
{
	int best = -1, most = 0;

	for (int i = 0; i < l->n; i++) {
		const struct table_col *c = &t->cols[l->place[i].col];
		int spare = l->place[i].width - (c->min > 1 ? c->min : 1);

		if (spare > 0 && c->grow)
			spare += 1000;
		if (spare > most) {
			most = spare;
			best = i;
		}
	}
	return best;
}

static void shrink(const struct table *t, struct layout *l, int over)
{
	for (int i; over > 0 && (i = sparest(t, l)) >= 0; over--)
		l->place[i].width--;
}

static void widen(const struct table *t, struct layout *l, int left)
{
	int shares = 0;

	for (int i = 0; i < l->n; i++)
		shares += t->cols[l->place[i].col].grow;
	for (int i = 0; i < l->n && shares > 0; i++) {
		int grow = t->cols[l->place[i].col].grow, part = left * grow / shares;

		l->place[i].width += part;
		left -= part;
		shares -= grow;
	}
}

/* Which columns fit when each is as narrow as it may be. */
static int choose(const struct table *t, struct layout *l, int room)
{
	int pinned = pinned_cols(t), used = 0, want = 0;

	for (int i = 0; i < t->n_cols && l->n < TABLE_COLS_MAX; i++) {
		int min = t->cols[i].min > 0 ? t->cols[i].min : 1, gap = l->n ? GAP : 0;

		if (i >= pinned && i < pinned + t->first_col) {
			l->more_left = true;
			continue;
		}
		if (used + gap + min > room && l->n > 0) {
			l->more_right = true;
			break;
		}
		used += gap + min;
		l->place[l->n].col = i;
		l->place[l->n].width = wanted(&t->cols[i]);
		want += gap + l->place[l->n].width;
		l->n++;
	}
	return want;
}

static void lay_out(const struct table *t, int cols, struct layout *l)
{
	/* for the signs of cursor and mark, and of more */
	int room = cols - (cols < 100 ? 3 : 4), want, at = 2;

	*l = (struct layout){ 0 };
	want = choose(t, l, room);
	if (want > room)
		shrink(t, l, want - room);
	else
		widen(t, l, room - want);
	l->head = cols;
	for (int i = 0; i < l->n; i++) {
		l->place[i].at = at;
		if (at >= HEAD && l->head == cols)
			l->head = at - GAP; /* no blank that a graph would leave standing */
		at += l->place[i].width + GAP;
	}
}

/* --- drawing --- */

static void draw_title(
	const struct table *t, struct term *term, struct rect r, const struct layout *l, int i)
{
	int col = l->place[i].col, at = l->place[i].at, width = l->place[i].width;
	const struct table_col *c = &t->cols[col];
	bool sorted = t->sort != TABLE_UNSORTED && t->sort_col == col;
	int room = width - (sorted ? 1 : 0), cells = text_cells(slice_of(c->title));
	uint16_t look = ROLE_HEADER | (sorted ? LOOK_UNDERLINE : 0);

	cells = cells > room ? room : cells;
	if (c->right)
		at += room - cells;
	draw_field(
		term, r, 0, at, room < cells ? room : cells, slice_of(c->title), look, ALIGN_LEFT);
	if (sorted)
		draw_glyph(term, r, 0, at + cells, t->sort == TABLE_ASCENDING ? 0x25b2 : 0x25bc,
			ROLE_ACCENT);
}

static void draw_header(
	const struct table *t, struct term *term, struct rect r, const struct layout *l)
{
	for (int i = 0; i < l->n; i++)
		draw_title(t, term, r, l, i);
	if (l->more_left)
		draw_glyph(term, r, 0, 0, 0x25c0, ROLE_ACCENT);
	if (l->more_right)
		draw_glyph(term, r, 0, r.cols - 1, 0x25b6, ROLE_ACCENT);
}

/*
 * A graph with its text after it, or the text alone where there is no room for both.  The
 * selection does not lie over graphs: they need not be sent again when it moves.
 */
static void draw_graph(struct term *term, struct rect r, int row, int at, int width,
	const struct table_cell *c, uint16_t over)
{
	int text = c->text.n ? (c->tail ? c->tail : BAR_TEXT) : 0, graph = width - text - (text ? 1 : 0);

	if (graph < BAR_NARROW) {
		draw_field(term, r, row, at, width, c->text, c->look | over, ALIGN_RIGHT);
		return;
	}
	term_fill(term, r.row + row, r.col + at, 1, graph, ROLE_TEXT);
	if (c->spark)
		spark_draw(term, r, row, at, graph, c->spark, c->n_spark, c->lo, c->hi, c->graph_look);
	else if (c->stack)
		stack_draw(term, r, row, at, graph, c->stack, c->n_stack);
	else
		bar_draw(term, r, row, at, graph, c->bar, c->graph_look);
	draw_field(term, r, row, at + width - text, text, c->text, c->look | over, ALIGN_RIGHT);
}

/* The worst of what falls into one cell of the screen. */
static void draw_heat(struct term *term, struct rect r, int row, int at, int width,
	const struct table_cell *c)
{
	uint8_t levels[HEAT_CELLS];
	size_t n = heat_squeeze(c->heat, c->n_heat, levels,
		(size_t)(width < HEAT_CELLS ? width : HEAT_CELLS));
	int free = width - (int)n;

	term_fill(term, r.row + row, r.col + at, 1, width, ROLE_TEXT);
	heat_draw(term, (struct rect){ r.row + row, r.col + at + free, 1, (int)n }, levels, n);
}

static uint16_t look_over(const struct table *t, const struct table_rows *rows, uint64_t n)
{
	uint16_t over = n == t->cursor && !t->passive ? LOOK_SELECTED : 0;

	return rows->marked && rows->marked(rows->arg, n) ? over | LOOK_MARKED : over;
}

/*
 * On a wide screen the selection lies over the row's head alone and an angle closes its end: each
 * cell that it covers is sent twice for every step of the cursor, and over a slow line that is
 * what the cursor waits for.
 */
static void draw_row(const struct table *t, struct term *term, struct rect r,
	const struct layout *l, const struct table_rows *rows, int row, uint64_t n)
{
	uint16_t over = look_over(t, rows, n);

	term_fill(term, r.row + row, r.col, 1, l->head, ROLE_TEXT | over);
	for (int i = 0; i < l->n; i++) {
		struct table_cell c = { .look = ROLE_TEXT, .bar = NAN, .lo = NAN, .hi = NAN,
			.graph_look = ROLE_GAUGE };
		const struct table_col *col = &t->cols[l->place[i].col];
		int at = l->place[i].at, width = l->place[i].width;
		uint16_t lay = at < l->head ? over : 0;

		rows->cell(rows->arg, n, l->place[i].col, &c);
		if (c.heat)
			draw_heat(term, r, row, at, width, &c);
		else if (c.spark || c.stack || !isnan(c.bar))
			draw_graph(term, r, row, at, width, &c, lay);
		else
			draw_field(term, r, row, at, width, c.text, c.look | lay,
				col->right ? ALIGN_RIGHT : ALIGN_LEFT);
	}
	if (over & LOOK_MARKED)
		draw_glyph(term, r, row, 1, '*', ROLE_ACCENT | over);
	if (over & LOOK_SELECTED)
		draw_glyph(term, r, row, 0, 0x203a, ROLE_ACCENT | over);
	if ((over & LOOK_SELECTED) && l->head < r.cols)
		draw_glyph(term, r, row, r.cols - 1, 0x2039, ROLE_ACCENT);
}

void table_draw(struct table *t, struct term *term, struct rect r, const struct table_rows *rows)
{
	struct layout l;
	uint64_t first;
	int count;

	table_window(t, r.rows, &first, &count);
	lay_out(t, r.cols, &l);
	t->more_right = l.more_right;
	draw_blank(term, r, ROLE_TEXT);
	draw_header(t, term, r, &l);
	for (int i = 0; i < count; i++)
		draw_row(t, term, r, &l, rows, i + 1, first + (uint64_t)i);
}

bool table_row_at(const struct table *t, int row, uint64_t *out)
{
	if (row < 1 || row > t->page || t->top + (uint64_t)row - 1 >= t->total)
		return false;
	*out = t->top + (uint64_t)row - 1;
	return true;
}

bool table_col_at(const struct table *t, struct rect r, int col, int *out)
{
	struct layout l;

	lay_out(t, r.cols, &l);
	for (int i = 0; i < l.n; i++)
		if (col >= l.place[i].at && col < l.place[i].at + l.place[i].width + GAP) {
			*out = l.place[i].col;
			return true;
		}
	return false;
}
