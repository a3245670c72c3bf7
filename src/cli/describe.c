/* describe: one row in full, and what belongs to it. */
#include <stdlib.h>
#include <string.h>

#include "base/jtext.h"
#include "base/json.h"
#include "base/utf8.h"
#include "cli/cell.h"
#include "cli/cli.h"
#include "cli/form.h"
#include "client/client.h"

struct describe_opts {
	const char *output, *at;
};

static const char *const describe_forms[] = { "table", "json", "yaml", NULL };
static const struct opt describe_options[] = {
	{ "output", 'o', OPT_CHOICE, COMPLETE_NONE, "FORM", "table, json or yaml", describe_forms,
		offsetof(struct describe_opts, output) },
	{ "at", 0, OPT_STR, COMPLETE_NONE, "MOMENT", "as it was then: 15m ago, 14:05 ...", NULL,
		offsetof(struct describe_opts, at) },
	{ 0 },
};

struct describe {
	struct cli *c;
	struct client *client;
	struct buf answer, schema;
	struct err e;
};

static void take(struct describe *d, struct buf *into, struct slice result, const struct err *e)
{
	if (!e)
		buf_addslice(into, result);
	else if (d->e.class == ERR_NONE)
		d->e = *e;
}

static void describe_answer(void *arg, struct slice result, const struct err *e)
{
	struct describe *d = arg;

	take(d, &d->answer, result, e);
}

static void schema_answer(void *arg, struct slice result, const struct err *e)
{
	struct describe *d = arg;

	take(d, &d->schema, result, e);
}

/* The row's members first, then what came beside the row: one object. */
static void join(struct slice answer, struct buf *out)
{
	struct jtext_walk w;
	struct slice row, key, value;
	bool first;

	if (!jtext_get(answer, "row", &row) || *row.p != '{')
		return;
	buf_add(out, row.p, row.n - 1);
	first = row.n <= 2;
	jtext_open(&w, answer);
	while (jtext_next(&w, &key, &value) == 1) {
		if (slice_is(key, "row"))
			continue;
		buf_addf(out, "%s\"%.*s\":", first ? "" : ",", SLICE_ARG(key));
		buf_addslice(out, value);
		first = false;
	}
	buf_addc(out, '}');
}

static int longest_name(const struct columns *cols)
{
	int most = 0;

	for (size_t i = 0; i < cols->n; i++)
		if ((int)strlen(cols->v[i].name) > most)
			most = (int)strlen(cols->v[i].name);
	return most;
}

static void put_pair(struct out *o, const struct column *col, struct slice v, int width)
{
	const struct mark *m;
	struct buf b;

	buf_init(&b, 1 << 20);
	cell_text(v, col->type, &b);
	m = col->type == CELL_ENUM && o->tty ? mark_of(buf_slice(&b)) : NULL;
	out_addf(o, "%-*s  ", width + 1, col->name);
	if (m && o->colour)
		out_addf(o, "\033[%sm", m->sgr);
	if (m)
		out_addf(o, "%s ", o->utf8 ? m->glyph : m->ascii);
	out_foreign(o, buf_slice(&b));
	if (m && o->colour)
		out_adds(o, "\033[0m");
	if (*col->unit && col->type == CELL_NUM && v.n && !jtext_is_null(v))
		out_addf(o, " %s", col->unit);
	out_adds(o, "\n");
	buf_fini(&b);
}

static void put_row(
	struct describe *d, struct slice row, const struct columns *cols, bool has_series)
{
	int width = longest_name(cols);

	for (size_t i = 0; i < cols->n; i++) {
		struct slice v = { 0 };

		if (has_series && strcmp(cols->v[i].name, "metrics") == 0)
			continue; /* in full below */
		jtext_get(row, cols->v[i].name, &v);
		put_pair(&d->c->out, &cols->v[i], v, width);
	}
}

/* Rows of another kind, as a table under a title. */
static void put_part(struct describe *d, const char *member, const char *kind, const char *fields)
{
	struct columns cols;
	struct slice rows;
	struct form f;
	struct err ignored;

	if (!jtext_get(buf_slice(&d->answer), member, &rows) || slice_is(rows, "[]")
	    || columns_read(&cols, buf_slice(&d->schema), kind, &ignored) < 0)
		return;
	columns_pick(&cols, fields, 0);
	out_addf(&d->c->out, "\n%s\n", member);
	form_begin(&f, &form_table, &d->c->out, &cols, true);
	form_rows(&f, rows);
	form_end(&f);
	columns_fini(&cols);
}

static int put_text(struct describe *d, const char *kind, struct err *e)
{
	struct columns cols;
	struct slice row, x;

	if (!jtext_get(buf_slice(&d->answer), "row", &row))
		return err_set(e, ERR_UNREACH, "the collector's answer makes no sense");
	if (columns_read(&cols, buf_slice(&d->schema), kind, e) < 0)
		return -1;
	put_row(d, row, &cols, jtext_get(buf_slice(&d->answer), "series", &x));
	columns_fini(&cols);
	put_part(d, "series", "metrics", "name,labels,value,unit,at");
	put_part(d, "alerts", "alerts", "id,severity,state,summary,since,by,note");
	put_part(d, "events", "events", "time,severity,type,message");
	return 0;
}

static int put(struct describe *d, struct err *e)
{
	const struct describe_opts *o = d->c->opts;
	struct buf whole;

	if (!o->output || *o->output == 't')
		return put_text(d, d->c->words[0], e);
	buf_init(&whole, 64u << 20);
	join(buf_slice(&d->answer), &whole);
	if (whole.len && *o->output == 'y') {
		yaml_object(&d->c->out, buf_slice(&whole));
	} else {
		out_foreign(&d->c->out, buf_slice(&whole));
		out_adds(&d->c->out, "\n");
	}
	buf_fini(&whole);
	return 0;
}

/* What is wrong with the kind is said better by its name. */
static void check_kind(struct describe *d)
{
	struct columns cols;

	if (columns_read(&cols, buf_slice(&d->schema), d->c->words[0], &d->e) == 0)
		columns_fini(&cols);
}

static void ask(struct describe *d)
{
	struct buf b;
	struct jw w;

	buf_init(&b, 64u << 10);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "kind"), jw_str(&w, slice_of(d->c->words[0]));
	jw_key(&w, "name"), jw_str(&w, slice_of(d->c->words[1]));
	jw_end(&w);
	client_call(d->client, "schema", slice_of(""), schema_answer, d);
	client_call(d->client, "describe", buf_slice(&b), describe_answer, d);
	buf_fini(&b);
	client_wait(d->client, &d->e);
	if (d->e.class != ERR_NONE && d->schema.len)
		check_kind(d);
}

static int describe_run(struct cli *c, struct err *e)
{
	struct describe d = { .c = c };
	int rc;

	c->at = ((struct describe_opts *)c->opts)->at;
	d.client = cli_connect(c, e);
	if (!d.client)
		return -1;
	buf_init(&d.answer, 64u << 20);
	buf_init(&d.schema, 4u << 20);
	ask(&d);
	if (d.e.class == ERR_NONE)
		rc = put(&d, e);
	else
		rc = (*e = d.e, -1);
	buf_fini(&d.answer);
	buf_fini(&d.schema);
	client_free(d.client);
	return rc;
}

const struct verb verb_describe = { .name = "describe", .args = "KIND NAME", .min = 2, .max = 2,
	.help = "one row in full; of a device also its metrics, alerts and newest events",
	.opts = describe_options, .opts_size = sizeof(struct describe_opts),
	.complete = WORDS_KIND_NAMES, .run = describe_run };
