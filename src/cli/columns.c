#include "cli/columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jtext.h"
#include "base/suggest.h"

#define COLUMNS_MAX 256

static const char *const types[] = {
	[CELL_STR] = "string", [CELL_NUM] = "number", [CELL_INT] = "integer",
	[CELL_TIME] = "time",  [CELL_AGE] = "age",    [CELL_BYTES] = "bytes",
	[CELL_ENUM] = "enum",  [CELL_JSON] = "json",
};

static char *member_raw(struct slice object, const char *key)
{
	struct slice v = slice_of("");

	jtext_get(object, key, &v);
	return xmemdup0(v.p, v.n);
}

static bool member_flag(struct slice object, const char *key)
{
	struct slice v;

	return jtext_get(object, key, &v) && slice_is(v, "true");
}

static bool member_is(struct slice object, const char *key, const char *word)
{
	char *s = jtext_member(object, key);
	bool same = *s && strcmp(s, word) == 0;

	free(s);
	return same;
}

static enum cell_type type_of(struct slice field)
{
	char *s = jtext_member(field, "type");
	enum cell_type t = CELL_STR;

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strcmp(s, types[i]) == 0)
			t = (enum cell_type)i;
	free(s);
	return t;
}

static void add(struct columns *c, struct column col)
{
	c->v = xreallocarray(c->v, c->n + 1, sizeof(*c->v));
	c->v[c->n++] = col;
}

static void read_fields(struct columns *c, struct slice kind, const char *member)
{
	struct jtext_walk w;
	struct slice fields, f;

	if (!jtext_get(kind, member, &fields) || jtext_open(&w, fields) < 0)
		return;
	while (c->n < COLUMNS_MAX && jtext_next(&w, NULL, &f) == 1)
		add(c, (struct column){ .name = jtext_member(f, "name"),
			       .unit = jtext_member(f, "unit"),
			       .help = jtext_member(f, "help"),
			       .type = type_of(f),
			       .wide = member_flag(f, "wide"),
			       .extra = member_flag(f, "extra"),
			       .by = member_flag(f, "by"),
			       .words = member_raw(f, "words") });
}

void columns_kinds(struct slice schema, void (*fn)(void *arg, struct slice kind), void *arg)
{
	struct jtext_walk w;
	struct slice kinds, k;

	if (!jtext_get(schema, "kinds", &kinds) || jtext_open(&w, kinds) < 0)
		return;
	while (jtext_next(&w, NULL, &k) == 1)
		fn(arg, k);
}

struct search {
	const char *name;
	struct slice found;
	struct suggest near;
	char nearest[64]; /* suggest keeps a pointer, the names here pass by */
	struct buf all;
};

static void match_kind(void *arg, struct slice kind)
{
	struct search *s = arg;
	char *name;

	if (member_is(kind, "name", s->name) || member_is(kind, "singular", s->name)
	    || member_is(kind, "alias", s->name))
		s->found = kind;
	name = jtext_member(kind, "name");
	suggest_offer(&s->near, name);
	if (s->near.best == name)
		snprintf(s->nearest, sizeof(s->nearest), "%s", name);
	s->near.best = NULL;
	buf_addf(&s->all, "%s%s", s->all.len ? ", " : "", name);
	free(name);
}

static void search(struct search *s, struct slice schema)
{
	suggest_init(&s->near, s->name, strlen(s->name));
	buf_init(&s->all, 400);
	columns_kinds(schema, match_kind, s);
}

static int no_kind(const struct search *s, struct err *e)
{
	if (*s->nearest)
		return err_set(
			e, ERR_USAGE, "no kind '%.60s'; did you mean '%s'?", s->name, s->nearest);
	return err_set(e, ERR_USAGE, "no kind '%.60s'; there are %s", s->name, s->all.p);
}

int columns_read(struct columns *c, struct slice schema, const char *kind, struct err *e)
{
	struct search s = { .name = kind };

	*c = (struct columns){ 0 };
	search(&s, schema);
	if (!s.found.n)
		no_kind(&s, e);
	buf_fini(&s.all);
	if (!s.found.n)
		return -1;
	c->kind = jtext_member(s.found, "name");
	c->singular = jtext_member(s.found, "singular");
	read_fields(c, s.found, "fields");
	if (c->n)
		return 0;
	columns_fini(c);
	return err_set(e, ERR_UNREACH, "the collector's schema of %.60s makes no sense", kind);
}

static void column_fini(struct column *c)
{
	free(c->name);
	free(c->unit);
	free(c->help);
	free(c->words);
}

static bool shown(const struct column *c, int flags)
{
	return !c->extra && (!c->wide || (flags & COLUMNS_WIDE))
		&& (c->type != CELL_JSON || (flags & COLUMNS_JSON));
}

static void pick_shown(struct columns *c, int flags)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		if (shown(&c->v[i], flags))
			c->v[n++] = c->v[i];
		else
			column_fini(&c->v[i]);
	c->n = n;
}

const struct column *columns_find(const struct columns *c, struct slice name)
{
	for (size_t i = 0; i < c->n; i++)
		if (slice_is(name, c->v[i].name))
			return &c->v[i];
	return NULL;
}

/* The column of this name out of the old ones, or a metric's. */
static struct column listed(const struct columns *from, struct slice name)
{
	const struct column *c = columns_find(from, name);

	return (struct column){ .name = xmemdup0(name.p, name.n), .unit = xstrdup(c ? c->unit : ""),
		.help = xstrdup(c ? c->help : ""), .type = c ? c->type : CELL_NUM };
}

/* Commas within braces belong to a metric's labels: temp{a="x",b="y"} */
static size_t item_len(const char *p)
{
	size_t n = 0;
	bool braces = false, quotes = false;

	for (; p[n] && (p[n] != ',' || braces); n++) {
		if (p[n] == '"')
			quotes = !quotes;
		else if (!quotes && (p[n] == '{' || p[n] == '}'))
			braces = p[n] == '{';
	}
	return n;
}

static void pick_listed(struct columns *c, const char *list)
{
	struct columns old = *c;

	c->v = NULL;
	c->n = 0;
	while (*(list += strspn(list, " ")) && c->n < COLUMNS_MAX) {
		size_t whole = item_len(list), n = whole;

		while (n && list[n - 1] == ' ')
			n--;
		if (n)
			add(c, listed(&old, slice_mem(list, n)));
		list += whole + (list[whole] == ',');
	}
	old.kind = old.singular = NULL;
	columns_fini(&old);
}

void columns_group(struct columns *c, struct slice schema, const char *by)
{
	struct search s = { .name = c->kind };
	struct columns fields = { 0 };

	if (!by || !*by)
		return;
	search(&s, schema);
	buf_fini(&s.all);
	read_fields(&fields, s.found, "groups");
	pick_listed(c, by);
	for (size_t i = 0; i < fields.n; i++)
		if (columns_find(c, slice_of(fields.v[i].name)))
			column_fini(&fields.v[i]);
		else
			add(c, fields.v[i]);
	free(fields.v);
}

void columns_pick(struct columns *c, const char *list, int flags)
{
	if (list)
		pick_listed(c, list);
	else
		pick_shown(c, flags);
}

void columns_fini(struct columns *c)
{
	for (size_t i = 0; i < c->n; i++)
		column_fini(&c->v[i]);
	free(c->v);
	free(c->kind);
	free(c->singular);
	*c = (struct columns){ 0 };
}
