#include <string.h>

#include "base/suggest.h"
#include "config/parse.h"

/* "contexts[0].sources" and "contexts.sources[]" mean the row "contexts[].sources". */
static void strip(const char *s, char *out, size_t n)
{
	size_t o = 0;

	for (int in = 0; *s && o + 1 < n; s++) {
		in += *s == '[';
		if (!in)
			out[o++] = *s;
		in -= *s == ']' && in > 0;
	}
	out[o] = '\0';
}

static const struct config_key *find(const char *key)
{
	char want[256], have[256];

	strip(key, want, sizeof(want));
	for (size_t i = 0; i < config_keys_n; i++) {
		strip(config_keys[i].path, have, sizeof(have));
		if (strcmp(want, have) == 0)
			return &config_keys[i];
	}
	return NULL;
}

static void put_kinds(struct buf *out, const char *what, unsigned kinds)
{
	const char *sep = what;

	for (int i = 0; i < SOURCE_KINDS; i++)
		if (kinds & 1u << i) {
			buf_addf(out, "%s%s", sep, config_source_kind_name(i));
			sep = ", ";
		}
}

void config_limits_text(const struct config_key *k, struct buf *out)
{
	if (k->min) {
		buf_adds(out, ", at least ");
		config_number_text(k->type, k->min, out);
	}
	if (k->max) {
		buf_adds(out, ", at most ");
		config_number_text(k->type, k->max, out);
	}
	if (k->max_n)
		buf_addf(out, ", at most %zu", k->max_n);
}

static void put_key(struct buf *out, const struct config_key *k)
{
	buf_addf(out, "%s\n    %s", k->path, config_type_name(k));
	for (size_t i = 0; k->choices && k->choices[i]; i++)
		buf_addf(out, "%s%s%s", i ? ", " : ": ", k->choices[i],
			k->type == CFG_CHOICE ? "" : "://");
	config_limits_text(k, out);
	if (k->def)
		buf_addf(out, "; default %s", k->def);
	else if (k->needed == ~0u)
		buf_adds(out, "; required");
	buf_addf(out, "\n    %s\n", k->help);
	if (k->later)
		buf_adds(out, "    It is checked, but has no effect in this version.\n");
	if (k->only) {
		put_kinds(out, "    For sources of kind: ", k->only);
		buf_adds(out, k->only == k->needed ? " (required)\n" : "\n");
	}
}

static void put_below(struct buf *out, const char *prefix)
{
	const char *name;

	for (size_t i = 0; i < config_keys_n; i++)
		if (config_key_below(&config_keys[i], prefix, &name))
			buf_addf(out, "    %-14s %s\n", name, config_keys[i].help);
}

/* The right word without its path ("interval"), or else the nearest of those beside it. */
static const char *nearest(const char *key)
{
	const char *dot = strrchr(key, '.'), *path = NULL, *name;
	char prefix[256] = "";
	struct suggest s;

	if (dot && dot - key < (ptrdiff_t)sizeof(prefix)) {
		memcpy(prefix, key, (size_t)(dot - key));
		if (!find(prefix))
			return nearest(prefix);
		config_key_prefix(find(prefix), prefix);
	}
	suggest_init(&s, dot ? dot + 1 : key, strlen(dot ? dot + 1 : key));
	for (size_t i = 0; i < config_keys_n; i++) {
		const char *last = strrchr(config_keys[i].path, '.'), *was = s.best;

		if (!dot && last && strcmp(last + 1, key) == 0)
			return config_keys[i].path;
		if (config_key_below(&config_keys[i], prefix, &name))
			suggest_offer(&s, name);
		if (s.best != was)
			path = config_keys[i].path;
	}
	return path;
}

int config_explain(const char *key, struct buf *out, struct err *e)
{
	const struct config_key *k;
	const char *near;
	char prefix[128];

	if (!*key) {
		put_below(out, "");
		return 0;
	}
	k = find(key);
	if (k) {
		put_key(out, k);
		config_key_prefix(k, prefix);
		if (k->type == CFG_MAP || k->type == CFG_LIST)
			put_below(out, prefix);
		return 0;
	}
	near = nearest(key);
	return err_set(e, ERR_USAGE, "no key %.80s%s%s%s", key, near ? "; did you mean " : "",
		near ? near : "", near ? "?" : "");
}
