/* top: the worst devices, live on a terminal. */
#include "cli/console.h"
#include "cli/live.h"
#include "cli/status.h"
#include "loop/loop.h"

#define ONCE_ROWS 20
#define HEAD_LINES 6

struct top_opts {
	const char *filter, *sort, *fields;
	int64_t limit;
	bool once;
};

#define AT(member) offsetof(struct top_opts, member)
static const struct opt top_options[] = {
	{ "filter", 'f', OPT_STR, COMPLETE_FILTER, "EXPR", "only devices for which this holds", NULL,
		AT(filter) },
	{ "sort", 's', OPT_STR, COMPLETE_SORT, "FIELD[:desc],...", "another order than worst first",
		NULL, AT(sort) },
	{ "fields", 0, OPT_STR, COMPLETE_FIELDS, "a,b,...", "these columns", NULL, AT(fields) },
	{ "limit", 'n', OPT_COUNT, COMPLETE_NONE, "N", "so many (default: what fits, or 20)", NULL,
		AT(limit) },
	{ "once", '1', OPT_FLAG, COMPLETE_NONE, NULL, "show once and end, also on a terminal", NULL,
		AT(once) },
	{ 0 },
};
#undef AT

struct top {
	struct buf status;
	bool asked;
};

static void status_answer(void *arg, struct slice result, const struct err *e)
{
	struct top *t = arg;

	t->asked = false;
	if (e)
		return;
	buf_reset(&t->status);
	buf_addslice(&t->status, result);
}

/* The layers as of the last picture; the next answer is asked for meanwhile. */
static void head(struct live *l)
{
	struct top *t = l->arg;

	if (t->status.len)
		status_lines(&l->cli->out, buf_slice(&t->status));
	out_adds(&l->cli->out, "\n");
	if (!t->asked && !l->once) {
		t->asked = true;
		client_call(l->client, "status", slice_of(""), status_answer, t);
	}
}

static int show(struct cli *c, const struct top_opts *o, struct err *e)
{
	struct top t = { 0 };
	struct live l = { .cli = c, .form = &form_table, .fields = o->fields, .headers = true,
		.once = o->once || !c->out.tty, .head = head, .head_lines = HEAD_LINES, .arg = &t };
	struct client_query q = { .kind = "devices", .filter = o->filter, .sort = o->sort,
		.fields = o->fields, .limit = (uint64_t)o->limit };
	int rc;

	l.client = cli_connect(c, e);
	if (!l.client)
		return -1;
	if (l.once && !q.limit)
		q.limit = ONCE_ROWS;
	buf_init(&t.status, 4u << 20);
	rc = client_ask(l.client, "status", slice_of(""), &t.status, e);
	if (rc == 0)
		rc = live_run(&l, &q, e);
	client_free(l.client);
	buf_fini(&t.status);
	return rc;
}

static int top_run(struct cli *c, struct err *e)
{
	return show(c, c->opts, e);
}

int console_plain(struct cli *c, struct err *e)
{
	return show(c, &(struct top_opts){ .once = true }, e);
}

const struct verb verb_top = { .name = "top", .args = "", .help = "the worst devices, live or once",
	.about = "On a terminal the picture is drawn again at each change, until Ctrl-C; elsewhere it is "
		 "written once.",
	.opts = top_options, .opts_size = sizeof(struct top_opts), .run = top_run };
