/* Alerts: what is wrong now, the worst first, and what was resolved lately. */
#include "ui/screen/alerts.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "client/view.h"
#include "ui/screen/moment.h"
#include "ui/screen/pretty.h"
#include "ui/screen/screen.h"
#include "ui/screen/value.h"
#include "ui/term/event.h"
#include "ui/term/term.h"
#include "ui/widget/bars.h"
#include "ui/widget/table.h"

#define ROWS_MAX   1000 /* of devices, and of events, that are looked at */
#define BESIDE	   150	/* columns: the detail stands beside the list */
#define WHEEL_ROWS 3

struct alerts {
	struct stage *st;
	struct client_view *devices, *events;
	struct alert *v;
	size_t n;
	struct table table;
	uint64_t selected; /* an alert's id: the cursor stays with it; 0: with the first */
	bool detail, hidden; /* hidden: by the user, where there is room */
	struct pretty pretty;
	struct buf text;
	struct rect rect;
};

/* --- rows --- */

static void keep_selected(struct alerts *s)
{
	for (size_t i = 0; s->selected && i < s->n; i++)
		if (s->v[i].id == s->selected)
			s->table.cursor = i;
}

static void gather(struct alerts *s)
{
	s->n = alerts_gather(s->devices, s->events, s->v);
	table_set_total(&s->table, s->n);
	keep_selected(s);
	table_set_total(&s->table, s->n);
}

static void rows_changed(void *arg, struct client_view *v)
{
	struct alerts *s = arg;

	s->st->dirty(s->st->arg);
}

static const struct alert *selected(struct alerts *s)
{
	return s->n && s->table.cursor < s->n ? &s->v[s->table.cursor] : NULL;
}

static void chose(struct alerts *s)
{
	const struct alert *a = selected(s);

	s->selected = a && s->table.cursor > 0 ? a->id : 0;
}

static bool more_devices(struct alerts *s)
{
	return s->devices && client_view_matched(s->devices) > client_view_n(s->devices);
}

/* "down: power lost", or what the server said. */
static void put_summary(struct alerts *s, const struct alert *a, struct buf *b)
{
	struct slice reason = row_text(a->row, "reason"), message = row_text(a->row, "message");

	if (!a->of_devices) {
		buf_addslice(b, message.n ? message : row_text(a->row, "subject"));
		return;
	}
	if (a->devices > 1) {
		value_count(b, (double)a->devices);
		buf_addf(b, "%s devices ", more_devices(s) ? "+" : "");
	}
	buf_addslice(b, row_text(a->row, "status"));
	if (reason.n)
		buf_addf(b, ": %.*s", SLICE_ARG(reason));
}

/* The one it is about, or where they stand. */
static void put_device(const struct alert *a, struct buf *b)
{
	struct slice site = row_text(a->row, "site"), network = row_text(a->row, "network");

	if (!a->of_devices)
		buf_addslice(b, a->devices ? row_text(a->row, "device") : row_text(a->row, "subject"));
	else if (a->devices == 1)
		buf_addslice(b, row_text(a->row, "name"));
	else
		buf_addf(b, "%.*s%s%.*s", SLICE_ARG(network), network.n && site.n ? " " : "",
			SLICE_ARG(site));
}

static const struct sign *sign_of_severity(enum alert_severity severity)
{
	static const struct sign signs[] = { [ALERT_INFO] = { 0x25c6, ROLE_NOTICE },
		[ALERT_WARN] = { 0x25b2, ROLE_WARN }, [ALERT_CRITICAL] = { 0x2716, ROLE_CRIT } };

	return &signs[severity];
}

static const struct table_col cols[] = {
	{ "SEVERITY", 10, 10, 0, false, true },
	{ "STATE", 8, 8, 0, false, false },
	{ "SINCE", 6, 7, 0, true, false },
	{ "ABOUT", 14, 22, 1, false, false },
	{ "SUMMARY", 20, 40, 4, false, false },
	{ "TOLD BY", 8, 12, 0, false, false },
};

static void put_severity(const struct alert *a, struct buf *b)
{
	static const char *const words[] = { "◆ info", "▲ warning", "✖ critical" };

	buf_adds(b, words[a->severity]);
}

