#include "ui/widget/rect.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "ui/term/term.h"

#define FIELD_BYTES 2048 /* of a string that anybody could see in a field */

static int clamp(int n, int max)
{
	return n < 0 ? 0 : n > max ? max : n;
}

struct rect rect_cut_top(struct rect *r, int n)
{
	struct rect cut = *r;

	cut.rows = clamp(n, r->rows);
	r->row += cut.rows;
	r->rows -= cut.rows;
	return cut;
}

struct rect rect_cut_bottom(struct rect *r, int n)
{
	struct rect cut = *r;

	cut.rows = clamp(n, r->rows);
	r->rows -= cut.rows;
	cut.row = r->row + r->rows;
	return cut;
}

struct rect rect_cut_left(struct rect *r, int n)
{
	struct rect cut = *r;

	cut.cols = clamp(n, r->cols);
	r->col += cut.cols;
	r->cols -= cut.cols;
	return cut;
}

struct rect rect_cut_right(struct rect *r, int n)
{
	struct rect cut = *r;

	cut.cols = clamp(n, r->cols);
	r->cols -= cut.cols;
	cut.col = r->col + r->cols;
	return cut;
}

int draw_text(struct term *t, struct rect r, int row, int col, struct slice s, uint16_t look)
{
	if (row < 0 || row >= r.rows || col < 0 || col >= r.cols)
		return 0;
	return term_put(t, r.row + row, r.col + col, r.cols - col, s, look);
}

/* Nearly all text is clean as it stands, and hundreds of fields are drawn for each key. */
static struct slice clean_head(struct buf *b, struct slice s)
{
	*b = (struct buf){ 0 };
	if (s.n > FIELD_BYTES)
		s.n = FIELD_BYTES;
	if (utf8_plain(s.p, s.n) == s.n)
		return s;
	buf_init(b, 8 * FIELD_BYTES);
	text_clean(b, s, false);
	return buf_slice(b);
}

int text_cells(struct slice s)
{
	struct buf b;
	struct slice c = clean_head(&b, s);
	int n = utf8_width(c.p, c.n);

	buf_fini(&b);
	return n;
}

void draw_field(struct term *t, struct rect r, int row, int col, int width, struct slice s,
	uint16_t look, enum align a)
{
	struct buf b;
	struct slice c = clean_head(&b, s);
	int cells = utf8_width(c.p, c.n), room = r.cols - col;

	width = width > room ? room : width;
	if (width > 0 && row >= 0 && row < r.rows && col >= 0) {
		if (cells > width) {
			c.n = utf8_fit(c.p, c.n, width - 1);
			cells = draw_text(t, r, row, col, c, look);
			draw_glyph(t, r, row, col + cells, 0x2026, look);
		} else {
			draw_text(t, r, row, col + (a == ALIGN_RIGHT ? width - cells : 0), c, look);
		}
	}
	buf_fini(&b);
}

void draw_glyph(struct term *t, struct rect r, int row, int col, uint32_t cp, uint16_t look)
{
	if (row >= 0 && row < r.rows && col >= 0 && col < r.cols)
		term_putc(t, r.row + row, r.col + col, cp, look);
}

void draw_blank(struct term *t, struct rect r, uint16_t look)
{
	term_fill(t, r.row, r.col, r.rows, r.cols, look);
}

void draw_rule(struct term *t, struct rect r, int row, struct slice title)
{
	for (int i = 0; i < r.cols; i++)
		draw_glyph(t, r, row, i, 0x2500, ROLE_BORDER);
	if (title.n && r.cols > 6) {
		int n = text_cells(title);

		n = n > r.cols - 5 ? r.cols - 5 : n;
		draw_glyph(t, r, row, 2, ' ', ROLE_TITLE);
		draw_field(t, r, row, 3, n, title, ROLE_TITLE, ALIGN_LEFT);
		draw_glyph(t, r, row, 3 + n, ' ', ROLE_TITLE);
	}
}
