#include "ui/reload.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "config/config.h"
#include "ui/shell.h"
#include "ui/term/env.h"


/* --- files ------------------------------------------------------------------------------------ */

static struct file_mark mark_of(const char *path)
{
	struct stat st;

	if (!path || stat(path, &st) < 0)
		return (struct file_mark){ 0 };
	return (struct file_mark){ st.st_dev, st.st_ino, st.st_size, st.st_mtim };
}

/* True when the file is another than it was, and the same as at the last look: who writes it has
 * done so. */
static bool has_moved(struct file_mark *m, bool *moved, const char *path)
{
	struct file_mark now = mark_of(path);
	bool same = now.device == m->device && now.inode == m->inode && now.size == m->size &&
		    now.at.tv_sec == m->at.tv_sec && now.at.tv_nsec == m->at.tv_nsec;

	bool settled = same && *moved;

	*m = now;
	*moved = !same;
	return settled;
}

static const char *theme_file(const struct reload *r)
{
	return r->theme && strchr(r->theme, '/') ? r->theme : NULL;
}

/* --- the theme -------------------------------------------------------------------------------- */

static void use_theme(struct shell *s, const struct theme *th, const char *name)
{
	char *copy = xstrdup(name); /* it may be the old one */

	free(s->reload.theme);
	s->reload.theme = copy;
	s->reload.theme_mark = mark_of(theme_file(&s->reload));
	s->theme = *th;
	if (s->spec.term)
		term_set_theme(s->spec.term, &s->theme);
	s->dirty = true;
}

int reload_theme(struct shell *s, const char *name, struct err *e)
{
	struct theme th;

	if (theme_load(&th, name, e) < 0)
		return -1;
	use_theme(s, &th, name);
	return 0;
}

/* --- the configuration ------------------------------------------------------------------------ */

/* The console's, or NULL. */
static const struct config_context *context_of(const struct shell *s, const struct config *c)
{
	struct err none;

	return s->spec.title && *s->spec.title ? config_context(c, s->spec.title, &none) : NULL;
}

static const char *theme_of(const struct config *c, const struct config_context *x)
{
	return x && x->theme ? x->theme : c->ui.theme ? c->ui.theme : THEME_USUAL;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* What the terminal was opened with. */
static bool needs_new_start(const struct config_ui *a, const struct config_ui *b)
{
	return a && (a->fps != b->fps || a->ascii != b->ascii || a->sync != b->sync ||
			    a->truecolor != b->truecolor || a->copy != b->copy ||
			    a->bell != b->bell || a->notify != b->notify);
}

static void use_mouse(struct shell *s, const struct config_ui *was, const struct config_ui *u)
{
	if ((was ? was->mouse : CONFIG_AUTO) != u->mouse && s->spec.term)
		term_set_mouse(s->spec.term,
			u->mouse == CONFIG_ON || (u->mouse == CONFIG_AUTO && !env_over_ssh()));
}

static const char *columns_of(const struct config_ui *u, const char *screen)
{
	for (size_t i = 0; u && i < u->columns.n; i++)
		if (strcmp(u->columns.v[i].key, screen) == 0)
			return u->columns.v[i].value;
	return NULL;
}

/* The usual columns are others: pages on which the user has chosen none get them. */
static void renew_page(const struct page *p)
{
	const struct action *a = page_action(p, slice_of("columns"));
	json_t *chosen = memory_chosen(p);
	struct err ignored;

	if (a && !json_object_get(chosen, "columns"))
		a->run(p->state, slice_of(""), &ignored);
	json_decref(chosen);
}

static void use_columns(struct shell *s, const struct config_ui *was, const struct config_ui *u)
{
	for (size_t i = 0; i < s->n_tabs; i++)
		for (struct page *p = s->tabs[i].top; p; p = p->below)
			if (!same_text(columns_of(was, p->screen->name), columns_of(u, p->screen->name)))
				renew_page(p);
}

static void use_config(struct shell *s, struct config *c)
{
	struct reload *r = &s->reload;
	const struct config_ui *was = s->spec.look;
	const struct config_context *x = context_of(s, c);

	s->spec.look = &c->ui;
	s->spec.theme = theme_of(c, x);
	s->spec.is_protected = x ? x->is_protected : s->spec.is_protected;
	use_mouse(s, was, &c->ui);
	use_columns(s, was, &c->ui);
	shell_say(s, ROLE_NOTICE, needs_new_start(was, &c->ui)
		? "the configuration has changed: some of it counts from the next start on"
		: "the configuration has changed, and counts");
	config_free(r->before);
	r->before = r->config;
	r->config = c;
}

static bool same_pairs(const struct config_pairs *a, const struct config_pairs *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!same_text(a->v[i].key, b->v[i].key) || !same_text(a->v[i].value, b->v[i].value))
			return false;
	return true;
}

