#include "ui/term/paint_own.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <term.h>

#include "base/alloc.h"

#define FRAME_MAX (8 * 1024 * 1024)

/* --- opening --- */

static enum theme_depth depth_of(enum theme_depth max)
{
	int colours = max == THEME_MONO ? 0 : tigetnum("colors");

	if (colours >= 256 && max >= THEME_256)
		return max;
	return colours >= 8 ? THEME_16 : THEME_MONO;
}

static void start_colours(struct paint *p, enum theme_depth max)
{
	p->depth = depth_of(max);
	if (p->depth == THEME_MONO)
		return;
	if (start_color() == ERR || COLOR_PAIRS < 8) {
		p->depth = THEME_MONO;
		return;
	}
	p->can_default = use_default_colors() == OK;
	p->n_pairs = 1;
}

/* Colours and attributes by "CSI ... m" alone, so that squeeze.h may rewrite them. */
static bool is_ansi(struct paint *p)
{
	char af[64], sgr0[64];

	paint_cap(p, "setaf", af, sizeof(af));
	paint_cap(p, "sgr0", sgr0, sizeof(sgr0));
	return strncmp(af, "\033[", 2) == 0 && strchr(sgr0, '\016') == NULL;
}

/* "xterm-direct" takes no palette numbers; by its usual name the same terminal does. */
static const char *usual_name(const char *term, enum theme_depth *max)
{
	size_t n = strlen(term);

	if (n < 7 || strcmp(term + n - 7, "-direct") != 0)
		return term;
	*max = *max == THEME_256 ? THEME_RGB : *max;
	return "xterm-256color";
}

struct paint *paint_new(const char *term, int rows, int cols, enum theme_depth max,
	enum glyph_level glyphs, struct err *e)
{
	struct paint *p = xcalloc(1, sizeof(*p));
	char cap[256];

	p->glyphs = glyphs;
	term = usual_name(term, &max);
	if (memscreen_open(&p->mem, term, rows, cols, e) < 0)
		goto fail;
	if (!*paint_cap(p, "cup", cap, sizeof(cap))) {
		err_set(e, ERR_USAGE, "TERM=%s cannot place its cursor; try --plain", term);
		goto fail;
	}
	start_colours(p, max);
	p->ansi = is_ansi(p);
	if (p->depth == THEME_RGB && !p->ansi)
		p->depth = THEME_256;
	p->pen.direct = p->direct;
	p->pen.cha = strcmp(paint_cap(p, "hpa", cap, sizeof(cap)), "\033[%i%p1%dG") == 0;
	buf_init(&p->raw, FRAME_MAX);
	typeahead(-1);
	idlok(stdscr, TRUE);
	scrollok(stdscr, FALSE);
	grid_init(&p->shown, rows, cols);
	p->crow = p->ccol = -1;
	paint_resize(p, rows, cols);
	return p;
fail:
	paint_free(p);
	return NULL;
}

void paint_free(struct paint *p)
{
	if (!p)
		return;
	memscreen_close(&p->mem);
	grid_fini(&p->shown);
	buf_fini(&p->raw);
	free(p);
}

enum theme_depth paint_depth(const struct paint *p)
{
	return p->depth;
}

const char *paint_cap(struct paint *p, const char *name, char *out, size_t n)
{
	return memscreen_cap(&p->mem, name, out, n);
}

/* --- frames --- */

void paint_resize(struct paint *p, int rows, int cols)
{
	set_term(p->mem.screen);
	resizeterm(rows, cols);
	grid_resize(&p->shown, rows, cols);
	p->next_row = 0;
	paint_forget(p);
}

void paint_forget(struct paint *p)
{
	p->all = true;
	squeeze_forget(&p->pen);
}

/*
 * The C library has its own idea of widths, and ncurses follows it.  Where it differs from ours
 * the character is not sent: one wrong width shifts a whole row.
 */
static void to_cchar(const struct paint *p, const struct cell *c, bool marks, cchar_t *cc)
{
	wchar_t w[2 + GRID_MARKS] = { c->ch ? (wchar_t)glyph_at(c->ch, p->glyphs) : L'?' };
	short pair;
	attr_t a = paint_look(p, c->look, &pair);
	int n = 1;

	if (w[0] >= 0x7f && wcwidth(w[0]) != c->width)
		w[0] = c->width == 1 ? 0xfffd : 0x3013; /* a geta mark fills two cells */
	for (int i = 0; marks && i < GRID_MARKS && c->mark[i]; i++)
		if (p->glyphs == GLYPH_FULL && wcwidth((wchar_t)c->mark[i]) == 0)
			w[n++] = (wchar_t)c->mark[i];
	if (setcchar(cc, w, a, pair, NULL) == ERR)
		setcchar(cc, L"?", a, pair, NULL);
}

