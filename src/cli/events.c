/*
 * events: the newest, those since a moment, or followed as they are recorded.  Oldest first, as
 * in any log.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/jtext.h"
#include "base/num.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/events.h"
#include "cli/form.h"
#include "client/client.h"
#include "client/follow.h"
#include "loop/loop.h"

#define NEWEST	      100 /* without --since and --limit */
#define NEWEST_FOLLOW 10
#define PAGE	      1000

#define AT(member) offsetof(struct events_opts, member)
static const struct opt events_options[] = {
	{ "follow", 'f', OPT_FLAG, COMPLETE_NONE, NULL, "stay, and show events as they are recorded",
		NULL, AT(follow) },
	{ "since", 0, OPT_STR, COMPLETE_NONE, "WHEN",
		"from then on: 15m (ago), 14:30, today, RFC 3339, Unix seconds", NULL, AT(since) },
	{ "limit", 'n', OPT_COUNT, COMPLETE_NONE, "N", "the newest N (default 100; with -f 10)", NULL,
		AT(limit) },
	{ "filter", 0, OPT_STR, COMPLETE_FILTER, "EXPR", "only events for which this holds", NULL,
		AT(filter) },
	{ "fields", 0, OPT_STR, COMPLETE_FIELDS, "a,b,...", "these columns", NULL, AT(fields) },
	{ "at", 0, OPT_STR, COMPLETE_NONE, "MOMENT", "as it was then: 15m ago, 14:05 ...", NULL,
		AT(at) },
	{ "output", 'o', OPT_CHOICE, COMPLETE_NONE, "FORM",
		"table, wide, json, jsonl, csv, yaml or name", form_names, AT(output) },
	{ "no-headers", 0, OPT_FLAG, COMPLETE_NONE, NULL, "no header line in tables and csv", NULL,
		AT(no_headers) },
	{ 0 },
};
#undef AT

struct events {
	struct cli *c;
	const struct events_opts *o;
	struct client *client;
	char *fields; /* asked of the collector: `n` is needed for going on */
	struct columns columns;
	struct form form;
	int64_t since_ms;
	uint64_t last; /* number of the newest event shown */
	struct buf answer;
	bool refused;
	struct err e;
};

/* The collector sends a missing `n` only when it is asked for, and we go on from it. */
static char *fields_with_n(const char *fields)
{
	size_t len = fields ? strlen(fields) : 0;
	bool has = len && (strcmp(fields, "n") == 0 || strncmp(fields, "n,", 2) == 0
		|| strstr(fields, ",n,") || (len > 2 && strcmp(fields + len - 2, ",n") == 0));

	return !fields ? NULL : has ? xstrdup(fields) : xasprintf("%s,n", fields);
}

static void note_last(struct events *v, struct slice row)
{
	struct slice s;
	uint64_t n;

	if (jtext_get(row, "n", &s) && num_u64(s, &n) == 0 && n > v->last)
		v->last = n;
}

static int query(struct events *v, const char *sort, const char *more, uint64_t limit,
	struct slice *rows, struct err *e)
{
	struct ask a = { .kind = "events",
		.filter = v->o->filter,
		.sort = sort,
		.fields = v->fields,
		.limit = limit,
		.since_ms = v->since_ms,
		.more = more };
	struct buf b;
	int rc;

	buf_init(&b, 1 << 20);
	ask_text(&a, &b);
	buf_reset(&v->answer);
	rc = client_ask(v->client, "query", buf_slice(&b), &v->answer, e);
	buf_fini(&b);
	if (rc < 0) {
		if (!more)
			ask_point(v->o->filter, e);
		return -1;
	}
	if (!jtext_get(buf_slice(&v->answer), "rows", rows))
		return err_set(e, ERR_UNREACH, "the collector's answer makes no sense");
	return 0;
}

static size_t list_rows(struct slice rows, struct slice **list)
{
	struct jtext_walk w;
	struct slice row;
	size_t n = 0;

	*list = NULL;
	if (jtext_open(&w, rows) < 0)
		return 0;
	while (jtext_next(&w, NULL, &row) == 1) {
		if ((n & (n - 1)) == 0)
			*list = xreallocarray(*list, n ? 2 * n : 1, sizeof(**list));
		(*list)[n++] = row;
	}
	return n;
}

static void show_row(struct events *v, struct slice row)
{
	note_last(v, row);
	form_row(&v->form, row);
}

/* Pages backwards through the newest `left`, then shows them forwards: what the collector gives
 * newest first is held here as text. */
static int show_newest(struct events *v, uint64_t left, struct err *e)
{
	struct buf *pages = NULL;
	size_t n_pages = 0;
	char *more = NULL;
	uint64_t n = PAGE;
	int rc = 0;

	while (rc == 0 && left && n == PAGE) {
		struct slice rows, *list, num;
		uint64_t oldest = 0;

		rc = query(v, "n:desc", more, left < PAGE ? left : PAGE, &rows, e);
		if (rc < 0)
			break;
		n = list_rows(rows, &list);
		if (n && jtext_get(list[n - 1], "n", &num))
			num_u64(num, &oldest);
		free(list);
		free(more);
		more = xasprintf("n<%llu", (unsigned long long)oldest);
		left -= n < left ? n : left;
		pages = xreallocarray(pages, n_pages + 1, sizeof(*pages));
		buf_init(&pages[n_pages], rows.n + 1);
		buf_addslice(&pages[n_pages++], rows);
	}
	while (n_pages) {
		struct slice *list;
		size_t rows_n = list_rows(buf_slice(&pages[--n_pages]), &list);

		while (rc == 0 && rows_n)
			show_row(v, list[--rows_n]);
		free(list);
		buf_fini(&pages[n_pages]);
	}
	free(pages);
	free(more);
	return rc;
}

