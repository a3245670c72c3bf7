#include "ui/widget/loglist.h"

#include "base/buf.h"
#include "base/regex.h"
#include "base/utf8.h"
#include "ui/term/term.h"

#define LINE_BYTES  4096 /* of a line that are searched and shown */
#define MATCHES_MAX 64	 /* a line's matches marked */

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

static void draw_line(const struct loglist *l, struct term *t, struct rect r, int row,
	const struct log_line *line, struct regex *match)
{
	struct buf b;
	struct slice s = line->text;
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
	buf_init(&b, 8 * LINE_BYTES);
	s.n = s.n > LINE_BYTES ? LINE_BYTES : s.n;
	text_clean(&b, s, false);
	draw_marked(t, r, row, col, buf_slice(&b), l->shift, match);
	buf_fini(&b);
}

void loglist_draw(struct loglist *l, struct term *t, struct rect r, const struct log_lines *lines,
	struct regex *match)
{
	uint64_t first;
	int count;

	loglist_window(l, r.rows, &first, &count);
	draw_blank(t, r, ROLE_TEXT);
	for (int i = 0; i < count; i++) {
		struct log_line line = { .look = ROLE_TEXT };

		lines->line(lines->arg, first + (uint64_t)i, &line);
		draw_line(l, t, r, i, &line, match);
		if (first + (uint64_t)i == l->cursor && l->paused) {
			draw_glyph(t, r, i, 0, 0x203a, ROLE_ACCENT);
			term_lay(t, r.row + i, r.col, 1, r.cols, LOOK_SELECTED);
		}
	}
}