static bool same_cell(const struct cell *a, const struct cell *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* The span of a row that differs, wide characters whole; false when there is none. */
static bool changed_span(const struct paint *p, const struct grid *g, int row, int *from, int *to)
{
	const struct cell *a = grid_row(&p->shown, row), *b = grid_row(g, row);
	int l = 0, r = g->cols;

	if (!p->all && memcmp(a, b, sizeof(*a) * (size_t)g->cols) == 0)
		return false;
	while (!p->all && l < r && same_cell(a + l, b + l))
		l++;
	while (!p->all && r > l && same_cell(a + r - 1, b + r - 1))
		r--;
	while (l > 0 && (a[l].ch == 0 || b[l].ch == 0))
		l--;
	while (r < g->cols && (a[r].ch == 0 || b[r].ch == 0))
		r++;
	*from = l;
	*to = r;
	return true;
}

static void push_row(struct paint *p, const struct grid *g, int row, int from, int to)
{
	const struct cell *c = grid_row(g, row);
	cchar_t line[64];
	int n = 0, at = from;

	for (int i = from; i < to; i++) {
		if (c[i].ch == 0 && p->glyphs == GLYPH_FULL)
			continue; /* ncurses makes the right half itself */
		if (n == (int)ARRAY_LEN(line)) {
			mvwadd_wchnstr(stdscr, row, at, line, n);
			at = i;
			n = 0;
		}
		/* A mark after the last column lands on the next row in some emulators. */
		to_cchar(p, c + i, i + c[i].width < g->cols, &line[n++]);
	}
	if (n)
		mvwadd_wchnstr(stdscr, row, at, line, n);
	memcpy(grid_row(&p->shown, row) + from, c + from, sizeof(*c) * (size_t)(to - from));
}

/* A guess at the bytes a row's change costs: a cursor move, and each changed cell. */
static size_t cost_of(const struct paint *p, const struct grid *g, int row, int from, int to)
{
	const struct cell *a = grid_row(&p->shown, row), *b = grid_row(g, row);
	size_t n = 10;

	for (int i = from; i < to; i++)
		if (p->all || !same_cell(a + i, b + i))
			n += (b[i].ch < 0x80 ? 1 : 3) +
			     (i > 0 && b[i].look != b[i - 1].look ? 9 : 0);
	return n;
}

/* Rows that show where the user is must move together, and first. */
static bool is_urgent(const struct paint *p, const struct grid *g, int row, int crow)
{
	const struct cell *a = grid_row(&p->shown, row), *b = grid_row(g, row);

	if (row == crow || row == p->crow)
		return true;
	for (int i = 0; i < g->cols; i++)
		if ((a[i].look ^ b[i].look) & LOOK_SELECTED)
			return true;
	return false;
}

/* Gives ncurses the rows that differ, as many as the budget allows; false when some wait. */
static bool push_rows(struct paint *p, const struct grid *g, int crow, size_t budget, bool urgent)
{
	size_t spent = 0;
	int from, to;

	for (int i = 0; i < g->rows; i++) {
		int row = urgent ? i : (p->next_row + i) % g->rows;

		if (!changed_span(p, g, row, &from, &to))
			continue;
		if (urgent && !is_urgent(p, g, row, crow))
			continue;
		if (!urgent && budget && spent && spent + cost_of(p, g, row, from, to) > budget) {
			p->next_row = row;
			return false;
		}
		spent += cost_of(p, g, row, from, to);
		push_row(p, g, row, from, to);
	}
	return true;
}

static void take_bytes(struct paint *p, struct buf *out)
{
	buf_reset(&p->raw);
	memscreen_take(&p->mem, &p->raw);
	if (p->ansi)
		squeeze_frame(&p->pen, buf_slice(&p->raw), out);
	else
		buf_addslice(out, buf_slice(&p->raw));
	out->full |= p->raw.full; /* half a frame is none */
	buf_reset(&p->raw);
	buf_trim(&p->raw, 64 * 1024);
}

bool paint_differs(const struct paint *p, const struct grid *g, int crow, int ccol)
{
	return p->all || crow != p->crow || ccol != p->ccol ||
	       memcmp(p->shown.cells, g->cells,
		       sizeof(struct cell) * (size_t)g->rows * (size_t)g->cols) != 0;
}

bool paint_frame(
	struct paint *p, const struct grid *g, int crow, int ccol, size_t budget, struct buf *out)
{
	bool whole;

	set_term(p->mem.screen);
	if (p->all) {
		memscreen_drop(&p->mem); /* what ncurses said while it was set up */
		clearok(curscr, TRUE);
		budget = 0; /* a cleared screen is sent whole */
	}
	if (budget)
		push_rows(p, g, crow, 0, true);
	whole = push_rows(p, g, crow, budget, false);
	p->all = false;
	p->crow = crow;
	p->ccol = ccol;
	leaveok(stdscr, crow < 0);
	if (crow >= 0)
		wmove(stdscr, crow, ccol);
	wnoutrefresh(stdscr);
	doupdate();
	take_bytes(p, out);
	return whole;
}
