/* Networks: how many devices each has, in what state. */
#include "ui/screen/networks.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "ui/screen/list.h"
#include "ui/screen/value.h"

struct networks {
	struct list list;
};

static const struct list_col cols[] = {
	{ "name", "NETWORK", SHOW_TEXT, .min = 8, .want = 14, .grow = 1, .pinned = true },
	{ "devices", "DEVICES", SHOW_COUNT, .min = 7, .want = 9 },
	{ "up", "UP", SHOW_COUNT, .min = 7, .want = 9 },
	{ "degraded", "DEGRADED", SHOW_ALARM, .min = 8, .want = 8 },
	{ "stale", "STALE", SHOW_ALARM, .min = 5, .want = 7 },
	{ "down", "DOWN", SHOW_ALARM, .min = 5, .want = 7 },
	{ "unknown", "UNKNOWN", SHOW_ALARM, .min = 7, .want = 7 },
	{ "health", "HEALTH", SHOW_PERCENT, .min = 6, .want = 22 },
	{ "events_rate", "EVENTS", SHOW_NUM, .min = 8, .want = 9, .unit = "/s" },
	{ "last_seen", "AGE", SHOW_AGE, .min = 5, .want = 6 },
};

static const struct list_spec spec = { .kind = "networks", .id = "name",
	.empty = "no network yet: its first device brings it" };

static int networks_open(void *state, struct stage *st, struct slice arg, struct err *e)
{
	struct networks *s = state;

	list_init(&s->list, &spec, st, s);
	list_columns(&s->list, cols, ARRAY_LEN(cols));
	list_open(&s->list, arg);
	return 0;
}

static void networks_draw(void *state, struct term *t, struct rect r)
{
	struct rect head = rect_cut_top(&r, 1);

	list_headline(state, t, head, 0, slice_of("Networks"));
	list_draw(state, t, r);
}

static int act_open(void *state, struct slice arg, struct err *e)
{
	struct list *l = state;
	struct slice name = row_text(list_selected(l), "name");
	char *line;

	if (!name.n)
		return err_set(e, ERR_NO, "no network under the cursor");
	line = filter_line("devices", "network", name);
	l->st->run(l->st->arg, line);
	free(line);
	return 0;
}

const struct action networks_actions[] = {
	{ "open", "", "the network's devices", .run = act_open },
	{ 0 },
};

const struct screen screen_networks = {
	.name = "networks", .title = "Networks", .args = "[FILTER]",
	.help = "the networks and their state",
	.keys = "list", .tab = true, .state_size = sizeof(struct networks),
	.actions = { list_moves, list_actions, networks_actions },
	.open = networks_open, .close = list_fini, .show = list_show,
	.draw = networks_draw, .tick = list_tick, .mouse = list_mouse,
	.typing = list_typing, .trouble = list_trouble, .current = list_current, .back = list_back,
};
