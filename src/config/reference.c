/* The reference of docs/configuration.md: each map or list that has keys is a table. */
#include <string.h>

#include "config/parse.h"

static void put_cell(struct buf *out, const char *s)
{
	for (; *s; s++) {
		if (*s == '|')
			buf_addc(out, '\\');
		buf_addc(out, *s);
	}
}

static void put_type(struct buf *out, const struct config_key *k)
{
	buf_adds(out, config_type_name(k));
	if (k->type != CFG_CHOICE)
		return;
	for (size_t i = 0; k->choices[i]; i++)
		buf_addf(out, "%s`%s`", i ? ", " : ": ", k->choices[i]);
}

static void put_default(struct buf *out, const struct config_key *k)
{
	if (k->needed)
		buf_adds(out, "required");
	else if (k->def)
		buf_addf(out, "`%s`", k->def);
}

static void put_kinds(struct buf *out, const struct config_key *k)
{
	const char *sep = " (";

	for (int i = 0; i < SOURCE_KINDS; i++)
		if (k->only & 1u << i) {
			buf_addf(out, "%s%s", sep, config_source_kind_name(i));
			sep = ", ";
		}
	if (k->only)
		buf_adds(out, ")");
}

static void put_row(struct buf *out, const struct config_key *k, const char *name)
{
	buf_addf(out, "| `%s` | ", name);
	put_type(out, k);
	config_limits_text(k, out);
	buf_adds(out, " | ");
	put_default(out, k);
	buf_adds(out, " | ");
	put_cell(out, k->help);
	put_kinds(out, k);
	buf_adds(out, k->later ? "; no effect in this version |\n" : " |\n");
}

static void put_table(struct buf *out, const char *prefix)
{
	const char *name;
	bool begun = false;

	for (size_t i = 0; i < config_keys_n; i++) {
		if (!config_key_below(&config_keys[i], prefix, &name))
			continue;
		if (!begun)
			buf_addf(out, "\n### %s\n\n| key | type | default | |\n|---|---|---|---|\n",
				*prefix ? prefix : "At the top");
		begun = true;
		put_row(out, &config_keys[i], name);
	}
}

void config_reference(struct buf *out)
{
	char prefix[128];

	put_table(out, "");
	for (size_t i = 0; i < config_keys_n; i++) {
		if (config_keys[i].type != CFG_MAP && config_keys[i].type != CFG_LIST)
			continue;
		config_key_prefix(&config_keys[i], prefix);
		put_table(out, prefix);
	}
}
