/* What leaves the screen: :export into a file, :copy into the terminal's clipboard. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/shell.h"
#include "ui/term/grid.h"
#include "ui/term/picture.h"

static void path_of(struct slice arg, char *out, size_t n)
{
	const char *home = getenv("HOME");

	if (arg.n > 1 && arg.p[0] == '~' && arg.p[1] == '/' && home)
		snprintf(out, n, "%s%.*s", home, (int)arg.n - 1, arg.p + 1);
	else
		snprintf(out, n, "%.*s", SLICE_ARG(arg));
}

static bool ends_so(const char *path, const char *end)
{
	size_t n = strlen(path), k = strlen(end);

	return n > k && strcmp(path + n - k, end) == 0;
}

/* Rows, not a picture: the list knows them.  1: it was no such. */
static int export_rows(struct shell *s, struct slice arg, struct err *e)
{
	bool marked = arg.n > 7 && memcmp(arg.p, "marked ", 7) == 0;
	const struct page *p = shell_page(s);
	const struct action *a = p ? page_action(p, slice_of("export-rows")) : NULL;
	char path[400], line[420];

	path_of(marked ? slice_mem(arg.p + 7, arg.n - 7) : arg, path, sizeof(path));
	if (!marked && !ends_so(path, ".csv") && !ends_so(path, ".json"))
		return 1;
	if (!a)
		return err_set(e, ERR_NO, "only lists have rows to write");
	snprintf(line, sizeof(line), "%s%s", marked ? "marked " : "", path);
	return a->run(p->state, slice_of(line), e);
}

int cmd_export(struct shell *s, struct slice arg, struct err *e)
{
	int rows = export_rows(s, arg, e);
	struct page *p = shell_page(s);
	struct picture picture = { .theme = &s->theme };
	char path[400], title[200], news[480];
	int form;

	if (rows <= 0)
		return rows;
	path_of(arg, path, sizeof(path));
	form = picture_form_of(path, e);
	if (form < 0)
		return -1;
	snprintf(title, sizeof(title), "depinctl%s%s%s%s", s->spec.title ? " " : "",
		s->spec.title ? s->spec.title : "", p ? ": " : "", p ? p->screen->name : "");
	picture.title = title;
	picture.form = (enum picture_form)form;
	s->news[0] = '\0'; /* the picture has no prompt, nor what was said before it */
	shell_draw(s);
	s->dirty = true;
	picture.grid = term_grid(s->spec.term);
	if (picture_save(&picture, path, e) < 0)
		return -1;
	snprintf(news, sizeof(news), "written: %s", path);
	shell_say(s, ROLE_NOTICE, news);
	return 0;
}

static int selected_row(const struct grid *g)
{
	for (int row = 0; row < g->rows; row++)
		for (int col = 0; col < g->cols; col++)
			if (grid_row(g, row)[col].look & LOOK_SELECTED)
				return row;
	return -1;
}

/* As it is read, without the cursor's mark and with one blank where there are many. */
static void selected_text(const struct grid *g, int row, struct buf *out)
{
	const struct cell *c = grid_row(g, row);
	bool blank = false;
	char u[4];

	for (int col = 0; col < g->cols; col++) {
		if (!c[col].ch || !(c[col].look & LOOK_SELECTED) || (c[col].ch == 0x203a && !out->len))
			continue;
		if (c[col].ch == ' ') {
			blank = true;
			continue;
		}
		if (blank && out->len)
			buf_addc(out, ' ');
		blank = false;
		buf_add(out, u, utf8_encode(c[col].ch, u));
		for (int k = 0; k < GRID_MARKS && c[col].mark[k]; k++)
			buf_add(out, u, utf8_encode(c[col].mark[k], u));
	}
}

int cmd_copy(struct shell *s, struct slice arg, struct err *e)
{
	const struct grid *g = term_grid(s->spec.term);
	struct page *p = shell_page(s);
	const struct action *whole = p && !arg.n ? page_action(p, slice_of("copy-row")) : NULL;
	char news[120];
	struct buf text;
	int row, rc;

	if (whole)
		return whole->run(p->state, arg, e);

	buf_init(&text, 64 * 1024);
	shell_draw(s);
	s->dirty = true;
	row = selected_row(g);
	if (!arg.n && row >= 0) {
		selected_text(g, row, &text);
		arg = buf_slice(&text);
	}
	rc = arg.n ? term_copy(s->spec.term, arg, e)
		   : err_set(e, ERR_NO, "nothing is under the cursor here");
	if (rc == 0) {
		snprintf(news, sizeof(news), "copied: %.*s", (int)utf8_fit(arg.p, arg.n, 60), arg.p);
		shell_say(s, ROLE_NOTICE, news);
	}
	buf_fini(&text);
	return rc;
}