static void cell(void *arg, uint64_t n, int col, struct table_cell *c)
{
	struct alerts *s = arg;
	const struct alert *a = &s->v[n];
	bool calm = !s->st->up || !a->firing;

	buf_reset(&s->text);
	c->look = calm ? ROLE_DIM : ROLE_TEXT;
	switch (col) {
	case 0:
		put_severity(a, &s->text);
		c->look = calm ? ROLE_DIM : sign_of_severity(a->severity)->look;
		break;
	case 1:
		buf_adds(&s->text, a->firing ? "firing" : "resolved");
		break;
	case 2:
		if (a->since_ms)
			value_age(&s->text, moment_ms() - a->since_ms);
		break;
	case 3:
		put_device(a, &s->text);
		break;
	case 4:
		put_summary(s, a, &s->text);
		break;
	default:
		buf_addslice(&s->text, a->of_devices ? slice_of("devices") : row_text(a->row, "source"));
		c->look = ROLE_DIM;
	}
	c->text = buf_slice(&s->text);
}

/* --- drawing --- */

static void count_of(const struct alerts *s, enum alert_severity severity, const char *what,
	char *out, size_t size)
{
	unsigned n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->v[i].firing && s->v[i].severity == severity;
	snprintf(out, size, "%u %s", n, what);
}

static void draw_headline(struct alerts *s, struct term *t, struct rect r)
{
	char crit[32], warn[32];
	struct span left[4], right[1];
	size_t n = 0, m = 0;

	count_of(s, ALERT_CRITICAL, "critical", crit, sizeof(crit));
	count_of(s, ALERT_WARN, "warning", warn, sizeof(warn));
	left[n++] = (struct span){ slice_of("Alerts"), ROLE_TITLE };
	left[n++] = (struct span){ slice_of(crit), *crit == '0' ? ROLE_LABEL : ROLE_CRIT };
	left[n++] = (struct span){ slice_of(warn), *warn == '0' ? ROLE_LABEL : ROLE_WARN };
	if (more_devices(s))
		right[m++] = (struct span){ slice_of("more devices than are looked at here"), ROLE_NOTICE };
	line_draw(t, r, 0, left, n, right, m);
}

static void draw_detail(struct alerts *s, struct term *t, struct rect r, bool beside)
{
	const struct alert *a = selected(s);

	draw_rule(t, r, 0, slice_of(a->of_devices && a->devices > 1 ? "the first of its devices"
				    : a->of_devices		      ? "the device"
								      : "as it was told"));
	rect_cut_top(&r, 1);
	for (int row = 0; beside && row < r.rows; row++)
		draw_glyph(t, r, row, 0, 0x2502, ROLE_BORDER);
	rect_cut_left(&r, 2);
	pretty_read(&s->pretty, a->row);
	pretty_draw(&s->pretty, t, r, 0);
}

static void alerts_draw(void *state, struct term *t, struct rect r)
{
	struct alerts *s = state;
	struct rect head = rect_cut_top(&r, 1), foot = { 0 };
	struct table_rows rows = { .cell = cell, .arg = s };
	bool beside = r.cols >= BESIDE, ready;

	gather(s); /* rows are borrowed for a turn */
	ready = s->devices && client_view_ready(s->devices) && client_view_ready(s->events);
	draw_headline(s, t, head);
	s->detail = !s->hidden && selected(s) && r.rows >= 14;
	if (s->detail)
		foot = beside ? rect_cut_right(&r, r.cols * 2 / 5)
			      : rect_cut_bottom(&r, r.rows / 3 > 12 ? 12 : r.rows / 3);
	s->rect = r;
	s->table.cols = cols;
	s->table.n_cols = (int)ARRAY_LEN(cols);
	table_draw(&s->table, t, r, &rows);
	if (!s->n)
		draw_text(t, r, 2, 2, slice_of(ready ? "nothing is wrong" : "waiting for the collector ..."),
			ready ? ROLE_OK : ROLE_DIM);
	if (foot.rows)
		draw_detail(s, t, foot, beside);
}

/* --- commands --- */

static int act_move(void *state, struct slice arg, struct err *e)
{
	struct alerts *s = state;
	int64_t by;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	table_move(&s->table, by);
	chose(s);
	return 0;
}

static int act_page(void *state, struct slice arg, struct err *e)
{
	struct alerts *s = state;
	int64_t by;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	table_move_page(&s->table, (int)by);
	chose(s);
	return 0;
}

static int act_home(void *state, struct slice arg, struct err *e)
{
	struct alerts *s = state;

	table_move_to(&s->table, 0);
	chose(s);
	return 0;
}

static int act_end(void *state, struct slice arg, struct err *e)
{
	struct alerts *s = state;

	table_move_to(&s->table, s->n ? s->n - 1 : 0);
	chose(s);
	return 0;
}

