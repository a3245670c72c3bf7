#include "ui/complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "ui/shell.h"
#include "ui/ui.h"

static bool word_byte(char c)
{
	return c == '_' || c == '-' || (unsigned char)c >= 0x80 || (c >= '0' && c <= '9')
		|| (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The word that ends at the cursor; sets where it begins. */
static struct slice word_at(struct slice text, size_t cursor, struct prompt_offers *o)
{
	o->from = cursor;
	while (o->from && word_byte(text.p[o->from - 1]))
		o->from--;
	return slice_mem(text.p + o->from, cursor - o->from);
}

static void offer(struct prompt_offers *o, struct slice word, const char *name)
{
	if (strlen(name) >= word.n && memcmp(name, word.p, word.n) == 0)
		offers_add(o, slice_of(name));
}

/* --- filters --- */

/* The kind of rows that a screen's filter is about. */
static const char *kind_of(const struct screen *s)
{
	if (!s || strcmp(s->name, "overview") == 0 || strcmp(s->name, "map") == 0)
		return "devices";
	return strcmp(s->name, "ledger") == 0 ? "blocks" : s->name;
}

/* The option of `get` that takes what the action takes, or NULL. */
static const char *option_of(struct slice action)
{
	static const char *const as[][2] = { { "filter", "--filter" }, { "mark", "--filter" },
		{ "sort", "--sort" }, { "columns", "--fields" }, { "group", "--by" } };

	for (size_t i = 0; i < ARRAY_LEN(as); i++)
		if (slice_is(action, as[i][0]))
			return as[i][1];
	return NULL;
}

/* Asks for what the value of an option could be, of the command that shows the same rows. */
static void ask_value(struct shell *s, struct prompt *p, const struct screen *on, const char *option,
	size_t word)
{
	char before[160];

	snprintf(before, sizeof(before), "get %s %s", kind_of(on), option);
	own_ask(s, p, before, word, true);
}

void complete_asked(void *arg, struct slice text, size_t cursor, struct prompt_offers *o)
{
	struct shell *s = arg;
	const char *option = option_of(slice_of(s->asked->name));

	if (option && shell_page(s))
		ask_value(s, &s->line, shell_page(s)->screen, option, 0);
}

/* --- commands --- */

/* bare: without the "!" that those with the name of a screen need. */
static void offer_verbs(struct shell *s, struct slice word, bool bare, struct prompt_offers *o)
{
	for (const struct ui_verb *v = s->spec.verbs; v && v->name; v++)
		if (!v->apart && !(v->acts && s->spec.read_only)
			&& !(bare && screen_find(slice_of(v->name))))
			offer(o, word, v->name);
}

static void offer_words(struct shell *s, struct slice word, struct prompt_offers *o)
{
	const struct page *p = shell_page(s);

	for (size_t i = 0; screens[i]; i++)
		offer(o, word, screens[i]->name);
	for (const struct command *c = commands; c->name; c++)
		offer(o, word, c->name);
	for (int i = 0; p && i < SCREEN_ACTIONS; i++)
		for (const struct action *a = p->screen->actions[i]; a && a->name; a++)
			offer(o, word, a->name);
	offer_verbs(s, word, true, o);
}

struct offering {
	struct slice word;
	struct prompt_offers *o;
};

static void offer_view(void *arg, const char *name)
{
	struct offering *to = arg;

	offer(to->o, to->word, name);
}

static void offer_views(struct shell *s, struct slice word, struct prompt_offers *o)
{
	struct offering to = { word, o };

	offer(o, word, "save"), offer(o, word, "drop");
	views_each(s, offer_view, &to);
}

/* "fleet|course|day" or "[save|drop]": the words that a command says it takes. */
static void offer_choices(const char *args, struct slice word, struct prompt_offers *o)
{
	while (*args) {
		size_t n = 0;
		bool choice;

		args += strspn(args, "[]| .");
		while (args[n] && !strchr("[]| .", args[n]))
			n++;
		choice = (args[n] == '|' || (n && args[-1] == '|')) && *args >= 'a' && *args <= 'z';
		if (choice && n >= word.n && memcmp(args, word.p, word.n) == 0)
			offers_add(o, slice_mem(args, n));
		args += n;
	}
}

static const struct command *command_named(struct slice name)
{
	const struct command *c = commands;

	while (c->name && !slice_is(name, c->name))
		c++;
	return c->name ? c : NULL;
}

/* Where the word at the end of a line begins, behind its quote. */
static size_t last_word(const char *line, size_t from, char *quote)
{
	size_t start = from;

	*quote = 0;
	for (size_t i = from; line[i]; i++)
		if (*quote) {
			*quote = line[i] == *quote ? 0 : *quote;
		} else if (line[i] == ' ') {
			start = i + 1;
		} else if (line[i] == '\'' || line[i] == '"') {
			*quote = line[i];
			start += i == start;
		}
	return start;
}

/* The line's words from a byte on are those of a command line, with `as` in front. */
static void ask_line(struct shell *s, const char *as, struct slice text, size_t from, size_t cursor)
{
	char *line = xmemdup0(text.p, cursor), quote;
	size_t word = last_word(line, from, &quote), end = word - (quote != 0);
	struct buf before;

	buf_init(&before, 2 * PROMPT_MAX);
	buf_addf(&before, "%s %.*s", as, (int)(end - from), line + from);
	own_ask(s, &s->command, before.p, word, quote);
	buf_fini(&before);
	free(line);
}

/* After the name of a screen, or of a verb of the command line. */
static void ask_screen(struct shell *s, struct slice verb, struct slice text, size_t cursor)
{
	bool bang = *text.p == '!';
	const struct screen *screen = bang ? NULL : screen_find(command_meant(verb));

	if (verb_named(s, slice_mem(verb.p + bang, verb.n - bang)) && !screen)
		ask_line(s, "", text, bang, cursor);
	else if (!screen)
		return;
	else if (screen == &screen_device)
		ask_line(s, "describe devices", text, verb.n, cursor);
	else if (screen == &screen_describe)
		ask_line(s, "", text, 0, cursor);
	else if (strstr(screen->args, "FILTER"))
		ask_value(s, &s->command, screen, "--filter", verb.n + 1);
}

static void offer_args(struct shell *s, struct slice verb, struct slice text, size_t cursor,
	struct prompt_offers *o)
{
	const struct page *p = shell_page(s);
	const struct action *a = p ? page_action(p, verb) : NULL;
	const struct command *c = a ? NULL : command_named(verb);
	struct slice word = word_at(text, cursor, o);

	if (slice_is(verb, "theme"))
		for (size_t i = 0; theme_builtin(i); i++)
			offer(o, word, theme_builtin(i));
	else if (slice_is(verb, "view"))
		offer_views(s, word, o);
	else if (a && option_of(verb))
		ask_value(s, &s->command, p->screen, option_of(verb), verb.n + 1);
	else if (a || c)
		offer_choices(c ? c->args : a->args, word, o);
	else
		ask_screen(s, verb, text, cursor);
}

void complete_command(void *arg, struct slice text, size_t cursor, struct prompt_offers *o)
{
	const char *blank = memchr(text.p, ' ', cursor);

	if (blank)
		offer_args(arg, slice_mem(text.p, (size_t)(blank - text.p)), text, cursor, o);
	else if (cursor && *text.p == '!')
		offer_verbs(arg, word_at(text, cursor, o), false, o);
	else
		offer_words(arg, word_at(text, cursor, o), o);
}
