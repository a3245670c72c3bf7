#include "ui/widget/loglist.h"

#include <string.h>

#include "base/buf.h"
#include "base/regex.h"
#include "base/utf8.h"
#include "ui/term/term.h"

#define LINE_BYTES  4096 /* of a line that are searched and shown */
#define MATCHES_MAX 64	 /* a line's matches marked */
#define WRAP_ROWS   12	 /* of one line */
#define WRAP_CELLS  16	 /* less than this is not wrapped into */

static void settle(struct loglist *l)
{
	uint64_t page = l->page > 0 ? (uint64_t)l->page : 1, last = l->total ? l->total - 1 : 0;

	if (!l->paused || l->cursor > last)
		l->cursor = last;
	if (l->cursor < l->top)
		l->top = l->cursor;
	if (l->cursor >= l->top + page)
		l->top = l->cursor - page + 1;
	if (l->total <= page)
		l->top = 0;
	else if (l->top > l->total - page)
		l->top = l->total - page;
}

void loglist_set_total(struct loglist *l, uint64_t total)
{
	l->total = total;
	settle(l);
}

void loglist_move_to(struct loglist *l, uint64_t n)
{
	l->cursor = n;
	l->paused = n + 1 < l->total;
	settle(l);
}

void loglist_move(struct loglist *l, int64_t by)
{
	uint64_t back = by < 0 ? (uint64_t)-by : 0;

	loglist_move_to(
		l, by < 0 ? (l->cursor > back ? l->cursor - back : 0) : l->cursor + (uint64_t)by);
}

void loglist_move_page(struct loglist *l, int pages)
{
	loglist_move(l, (int64_t)pages * (l->page > 1 ? l->page - 1 : 1));
}

void loglist_follow(struct loglist *l, bool on)
{
	l->paused = !on;
	settle(l);
}

void loglist_shift(struct loglist *l, int cells)
{
	l->shift += cells;
	l->shift = l->shift < 0 ? 0 : l->shift > 1000 ? 1000 : l->shift;
}

void loglist_window(struct loglist *l, int rect_rows, uint64_t *first, int *count)
{
	l->page = rect_rows;
	settle(l);
	*first = l->top;
	*count = l->total - l->top < (uint64_t)rect_rows ? (int)(l->total - l->top) : rect_rows;
}

/* The text in pieces, matched and not, each in its look; `skip` cells are left of the edge. */
static void draw_marked(struct term *t, struct rect r, int row, int col, struct slice text,
	int skip, struct regex *match)
{
	size_t from = 0, start, end;

	for (int i = 0; from < text.n && col < r.cols && i < 2 * MATCHES_MAX; i++) {
		bool hit = match && i / 2 < MATCHES_MAX - 1 &&
			   regex_find(match, text, from, &start, &end) && end > start;
		size_t stop = !hit ? text.n : start > from ? start : end;
		struct slice piece = { text.p + from, stop - from };
		uint16_t look = hit && start == from ? ROLE_MATCH : ROLE_TEXT;
		int cells = utf8_width(piece.p, piece.n);

		if (skip >= cells) {
			skip -= cells;
		} else {
			size_t cut = utf8_fit(piece.p, piece.n, skip);

			skip = 0;
			piece = (struct slice){ piece.p + cut, piece.n - cut };
			col += draw_text(t, r, row, col, piece, look);
		}
		from = stop;
	}
}

/* Left of the text, in the line's first row; the column where the text begins. */
static int draw_margin(const struct loglist *l, struct term *t, struct rect r, int row,
	const struct log_line *line)
{
	int col = 2;

	if (line->time.n)
		col += draw_text(t, r, row, col, line->time, ROLE_DIM) + 1;
	if (line->sign)
		draw_glyph(t, r, row, col, line->sign, line->look);
	col += 2;
	if (l->tag_width > 0) {
		draw_field(t, r, row, col, l->tag_width, line->tag, line->look, ALIGN_LEFT);
		col += l->tag_width + 1;
	}
	if (line->marked)
		draw_glyph(t, r, row, 1, 0x2691, ROLE_MARKED);
	return col;
}