/* The device; all of them, where there are several; or the event of what is none of ours. */
static char *line_of(const struct alert *a)
{
	static const char *const fields[] = { "status", "network", "site", "reason" };
	struct slice device = row_text(a->row, a->of_devices ? "id" : "device");
	struct buf b;
	char *line;
	bool more = false;

	if (a->devices == 1)
		return xasprintf("device %.*s", SLICE_ARG(device));
	if (!a->of_devices)
		return filter_line("events", "id", row_text(a->row, "id"));
	buf_init(&b, 1 << 16);
	buf_adds(&b, "devices ");
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		struct slice v = row_text(a->row, fields[i]);

		if (!v.n)
			continue;
		buf_adds(&b, more ? " and " : "");
		filter_add(&b, fields[i], "=", v);
		more = true;
	}
	line = buf_steal(&b);
	buf_fini(&b);
	return line;
}

static int act_open(void *state, struct slice arg, struct err *e)
{
	struct alerts *s = state;
	char *line;

	gather(s);
	if (!selected(s))
		return err_set(e, ERR_NO, "no alert is under the cursor");
	line = line_of(selected(s));
	s->st->run(s->st->arg, line);
	free(line);
	return 0;
}

static int act_detail(void *state, struct slice arg, struct err *e)
{
	struct alerts *s = state;

	s->hidden = !s->hidden;
	return 0;
}

static const struct action actions[] = {
	{ "move", "ROWS", "move the cursor", .run = act_move },
	{ "page", "PAGES", "move by pages", .run = act_page },
	{ "home", "", "to the worst", .run = act_home },
	{ "end", "", "to the last", .run = act_end },
	{ "open", "", "the device, or devices, that the alert is about", .run = act_open },
	{ "detail", "", "show or hide what it was made from", .run = act_detail },
	{ 0 },
};

/* --- the screen --- */

static int alerts_open(void *state, struct stage *st, struct slice arg, struct err *e)
{
	struct alerts *s = state;

	s->st = st;
	s->v = xcalloc(ALERTS_MAX, sizeof(*s->v));
	buf_init(&s->text, 1 << 16);
	return 0;
}

static void alerts_close(void *state)
{
	struct alerts *s = state;

	client_view_free(s->devices);
	client_view_free(s->events);
	pretty_fini(&s->pretty);
	buf_fini(&s->text);
	free(s->v);
}

static void alerts_show(void *state, bool on)
{
	static const struct client_view_ops ops = { .changed = rows_changed };
	static const struct client_query devices = { .kind = "devices", .filter = ALERTS_DEVICES,
		.fields = "id,name,network,kind,site,status,reason,since,last_seen,health,firmware,source",
		.limit = ROWS_MAX };
	static const struct client_query events = { .kind = "events", .filter = ALERTS_EVENTS,
		.sort = "n:desc",
		.fields = "n,time,severity,type,device,network,message,source,subject,id,data",
		.limit = ROWS_MAX };
	struct alerts *s = state;

	client_view_free(s->devices);
	client_view_free(s->events);
	s->devices = s->events = NULL;
	if (!on || !s->st->client)
		return;
	s->devices = client_view_new(s->st->client, &devices, &ops, s);
	s->events = client_view_new(s->st->client, &events, &ops, s);
}

static bool alerts_tick(void *state)
{
	struct alerts *s = state;

	if (!s->devices && s->st->client)
		alerts_show(s, true);
	return s->n > 0; /* ages */
}

static void alerts_travelled(void *state)
{
	struct alerts *s = state;

	s->selected = 0;
}

static void alerts_mouse(void *state, const struct term_event *ev)
{
	struct alerts *s = state;
	uint64_t row;

	if (ev->mouse == TERM_MOUSE_WHEEL_UP || ev->mouse == TERM_MOUSE_WHEEL_DOWN) {
		table_move(&s->table, ev->mouse == TERM_MOUSE_WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS);
	} else if (ev->mouse == TERM_MOUSE_PRESS && ev->col < s->rect.col + s->rect.cols
		&& table_row_at(&s->table, ev->row - s->rect.row, &row)) {
		table_move_to(&s->table, row);
	}
	chose(s);
}

const struct screen screen_alerts = {
	.name = "alerts", .title = "Alerts", .args = "", .help = "what is wrong now, the worst first",
	.keys = "alerts", .tab = true, .state_size = sizeof(struct alerts), .actions = { actions },
	.open = alerts_open, .close = alerts_close, .show = alerts_show, .draw = alerts_draw,
	.tick = alerts_tick, .travelled = alerts_travelled, .mouse = alerts_mouse,
};
