/* Devices: a live window onto all of them. */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "ui/screen/devices.h"
#include "ui/screen/value.h"

#define EVENTS_OF_MAX 500 /* devices that a filter names */

static void devices_changed(void *arg)
{
	struct devices *s = arg;

	if (!s->list.trial) /* columns do not dance while a filter is typed */
		devices_columns(s);
}

static const struct list_spec spec = { .kind = "devices", .id = "id",
	.fields = "name,network,kind,status,last_seen,reason", .cell = devices_cell,
	.members = devices_group_filter,
	.changed = devices_changed, .empty = "no devices yet: sources bring them" };

/* --- the screen --- */

static int devices_open(void *state, struct stage *st, struct slice arg, struct err *e)
{
	struct devices *s = state;

	list_init(&s->list, &spec, st, s);
	devices_columns(s);
	list_open(&s->list, arg);
	s->about = s->list.first ? devices_group_name(s->list.first) : NULL;
	return 0;
}

static void devices_close(void *state)
{
	struct devices *s = state;

	list_fini(&s->list);
	asker_fini(&s->asker);
	free(s->about);
	free(s->chosen);
	free(s->by);
	free(s->sort);
	free(s->means);
}

static void devices_draw(void *state, struct term *t, struct rect r)
{
	struct devices *s = state;
	struct rect head = rect_cut_top(&r, 1);
	char title[80];

	s->list.rect = r;
	if (!s->list.trial)
		devices_columns(s); /* what kinds there are may have been learned meanwhile */
	snprintf(title, sizeof(title), s->by ? "Devices by %s" : "Devices", s->by);
	list_headline(&s->list, t, head, 0, slice_of(title));
	list_draw(&s->list, t, r);
}

static const char *devices_meant(void *state, struct marks *ids)
{
	list_meant(state, ids);
	return "devices";
}

/* The group that it was opened for, as long as it is no more than that. */
static struct slice devices_subject(void *state)
{
	const struct devices *s = state;
	const char *first = s->list.first, *filter = s->list.filter;
	bool still = s->about && filter && strncmp(filter, first, strlen(first)) == 0;

	return slice_of(still ? s->about : "");
}

static int act_open(void *state, struct slice arg, struct err *e)
{
	struct devices *s = state;
	struct slice id = row_text(list_selected(&s->list), "id");
	char *line;

	if (s->by)
		return devices_group_open(s, e);
	if (!id.n)
		return err_set(e, ERR_NO, "no device under the cursor");
	line = xasprintf("device %.*s", SLICE_ARG(id));
	s->list.st->run(s->list.st->arg, line);
	free(line);
	return 0;
}

static int events_of_marked(struct devices *s, struct err *e)
{
	const struct marks *m = &s->list.marks;
	struct buf line;

	if (m->n > EVENTS_OF_MAX)
		return err_set(e, ERR_REFUSED, "%zu devices are marked: events of %d at most", m->n,
			EVENTS_OF_MAX);
	buf_init(&line, 1 << 20);
	buf_adds(&line, "events device in (");
	for (size_t i = 0; i < m->n; i++)
		filter_add(&line, "", i ? "," : "", slice_of(m->ids[i]));
	buf_addc(&line, ')');
	s->list.st->run(s->list.st->arg, line.p);
	buf_fini(&line);
	return 0;
}

static int act_its_events(void *state, struct slice arg, struct err *e)
{
	struct devices *s = state;
	struct slice id = row_text(list_selected(&s->list), "id");
	char *line;

	if (!id.n || s->by)
		return err_set(e, ERR_NO, "no device under the cursor");
	if (s->list.marks.n)
		return events_of_marked(s, e);
	line = filter_line("events", "device", id);
	s->list.st->run(s->list.st->arg, line);
	free(line);
	return 0;
}

static int act_columns(void *state, struct slice arg, struct err *e)
{
	struct devices *s = state;

	free(s->chosen);
	s->chosen = arg.n && !slice_is(arg, "auto") ? xmemdup0(arg.p, arg.n) : NULL;
	s->columns_for[0] = '\0';
	devices_columns(s);
	return 0;
}

/* The usual columns again, where it is on. */
static int act_heat(void *state, struct slice arg, struct err *e)
{
	struct devices *s = state;
	char names[160] = "";

	if (s->by)
		return err_set(e, ERR_NO, "groups have columns of their own");
	if (arg.n || !s->chosen || !strstr(s->chosen, "trend(status"))
		snprintf(names, sizeof(names), "name,network,site,status,trend(status %.*s)",
			arg.n ? (int)arg.n : 2, arg.n ? arg.p : "2h");
	return act_columns(state, slice_of(names), e);
}

static int act_choose(void *state, struct slice arg, struct err *e)
{
	struct devices *s = state;
	struct buf line;

	if (s->by)
		return err_set(e, ERR_NO, "groups have columns of their own");
	buf_init(&line, 1 << 16);
	buf_adds(&line, "chooser ");
	devices_choice(s, &line);
	s->list.st->run(s->list.st->arg, line.p);
	buf_fini(&line);
	return 0;
}

static struct slice devices_current(void *state, const char *what)
{
	struct devices *s = state;
	struct buf *b = &s->list.scratch;

	if (strcmp(what, "group") == 0)
		return slice_of(s->by ? s->by : "");
	if (strcmp(what, "columns") != 0)
		return list_current(state, what);
	buf_reset(b);
	for (int i = 0; i < s->list.n_cols; i++)
		buf_addf(b, "%s%s", i ? "," : "", devices_column_name(&s->list.cols[i]));
	return buf_slice(b);
}

static struct slice devices_chosen(void *state, const char *what)
{
	const struct devices *s = state;

	if (strcmp(what, "group") == 0)
		return slice_of(s->by ? s->by : "");
	if (strcmp(what, "columns") != 0)
		return list_current(state, what);
	return slice_of(s->chosen ? s->chosen : "");
}

static const struct action actions[] = {
	{ "open", "", "the device under the cursor", .run = act_open },
	{ "its-events", "", "events of the device under the cursor, or of those marked", .run = act_its_events },
	{ "columns", "FIELD,...", "the columns to show, metrics too; auto: what fits the rows",
		.run = act_columns },
	{ "heat", "[SPAN]", "each over time, the last 2h; again: the usual", .run = act_heat },
	{ "choose-columns", "", "choose and order the columns by hand", .run = act_choose },
	{ 0 },
};

const struct screen screen_devices = {
	.name = "devices", .title = "Devices", .args = "[FILTER]",
	.help = "all devices, worst first: sort, filter, open",
	.keys = "list", .tab = true, .state_size = sizeof(struct devices),
	.actions = { list_moves, list_actions, list_marks, devices_groups, actions },
	.open = devices_open, .close = devices_close, .show = list_show,
	.draw = devices_draw, .tick = list_tick, .meant = devices_meant,
	.subject = devices_subject, .mouse = list_mouse,
	.typing = list_typing, .trouble = list_trouble, .current = devices_current,
	.chosen = devices_chosen, .back = list_back,
};
