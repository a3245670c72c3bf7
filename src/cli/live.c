#include "cli/live.h"

#include <sys/ioctl.h>

#include "cli/ask.h"
#include "loop/loop.h"

#define ROWS_MOST 1000 /* of a collector's subscription */

static uint64_t rows_that_fit(const struct live *l)
{
	struct winsize ws;

	if (!l->cli->out.tty || ioctl(l->cli->out.fd, TIOCGWINSZ, &ws) < 0)
		return ROWS_MOST;
	l->cli->out.width = ws.ws_col;
	return ws.ws_row > l->head_lines + 5 ? (uint64_t)(ws.ws_row - l->head_lines - 3) : 2;
}

/* What does not fit is named: below the picture, or once on stderr. */
static void tell_rest(struct live *l, const struct client_view *v)
{
	uint64_t n = client_view_n(v), matched = client_view_matched(v);
	struct out *o = &l->cli->out;

	if (matched <= n || l->wanted)
		return;
	if (o->tty && l->form->needs_columns)
		out_addf(o, "%sthe first %llu of %llu%s\n", o->colour ? "\033[2m" : "",
			(unsigned long long)n, (unsigned long long)matched,
			o->colour ? "\033[0m" : "");
	else if (!l->shown)
		cli_say("--watch shows the first %llu of %llu rows; --filter narrows them, and "
			"without --watch all are shown", (unsigned long long)n,
			(unsigned long long)matched);
}

/* One picture, written at once: a terminal that knows DEC 2026 shows it at once, too. */
static void show(struct live *l, struct client_view *v)
{
	struct out *o = &l->cli->out;
	bool redraw = o->tty && !l->once;
	struct form f;

	if (redraw)
		out_adds(o, "\033[?2026h\033[H\033[2J");
	else if (l->shown && l->form->needs_columns)
		out_adds(o, "\n");
	if (l->head)
		l->head(l);
	form_begin(&f, l->form, o, &l->columns, l->headers);
	for (size_t i = 0; i < client_view_n(v); i++)
		if (client_view_text(v, i).n)
			form_row(&f, client_view_text(v, i));
	form_end(&f);
	if (!l->once)
		tell_rest(l, v);
	if (redraw)
		out_adds(o, "\033[?2026l");
	out_flush(o);
	l->shown = true;
}

static void changed(void *arg, struct client_view *v)
{
	struct live *l = arg;

	if (l->ready)
		show(l, v);
}

static void refused(void *arg, struct client_view *v, const struct err *e, int at)
{
	struct live *l = arg;

	ask_point(client_view_query(v)->filter, e);
	l->e = *e;
}

static int read_columns(struct live *l, const struct client_query *q, struct err *e)
{
	struct buf schema;
	int rc;

	buf_init(&schema, 4u << 20);
	rc = client_ask(l->client, "schema", slice_of(""), &schema, e);
	if (rc == 0)
		rc = columns_read(&l->columns, buf_slice(&schema), q->kind, e);
	if (rc == 0) {
		columns_group(&l->columns, buf_slice(&schema), q->by);
		columns_pick(&l->columns, l->fields, l->form->columns);
	}
	buf_fini(&schema);
	return rc;
}

static bool over(const struct live *l)
{
	return l->e.class != ERR_NONE || (l->once && l->shown) || out_gone(&l->cli->out);
}

int live_run(struct live *l, const struct client_query *q, struct err *e)
{
	static const struct client_view_ops ops = { .changed = changed, .refused = refused };
	struct client_query ask = *q;
	struct client_view *v;

	if (read_columns(l, q, e) < 0)
		return -1;
	l->ready = true;
	if (!ask.limit || (l->cli->out.tty && !l->once && ask.limit > rows_that_fit(l)))
		ask.limit = rows_that_fit(l);
	if (ask.limit > ROWS_MOST)
		ask.limit = ROWS_MOST;
	l->wanted = ask.limit == q->limit;
	v = client_view_new(l->client, &ask, &ops, l);
	while (client_up(l->client) && !over(l))
		loop_turn(client_loop(l->client), 1000);
	client_view_free(v);
	columns_fini(&l->columns);
	if (!over(l))
		client_wait(l->client, &l->e);
	if (l->e.class == ERR_NONE)
		return 0;
	*e = l->e;
	return -1;
}
