/* Sources: the plumbing.  Where the world comes in, how fast, and what was lost on the way. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "ui/screen/list.h"
#include "ui/screen/moment.h"
#include "ui/screen/plumbing.h"
#include "ui/screen/value.h"
#include "ui/term/role.h"

#define COURSES 32 /* sources whose rate is remembered */
#define COURSE	120 /* of each, one a second */

struct course {
	char *name;
	float rate[COURSE]; /* the newest last */
	size_t n;
};

struct sources {
	struct list list;
	struct asker asker;
	json_t *status;
	bool asking;
	struct course courses[COURSES];
};

static const struct list_col cols[] = {
	{ "name", "SOURCE", SHOW_TEXT, .min = 8, .want = 12, .pinned = true },
	{ "kind", "KIND", SHOW_TEXT, .min = 6, .want = 10 },
	{ "state", "STATE", SHOW_WORD, .min = 9, .want = 9 },
	{ "since", "FOR", SHOW_AGE, .min = 6, .want = 6 },
	{ "rate", "RECORDS", SHOW_OWN, .min = 18, .want = 26, .also = "rate" },
	{ "lag_ms", "LAG", SHOW_NUM, .min = 6, .want = 8, .unit = "ms" },
	{ "drops", "DROPPED", SHOW_ALARM, .min = 7, .want = 7 },
	{ "gaps", "GAPS", SHOW_ALARM, .min = 4, .want = 6 },
	{ "duplicates", "TWICE", SHOW_ALARM, .min = 5, .want = 6 },
	{ "bad", "BAD", SHOW_ALARM, .min = 4, .want = 6 },
	{ "bytes", "RECEIVED", SHOW_BYTES, .min = 8, .want = 10 },
	{ "error", "LAST ERROR", SHOW_TEXT, .min = 10, .want = 24, .grow = 3 },
	{ "url", "WHERE", SHOW_LINK, .min = 10, .want = 28, .grow = 1 },
};

/* --- rates, as they were since the page was opened --- */

static struct course *course_of(struct sources *s, struct slice name)
{
	for (int i = 0; name.n && i < COURSES; i++) {
		if (!s->courses[i].name)
			s->courses[i].name = xmemdup0(name.p, name.n);
		if (slice_is(name, s->courses[i].name))
			return &s->courses[i];
	}
	return NULL;
}

static void remember(struct sources *s, const json_t *row)
{
	struct course *c = course_of(s, row_text(row, "name"));
	double rate = row_num(row, "rate");

	if (!c)
		return;
	if (c->n == COURSE)
		memmove(c->rate, c->rate + 1, (--c->n) * sizeof(c->rate[0]));
	c->rate[c->n++] = isnan(rate) ? 0 : (float)rate;
}

static void rate_cell(void *arg, const json_t *row, const struct list_col *col,
	struct table_cell *c, struct buf *b)
{
	struct sources *s = arg;
	struct course *course = course_of(s, row_text(row, "name"));

	value_unit(b, row_num(row, "rate"), slice_of("/s"));
	if (!course || course->n < 2)
		return;
	c->spark = course->rate;
	c->n_spark = course->n;
	c->lo = 0;
	c->graph_look = s->list.st->up ? ROLE_SPARK : ROLE_DIM;
}

static const struct list_spec spec = { .cell = rate_cell, .kind = "sources", .id = "name",
	.sort = "state:desc,name", .empty = "no source is configured" };

static int sources_open(void *state, struct stage *st, struct slice arg, struct err *e)
{
	struct sources *s = state;

	list_init(&s->list, &spec, st, s);
	list_columns(&s->list, cols, ARRAY_LEN(cols));
	list_open(&s->list, arg);
	return 0;
}

static void sources_close(void *state)
{
	struct sources *s = state;

	asker_fini(&s->asker);
	list_fini(&s->list);
	json_decref(s->status);
	for (int i = 0; i < COURSES; i++)
		free(s->courses[i].name);
}

static void status_came(void *arg, const json_t *answer, const struct err *e)
{
	struct sources *s = arg;

	s->asking = false;
	if (!answer)
		return;
	json_decref(s->status);
	s->status = json_incref((json_t *)answer);
	s->list.st->dirty(s->list.st->arg);
}

static void ask_status(struct sources *s)
{
	if (s->asking || !s->list.st->client || !s->list.st->up)
		return;
	s->asking = true;
	asker_call(&s->asker, s->list.st->client, "status", slice_of(""), status_came, s);
}

static void sources_show(void *state, bool on)
{
	list_show(state, on);
	if (on)
		ask_status(state);
}

/* What the selected one says of itself, in full: errors do not fit in a column. */
static void draw_selected(struct sources *s, struct term *t, struct rect r)
{
	const json_t *row = list_selected(&s->list);
	struct slice error = row_text(row, "error");

	draw_rule(t, r, 0, row_text(row, "name"));
	draw_text(t, r, 1, 2, slice_of("where"), ROLE_LABEL);
	draw_field(t, r, 1, 14, r.cols - 16, row_text(row, "url"), ROLE_LINK, ALIGN_LEFT);
	draw_text(t, r, 2, 2, slice_of("last error"), ROLE_LABEL);
	draw_field(t, r, 2, 14, r.cols - 16, error.n ? error : slice_of("none"),
		error.n ? ROLE_WARN : ROLE_DIM, ALIGN_LEFT);
}

static void sources_draw(void *state, struct term *t, struct rect r)
{
	struct sources *s = state;
	struct rect head = rect_cut_top(&r, 1), foot;

	if (r.rows >= 16 && !moment_gone()) { /* nobody keeps how it was */
		foot = rect_cut_bottom(&r, PLUMBING_ROWS);
		plumbing_draw(s->list.st, s->status, t, foot);
	}
	list_headline(state, t, head, 0, slice_of("Sources"));
	if (r.rows > 8 && list_selected(state) && !moment_gone()) {
		foot = rect_cut_bottom(&r, 3);
		draw_selected(state, t, foot);
	}
	list_draw(state, t, r);
}

static bool sources_tick(void *state)
{
	struct sources *s = state;

	for (uint64_t i = 0; i < list_matched(&s->list) && i < COURSES; i++)
		remember(s, list_row(&s->list, i));
	ask_status(s);
	return list_tick(&s->list) || s->status;
}

static int act_open(void *state, struct slice arg, struct err *e)
{
	struct sources *s = state;
	struct slice name = row_text(list_selected(&s->list), "name");
	char *line;

	if (!name.n)
		return err_set(e, ERR_NO, "no source under the cursor");
	line = xasprintf("describe sources %.*s", SLICE_ARG(name));
	s->list.st->run(s->list.st->arg, line);
	free(line);
	return 0;
}

static const struct action actions[] = {
	{ "open", "", "all that is known of the source", .run = act_open },
	{ 0 },
};

const struct screen screen_sources = {
	.name = "sources", .title = "Sources", .args = "[FILTER]",
	.help = "where the world comes in: state, lag, rate, losses",
	.keys = "list", .tab = true, .state_size = sizeof(struct sources),
	.actions = { list_moves, list_actions, actions },
	.open = sources_open, .close = sources_close, .show = sources_show,
	.draw = sources_draw, .tick = sources_tick, .mouse = list_mouse,
	.typing = list_typing, .trouble = list_trouble, .current = list_current, .back = list_back,
};
