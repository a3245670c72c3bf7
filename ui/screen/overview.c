/* Overview: is each layer well, each network, and if not, what is wrong? */
#include "ui/screen/overview.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/json.h"
#include "client/view.h"
#include "ui/screen/layers.h"
#include "ui/screen/networks.h"
#include "ui/screen/trouble.h"
#include "ui/screen/value.h"
#include "ui/term/event.h"
#include "ui/term/term.h"

#define TROUBLES   1000 /* rows that are looked through for what they have in common */
#define MORE_ROWS  16   /* rows left over, from which on events and ledgers have a place */
#define PANE_MAX   12
#define TROUBLE_ROWS 7 /* that networks leave, however many they are */
#define LEDGERS    56   /* cells of their pane, where there is little room */

/* --- data --- */

static void status_come(void *arg, const json_t *answer, const struct err *e)
{
	struct overview *s = arg;

	s->waiting = false;
	if (!answer)
		return;
	json_decref(s->status);
	s->status = json_incref((json_t *)answer);
	if (s->n_rates == OVERVIEW_RATES)
		memmove(s->rates, s->rates + 1, (OVERVIEW_RATES - 1) * sizeof(*s->rates));
	else
		s->n_rates++;
	s->rates[s->n_rates - 1] =
		(float)json_f64(json_object_get(answer, "rates"), "samples_s", NAN);
	s->st->dirty(s->st->arg);
}

static void ask_status(struct overview *s)
{
	if (s->waiting || !s->st->client || !s->st->up)
		return;
	s->waiting = true;
	asker_call(&s->asker, s->st->client, "status", slice_of(""), status_come, s);
}

static void rows_changed(void *arg, struct client_view *v)
{
	struct overview *s = arg;

	s->st->dirty(s->st->arg);
}

static const struct client_view_ops view_ops = { .changed = rows_changed };

static struct client_view *view(struct overview *s, struct client_query q)
{
	q.limit = q.limit ? q.limit : TROUBLES;
	return client_view_new(s->st->client, &q, &view_ops, s);
}

static void open_views(struct overview *s)
{
	s->alerts = view(s, (struct client_query){ .kind = "alerts", .filter = "state!=resolved",
		.fields = "id,severity,state,network,site,device,devices,since,summary", .limit = 60 });
	s->warnings = view(s, (struct client_query){ .kind = "events", .filter = "severity>=warn",
		.fields = "n,time,severity,device,source,message,type", .interval_ms = 2000 });
	s->courses = view(s, (struct client_query){ .kind = "networks",
		.fields = "name,course,course_day", .interval_ms = 10000 });
	s->ledgers = view(s, (struct client_query){ .kind = "ledgers", .interval_ms = 1000,
		.fields = "name,head,head_hash,head_time,reorgs,block_time", .limit = 50 });
}

/* Means over all devices: asked for only where they are shown. */
static void want_loads(struct overview *s, int cols)
{
	if (s->loads || cols < OVERVIEW_WIDE || !s->alerts)
		return;
	s->loads = view(s, (struct client_query){ .kind = "devices", .by = "network",
		.fields = overview_loads, .interval_ms = 5000 });
}

static void close_views(struct overview *s)
{
	struct client_view **const all[] = { &s->alerts, &s->warnings, &s->courses, &s->loads,
		&s->ledgers };

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		client_view_free(*all[i]);
		*all[i] = NULL;
	}
}

/* --- drawing --- */

static void draw_trouble(struct overview *s, struct term *t, struct rect r)
{
	uint64_t bad = s->alerts ? client_view_n(s->alerts) : 0;
	struct rect half = r;

	if (r.rows < 2)
		return;
	if (r.cols >= OVERVIEW_WIDE) {
		half = rect_cut_left(&r, r.cols / 2);
		half.cols--;
	} else if (r.rows >= 6) {
		bad = bad < 1 ? 1 : bad > (uint64_t)r.rows / 2 - 1 ? (uint64_t)r.rows / 2 - 1 : bad;
		half = rect_cut_top(&r, (int)bad + 1);
	} else {
		half = (struct rect){ 0 };
	}
	if (half.rows)
		trouble_alerts_draw(s->alerts, json_object_get(s->status, "alerts"), t, half, s->st->up);
	trouble_events_draw(s->warnings, t, r, s->st->up);
}

/* What there is room for below: how many events there were, and the heads of the ledgers. */
static void draw_more(struct overview *s, struct term *t, struct rect *r)
{
	struct rect pane, side;

	if (r->rows < MORE_ROWS)
		return;
	pane = rect_cut_bottom(r, r->rows / 2 > PANE_MAX ? PANE_MAX : r->rows / 2);
	if (pane.cols >= OVERVIEW_NARROW) {
		side = rect_cut_right(&pane, pane.cols >= OVERVIEW_WIDE ? pane.cols / 2 : LEDGERS);
		pane.cols--;
		overview_ledgers_pane(s, t, side);
	}
	overview_events_pane(s, t, pane);
}

