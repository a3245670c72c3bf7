/* Silences: which alerts are hidden, by whom, why and how long still. */
#include "base/alloc.h"
#include "base/json.h"
#include "ui/screen/list.h"
#include "ui/screen/value.h"

struct silences {
	struct list list;
};

static const struct list_col cols[] = {
	{ "filter", "HIDES ALERTS WITH", SHOW_TEXT, .min = 20, .want = 40, .grow = 3, .pinned = true },
	{ "hides", "HIDDEN", SHOW_COUNT, .min = 6, .want = 6 },
	{ "by", "WHO", SHOW_TEXT, .min = 6, .want = 10 },
	{ "until", "UNTIL", SHOW_TIME, .min = 12, .want = 12 },
	{ "since", "MADE", SHOW_AGE, .min = 6, .want = 6 },
	{ "note", "NOTE", SHOW_TEXT, .min = 10, .want = 24, .grow = 2 },
	{ "id", "NUMBER", SHOW_COUNT, .min = 6, .want = 6 },
};

/* Rows are told apart by a text; a silence's number is none, but no two are made at one moment. */
static const struct list_spec spec = { .kind = "silences", .id = "since",
	.empty = "no alert is silenced" };

static int silences_open(void *state, struct stage *st, struct slice arg, struct err *e)
{
	struct silences *s = state;

	list_init(&s->list, &spec, st, s);
	list_columns(&s->list, cols, ARRAY_LEN(cols));
	list_open(&s->list, arg);
	return 0;
}

static void silences_draw(void *state, struct term *t, struct rect r)
{
	list_headline(state, t, rect_cut_top(&r, 1), 0, slice_of("Silences"));
	list_draw(state, t, r);
}

/* Runs a command line made of the number of the one under the cursor. */
static int run_of(struct list *l, const char *before, const char *after, struct err *e)
{
	int64_t id = json_i64(list_selected(l), "id", 0);
	char *line;

	if (!id)
		return err_set(e, ERR_NO, "no silence is under the cursor");
	line = xasprintf("%s%lld%s", before, (long long)id, after);
	l->st->run(l->st->arg, line);
	free(line);
	return 0;
}

static int act_open(void *state, struct slice arg, struct err *e)
{
	return run_of(state, "alerts silence=", "", e);
}

static int act_unsilence(void *state, struct slice arg, struct err *e)
{
	return run_of(state, "do unsilence {\"id\":", "}", e);
}

static const struct action actions[] = {
	{ "open", "", "the alerts that it hides", .run = act_open },
	{ "unsilence", "", "end the silence under the cursor", .run = act_unsilence, .acts = true },
	{ 0 },
};

const struct screen screen_silences = {
	.name = "silences", .title = "Silences", .args = "[FILTER]",
	.help = "which alerts are hidden, by whom, why and until when", .keys = "list",
	.state_size = sizeof(struct silences), .actions = { list_moves, list_actions, actions },
	.open = silences_open, .close = list_fini, .show = list_show,
	.draw = silences_draw, .tick = list_tick, .mouse = list_mouse, .typing = list_typing,
	.trouble = list_trouble, .current = list_current, .back = list_back,
};
