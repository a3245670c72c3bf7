#include "config/parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/suggest.h"
#include "base/utf8.h"

/* Keys and values are a stranger's bytes. */
__attribute__((format(printf, 4, 0)))
static void note(struct config_parse *p, const struct ynode *at, bool warning, const char *fmt,
	va_list ap)
{
	char story[400];
	struct buf b;

	vsnprintf(story, sizeof(story), fmt, ap);
	buf_init(&b, 2048);
	text_clean(&b, slice_of(p->where.p), false);
	buf_adds(&b, p->where.len ? ": " : "");
	text_clean(&b, slice_of(story), false);
	config_note_add(p->notes, at, warning, b.p);
	buf_fini(&b);
}

int config_bad(struct config_parse *p, const struct ynode *at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	note(p, at, false, fmt, ap);
	va_end(ap);
	return -1;
}

void config_warn(struct config_parse *p, const struct ynode *at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	note(p, at, true, fmt, ap);
	va_end(ap);
}

size_t config_enter_key(struct config_parse *p, const char *key)
{
	size_t was = p->where.len;

	buf_addf(&p->where, "%s%.*s", was ? "." : "", CONFIG_KEY_MAX, key);
	return was;
}

size_t config_enter_index(struct config_parse *p, size_t i)
{
	size_t was = p->where.len;

	buf_addf(&p->where, "[%zu]", i);
	return was;
}

void config_leave(struct config_parse *p, size_t was)
{
	p->where.len = was;
	p->where.p[was] = '\0';
}

static int parse_map(struct config_parse *p, const char *prefix, const struct ynode *n, void *base);

/* --- unknown keys --------------------------------------------------------------------- */

bool config_names_secret(const char *key)
{
	static const char *const words[] = { "token", "secret", "password", "passphrase", "api_key",
		"apikey", "private_key", "mnemonic" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcasecmp(key, words[i]) == 0)
			return true;
	return false;
}

static int unknown_key(struct config_parse *p, const char *prefix, const struct ynode *kid)
{
	struct suggest s;
	const char *name;

	suggest_init(&s, kid->key, strlen(kid->key));
	for (size_t i = 0; i < config_keys_n; i++)
		if (config_key_below(&config_keys[i], prefix, &name))
			suggest_offer(&s, name);
	if (s.best)
		return config_bad(p, kid, "unknown key; did you mean %s?", s.best);
	return config_bad(p, kid, "unknown key; `depinctl config explain %s` lists them",
		*prefix ? prefix : "\"\"");
}

const struct config_key *config_find_key(const char *prefix, const char *key)
{
	const struct config_key *any = NULL;
	const char *name;

	for (size_t i = 0; i < config_keys_n; i++) {
		if (!config_key_below(&config_keys[i], prefix, &name))
			continue;
		if (strcmp(name, key) == 0)
			return &config_keys[i];
		if (strcmp(name, "*") == 0)
			any = &config_keys[i];
	}
	return any;
}

int config_secret_in_clear(struct config_parse *p, const struct ynode *kid)
{
	return config_bad(p, kid,
		"a secret never stands in the configuration; name a file (token_file) or "
		"an environment variable (token_env) that holds it");
}

static int check_keys(struct config_parse *p, const char *prefix, const struct ynode *n)
{
	int rc = 0;

	for (size_t i = 0; i < n->n; i++) {
		const struct ynode *kid = &n->kids[i];
		size_t was = config_enter_key(p, kid->key);

		if (config_names_secret(kid->key))
			rc = config_secret_in_clear(p, kid);
		else if (!config_find_key(prefix, kid->key))
			rc = unknown_key(p, prefix, kid);
		config_leave(p, was);
	}
	return rc;
}

/* --- lists ---------------------------------------------------------------------------- */

static int check_size(struct config_parse *p, const struct config_key *k, const struct ynode *n)
{
	if (n->kind != YNODE_LIST)
		return config_bad(p, n, "must be a list, like [a, b]");
	if (n->n > k->max_n)
		return config_bad(p, n, "%zu entries; at most %zu", n->n, k->max_n);
	return 0;
}

struct named {
	const char *name;
	size_t i;
};

static int cmp_named(const void *pa, const void *pb)
{
	const struct named *a = pa, *b = pb;
	int c = strcasecmp(a->name, b->name);

	return c ? c : (a->i > b->i) - (a->i < b->i);
}

