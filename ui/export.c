/* :export, the screen as it stands into a file. */
#include <stdio.h>
#include <stdlib.h>

#include "ui/shell.h"
#include "ui/term/picture.h"

static void path_of(struct slice arg, char *out, size_t n)
{
	const char *home = getenv("HOME");

	if (arg.n > 1 && arg.p[0] == '~' && arg.p[1] == '/' && home)
		snprintf(out, n, "%s%.*s", home, (int)arg.n - 1, arg.p + 1);
	else
		snprintf(out, n, "%.*s", SLICE_ARG(arg));
}

int cmd_export(struct shell *s, struct slice arg, struct err *e)
{
	struct page *p = shell_page(s);
	struct picture picture = { .theme = &s->theme };
	char path[400], title[200], news[480];
	int form;

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
