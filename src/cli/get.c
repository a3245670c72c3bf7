/*
 * get: rows of a kind, in pages, in any form.  What is needed for the first page (greeting,
 * columns, rows) is asked for in one go; the next page is asked for before the last is shown.
 * The collector holds the order of a long list, so that each row comes once.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jtext.h"
#include "base/num.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/events.h"
#include "cli/form.h"
#include "cli/jq.h"
#include "cli/live.h"
#include "cli/unmet.h"
#include "client/client.h"

#define PAGE_FIRST 1000
#define PAGE_MOST  10000	  /* what the collector allows */
#define PAGE_BYTES (512u << 10) /* about so much text a page: memory stays small */

struct get_opts {
	const char *output, *filter, *sort, *fields, *by, *at, *jq;
	int64_t limit;
	bool watch, no_headers;
};

#define AT(member) offsetof(struct get_opts, member)
static const struct opt get_options[] = {
	{ "output", 'o', OPT_CHOICE, COMPLETE_NONE, "FORM",
		"table, wide, json, jsonl, csv, yaml or name", form_names, AT(output) },
	{ "filter", 'f', OPT_STR, COMPLETE_FILTER, "EXPR", "only rows for which this holds", NULL,
		AT(filter) },
	{ "sort", 's', OPT_STR, COMPLETE_SORT, "FIELD[:desc],...", "the order of rows", NULL,
		AT(sort) },
	{ "limit", 'n', OPT_COUNT, COMPLETE_NONE, "N", "at most this many rows (default: all)", NULL,
		AT(limit) },
	{ "fields", 0, OPT_STR, COMPLETE_FIELDS, "a,b,...",
		"these columns; for devices also metrics by name", NULL, AT(fields) },
	{ "by", 'b', OPT_STR, COMPLETE_FIELDS, "FIELD,...",
		"devices: one row for all that agree in these, at most 3, like network,site", NULL,
		AT(by) },
	{ "at", 0, OPT_STR, COMPLETE_NONE, "MOMENT",
		"as it was then: 15m ago, 14:05, 2026-11-22T14:05:00Z", NULL, AT(at) },
	{ "watch", 'w', OPT_FLAG, COMPLETE_NONE, NULL,
		"stay, and show again what changed: the rows that fit, elsewhere 1000", NULL, AT(watch) },
	{ "no-headers", 0, OPT_FLAG, COMPLETE_NONE, NULL, "no header line in tables and csv", NULL,
		AT(no_headers) },
	{ "jq", 0, OPT_STR, COMPLETE_NONE, "EXPR",
		"pass the json through the program jq; with -o jsonl row by row", NULL, AT(jq) },
	{ 0 },
};
#undef AT

struct get {
	struct cli *c;
	const struct get_opts *o;
	struct client *client;
	struct ask ask;
	uint64_t left;	/* rows still wanted */
	uint64_t asked; /* rows asked for in the page under way */
	uint64_t held;	/* the number to page by */
	uint64_t matched;
	struct slice *rows; /* of the page at hand */
	size_t n_rows, cap_rows;
	struct columns columns;
	struct unmet unmet;
	struct form form;
	bool begun;
	struct buf early; /* a page that came before the columns */
	bool *found;	  /* which of the names have been seen */
	struct err e;
};

static void get_fail(struct get *g, const struct err *e)
{
	if (g->e.class == ERR_NONE)
		g->e = *e;
}

static void page_answer(void *arg, struct slice result, const struct err *e);

static void ask_page(struct get *g)
{
	struct buf b;

	g->asked = g->ask.limit = g->left < g->ask.limit ? g->left : g->ask.limit;
	buf_init(&b, 1 << 20);
	if (g->held)
		ask_page_text(g->held, g->ask.offset, g->ask.limit, &b);
	else
		ask_text(&g->ask, &b);
	client_call(g->client, g->held ? "page" : "query", buf_slice(&b), page_answer, g);
	client_flush(g->client);
	buf_fini(&b);
}

