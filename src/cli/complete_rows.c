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

char *value_text(struct slice value)
{
	struct buf b;
	char *s;

	buf_init(&b, 4096);
	jtext_plain(value, &b);
	s = buf_steal(&b);
	buf_fini(&b);
	return s;
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
		: strcmp(x->verb->name, "ack") == 0 || strcmp(x->verb->name, "silence") == 0 ? "alerts"
		: strcmp(x->verb->name, "top") == 0 || !x->words_n ? "devices" : x->words[0];
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

bool reach_columns(struct complete *x, struct columns *cols)
{
	struct err ignored;

	return reach(x) && columns_read(cols, buf_slice(&x->schema), kind_of(x), &ignored) == 0;
}

void offer_fields(struct complete *x, bool sort)
{
	struct columns cols;

	if (!reach_columns(x, &cols))
		return;
	keep_list(x);
	out_adds(&x->c->out, ":nospace\t\n");
	for (size_t i = 0; i < cols.n; i++)
		offer_field(x, &cols.v[i], sort);
	columns_fini(&cols);
}

bool plain_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
		|| (c && strchr("_-:/", c)) || (unsigned char)c >= 0x80;
}

/* id~'^...' with all that means something in a pattern or ends the quotes left out. */
static void names_filter(const char *typed, struct buf *b)
{
	buf_adds(b, "id~'^");
	for (; *typed; typed++) {
		buf_addc(b, plain_byte(*typed) ? *typed : '.');
	}
	buf_addc(b, '\'');
}

void each_row(struct complete *x, const struct ask *a, row_fn *fn)
{
	struct buf params, answer;
	struct slice rows, row;
	struct jtext_walk w;
	struct err ignored;

	buf_init(&params, 65536);
	buf_init(&answer, 4u << 20);
	ask_text(a, &params);
	if (client_ask(x->client, "query", buf_slice(&params), &answer, &ignored) == 0
		&& jtext_get(buf_slice(&answer), "rows", &rows) && jtext_open(&w, rows) == 0)
		while (jtext_next(&w, NULL, &row) == 1)
			fn(x, row, a->fields);
	buf_fini(&params);
	buf_fini(&answer);
}

static void offer_name(struct complete *x, struct slice row, const char *key)
{
	char *name = jtext_member(row, key);

	offer(x, name, "");
	free(name);
}

void offer_names(struct complete *x)
{
	struct columns cols;
	struct ask a = { .kind = kind_of(x), .limit = NAMES_MOST };
	struct buf filter;

	if (!reach_columns(x, &cols))
		return;
	buf_init(&filter, 4096);
	a.fields = a.sort = columns_find(&cols, slice_of("id")) ? "id" : "name";
	if (*a.fields == 'i')
		names_filter(x->last, &filter);
	a.filter = filter.p;
	each_row(x, &a, offer_name);
	columns_fini(&cols);
	buf_fini(&filter);
}
