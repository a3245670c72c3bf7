/* What could stand at the end of a filter: fields, metrics, the values that a field has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/jtext.h"
#include "cli/ask.h"
#include "cli/columns.h"
#include "cli/complete.h"

#define VALUES_MOST 200
#define KINDS_MOST  16 /* of devices, whose metrics are looked at */

/* --- values --- */

/* In quotes where it must be, or where they have been opened. */
static void offer_value(struct complete *x, const char *value)
{
	char quoted[160];
	size_t plain = 0;

	while (plain_byte(value[plain]))
		plain++;
	snprintf(quoted, sizeof(quoted), "'%s'", value);
	if (!*value || strchr(value, '\'') || strlen(quoted) + 1 == sizeof(quoted))
		return;
	offer(x, value[plain] || *x->last == '\'' ? quoted : value, "");
}

static void offer_row(struct complete *x, struct slice row, const char *field)
{
	char *value = jtext_member(row, field);

	offer_value(x, value);
	free(value);
}

static void offer_words(struct complete *x, struct slice words)
{
	struct jtext_walk w;
	struct slice word;
	char *text;

	if (jtext_open(&w, words) < 0)
		return;
	while (jtext_next(&w, NULL, &word) == 1) {
		text = value_text(word);
		offer_value(x, text);
		free(text);
	}
}

static void offer_values(struct complete *x, const struct columns *cols, const char *field)
{
	const struct column *col = columns_find(cols, slice_of(field));
	struct ask a = { .kind = cols->kind, .by = field, .fields = field, .sort = field,
		.limit = VALUES_MOST };

	if (col && *col->words)
		offer_words(x, slice_of(col->words));
	else if (col && col->by)
		each_row(x, &a, offer_row);
}

/* --- fields --- */

static void offer_metrics(struct complete *x, struct slice row, const char *fields)
{
	struct jtext_walk w;
	struct slice metrics, key, value;
	char *name;

	if (!jtext_get(row, "metrics", &metrics) || jtext_open(&w, metrics) < 0)
		return;
	while (jtext_next(&w, &key, &value) == 1) {
		name = value_text(key);
		offer(x, name, "");
		free(name);
	}
}

/* Of the healthiest of a kind: one that is down tells none. */
static void offer_metrics_of(struct complete *x, struct slice row, const char *field)
{
	char *kind = jtext_member(row, field), filter[200];
	struct ask a = { .kind = "devices", .filter = filter, .fields = "metrics",
		.sort = "health:desc", .limit = 1 };

	snprintf(filter, sizeof(filter), "kind='%s'", kind);
	if (!strchr(kind, '\''))
		each_row(x, &a, offer_metrics);
	free(kind);
}

static void offer_names_of(struct complete *x, const struct columns *cols)
{
	struct ask kinds = { .kind = "devices", .by = "kind", .fields = "kind", .sort = "kind",
		.limit = KINDS_MOST };

	for (size_t i = 0; i < cols->n; i++)
		offer(x, cols->v[i].name, cols->v[i].help);
	if (*x->last && strcmp(cols->kind, "devices") == 0)
		each_row(x, &kinds, offer_metrics_of);
}

/* --- where in it --- */

static bool name_byte(char c)
{
	return !strchr(" (!=<>~,", c);
}

/* The field before the operator before `at`; "": there is none. */
static void field_before(const struct complete *x, const char *at, char *name, size_t size)
{
	const char *end;

	while (at > x->last && at[-1] == ' ')
		at--;
	end = at;
	if (at > x->last && strchr("=<>~", at[-1]))
		while (at > x->last && strchr("=<>~! ", at[-1]))
			at--;
	*name = '\0';
	if (at == end)
		return;
	for (end = at; at > x->last && name_byte(at[-1]); at--)
		;
	snprintf(name, size, "%.*s", (int)(end - at), at);
}

void offer_filter(struct complete *x)
{
	const char *piece = x->last + strlen(x->last);
	struct columns cols;
	char field[160];

	while (piece > x->last && name_byte(piece[-1]))
		piece--;
	field_before(x, piece, field, sizeof(field));
	keep_before(x, piece);
	if (!reach_columns(x, &cols))
		return;
	out_adds(&x->c->out, ":nospace\t\n");
	if (*field)
		offer_values(x, &cols, field);
	else
		offer_names_of(x, &cols);
	columns_fini(&cols);
}
