#include "cli/complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/jtext.h"
#include "cli/ask.h"
#include "cli/columns.h"
#include "client/client.h"

#define NAMES_MOST 200
#define WAIT_MS	   1000

static bool reach(struct complete *x)
{
	struct err ignored;

	if (x->tried)
		return x->schema.len > 0;
	x->tried = true;
	x->c->running_only = true;
	x->c->global.timeout_ms = WAIT_MS;
	x->client = cli_connect(x->c, &ignored);
	return x->client != NULL
		&& client_ask(x->client, "schema", slice_of(""), &x->schema, &ignored) == 0;
}

static void offer_kind(void *arg, struct slice kind)
{
	char *name = jtext_member(kind, "name"), *help = jtext_member(kind, "help");

	offer(arg, name, help);
	free(name);
	free(help);
}

void offer_kinds(struct complete *x)
{
	if (reach(x))
		columns_kinds(buf_slice(&x->schema), offer_kind, x);
}

static const char *kind_of(const struct complete *x)
{
	return strcmp(x->verb->name, "events") == 0 ? "events"
		: strcmp(x->verb->name, "top") == 0 || !x->words_n ? "devices" : x->words[0];
}

/* What comes before a comparison stays; nothing is known of what comes behind its operator. */
static bool keep_filter(struct complete *x)
{
	const char *blank = x->last + strlen(x->last);

	while (blank > x->last && !strchr(" (!=<>~", blank[-1]))
		blank--;
	if (blank > x->last && strchr("=<>~", blank[-1]))
		return false;
	keep_before(x, blank);
	return true;
}

static void offer_field(struct complete *x, const struct column *col, bool sort)
{
	const char *colon = sort ? strchr(x->last, ':') : NULL;
	char down[160];

	if (!colon) {
		offer(x, col->name, col->help);
		return;
	}
	snprintf(down, sizeof(down), "%s:desc", col->name);
	offer(x, down, "");
}

void offer_fields(struct complete *x, enum opt_complete how)
{
	struct columns cols;
	struct err ignored;

	if (!reach(x) || columns_read(&cols, buf_slice(&x->schema), kind_of(x), &ignored) < 0)
		return;
	if (how != COMPLETE_FILTER)
		keep_list(x);
	out_adds(&x->c->out, ":nospace\t\n");
	for (size_t i = 0; i < cols.n; i++)
		offer_field(x, &cols.v[i], how == COMPLETE_SORT);
	columns_fini(&cols);
}

void offer_filter(struct complete *x)
{
	if (keep_filter(x))
		offer_fields(x, COMPLETE_FILTER);
}

/* id~'^...' with all that means something in a pattern or ends the quotes left out. */
static void names_filter(const char *typed, struct buf *b)
{
	buf_adds(b, "id~'^");
	for (; *typed; typed++) {
		bool plain = (*typed >= '0' && *typed <= '9') || (*typed >= 'a' && *typed <= 'z')
			|| (*typed >= 'A' && *typed <= 'Z') || strchr("_-:/", *typed)
			|| (unsigned char)*typed >= 0x80;

		buf_addc(b, plain ? *typed : '.');
	}
	buf_addc(b, '\'');
}

static bool has_column(struct complete *x, const char *name)
{
	struct columns cols;
	struct err ignored;
	bool has;

	if (columns_read(&cols, buf_slice(&x->schema), x->words[0], &ignored) < 0)
		return false;
	has = columns_find(&cols, slice_of(name)) != NULL;
	columns_fini(&cols);
	return has;
}

static void offer_rows(struct complete *x, struct slice answer, const char *key)
{
	struct jtext_walk w;
	struct slice rows, row;

	if (!jtext_get(answer, "rows", &rows) || jtext_open(&w, rows) < 0)
		return;
	while (jtext_next(&w, NULL, &row) == 1) {
		char *name = jtext_member(row, key);

		offer(x, name, "");
		free(name);
	}
}

void offer_names(struct complete *x)
{
	const char *key = reach(x) && has_column(x, "id") ? "id" : "name";
	struct ask a = { .kind = x->words[0], .fields = key, .sort = key, .limit = NAMES_MOST };
	struct buf filter, params, answer;
	struct err ignored;

	if (!x->client)
		return;
	buf_init(&filter, 4096);
	buf_init(&params, 65536);
	buf_init(&answer, 4u << 20);
	if (*key == 'i')
		names_filter(x->last, &filter);
	a.filter = filter.p;
	ask_text(&a, &params);
	if (client_ask(x->client, "query", buf_slice(&params), &answer, &ignored) == 0)
		offer_rows(x, buf_slice(&answer), key);
	buf_fini(&filter);
	buf_fini(&params);
	buf_fini(&answer);
}