static void note_found(struct get *g, struct slice row)
{
	static const char *const keys[] = { "id", "name", "n", "number", "hash", "address", "tx",
		"device", "key" }; /* what kinds are named by */
	struct buf b;
	struct slice v;

	buf_init(&b, row.n * 4 + 64);
	for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
		if (!jtext_get(row, keys[k], &v))
			continue;
		buf_reset(&b);
		jtext_plain(v, &b);
		for (int i = 0; i < g->ask.n_names; i++)
			g->found[i] |= strcmp(g->ask.names[i], b.p) == 0;
	}
	buf_fini(&b);
}

static void note_names(struct get *g)
{
	for (size_t i = 0; g->ask.n_names && i < g->n_rows; i++)
		note_found(g, g->rows[i]);
}

/* The rows of a page, each found once: it may be long. */
static int rows_read(struct get *g, struct jtext_walk *w)
{
	struct jtext_walk rows;
	struct slice row;
	int more;

	if (jtext_into(&rows, w) < 0 || rows.close != ']')
		return -1;
	g->n_rows = 0;
	while ((more = jtext_next(&rows, NULL, &row)) == 1) {
		if (g->n_rows == g->cap_rows) {
			g->cap_rows = g->cap_rows ? 2 * g->cap_rows : PAGE_FIRST;
			g->rows = xreallocarray(g->rows, g->cap_rows, sizeof(*g->rows));
		}
		g->rows[g->n_rows++] = row;
	}
	jtext_out(w, &rows);
	return more;
}

/* Takes what we need of a page; -1 when it makes no sense. */
static int page_read(struct get *g, struct slice result, uint64_t *matched)
{
	struct jtext_walk w;
	struct slice key, value;
	bool has_rows = false, has_matched = false;
	int more, rc = 0;

	if (jtext_open(&w, result) < 0)
		return -1;
	while (rc == 0 && (more = jtext_ahead(&w, &key)) == 1) {
		if (slice_is(key, "rows")) {
			rc = rows_read(g, &w);
			has_rows = rc == 0;
			continue;
		}
		rc = jtext_take(&w, &value);
		if (slice_is(key, "matched"))
			has_matched = num_u64(value, matched) == 0;
		else if (slice_is(key, "held"))
			num_u64(value, &g->held);
	}
	return rc == 0 && more == 0 && has_rows && has_matched ? 0 : -1;
}

/* The next page, before this one is shown: the collector works while we write. */
static void ask_more(struct get *g, uint64_t matched, size_t bytes)
{
	uint64_t left = matched > g->ask.offset ? matched - g->ask.offset : 0;
	uint64_t n = left < g->asked ? left : g->asked; /* rows of this page */
	uint64_t fit = bytes ? PAGE_BYTES * n / bytes : PAGE_MOST;

	g->ask.offset += n;
	g->left -= n < g->left ? n : g->left;
	if (!g->held || n < g->asked || !g->left || g->ask.offset >= matched ||
		out_gone(&g->c->out))
		return;
	g->ask.limit = fit < 100 ? 100 : fit > PAGE_MOST ? PAGE_MOST : fit;
	ask_page(g);
}

static void show_page(struct get *g, struct slice result)
{
	uint64_t matched;
	struct err e;

	if (page_read(g, result, &matched) < 0) {
		err_set(&e, ERR_UNREACH, "the collector's answer makes no sense");
		get_fail(g, &e);
		return;
	}
	if (!g->matched) /* the first page tells */
		unmet_rows(&g->unmet, g->rows, g->n_rows);
	g->matched = matched;
	ask_more(g, matched, result.n);
	note_names(g);
	for (size_t i = 0; i < g->n_rows && !out_gone(&g->c->out); i++)
		form_row(&g->form, g->rows[i]);
	form_page(&g->form);
}

static void begin(struct get *g)
{
	const struct form_class *class = form_class_of(g->o->output);

	form_begin(&g->form, class, &g->c->out, &g->columns, !g->o->no_headers);
	g->begun = true;
	if (g->early.len)
		show_page(g, buf_slice(&g->early));
}

