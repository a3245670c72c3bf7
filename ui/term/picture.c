#include "ui/term/picture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/utf8.h"

#define CELL_W	    84 /* tenths of a pixel */
#define CELL_H	    17
#define BASE_LINE   13
#define FONT	    14
#define PAD	    12
#define PICTURE_MAX (64 * 1024 * 1024)
#define FONTS	    "'DejaVu Sans Mono', Menlo, Consolas, monospace"

/* Neighbours of one look and, but for a wide character, which stands alone, of one width. */
struct run {
	int row, col, cells;
	struct theme_style style;
	uint32_t ink, paper;
	bool filled; /* the background is not the screen's */
};

typedef void run_fn(const struct picture *p, const struct run *r, struct buf *out);

/* --- cells --- */

static void add_char(struct buf *out, uint32_t cp, bool markup)
{
	char u[4];

	if (cp < 0x20 || utf8_hidden(cp))
		cp = 0xfffd; /* XML has no word for some of these */
	if (markup && cp == '&')
		buf_adds(out, "&amp;");
	else if (markup && cp == '<')
		buf_adds(out, "&lt;");
	else if (markup && cp == '>')
		buf_adds(out, "&gt;");
	else
		buf_add(out, u, utf8_encode(cp, u));
}

static void add_cells(const struct picture *p, int row, int from, int to, bool markup,
	struct buf *out)
{
	const struct cell *c = grid_row(p->grid, row);

	for (int i = from; i < to; i++) {
		if (!c[i].ch)
			continue;
		add_char(out, c[i].ch, markup);
		for (int k = 0; k < GRID_MARKS && c[i].mark[k]; k++)
			add_char(out, c[i].mark[k], markup);
	}
}

static bool is_blank(const struct cell *c)
{
	return c->ch == ' ' && !c->mark[0];
}

static void add_text(struct buf *out, const char *text)
{
	struct buf clean;
	uint32_t cp;

	buf_init(&clean, 4096);
	text_clean(&clean, slice_of(text), false);
	for (size_t i = 0; i < clean.len;) {
		i += utf8_decode(clean.p + i, clean.len - i, &cp);
		add_char(out, cp, true);
	}
	buf_fini(&clean);
}

/* --- runs --- */

static bool same_style(struct theme_style a, struct theme_style b)
{
	return a.fg == b.fg && a.bg == b.bg && a.attrs == b.attrs;
}

static void set_colours(const struct picture *p, struct run *r)
{
	const struct theme_style *s = &r->style;

	r->ink = s->fg < 0 ? p->theme->ink : theme_rgb(s->fg);
	r->paper = s->bg < 0 ? p->theme->paper : theme_rgb(s->bg);
	r->filled = s->bg >= 0 || s->attrs & THEME_REVERSE;
	if (s->attrs & THEME_REVERSE) {
		uint32_t ink = r->ink;

		r->ink = r->paper;
		r->paper = ink;
	}
}

static struct run run_at(const struct picture *p, int row, int col)
{
	const struct cell *c = grid_row(p->grid, row);
	struct run r = { .row = row, .col = col, .cells = c[col].width == 2 ? 2 : 1,
		.style = theme_style(p->theme, c[col].look, THEME_RGB) };

	while (c[col].width == 1 && col + r.cells < p->grid->cols && c[col + r.cells].width == 1 &&
		same_style(r.style, theme_style(p->theme, c[col + r.cells].look, THEME_RGB)))
		r.cells++;
	set_colours(p, &r);
	return r;
}

static void each_run(const struct picture *p, int row, run_fn *fn, struct buf *out)
{
	for (int col = 0; col < p->grid->cols;) {
		struct run r = run_at(p, row, col);

		fn(p, &r, out);
		col += r.cells;
	}
}

/* Without the blanks around it, unless they are seen; false when nothing is left. */
static bool trim(const struct picture *p, struct run *r)
{
	const struct cell *c = grid_row(p->grid, r->row);

	if (r->style.attrs & THEME_UNDERLINE)
		return true;
	while (r->cells && is_blank(c + r->col)) {
		r->col++;
		r->cells--;
	}
	while (r->cells && is_blank(c + r->col + r->cells - 1))
		r->cells--;
	return r->cells > 0;
}

/* --- SVG --- */

static void add_tenths(struct buf *out, int v)
{
	buf_addf(out, v % 10 ? "%d.%d" : "%d", v / 10, v % 10);
}

static void svg_box(const struct picture *p, const struct run *r, struct buf *out)
{
	if (!r->filled)
		return;
	buf_adds(out, "<rect x=\"");
	add_tenths(out, PAD * 10 + r->col * CELL_W);
	buf_addf(out, "\" y=\"%d\" width=\"", PAD + r->row * CELL_H);
	add_tenths(out, r->cells * CELL_W);
	buf_addf(out, "\" height=\"%d\" fill=\"#%06x\"/>\n", CELL_H, r->paper);
}

static void svg_style(const struct picture *p, const struct run *r, struct buf *out)
{
	static const char *const say[][2] = { [0] = { "", " font-weight=\"bold\"" },
		[1] = { "", " opacity=\"0.6\"" }, [2] = { "", " font-style=\"italic\"" },
		[3] = { "", " text-decoration=\"underline\"" } };

	if (r->ink != p->theme->ink)
		buf_addf(out, " fill=\"#%06x\"", r->ink);
	for (size_t i = 0; i < ARRAY_LEN(say); i++)
		buf_adds(out, say[i][r->style.attrs >> i & 1]);
}