/* Every element begins with its name, which is unique whatever its case: it becomes a file's. */
static int check_names(struct config_parse *p, const struct config_key *k, const struct ynode *n,
	const char *items)
{
	struct named *v = xreallocarray(NULL, n->n + 1, sizeof(*v));
	size_t named = 0, was;
	int rc = 0;

	for (size_t i = 0; i < n->n; i++) {
		v[named] = (struct named){ *(const char *const *)(items + i * k->size), i };
		named += v[named].name != NULL;
	}
	qsort(v, named, sizeof(*v), cmp_named);
	for (size_t i = 1; i < named; i++)
		if (strcasecmp(v[i - 1].name, v[i].name) == 0) {
			was = config_enter_index(p, v[i].i);
			rc = config_bad(p, &n->kids[v[i].i], "the name %s is taken by %s[%zu]",
				v[i].name,
				strrchr(k->path, '.') ? strrchr(k->path, '.') + 1 : k->path,
				v[i - 1].i);
			config_leave(p, was);
		}
	free(v);
	return rc;
}

static int parse_list(
	struct config_parse *p, const struct config_key *k, const struct ynode *n, char *base)
{
	char prefix[128], *items;
	int rc = 0;

	if (check_size(p, k, n) < 0)
		return -1;
	config_key_prefix(k, prefix);
	items = config_alloc(p->c, n->n, k->size);
	*(void **)(base + k->at) = items;
	*(size_t *)(base + k->count_at) = n->n;
	for (size_t i = 0; i < n->n; i++) {
		size_t was = config_enter_index(p, i);

		if (parse_map(p, prefix, &n->kids[i], items + i * k->size) < 0 ||
			(k->check && k->check(p, &n->kids[i], items + i * k->size) < 0))
			rc = -1;
		config_leave(p, was);
	}
	return check_names(p, k, n, items) < 0 ? -1 : rc;
}

static int parse_strings(
	struct config_parse *p, const struct config_key *k, const struct ynode *n, void *at)
{
	struct config_strings *out = at;
	int rc = 0;

	if (check_size(p, k, n) < 0)
		return -1;
	out->v = config_alloc(p->c, n->n, sizeof(*out->v));
	out->n = n->n;
	for (size_t i = 0; i < n->n; i++) {
		const struct ynode *kid = &n->kids[i];
		size_t was = config_enter_index(p, i);

		if (kid->kind != YNODE_SCALAR)
			rc = config_bad(p, kid, "must be a single value");
		else if (config_scalar_set(p, k, k->item, kid, kid->text, &out->v[i]) < 0)
			rc = -1;
		config_leave(p, was);
	}
	return rc;
}

/* --- one key, one map ----------------------------------------------------------------- */

static int parse_value(
	struct config_parse *p, const struct config_key *k, const struct ynode *n, char *base)
{
	char prefix[128];

	switch (k->type) {
	case CFG_MAP:
		config_key_prefix(k, prefix);
		if (parse_map(p, prefix, n, base + k->at) < 0)
			return -1;
		return k->check ? k->check(p, n, base + k->at) : 0;
	case CFG_LIST:
		return parse_list(p, k, n, base);
	case CFG_STRINGS:
		return parse_strings(p, k, n, base + k->at);
	case CFG_PAIRS:
		return config_parse_pairs(p, k, n, base + k->at);
	default:
		if (n->kind != YNODE_SCALAR)
			return config_bad(
				p, n, "must be a single value, a %s", config_type_name(k));
		return config_scalar_set(p, k, k->type, n, n->text, base + k->at);
	}
}

/* `map` lacks the key.  One that is needed may be there by a name that is not known, which has
 * been told: `typos`. */
static int parse_absent(struct config_parse *p, const struct config_key *k, const struct ynode *map,
	bool typos, char *base)
{
	struct ynode empty = { .kind = YNODE_MAP, .line = map->line, .col = map->col };
	unsigned kind = p->kind < 0 ? ~0u : 1u << p->kind;

	if (k->only && !(k->only & kind))
		return 0;
	if (k->needed & kind) {
		if (typos)
			return -1;
		if (k->needed == ~0u || p->kind < 0)
			return config_bad(p, map, "is missing");
		return config_bad(p, map, "is missing; a source of kind %s needs it",
			config_source_kind_name(p->kind));
	}
	if (k->type == CFG_MAP)
		return parse_value(p, k, &empty, base);
	return k->def ? config_scalar_set(p, k, k->type, map, k->def, base + k->at) : 0;
}