static void page_answer(void *arg, struct slice result, const struct err *e)
{
	struct get *g = arg;

	if (e)
		get_fail(g, e);
	else if (g->begun)
		show_page(g, result);
	else
		buf_addslice(&g->early, result);
}

/* A table of events looks the same however it is asked for. */
static const char *fields_of(const struct get *g)
{
	bool events = strcmp(g->columns.kind, "events") == 0 && !g->o->by;

	return !g->o->fields && events && strcmp(g->o->output, "table") == 0 ? EVENTS_FIELDS
									     : g->o->fields;
}

static void schema_answer(void *arg, struct slice result, const struct err *e)
{
	struct get *g = arg;
	struct err why;

	if (e || columns_read(&g->columns, result, g->ask.kind, &why) < 0) {
		get_fail(g, e ? e : &why);
		return;
	}
	if (strcmp(g->columns.kind, "devices") == 0 && !g->o->by)
		unmet_init(&g->unmet, &g->columns, g->o->fields, g->o->sort);
	columns_group(&g->columns, result, g->o->by);
	columns_pick(&g->columns, fields_of(g), form_class_of(g->o->output)->columns);
	begin(g);
}

static bool needs_columns(const struct get_opts *o)
{
	return form_class_of(o->output)->needs_columns;
}

static int count_missing(const struct get *g)
{
	int missing = 0;

	for (int i = 0; i < g->ask.n_names; i++)
		missing += !g->found[i];
	return missing;
}

/* With --fields the rows need not hold their names: then their number must do. */
static int missing_names(struct get *g)
{
	int missing = count_missing(g);

	if (g->o->fields && g->matched >= (uint64_t)g->ask.n_names)
		return 0;
	if (g->matched && missing == g->ask.n_names && missing) {
		cli_say("not all of these names are there");
		return missing;
	}
	for (int i = 0; i < g->ask.n_names; i++)
		if (!g->found[i])
			cli_say("no %s '%s'",
				g->columns.singular ? g->columns.singular : g->ask.kind,
				g->ask.names[i]);
	return missing;
}

static int get_rows(struct get *g, struct err *e)
{
	buf_init(&g->early, 32u << 20);
	g->found = xcalloc((size_t)g->ask.n_names + 1, sizeof(*g->found));
	g->left = g->o->limit ? (uint64_t)g->o->limit : UINT64_MAX;
	g->ask.limit = g->o->by ? PAGE_MOST : PAGE_FIRST; /* of groups there are no more */
	g->ask.hold = g->left > g->ask.limit;
	if (needs_columns(g->o))
		client_call(g->client, "schema", slice_of(""), schema_answer, g);
	else
		begin(g);
	ask_page(g);
	client_wait(g->client, &g->e);
	if (g->begun && g->e.class == ERR_NONE)
		form_end(&g->form);
	else if (g->begun)
		form_drop(&g->form);
	if (g->e.class != ERR_NONE) {
		ask_point(g->o->filter, &g->e);
		*e = g->e;
		return -1;
	}
	unmet_say(&g->unmet, g->columns.singular);
	return missing_names(g) ? 1 : 0;
}

static int get_watch(struct get *g, struct err *e)
{
	struct live l = { .cli = g->c, .client = g->client, .form = form_class_of(g->o->output),
		.fields = g->o->fields, .headers = !g->o->no_headers };
	struct client_query q = { .kind = g->ask.kind, .filter = g->o->filter, .sort = g->o->sort,
		.fields = g->o->fields, .by = g->o->by, .limit = (uint64_t)g->o->limit };
	struct buf names;
	int rc;

	buf_init(&names, 1 << 20);
	for (int i = 0; i < g->ask.n_names; i++)
		buf_addf(&names, "%s%s", i ? "," : "", g->ask.names[i]);
	q.names = names.p;
	rc = live_run(&l, &q, e);
	buf_fini(&names);
	return rc;
}

