/* Alerts: what is wrong now, the worst first, who takes care of it, and what was resolved lately. */
#include "ui/screen/alerts.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/json.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"
#include "ui/widget/bars.h"

struct alerts {
	struct list list;
};

/* --- rows --- */

bool alert_calm(const json_t *row)
{
	return !slice_is(row_text(row, "state"), "active");
}

void alert_about(const json_t *row, struct buf *b)
{
	struct slice device = row_text(row, "device"), site = row_text(row, "site");
	double devices = row_num(row, "devices");

	if (device.n) {
		buf_addslice(b, device);
	} else if (devices > 0) {
		value_count(b, devices);
		buf_adds(b, devices > 1 ? " devices" : " device");
		if (site.n)
			buf_addf(b, " at %.*s", SLICE_ARG(site));
	}
}

static void about_cell(void *arg, const json_t *row, const struct list_col *col,
	struct table_cell *c, struct buf *b)
{
	alert_about(row, b);
}

const struct list_col alerts_cols[ALERTS_COLS] = {
	{ "severity", "SEVERITY", SHOW_WORD, .min = 10, .want = 10, .pinned = true },
	{ "state", "STATE", SHOW_WORD, .min = 10, .want = 10 },
	{ "since", "SINCE", SHOW_AGE, .min = 6, .want = 6 },
	{ NULL, "ABOUT", SHOW_OWN, .min = 14, .want = 22, .grow = 1, .also = "device,devices,site" },
	{ "summary", "SUMMARY", SHOW_TEXT, .min = 18, .want = 40, .grow = 4 },
	{ "by", "WHO", SHOW_TEXT, .min = 6, .want = 8 },
	{ "note", "NOTE", SHOW_TEXT, .min = 8, .want = 16, .grow = 1 },
	{ "network", "NETWORK", SHOW_TEXT, .min = 7, .want = 10 },
	{ "site", "SITE", SHOW_TEXT, .min = 6, .want = 8 },
};

const struct list_spec alerts_spec = { .kind = "alerts", .id = "id", .cell = about_cell,
	.calm = alert_calm, .fields = "kind,silence", .empty = "nothing is wrong" };

/* --- the screen --- */

static int alerts_open(void *state, struct stage *st, struct slice arg, struct err *e)
{
	struct alerts *s = state;

	list_init(&s->list, &alerts_spec, st, s);
	list_columns(&s->list, alerts_cols, ALERTS_COLS);
	list_open(&s->list, arg);
	return 0;
}

/* "Alerts  2 critical  5 warning", then what every list has there. */
static void draw_headline(struct alerts *s, struct term *t, struct rect r)
{
	const struct stage *st = s->list.st;
	char crit[32], warn[32];
	struct span left[] = { { slice_of("Alerts"), ROLE_TITLE },
		{ slice_of(crit), st->critical ? ROLE_CRIT : ROLE_LABEL },
		{ slice_of(warn), st->warn ? ROLE_WARN : ROLE_LABEL } };

	snprintf(crit, sizeof(crit), "%u critical", st->critical);
	snprintf(warn, sizeof(warn), "%u warning", st->warn);
	left[1].text = slice_of(crit);
	left[2].text = slice_of(warn);
	line_draw(t, r, 0, left, ARRAY_LEN(left), NULL, 0);
	rect_cut_left(&r, (int)(strlen("Alerts") + strlen(crit) + strlen(warn)) + 6);
	list_headline(&s->list, t, r, 0, slice_of(""));
}

static void alerts_draw(void *state, struct term *t, struct rect r)
{
	draw_headline(state, t, rect_cut_top(&r, 1));
	list_draw(state, t, r);
}

static const char *alerts_meant(void *state, struct marks *ids)
{
	list_meant(state, ids);
	return "alerts";
}

/* --- commands --- */

static const json_t *under_cursor(struct list *l, struct err *e)
{
	const json_t *row = list_selected(l);

	if (!row)
		err_set(e, ERR_NO, "no alert is under the cursor");
	return row;
}

static int run(struct list *l, char *line)
{
	l->st->run(l->st->arg, line);
	free(line);
	return 0;
}

static int act_detail(void *state, struct slice arg, struct err *e)
{
	const json_t *row = under_cursor(state, e);

	return row ? run(state, xasprintf("describe alerts %.*s", SLICE_ARG(row_text(row, "id")))) : -1;
}

/* The device; all of them, where there are several; the alert, where it is about none any more. */
static int act_open(void *state, struct slice arg, struct err *e)
{
	const json_t *row = under_cursor(state, e);
	struct slice device = row_text(row, "device");

	if (!row)
		return -1;
	if (device.n)
		return run(state, xasprintf("device %.*s", SLICE_ARG(device)));
	if (slice_is(row_text(row, "kind"), "status") && !slice_is(row_text(row, "state"), "resolved"))
		return run(state, filter_line("devices", "alert", row_text(row, "id")));
	return act_detail(state, arg, e);
}

static int act_unsilence(void *state, struct slice arg, struct err *e)
{
	const json_t *row = under_cursor(state, e);
	int64_t id = json_i64(row, "silence", 0);

	if (!row)
		return -1;
	if (!id)
		return err_set(e, ERR_NO, "no silence hides this alert");
	return run(state, xasprintf("do unsilence {\"id\":%lld}", (long long)id));
}

static const struct action actions[] = {
	{ "open", "", "the device, or devices, that the alert is about", .run = act_open },
	{ "detail", "", "everything that is known of the alert", .run = act_detail },
	{ "unsilence", "", "end the silence that hides the alert under the cursor",
		.run = act_unsilence, .acts = true },
	{ 0 },
};

const struct screen screen_alerts = {
	.name = "alerts", .title = "Alerts", .args = "[FILTER]",
	.help = "what is wrong now, the worst first, and who takes care of it",
	.keys = "list", .tab = true, .state_size = sizeof(struct alerts),
	.actions = { list_moves, list_actions, list_marks, actions },
	.open = alerts_open, .close = list_fini, .show = list_show, .draw = alerts_draw,
	.tick = list_tick, .meant = alerts_meant, .mouse = list_mouse, .typing = list_typing,
	.trouble = list_trouble, .current = list_current, .back = list_back,
};