static bool same_context(const struct shell *s, const struct config *c)
{
	const struct config_context *x = context_of(s, c);

	return same_text(s->spec.theme, theme_of(c, x)) &&
	       (!x || x->is_protected == s->spec.is_protected);
}

/* The file also says what is none of the console's business. */
static bool same_ui(const struct config_ui *a, const struct config_ui *b)
{
	return a && same_pairs(&a->keys, &b->keys) &&
	       same_pairs(&a->columns, &b->columns) && a->mouse == b->mouse && !needs_new_start(a, b);
}

/* Keys and theme can be wrong, so they are made before anything is touched. */
static int take_ui(struct shell *s, struct config *c, struct err *e)
{
	const char *theme = theme_of(c, context_of(s, c));
	bool other_theme = !same_text(s->spec.theme, theme);
	struct keymap keys = { 0 };
	struct theme th;

	if (keymap_init(&keys, &c->ui.keys, e) < 0 ||
		(other_theme && theme_load(&th, theme, e) < 0)) {
		keymap_fini(&keys);
		return -1;
	}
	keymap_fini(&s->keys);
	s->keys = keys;
	shell_help_free(s); /* made anew when it is asked for */
	if (other_theme)
		use_theme(s, &th, theme);
	use_config(s, c);
	return 0;
}

static int reload_config(struct shell *s, struct err *e)
{
	struct config *c = config_load(s->reload.path, e);

	if (!c)
		return -1;
	if ((!same_ui(s->spec.look, &c->ui) || !same_context(s, c)) && take_ui(s, c, e) == 0)
		return 0;
	config_free(c);
	return e->class == ERR_NONE ? 0 : -1;
}

/* --- when --------------------------------------------------------------------------------------- */

void reload_open(struct shell *s, const char *path)
{
	s->reload.path = path ? xstrdup(path) : NULL;
	s->reload.path_mark = mark_of(path);
}

void reload_fini(struct shell *s)
{
	struct reload *r = &s->reload;

	free(r->path);
	free(r->theme);
	config_free(r->config);
	config_free(r->before);
	*r = (struct reload){ 0 };
}

static void tell(struct shell *s, struct err *e)
{
	err_prefix(e, "not taken, all is as before");
	shell_say(s, ROLE_ERROR, e->text);
}

void reload_tick(struct shell *s)
{
	struct reload *r = &s->reload;
	struct err e = { 0 };

	if (r->path && has_moved(&r->path_mark, &r->path_moved, r->path) && reload_config(s, &e) < 0)
		tell(s, &e);
	e.class = ERR_NONE;
	if (!theme_file(r) || !has_moved(&r->theme_mark, &r->theme_moved, r->theme))
		return;
	if (reload_theme(s, r->theme, &e) < 0)
		tell(s, &e);
	else
		shell_say(s, ROLE_NOTICE, "the theme has changed");
}

int cmd_reload(struct shell *s, struct slice arg, struct err *e)
{
	struct err why = { 0 };

	s->news[0] = '\0';
	if (s->reload.path && reload_config(s, &why) < 0) {
		*e = why;
		return -1;
	}
	if (theme_file(&s->reload) && reload_theme(s, s->reload.theme, e) < 0)
		return -1;
	if (!s->news[0])
		shell_say(s, ROLE_NOTICE, "read again: nothing has changed");
	return 0;
}
