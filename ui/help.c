/* The lines of the help, from the tables of keys, commands and actions. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "ui/shell.h"
#include "ui/ui.h"

static void add(struct shell *s, char *left, const char *right)
{
	s->help = xreallocarray(s->help, s->n_help + 1, sizeof(*s->help));
	s->help[s->n_help++] = (struct help_row){ left, xstrdup(right) };
}

static void title(struct shell *s, const char *text)
{
	if (s->n_help)
		add(s, xstrdup(" "), "");
	add(s, xstrdup(text), "");
}

/* What the first word of a command line does on a screen with this group of keys. */
static const char *line_help(const char *line, const char *group)
{
	struct slice word = slice_mem(line, strcspn(line, " "));

	if (slice_is(word, "ask"))
		word = slice_of(line + strcspn(line, " ") + 1);
	for (const struct command *c = commands; c->name; c++)
		if (slice_is(word, c->name))
			return c->help;
	if (slice_is(word, "open") && !*group)
		return "what is under the cursor";
	for (size_t i = 0; screens[i]; i++) {
		struct page p = { .screen = screens[i] };
		const struct action *a = page_action(&p, word);

		if (a && (!*group || strcmp(group, screens[i]->keys) == 0
				 || strcmp(group, screens[i]->name) == 0))
			return a->help;
	}
	return screen_find(word) ? screen_find(word)->help : "";
}

/* All keys of a group for one command line, as one row: "j  down". */
static void add_keys(struct shell *s, const char *group, size_t at)
{
	const struct binding *b = &s->keys.v[at];
	struct buf left;

	buf_init(&left, 200);
	for (size_t i = 0; i < s->keys.n; i++) {
		const struct binding *o = &s->keys.v[i];

		if (strcmp(o->group, group) != 0 || strcmp(o->line, b->line) != 0)
			continue;
		if (i < at) {
			buf_fini(&left);
			return; /* it is there already */
		}
		if (left.len)
			buf_adds(&left, "  ");
		key_name(&left, o->key);
	}
	buf_adds(&left, "  :");
	buf_adds(&left, b->line);
	add(s, buf_steal(&left), line_help(b->line, group));
	buf_fini(&left);
}

static void add_group(struct shell *s, const char *group, const char *name)
{
	bool first = true;

	for (size_t i = 0; i < s->keys.n; i++) {
		const struct binding *b = &s->keys.v[i];

		if (strcmp(b->group, group) != 0 || !*b->line || strncmp(b->line, "tab ", 4) == 0)
			continue;
		if (first)
			title(s, name);
		first = false;
		add_keys(s, group, i);
	}
}

static bool has(const struct screen *screen, const struct action *a)
{
	for (int j = 0; j < SCREEN_ACTIONS; j++)
		if (screen->actions[j] == a)
			return true;
	return false;
}

/* A table of actions that a screen before this one has, too: told there. */
static bool told(size_t at, const struct action *a)
{
	for (size_t i = 0; i < at; i++)
		if (has(screens[i], a))
			return true;
	return false;
}

static bool shared(size_t at, const struct action *a)
{
	for (size_t i = at + 1; screens[i]; i++)
		if (has(screens[i], a))
			return true;
	return false;
}

static void add_commands(struct shell *s)
{
	title(s, "Commands, after :");
	for (size_t i = 0; screens[i]; i++)
		add(s, xasprintf("%s %s", screens[i]->name, screens[i]->args), screens[i]->help);
	for (const struct command *c = commands; c->name; c++)
		add(s, xasprintf("%s %s", c->name, c->args), c->help);
	for (size_t i = 0; screens[i]; i++)
		for (int j = 0; j < SCREEN_ACTIONS && screens[i]->actions[j]; j++) {
			const struct action *a = screens[i]->actions[j];

			if (told(i, a))
				continue;
			title(s, shared(i, a) ? "On lists" : screens[i]->title);
			for (; a->name; a++)
				add(s, xasprintf("%s %s", a->name, a->args), a->help);
		}
}

static void add_verbs(struct shell *s)
{
	if (!s->spec.verbs)
		return;
	title(s, "Commands of the command line, after : or, where a screen has the name, :!");
	for (const struct ui_verb *v = s->spec.verbs; v->name; v++)
		if (!v->apart)
			add(s, xasprintf("%s %s", v->name, v->args ? v->args : ""), v->help);
}

/* A group of keys told for the screen in front, or for one before this one. */
static bool group_told(size_t at, const struct screen *front)
{
	if (front && strcmp(screens[at]->keys, front->keys) == 0)
		return true;
	for (size_t i = 0; i < at; i++)
		if (strcmp(screens[at]->keys, screens[i]->keys) == 0)
			return true;
	return false;
}

/* The screen that the help lies above, or NULL. */
static const struct screen *front_of(struct shell *s)
{
	const struct page *p = shell_page(s);

	if (p && p->screen == &screen_help)
		p = p->below;
	return p ? p->screen : NULL;
}

/* What holds on the screen that the help lies above comes first. */
void shell_help_build(struct shell *s)
{
	const struct screen *front = front_of(s);

	if (s->help && s->help_for == front)
		return;
	shell_help_free(s);
	s->help_for = front;
	if (front) {
		add_group(s, front->name, front->title);
		if (strcmp(front->keys, front->name) != 0)
			add_group(s, front->keys, strcmp(front->keys, "list") == 0 ? "On lists"
										    : front->title);
	}
	add_group(s, "", "Everywhere");
	for (size_t i = 0; screens[i]; i++) {
		if (screens[i] == front)
			continue;
		add_group(s, screens[i]->name, screens[i]->title);
		if (strcmp(screens[i]->keys, screens[i]->name) != 0 && !group_told(i, front))
			add_group(s, screens[i]->keys, strcmp(screens[i]->keys, "list") == 0
					? "On lists" : screens[i]->title);
	}
	title(s, "Filters, the same as those of `depinctl get --filter`");
	add(s, xstrdup("status!=up and temp>80"), "compare fields and metrics: = != < <= > >= in");
	add(s, xstrdup("name~'^gpu-' or site=fra-2"), "~ and !~ match a regular expression");
	add(s, xstrdup("fra hot !gpu"), "bare words search every column, ! is not");
	add(s, xstrdup("?gf17 or name~~gf17"), "letters in that order, whatever is between them");
	add_commands(s);
	add_verbs(s);
}

void shell_help_free(struct shell *s)
{
	for (size_t i = 0; i < s->n_help; i++) {
		free(s->help[i].left);
		free(s->help[i].right);
	}
	free(s->help);
	s->help = NULL;
	s->n_help = 0;
}
