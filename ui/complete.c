#include "ui/complete.h"

#include <string.h>

#include "base/json.h"
#include "ui/screen/value.h"
#include "ui/shell.h"
#include "ui/ui.h"

static void on_schema(void *arg, const json_t *answer, const struct err *e)
{
	struct complete *c = arg;

	if (!answer)
		return;
	json_decref(c->kinds);
	c->kinds = json_incref(json_object_get(answer, "kinds"));
}

void complete_learn(struct complete *c, struct client *client)
{
	asker_call(&c->asker, client, "schema", slice_of(""), on_schema, c);
}

void complete_fini(struct complete *c)
{
	asker_fini(&c->asker);
	json_decref(c->kinds);
	c->kinds = NULL;
}

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

static const char *kind_on(struct shell *s)
{
	const struct page *p = shell_page(s);

	return kind_of(p ? p->screen : NULL);
}

static void offer_fields(struct shell *s, const char *kind, struct slice word,
	struct prompt_offers *o)
{
	size_t i, j;
	json_t *k, *f;

	json_array_foreach(s->words.kinds, i, k) {
		if (!slice_is(row_text(k, "name"), kind))
			continue;
		json_array_foreach(json_object_get(k, "fields"), j, f)
			offer(o, word, json_str(f, "name", "?"));
	}
}

/* "status=de": the word before the operator says which words may follow. */
static bool offer_states(struct slice text, struct prompt_offers *o, struct slice word)
{
	static const char *const status[] = { "up", "degraded", "stale", "down", "unknown", NULL };
	static const char *const severity[] = { "trace", "debug", "info", "warn", "error", "fatal",
		NULL };
	static const char *const state[] = { "live", "stale", "dialing", "down", NULL };
	static const struct {
		const char *field;
		const char *const *words;
	} fields[] = { { "status", status }, { "severity", severity }, { "state", state } };
	size_t at = o->from, end;

	while (at && strchr("=!<>~ ", text.p[at - 1]))
		at--;
	if (at == o->from || text.p[o->from - 1] == ' ')
		return false;
	for (end = at; at && word_byte(text.p[at - 1]); at--)
		;
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (slice_is(slice_mem(text.p + at, end - at), fields[i].field))
			for (const char *const *w = fields[i].words; *w; w++)
				offer(o, word, *w);
	return true;
}

static void offer_filter(struct shell *s, const char *kind, struct slice text, size_t cursor,
	struct prompt_offers *o)
{
	static const char *const glue[] = { "and", "or", "not", "in" };
	struct slice word = word_at(text, cursor, o);

	if (offer_states(text, o, word))
		return;
	offer_fields(s, kind, word, o);
	for (size_t i = 0; word.n && i < sizeof(glue) / sizeof(*glue); i++)
		offer(o, word, glue[i]);
}

void complete_filter(void *arg, struct slice text, size_t cursor, struct prompt_offers *o)
{
	offer_filter(arg, kind_on(arg), text, cursor, o);
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

void complete_command(void *arg, struct slice text, size_t cursor, struct prompt_offers *o)
{
	struct shell *s = arg;
	struct slice word = word_at(text, cursor, o), verb = text;
	const char *blank = memchr(text.p, ' ', cursor);
	const struct screen *screen;

	if (!blank) {
		if (cursor && *text.p == '!')
			offer_verbs(s, word, false, o);
		else
			offer_words(s, word, o);
		return;
	}
	verb.n = (size_t)(blank - text.p);
	screen = screen_find(verb);
	if (slice_is(verb, "theme"))
		for (size_t i = 0; theme_builtin(i); i++)
			offer(o, word, theme_builtin(i));
	else if (slice_is(verb, "view"))
		offer_views(s, word, o);
	else if (slice_is(verb, "mouse"))
		offer(o, word, "on"), offer(o, word, "off");
	else if (screen && strchr(screen->args, 'F'))
		offer_filter(s, kind_of(screen), text, cursor, o);
	else
		offer_filter(s, kind_on(s), text, cursor, o);
}