/* All since a moment: page after page by number, so that none is lost or told twice. */
static int show_since(struct events *v, struct err *e)
{
	struct slice rows, row;
	struct jtext_walk w;
	uint64_t n;

	do {
		char more[40];

		snprintf(more, sizeof(more), "n>%llu", (unsigned long long)v->last);
		if (query(v, "n", more, PAGE, &rows, e) < 0)
			return -1;
		jtext_open(&w, rows);
		for (n = 0; jtext_next(&w, NULL, &row) == 1; n++)
			show_row(v, row);
		form_page(&v->form);
	} while (n == PAGE && !out_gone(&v->c->out));
	return 0;
}

static void follow_rows(void *arg, struct slice rows, uint64_t missed)
{
	struct events *v = arg;

	if (missed)
		cli_say("%llu events are lost: the journal no longer reaches back to them",
			(unsigned long long)missed);
	form_rows(&v->form, rows);
	form_page(&v->form);
	out_flush(&v->c->out);
}

static void follow_refused(void *arg, const struct err *e)
{
	struct events *v = arg;

	v->e = *e;
	v->refused = true;
}

static int follow(struct events *v, struct err *e)
{
	struct client_follow_spec s = { .filter = v->o->filter,
		.fields = v->fields,
		.after = v->last,
		.since_ms = v->since_ms,
		.rows = follow_rows,
		.refused = follow_refused,
		.arg = v };
	struct client_follow *f;

	form_page(&v->form);
	out_flush(&v->c->out);
	f = client_follow_new(v->client, &s);
	while (client_up(v->client) && !v->refused && !out_gone(&v->c->out))
		loop_turn(client_loop(v->client), 1000);
	client_follow_free(f);
	if (out_gone(&v->c->out))
		return 0;
	if (!v->refused)
		client_wait(v->client, &v->e);
	*e = v->e;
	return v->e.class == ERR_NONE ? 0 : -1;
}

static int read_columns(struct events *v, const struct form_class *class, struct err *e)
{
	struct buf schema;
	int rc;

	buf_init(&schema, 4u << 20);
	rc = client_ask(v->client, "schema", slice_of(""), &schema, e);
	if (rc == 0)
		rc = columns_read(&v->columns, buf_slice(&schema), "events", e);
	if (rc == 0)
		columns_pick(&v->columns,
			v->o->fields || class->columns ? v->o->fields
						       : EVENTS_FIELDS,
			class->columns);
	buf_fini(&schema);
	return rc;
}

static int show(struct events *v, struct err *e)
{
	const struct form_class *class = form_class_of(v->o->output ? v->o->output : "table");
	uint64_t limit = v->o->limit	? (uint64_t)v->o->limit
			 : v->o->follow ? NEWEST_FOLLOW
					: NEWEST;
	int rc;

	if (class->needs_columns && read_columns(v, class, e) < 0)
		return -1;
	form_begin(&v->form, class, &v->c->out, &v->columns, !v->o->no_headers);
	if ((v->o->since || v->o->all) && !v->o->limit)
		rc = show_since(v, e);
	else
		rc = show_newest(v, limit, e);
	if (rc == 0 && v->o->follow)
		rc = follow(v, e);
	if (rc < 0)
		form_drop(&v->form);
	else
		form_end(&v->form);
	return rc;
}

/* A --since that counts back does so from the moment of --at. */
static int read_moments(struct events *v, struct err *e)
{
	int64_t now = clock_wall_ms();

	if (v->o->at && v->o->follow)
		return err_set(e, ERR_USAGE, "--at and --follow do not go together");
	if (v->o->at && num_moment_ms(v->o->at, now, &now, e) < 0)
		return err_prefix(e, "--at");
	if (v->o->since && num_moment_ms(v->o->since, now, &v->since_ms, e) < 0)
		return err_prefix(e, "--since");
	return 0;
}

int events_show(struct cli *c, const struct events_opts *o, struct err *e)
{
	struct events v = { .c = c, .o = o };
	int rc;

	if (v.o->follow && v.o->output && strcmp(v.o->output, "json") == 0)
		return err_set(e, ERR_USAGE,
			"a list that never ends is no json: use -o jsonl with --follow");
	if (read_moments(&v, e) < 0)
		return -1;
	v.client = cli_connect(c, e);
	if (!v.client)
		return -1;
	buf_init(&v.answer, 64u << 20);
	v.fields = fields_with_n(v.o->fields);
	rc = show(&v, e);
	columns_fini(&v.columns);
	buf_fini(&v.answer);
	free(v.fields);
	client_free(v.client);
	return rc;
}

static int events_run(struct cli *c, struct err *e)
{
	c->at = ((struct events_opts *)c->opts)->at;
	return events_show(c, c->opts, e);
}

static const char *const events_examples[] = {
	"depinctl events -f --filter 'severity>=warn'", "follow what matters",
	"depinctl events --since 1h -o jsonl", "the last hour, for a program",
	NULL,
};

const struct verb verb_events = { .name = "events", .args = "",
	.help = "what happened, oldest first; -f follows", .examples = events_examples,
	.opts = events_options, .opts_size = sizeof(struct events_opts), .run = events_run };
