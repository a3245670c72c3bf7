/* :view, a tab as it looks under a name: its filter, order and columns, in a file beside what is
 * remembered.  The file is read at each use, so that consoles on one context share the views. */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/json.h"
#include "ui/keep.h"
#include "ui/shell.h"

#define VIEWS_MAX 64

static char *views_path(const struct shell *s)
{
	size_t n = s->memory.path ? strlen(s->memory.path) : 0;

	/* "+" is in no context's name */
	return n ? xasprintf("%.*s+views.json", (int)n - 5, s->memory.path) : NULL;
}

/* All there are; NULL with the story. */
static json_t *views_read(const struct shell *s, struct err *e)
{
	char *path = views_path(s);
	json_t *all = NULL;

	if (!path) {
		err_set(e, ERR_NO, "nothing is remembered here: no views");
		return NULL;
	}
	all = keep_read(path, e);
	if (!all && e->class == ERR_NONE)
		all = json_object();
	free(path);
	return all;
}

static bool name_ok(struct slice name)
{
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] <= ' ')
			return false;
	return name.n && name.n <= 40 && !slice_is(name, "save") && !slice_is(name, "drop");
}

static int views_write(struct shell *s, const json_t *all, struct err *e)
{
	char *path = views_path(s);
	struct buf b;
	struct jw w;
	int rc;

	buf_init(&b, KEEP_BYTES);
	jw_init(&w, &b);
	jw_json(&w, all);
	buf_addc(&b, '\n');
	rc = b.full ? err_set(e, ERR_REFUSED, "views: too large") : keep_write(path, buf_slice(&b), e);
	buf_fini(&b);
	free(path);
	return rc;
}

static int view_save(struct shell *s, json_t *all, const char *name, struct err *e)
{
	const struct page *p = shell_page(s);
	json_t *view;

	if (!p || !p->screen->tab)
		return err_set(e, ERR_NO, "only what has a tab can be a view");
	if (!json_object_get(all, name) && json_object_size(all) >= VIEWS_MAX)
		return err_set(e, ERR_REFUSED, "%d views are kept: drop one", VIEWS_MAX);
	view = memory_chosen(p);
	view = view ? view : json_object();
	json_object_set_new(view, "screen", json_string(p->screen->name));
	json_object_set_new(all, name, view);
	return views_write(s, all, e);
}

static int view_open(struct shell *s, const json_t *all, const char *name, struct err *e)
{
	const json_t *view = json_object_get(all, name);
	const struct screen *sc = screen_find(slice_of(json_str(view, "screen", "")));
	int tab = sc ? shell_tab_of(s, sc) : -1;

	if (!json_is_object(view) || tab < 0)
		return err_set(e, ERR_NO, "no view '%s'; :view lists them", name);
	if (!s->stage.client)
		return err_set(e, ERR_UNREACH, "the collector has not been reached yet");
	if (shell_tab(s, (size_t)tab, e) < 0)
		return -1;
	while (shell_pop(s))
		;
	memory_choose(shell_page(s), view);
	return 0;
}

static int view_list(struct shell *s, json_t *all, struct err *e)
{
	const char *name;
	json_t *v;
	struct buf b;

	if (!json_object_size(all))
		return err_set(e, ERR_NO, "no views yet; :view save NAME makes one");
	buf_init(&b, 480);
	buf_adds(&b, "views:");
	json_object_foreach(all, name, v)
		buf_addf(&b, "  %s (%s)", name, json_str(v, "screen", "?"));
	shell_say(s, ROLE_NOTICE, b.p);
	buf_fini(&b);
	return 0;
}

void views_each(struct shell *s, void (*each)(void *arg, const char *name), void *arg)
{
	struct err ignored;
	json_t *all = views_read(s, &ignored), *v;
	const char *name;

	json_object_foreach(all, name, v)
		each(arg, name);
	json_decref(all);
}

int cmd_view(struct shell *s, struct slice arg, struct err *e)
{
	bool save = arg.n > 5 && memcmp(arg.p, "save ", 5) == 0;
	bool drop = arg.n > 5 && memcmp(arg.p, "drop ", 5) == 0;
	struct slice word = save || drop ? slice_mem(arg.p + 5, arg.n - 5) : arg;
	json_t *all = views_read(s, e);
	char *name;
	int rc;

	if (!all)
		return -1;
	name = xmemdup0(word.p, word.n);
	if (!arg.n)
		rc = view_list(s, all, e);
	else if (!name_ok(word))
		rc = err_set(e, ERR_USAGE, "a view's name is one word of at most 40 bytes");
	else if (save)
		rc = view_save(s, all, name, e);
	else if (drop)
		rc = json_object_del(all, name) < 0 ? err_set(e, ERR_NO, "no view '%s'", name)
						    : views_write(s, all, e);
	else
		rc = view_open(s, all, name, e);
	if (rc == 0 && (save || drop))
		shell_say(s, ROLE_NOTICE, save ? "view saved" : "view dropped");
	free(name);
	json_decref(all);
	return rc;
}