static void svg_run(const struct picture *p, const struct run *whole, struct buf *out)
{
	struct run r = *whole;

	svg_box(p, whole, out);
	if (!trim(p, &r))
		return;
	buf_adds(out, "<text x=\"");
	add_tenths(out, PAD * 10 + r.col * CELL_W);
	buf_addf(out, "\" y=\"%d\" textLength=\"", PAD + r.row * CELL_H + BASE_LINE);
	add_tenths(out, r.cells * CELL_W);
	buf_addc(out, '"');
	svg_style(p, &r, out);
	buf_addc(out, '>');
	add_cells(p, r.row, r.col, r.col + r.cells, true, out);
	buf_adds(out, "</text>\n");
}

static void draw_svg(const struct picture *p, struct buf *out)
{
	int w = (p->grid->cols * CELL_W + 9) / 10 + 2 * PAD, h = p->grid->rows * CELL_H + 2 * PAD;

	buf_addf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
		"height=\"%d\" font-family=\"%s\" font-size=\"%d\" fill=\"#%06x\" "
		"xml:space=\"preserve\">\n<title>",
		w, h, w, h, FONTS, FONT, p->theme->ink);
	add_text(out, p->title);
	buf_addf(out, "</title>\n<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"#%06x\"/>\n",
		p->theme->paper);
	for (int row = 0; row < p->grid->rows; row++)
		each_run(p, row, svg_run, out);
	buf_adds(out, "</svg>\n");
}

/* --- HTML --- */

static void html_style(const struct picture *p, const struct run *r, struct buf *out)
{
	static const char *const say[][2] = { [0] = { "", "font-weight:bold;" },
		[1] = { "", "opacity:.6;" }, [2] = { "", "font-style:italic;" },
		[3] = { "", "text-decoration:underline;" } };

	if (r->cells == 2 && grid_row(p->grid, r->row)[r->col].width == 2)
		buf_adds(out, "display:inline-block;width:2ch;");
	if (r->ink != p->theme->ink)
		buf_addf(out, "color:#%06x;", r->ink);
	if (r->filled)
		buf_addf(out, "background:#%06x;", r->paper);
	for (size_t i = 0; i < ARRAY_LEN(say); i++)
		buf_adds(out, say[i][r->style.attrs >> i & 1]);
}

static void html_run(const struct picture *p, const struct run *r, struct buf *out)
{
	static const char open[] = "<span style=\"";
	size_t before = out->len;
	bool styled;

	buf_adds(out, open);
	html_style(p, r, out);
	styled = out->len > before + strlen(open);
	if (styled)
		buf_adds(out, "\">");
	else
		out->len = before;
	add_cells(p, r->row, r->col, r->col + r->cells, true, out);
	if (styled)
		buf_adds(out, "</span>");
}

static void draw_html(const struct picture *p, struct buf *out)
{
	buf_adds(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>");
	add_text(out, p->title);
	buf_addf(out,
		"</title>\n<style>\nbody { margin: 0; background: #%06x; color: #%06x }\n"
		"pre { margin: %dpx; font: %dpx/%dpx %s }\n</style>\n<pre>\n",
		p->theme->paper, p->theme->ink, PAD, FONT, CELL_H, FONTS);
	for (int row = 0; row < p->grid->rows; row++) {
		each_run(p, row, html_run, out);
		buf_addc(out, '\n');
	}
	buf_adds(out, "</pre>\n</html>\n");
}

/* --- text --- */

static void draw_text(const struct picture *p, struct buf *out)
{
	for (int row = 0; row < p->grid->rows; row++) {
		int end = p->grid->cols;

		while (end > 0 && is_blank(grid_row(p->grid, row) + end - 1))
			end--;
		add_cells(p, row, 0, end, false, out);
		buf_addc(out, '\n');
	}
}

/* --- all of them --- */

static const struct {
	const char *end;
	void (*draw)(const struct picture *p, struct buf *out);
} forms[] = {
	[PICTURE_TEXT] = { ".txt", draw_text },
	[PICTURE_SVG] = { ".svg", draw_svg },
	[PICTURE_HTML] = { ".html", draw_html },
};

int picture_form_of(const char *path, struct err *e)
{
	const char *end = strrchr(path, '.');

	for (size_t i = 0; end && i < ARRAY_LEN(forms); i++)
		if (strcmp(end, forms[i].end) == 0)
			return (int)i;
	return err_set(e, ERR_USAGE, "a picture's name ends in .svg, .html or .txt");
}

void picture_draw(const struct picture *p, struct buf *out)
{
	forms[p->form].draw(p, out);
}

static int write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno != EINTR)
			return -1;
		p += done > 0 ? done : 0;
		n -= done > 0 ? (size_t)done : 0;
	}
	return 0;
}

int picture_save(const struct picture *p, const char *path, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644), rc;
	struct buf b;

	if (fd < 0)
		return err_set(e, errno == EEXIST ? ERR_REFUSED : ERR_OURS, "%.200s: %s", path,
			strerror(errno));
	buf_init(&b, PICTURE_MAX);
	picture_draw(p, &b);
	rc = write_all(fd, b.p, b.len);
	if (close(fd) < 0 || rc < 0)
		rc = err_set(e, ERR_OURS, "%.200s: %s", path, strerror(errno));
	buf_fini(&b);
	return rc;
}
