#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/json.h"
#include "config/parse.h"

static bool plain_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       strchr("_./-", c);
}

/* Words that mean something else to YAML when they stand bare. */
static bool is_word(const char *s)
{
	static const char *const words[] = { "null", "true", "false", "yes", "no", "on", "off", "y",
		"n" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcasecmp(s, words[i]) == 0)
			return true;
	return false;
}

/* A string, quoted where another reader of YAML might take it for something else.  A JSON string
 * is a YAML string: only what config_scalar_set() let in gets here. */
static void put_string(struct buf *out, const char *s)
{
	bool plain = *s && !strchr("-.0123456789", *s) && !is_word(s);
	struct jw w;

	for (const char *c = s; *c && plain; c++)
		plain = plain_char(*c);
	jw_init(&w, out);
	if (plain)
		buf_adds(out, s);
	else
		jw_str(&w, slice_of(s));
}

/* One line's beginning; after "- " the first key stands on the dash's own line. */
static void put_key(struct buf *out, int depth, bool *dash, const char *key)
{
	buf_addf(out, "%*s", (*dash ? depth - 1 : depth) * 2, "");
	if (*dash)
		buf_adds(out, "- ");
	*dash = false;
	put_string(out, key);
	buf_addc(out, ':');
}

static void print_map(struct buf *out, const char *prefix, const void *base, int depth, bool dash);

static void print_list(struct buf *out, const struct config_key *k, const char *base, int depth,
	bool *dash, const char *name)
{
	const char *items = *(const char *const *)(base + k->at);
	size_t n = *(const size_t *)(base + k->count_at);
	char prefix[128];

	if (!n)
		return;
	config_key_prefix(k, prefix);
	put_key(out, depth, dash, name);
	buf_addc(out, '\n');
	for (size_t i = 0; i < n; i++)
		print_map(out, prefix, items + i * k->size, depth + 2, true);
}

static void print_strings(struct buf *out, const struct config_key *k, const char *base, int depth,
	bool *dash, const char *name)
{
	const struct config_strings *s = (const void *)(base + k->at);

	if (!s->n)
		return;
	put_key(out, depth, dash, name);
	for (size_t i = 0; i < s->n; i++) {
		buf_addf(out, "\n%*s- ", (depth + 1) * 2, "");
		put_string(out, s->v[i]);
	}
	buf_addc(out, '\n');
}

static void print_pairs(struct buf *out, const struct config_pairs *v, int depth)
{
	for (size_t i = 0; i < v->n; i++) {
		bool dash = false;

		put_key(out, depth, &dash, v->v[i].key);
		buf_addc(out, ' ');
		put_string(out, v->v[i].value);
		buf_addc(out, '\n');
	}
}

static void print_scalar(struct buf *out, const struct config_key *k, const char *base, int depth,
	bool *dash, const char *name)
{
	struct buf text;

	buf_init(&text, 8192);
	config_scalar_text(k, k->type, base + k->at, &text);
	if (text.len) {
		put_key(out, depth, dash, name);
		buf_addc(out, ' ');
		if (k->type >= CFG_INT && k->type <= CFG_DURATION)
			buf_addslice(out, buf_slice(&text));
		else
			put_string(out, text.p);
		buf_addc(out, '\n');
	}
	buf_fini(&text);
}

static void print_key(struct buf *out, const struct config_key *k, const char *base, int depth,
	bool *dash, const char *name)
{
	const struct config_pairs *pairs = (const void *)(base + k->at);
	char prefix[128];

	switch (k->type) {
	case CFG_MAP:
		config_key_prefix(k, prefix);
		put_key(out, depth, dash, name);
		buf_addc(out, '\n');
		print_map(out, prefix, base + k->at, depth + 1, false);
		break;
	case CFG_LIST:
		print_list(out, k, base, depth, dash, name);
		break;
	case CFG_STRINGS:
		print_strings(out, k, base, depth, dash, name);
		break;
	case CFG_PAIRS:
		if (!pairs->n)
			break;
		put_key(out, depth, dash, name);
		buf_addc(out, '\n');
		print_pairs(out, pairs, depth + 1);
		break;
	case CFG_TREE:
		print_pairs(out, pairs, depth);
		break;
	default:
		print_scalar(out, k, base, depth, dash, name);
	}
}

static void print_map(struct buf *out, const char *prefix, const void *base, int depth, bool dash)
{
	bool source = strcmp(prefix, "contexts[].sources[]") == 0;
	unsigned kind = source ? 1u << ((const struct config_source *)base)->kind : ~0u;
	const char *name;

	for (size_t i = 0; i < config_keys_n; i++) {
		const struct config_key *k = &config_keys[i];

		if (config_key_below(k, prefix, &name) && (!k->only || k->only & kind))
			print_key(out, k, base, depth, &dash, name);
	}
}

void config_print(const struct config *c, struct buf *out)
{
	print_map(out, "", c, 0, false);
}
