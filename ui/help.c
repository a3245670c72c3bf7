/* The lines of the help, from the tables of keys, commands and actions. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "ui/shell.h"

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

/* What the first word of a command line does, on any screen with this group of keys. */
static const char *line_help(const char *line, const char *group)
{
	struct slice word = slice_mem(line, strcspn(line, " "));

	for (const struct command *c = commands; c->name; c++)
		if (slice_is(word, c->name) && strcmp(c->name, "ask") != 0)
			return c->help;
	if (slice_is(word, "ask"))
		word = slice_of(line + strcspn(line, " ") + 1);
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
			bool shared = i > 0 && a == screens[0]->actions[0];

			if (shared)
				continue; /* those of lists are told once */
			title(s, i == 0 && j == 0 ? "On every list" : screens[i]->title);
			for (; a->name; a++)
				add(s, xasprintf("%s %s", a->name, a->args), a->help);
		}
}

void shell_help_build(struct shell *s)
{
	shell_help_free(s);
	add_group(s, "", "Keys everywhere");
	add_group(s, "list", "Keys on lists");
	for (size_t i = 0; screens[i]; i++) {
		if (strcmp(screens[i]->keys, screens[i]->name) != 0)
			add_group(s, screens[i]->name, screens[i]->title);
		if (strcmp(screens[i]->keys, "list") != 0 && strcmp(screens[i]->keys, "text") != 0)
			add_group(s, screens[i]->keys, screens[i]->title);
	}
	title(s, "Filters, the same as those of `depinctl get --filter`");
	add(s, xstrdup("status!=up and temp>80"), "compare fields and metrics: = != < <= > >= in");
	add(s, xstrdup("name~'^gpu-' or site=fra-2"), "~ and !~ match a regular expression");
	add(s, xstrdup("fra hot"), "bare words search every column");
	add_commands(s);
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