static int margin_cells(const struct loglist *l, const struct log_line *line)
{
	return 4 + (line->time.n ? text_cells(line->time) + 1 : 0)
	       + (l->tag_width > 0 ? l->tag_width + 1 : 0);
}

static void clean_text(struct buf *b, const struct log_line *line)
{
	struct slice s = line->text;

	buf_init(b, 8 * LINE_BYTES);
	s.n = s.n > LINE_BYTES ? LINE_BYTES : s.n;
	text_clean(b, s, false);
}

/* Rows that a line takes. */
static int line_rows(const struct loglist *l, struct rect r, const struct log_line *line)
{
	int width = r.cols - margin_cells(l, line), cells, rows;
	struct buf b;

	if (!l->wrap || width < WRAP_CELLS)
		return 1;
	clean_text(&b, line);
	cells = utf8_width(b.p, b.len);
	buf_fini(&b);
	rows = (cells + width - 1) / width;
	rows = rows > WRAP_ROWS ? WRAP_ROWS : rows;
	return rows < 1 ? 1 : rows > r.rows ? r.rows : rows;
}

static void draw_line(const struct loglist *l, struct term *t, struct rect r, int row, int rows,
	const struct log_line *line, struct regex *match)
{
	int col = draw_margin(l, t, r, row, line);
	struct buf b;

	clean_text(&b, line);
	for (int i = 0; i < rows; i++)
		draw_marked(t, r, row + i, col, buf_slice(&b),
			l->wrap ? i * (r.cols - col) : l->shift, match);
	buf_fini(&b);
}

static int rows_of(struct loglist *l, struct rect r, const struct log_lines *lines, uint64_t n)
{
	struct log_line line = { .look = ROLE_TEXT };

	lines->line(lines->arg, n, &line);
	return line_rows(l, r, &line);
}

/* The line on top so that all of the cursor's is in sight; at the end, so that it is the last. */
static void settle_wrapped(struct loglist *l, struct rect r, const struct log_lines *lines)
{
	uint64_t least = l->cursor;
	int rows = l->total ? rows_of(l, r, lines, l->cursor) : 0;

	while (least > 0 && rows < r.rows) {
		rows += rows_of(l, r, lines, least - 1);
		if (rows <= r.rows)
			least--;
	}
	if (l->top < least || !l->paused)
		l->top = least;
}

void loglist_draw(struct loglist *l, struct term *t, struct rect r, const struct log_lines *lines,
	struct regex *match)
{
	uint64_t first;
	int count;

	loglist_window(l, r.rows, &first, &count);
	if (l->wrap)
		settle_wrapped(l, r, lines);
	draw_blank(t, r, ROLE_TEXT);
	memset(l->height, 0, sizeof(l->height));
	for (int i = 0, row = 0; row < r.rows && l->top + (uint64_t)i < l->total; i++) {
		struct log_line line = { .look = ROLE_TEXT };
		uint64_t n = l->top + (uint64_t)i;
		int rows;

		lines->line(lines->arg, n, &line);
		rows = line_rows(l, r, &line);
		draw_line(l, t, r, row, rows, &line, match);
		if (n == l->cursor && l->paused) {
			draw_glyph(t, r, row, 0, 0x203a, ROLE_ACCENT);
			term_lay(t, r.row + row, r.col, rows < r.rows - row ? rows : r.rows - row,
				r.cols, LOOK_SELECTED);
		}
		if (i < LOG_ROWS_MAX)
			l->height[i] = (uint8_t)rows;
		row += rows;
	}
}

bool loglist_line_at(const struct loglist *l, int row, uint64_t *n)
{
	for (int i = 0, at = 0; row >= 0 && i < LOG_ROWS_MAX && l->height[i]; i++) {
		at += l->height[i];
		*n = l->top + (uint64_t)i;
		if (row < at)
			return true;
	}
	return false;
}