/* Events come and go while we page: they are paged by number, not by offset. */
static bool is_event_list(const struct cli *c, const struct get_opts *o)
{
	static const char *const names[] = { "events", "event", "ev" };

	if (o->sort || o->watch || o->by || c->words_n > 1)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(names[i], c->words[0]) == 0)
			return true;
	return false;
}

static int get_events(struct cli *c, const struct get_opts *o, struct err *e)
{
	struct events_opts events = { .output = o->output, .filter = o->filter, .fields = o->fields,
		.limit = o->limit, .no_headers = o->no_headers, .all = true };

	return events_show(c, &events, e);
}

static int get_list(struct cli *c, const struct get_opts *o, struct err *e)
{
	struct get g = { .c = c, .o = o };
	int rc;

	g.ask = (struct ask){ .kind = c->words[0], .filter = o->filter, .sort = o->sort,
		.fields = o->fields, .by = o->by, .names = c->words + 1, .n_names = c->words_n - 1 };
	g.client = cli_connect(c, e);
	rc = !g.client ? -1 : o->watch ? get_watch(&g, e) : get_rows(&g, e);
	client_free(g.client);
	columns_fini(&g.columns);
	unmet_fini(&g.unmet);
	buf_fini(&g.early);
	free(g.found);
	free(g.rows);
	return rc;
}

static int get_run(struct cli *c, struct err *e)
{
	struct get_opts *o = c->opts;
	struct jq jq = { 0 };
	int rc;

	if (!o->output)
		o->output = o->jq ? "json" : "table";
	if (o->at && o->watch)
		return err_set(e, ERR_USAGE, "--at and --watch do not go together");
	c->at = o->at;
	if (o->jq && o->watch)
		return err_set(e, ERR_USAGE, "--jq and --watch do not go together");
	if (o->jq && strncmp(o->output, "json", 4) != 0)
		return err_set(e, ERR_USAGE, "--jq reads json or jsonl, not %s", o->output);
	if (o->jq && jq_begin(&jq, o->jq, &c->out, e) < 0)
		return -1;
	rc = is_event_list(c, o) ? get_events(c, o, e) : get_list(c, o, e);
	return o->jq ? jq_end(&jq, &c->out, rc, e) : rc;
}

static const char *const get_examples[] = {
	/* command line, what it does */
	"depinctl get devices --filter 'status!=up and network=filecoin'",
	"what is not well, worst first",
	"depinctl get devices -o wide --fields id,status,cpu --sort cpu:desc --limit 20",
	"a metric as a column",
	"depinctl get devices --by network,site --fields 'network,site,devices,down,avg(cpu),sum(power)'",
	"devices rolled up, worst first",
	"depinctl get alerts --filter 'severity>=warn and site=fra-2'",
	"what is wrong at a site",
	"depinctl get blocks --watch",
	"follow the ledger's head",
	"depinctl get events -o jsonl --filter 'severity>=warn' | jq .message",
	"into a pipe",
	"depinctl get devices --at 15m --filter 'status!=up'",
	"what was not well a quarter of an hour ago",
	NULL,
};

const struct verb verb_get = { .name = "get", .args = "KIND [NAME...]", .min = 1, .max = -1,
	.help = "show rows: devices, alerts, events, metrics, networks, ledgers, blocks ...",
	.about = "KIND is one of the collector's kinds, by name, singular or alias. A filter compares "
		 "fields with = != < <= > >= ~ !~ ~~ !~~ and in (...), joined by and, or, not; values may "
		 "have units (80%, 2GiB, 5m), ~ is a regular expression, bare words search every text "
		 "column; ~~, and ? before a bare word, want its letters in their order (?gf17). "
		 "For devices a name that is no field is a metric.",
	.examples = get_examples, .opts = get_options, .opts_size = sizeof(struct get_opts),
	.complete = WORDS_KIND_NAMES, .run = get_run };