static void draw_networks(struct overview *s, struct term *t, struct rect *r)
{
	int rows = cards_rows(s, *r), lines = (int)s->networks.table.total + 1, most = r->rows / 2;

	s->cards.rows = 0;
	if (rows) {
		struct rect cards = rect_cut_top(r, rows);

		cards_draw(s, t, cards);
		return;
	}
	most = r->rows - TROUBLE_ROWS > most ? r->rows - TROUBLE_ROWS : most;
	lines = lines < 2 ? 2 : lines > most ? most : lines;
	nets_draw(s, t, rect_cut_top(r, lines));
	if (r->rows > 3)
		rect_cut_top(r, 1);
}

static void overview_draw(void *state, struct term *t, struct rect r)
{
	struct overview *s = state;
	struct layers layers = { s->status, s->rates, s->n_rates, s->st->up, NULL };
	struct rect top = rect_cut_top(&r, LAYERS), gap;
	struct buf chain;

	want_loads(s, r.cols);
	buf_init(&chain, 400);
	overview_ledgers_text(s, &chain);
	layers.chain = chain.len ? chain.p : NULL;
	if (r.cols >= OVERVIEW_NARROW) {
		struct rect facts = rect_cut_right(&top, top.cols < OVERVIEW_WIDE ? 46 : 80);

		facts_draw(&layers, t, facts);
	}
	layers_draw(&layers, t, top);
	buf_fini(&chain);
	gap = rect_cut_top(&r, 1);
	if (r.cols < OVERVIEW_NARROW)
		overview_events_line(s, t, gap);
	draw_networks(s, t, &r);
	draw_more(s, t, &r);
	draw_trouble(s, t, r);
}

/* --- the screen --- */

static const struct list_col cols[] = { { "name", "NETWORK", SHOW_TEXT, .min = 8 } };

static const struct list_spec spec = { .kind = "networks", .id = "name",
	.fields = "devices,up,degraded,stale,down,unknown,health,by_health,events_rate" };

static int overview_open(void *state, struct stage *st, struct slice arg, struct err *e)
{
	struct overview *s = state;

	s->st = st;
	list_init(&s->networks, &spec, st, s);
	list_columns(&s->networks, cols, ARRAY_LEN(cols));
	return 0;
}

static void overview_close(void *state)
{
	struct overview *s = state;

	asker_fini(&s->asker);
	close_views(s);
	list_fini(&s->networks);
	free(s->events.h.v);
	json_decref(s->status);
}

static void overview_show(void *state, bool on)
{
	struct overview *s = state;

	list_show(&s->networks, on);
	close_views(s);
	if (!on || !s->st->client)
		return;
	open_views(s);
	ask_status(s);
	overview_events_ask(s);
}

static bool overview_tick(void *state)
{
	struct overview *s = state;

	list_tick(&s->networks);
	ask_status(s);
	overview_events_ask(s);
	return s->alerts && (client_view_n(s->alerts) || client_view_n(s->ledgers)); /* ages */
}

static void overview_mouse(void *state, const struct term_event *ev)
{
	struct overview *s = state;
	uint64_t n;
	bool again;

	if (!s->cards.rows || ev->mouse != TERM_MOUSE_PRESS) {
		list_mouse(state, ev);
		return;
	}
	if (!cards_at(s, ev->row, ev->col, &n))
		return;
	again = s->networks.sticky && n == s->networks.table.cursor;
	list_point(&s->networks, n);
	if (again)
		s->st->run(s->st->arg, "open");
}

/* Without a word the next one. */
static int act_strip(void *state, struct slice arg, struct err *e)
{
	static const char *const names[STRIPS] = { "fleet", "course", "day" };
	struct overview *s = state;

	for (int i = 0; i < STRIPS; i++)
		if (slice_is(arg, names[i])) {
			s->strip = (enum overview_strip)i;
			return 0;
		}
	if (arg.n)
		return err_set(e, ERR_USAGE, "strip fleet, course or day");
	s->strip = (s->strip + 1) % STRIPS;
	return 0;
}

static void overview_travelled(void *state)
{
	struct overview *s = state;

	s->n_rates = 0;
	s->waiting = false; /* an answer of the moment before is followed by the right one */
	s->events.waiting = false;
	s->events.asked_ms = 0;
	ask_status(s);
	overview_events_ask(s);
}

static const struct action actions[] = {
	{ "strip", "[fleet|course|day]", "of each network: its fleet, or what it lost over time",
		.run = act_strip },
	{ 0 },
};

const struct screen screen_overview = {
	.name = "overview", .title = "Overview", .args = "", .help = "is all well, at a glance",
	.keys = "list", .tab = true, .state_size = sizeof(struct overview),
	.actions = { list_moves, networks_actions, actions },
	.open = overview_open, .close = overview_close, .show = overview_show,
	.draw = overview_draw, .tick = overview_tick, .travelled = overview_travelled,
	.mouse = overview_mouse,
};