static int parse_key(struct config_parse *p, const struct config_key *k, const char *name,
	const struct ynode *n, bool typos, char *base)
{
	const struct ynode *kid = ynode_get(n, name);
	size_t was = config_enter_key(p, name);
	int rc;

	if (!kid || kid->kind == YNODE_NULL)
		rc = parse_absent(p, k, kid ? kid : n, typos, base);
	else if (k->only && p->kind >= 0 && p->kind < SOURCE_KINDS && !(k->only & 1u << p->kind))
		rc = config_bad(p, kid, "has no meaning for a source of kind %s",
			config_source_kind_name(p->kind));
	else
		rc = parse_value(p, k, kid, base);
	if (rc == 0 && k->later && kid && kid->kind != YNODE_NULL)
		config_warn(p, kid, "is checked, but has no effect in this version");
	config_leave(p, was);
	return rc;
}

static int parse_rest(struct config_parse *p, const struct config_key *k, const char *prefix,
	const struct ynode *n, char *base)
{
	size_t was = p->where.len;
	int rc = config_parse_rest(p, k, prefix, n, base + k->at);

	config_leave(p, was);
	return rc;
}

/* In the table's order, not the file's: a source's kind is known before the keys it rules. */
static int parse_map(struct config_parse *p, const char *prefix, const struct ynode *n, void *base)
{
	bool source = strcmp(prefix, "contexts[].sources[]") == 0, typos;
	int rc;

	if (n->kind != YNODE_MAP)
		return config_bad(p, n, "must be a map of keys, like { name: value }");
	rc = check_keys(p, prefix, n);
	typos = rc < 0;
	for (size_t i = 0; i < config_keys_n; i++) {
		const struct config_key *k = &config_keys[i];
		const char *name;
		int one;

		if (!config_key_below(k, prefix, &name))
			continue;
		one = k->type == CFG_TREE ? parse_rest(p, k, prefix, n, base)
					  : parse_key(p, k, name, n, typos, base);
		if (source && strcmp(name, "kind") == 0)
			p->kind = one < 0 ? SOURCE_KINDS : ((struct config_source *)base)->kind;
		rc = one < 0 ? -1 : rc;
	}
	if (source)
		p->kind = -1;
	return rc;
}

static int check_current(struct config_parse *p, const struct ynode *root)
{
	const struct config *c = p->c;
	const struct ynode *n = ynode_get(root, "current");
	struct suggest s;

	for (size_t i = 0; i < c->n_contexts; i++)
		if (!c->contexts[i].name) /* perhaps that one */
			return 0;
	if (!c->current || config_context(c, c->current, NULL))
		return 0;
	config_enter_key(p, "current");
	suggest_init(&s, c->current, strlen(c->current));
	for (size_t i = 0; i < c->n_contexts; i++)
		suggest_offer(&s, c->contexts[i].name);
	return config_bad(p, n ? n : root, "there is no context %s%s%s%s", c->current,
		s.best ? "; did you mean " : "", s.best ? s.best : "", s.best ? "?" : "");
}

static int parse_root(struct config_parse *p, const struct ynode *root)
{
	static const struct ynode nothing = { .kind = YNODE_MAP, .line = 1, .col = 1 };
	int rc;

	if (root->kind == YNODE_NULL)
		root = &nothing;
	rc = parse_map(p, "", root, p->c);
	p->where.len = 0;
	return root->kind == YNODE_MAP && check_current(p, root) < 0 ? -1 : rc;
}

struct config *config_parse_notes(struct slice text, const char *name, const char *dir,
	struct config_notes *notes, struct err *e)
{
	struct ynode *root = ydoc_read(text, name, e);
	struct config_parse p = { .name = name, .dir = dir, .kind = -1, .notes = notes };
	int rc;

	if (!root)
		return NULL;
	p.c = xcalloc(1, sizeof(*p.c));
	buf_init(&p.where, 8192);
	rc = parse_root(&p, root);
	buf_fini(&p.where);
	ydoc_free(root);
	config_notes_sort(notes);
	if (rc == 0)
		return p.c;
	config_notes_story(notes, name, e);
	config_free(p.c);
	return NULL;
}

struct config *config_parse(struct slice text, const char *name, const char *dir, struct err *e)
{
	struct config_notes notes = { 0 };
	struct config *c = config_parse_notes(text, name, dir, &notes, e);

	config_notes_fini(&notes);
	return c;
}
