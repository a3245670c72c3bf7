/* Sources: the plumbing.  Where the world comes in, how fast, and what was lost on the way. */
#include <stdlib.h>

#include "base/alloc.h"
#include "ui/screen/list.h"
#include "ui/screen/value.h"
#include "ui/term/role.h"

struct sources {
	struct list list;
};

static const struct list_col cols[] = {
	{ "name", "SOURCE", SHOW_TEXT, .min = 8, .want = 12, .pinned = true },
	{ "kind", "KIND", SHOW_TEXT, .min = 6, .want = 10 },
	{ "state", "STATE", SHOW_WORD, .min = 9, .want = 9 },
	{ "since", "FOR", SHOW_AGE, .min = 6, .want = 6 },
	{ "rate", "RECORDS", SHOW_NUM, .min = 9, .want = 10, .unit = "/s" },
	{ "lag_ms", "LAG", SHOW_NUM, .min = 6, .want = 8, .unit = "ms" },
	{ "drops", "DROPPED", SHOW_ALARM, .min = 7, .want = 7 },
	{ "gaps", "GAPS", SHOW_ALARM, .min = 4, .want = 6 },
	{ "duplicates", "TWICE", SHOW_ALARM, .min = 5, .want = 6 },
	{ "bad", "BAD", SHOW_ALARM, .min = 4, .want = 6 },
	{ "bytes", "RECEIVED", SHOW_BYTES, .min = 8, .want = 10 },
	{ "error", "LAST ERROR", SHOW_TEXT, .min = 10, .want = 24, .grow = 3 },
	{ "url", "WHERE", SHOW_LINK, .min = 10, .want = 28, .grow = 1 },
};

static const struct list_spec spec = { .kind = "sources", .id = "name",
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
	list_fini(state);
}

static void sources_show(void *state, bool on)
{
	list_show(state, on);
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
	struct rect head = rect_cut_top(&r, 1), foot;

	list_headline(state, t, head, 0, slice_of("Sources"));
	if (r.rows > 8 && list_selected(state)) {
		foot = rect_cut_bottom(&r, 3);
		draw_selected(state, t, foot);
	}
	list_draw(state, t, r);
}

static bool sources_tick(void *state)
{
	return list_tick(state);
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
