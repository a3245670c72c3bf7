/* Overview: is each layer well, each network, and if not, what is wrong? */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/num.h"
#include "client/view.h"
#include "ui/screen/asker.h"
#include "ui/screen/layers.h"
#include "ui/screen/list.h"
#include "ui/screen/trouble.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"
#include "ui/widget/bars.h"
#include "ui/widget/spark.h"

#define RATES	   120 /* seconds of the rate that are kept */
#define TROUBLES   1000 /* rows that are looked through for what they have in common */
#define STRIP_MAX  120
#define NARROW	   100 /* below it the right column is left out */

struct overview {
	struct list networks; /* the cursor is here */
	struct stage *st;
	struct asker asker;
	json_t *status;
	struct client_view *bad, *warnings;
	float rates[RATES];
	size_t n_rates;
	bool waiting;
};

/* --- data --- */

static void status_come(void *arg, const json_t *answer, const struct err *e)
{
	struct overview *s = arg;

	s->waiting = false;
	if (!answer)
		return;
	json_decref(s->status);
	s->status = json_incref((json_t *)answer);
	if (s->n_rates == RATES)
		memmove(s->rates, s->rates + 1, (RATES - 1) * sizeof(*s->rates));
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

static struct client_view *view(struct overview *s, const char *kind, const char *filter,
	const char *fields)
{
	struct client_query q = { .kind = kind, .filter = filter, .fields = fields,
		.limit = TROUBLES, .interval_ms = 2000 };

	return client_view_new(s->st->client, &q, &view_ops, s);
}

/* --- networks --- */

/* The fleet as a strip, worst first; what is wrong gets a cell however few they are. */
static size_t strip(const json_t *row, uint8_t *levels, size_t width)
{
	static const struct {
		const char *field;
		uint8_t level;
	} parts[] = { { "down", 4 }, { "stale", 3 }, { "degraded", 2 }, { "unknown", 1 } };
	double all = json_f64(row, "devices", 0);
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(parts) && all > 0; i++) {
		double part = json_f64(row, parts[i].field, 0);
		size_t cells = part > 0 ? (size_t)ceil(part * (double)width / all) : 0;

		for (; cells && n < width; cells--)
			levels[n++] = parts[i].level;
	}
	while (n < width && all > 0)
		levels[n++] = 0;
	return n;
}

/* Where the columns of a network's line stand. */
enum { AT_NAME = 2, AT_DEVICES = 17, AT_UP = 26, AT_BAD = 36, AT_HEALTH = 64, AT_STRIP = 80 };

static void draw_bad(struct term *t, struct rect r, int line, const json_t *row, bool up)
{
	static const char *const fields[] = { "degraded", "stale", "down" };
	struct buf b;

	buf_init(&b, 40);
	for (int i = 0; i < (int)ARRAY_LEN(fields); i++) {
		double v = json_f64(row, fields[i], 0);

		buf_reset(&b);
		value_count(&b, v);
		draw_field(t, r, line, AT_BAD + 9 * i, 8, v > 0 ? buf_slice(&b) : slice_of("·"),
			!up || v <= 0 ? ROLE_DIM : sign_of(slice_of(fields[i])).look, ALIGN_RIGHT);
	}
	buf_fini(&b);
}

static void draw_health(struct term *t, struct rect r, int line, double v, bool up)
{
	char text[16];
	uint16_t look = up ? percent_look(v) : ROLE_DIM;

	if (isnan(v))
		return;
	bar_draw(t, r, line, AT_HEALTH, 8, v / 100, look == ROLE_TEXT ? ROLE_GAUGE : look);
	snprintf(text, sizeof(text), "%.0f %%", v);
	draw_field(t, r, line, AT_HEALTH + 9, 5, slice_of(text), look, ALIGN_RIGHT);
}

static void draw_network(struct overview *s, struct term *t, struct rect r, int line, uint64_t n)
{
	const json_t *row = list_row(&s->networks, n);
	uint8_t levels[STRIP_MAX];
	int room = r.cols - AT_STRIP - 1;
	double share = 100 * json_f64(row, "up", 0) / json_f64(row, "devices", 1);
	bool up = s->st->up;
	struct buf b;

	buf_init(&b, 64);
	draw_field(t, r, line, AT_NAME, 14, row_text(row, "name"), up ? ROLE_TEXT : ROLE_DIM,
		ALIGN_LEFT);
	value_count(&b, json_f64(row, "devices", 0));
	draw_field(t, r, line, AT_DEVICES, 8, buf_slice(&b), up ? ROLE_TEXT : ROLE_DIM, ALIGN_RIGHT);
	buf_reset(&b);
	if (json_f64(row, "devices", 0) > 0)
		/* rounded down: 100 % is all of them */
		buf_addf(&b, "%.1f %%", floor(10 * share) / 10);
	draw_field(t, r, line, AT_UP, 9, buf_slice(&b), up ? percent_look(share) : ROLE_DIM,
		ALIGN_RIGHT);
	draw_bad(t, r, line, row, up);
	draw_health(t, r, line, row_num(row, "health"), up);
	if (room > 8) {
		struct rect cells = { r.row + line, r.col + AT_STRIP, 1,
			room > STRIP_MAX ? STRIP_MAX : room };

		heat_draw(t, cells, levels, strip(row, levels, (size_t)cells.cols));
	}
	if (n == s->networks.table.cursor && s->networks.sticky) {
		draw_glyph(t, r, line, 0, 0x203a, ROLE_ACCENT);
		term_lay(t, r.row + line, r.col, 1, r.cols, LOOK_SELECTED);
	}
	buf_fini(&b);
}

static void draw_networks(struct overview *s, struct term *t, struct rect r)
{
	uint64_t first;
	int count;

	s->networks.rect = r;
	table_window(&s->networks.table, r.rows, &first, &count);
	draw_text(t, r, 0, AT_NAME, slice_of("NETWORK"), ROLE_HEADER);
	draw_field(t, r, 0, AT_DEVICES, 8, slice_of("DEVICES"), ROLE_HEADER, ALIGN_RIGHT);
	draw_field(t, r, 0, AT_UP, 9, slice_of("UP"), ROLE_HEADER, ALIGN_RIGHT);
	draw_field(t, r, 0, AT_BAD, 8, slice_of("DEGRADED"), ROLE_HEADER, ALIGN_RIGHT);
	draw_field(t, r, 0, AT_BAD + 9, 8, slice_of("STALE"), ROLE_HEADER, ALIGN_RIGHT);
	draw_field(t, r, 0, AT_BAD + 18, 8, slice_of("DOWN"), ROLE_HEADER, ALIGN_RIGHT);
	draw_text(t, r, 0, AT_HEALTH, slice_of("HEALTH"), ROLE_HEADER);
	if (r.cols - AT_STRIP > 9)
		draw_text(t, r, 0, AT_STRIP, slice_of("FLEET, worst first"), ROLE_HEADER);
	for (int i = 0; i < count; i++)
		draw_network(s, t, r, i + 1, first + (uint64_t)i);
	if (!s->networks.table.total && s->status)
		draw_text(t, r, 1, 2, slice_of("no network yet: its first device brings it"), ROLE_DIM);
}

static void draw_trouble(struct overview *s, struct term *t, struct rect r)
{
	uint64_t bad = s->bad ? trouble_devices_rows(s->bad) : 0;
	struct rect half = r;

	if (r.rows < 2)
		return;
	if (r.cols >= 150) {
		half = rect_cut_left(&r, r.cols / 2);
		half.cols--;
	} else if (r.rows >= 6) {
		bad = bad < 1 ? 1 : bad > (uint64_t)r.rows / 2 - 1 ? (uint64_t)r.rows / 2 - 1 : bad;
		half = rect_cut_top(&r, (int)bad + 1);
	} else {
		half = (struct rect){ 0 };
	}
	if (half.rows)
		trouble_devices_draw(s->bad, t, half, s->st->up);
	trouble_events_draw(s->warnings, t, r, s->st->up);
}

static void overview_draw(void *state, struct term *t, struct rect r)
{
	struct overview *s = state;
	struct layers layers = { s->status, s->rates, s->n_rates, s->st->up };
	struct rect top = rect_cut_top(&r, LAYERS), nets;
	int rows = (int)s->networks.table.total + 1;

	if (r.cols >= NARROW) {
		struct rect facts = rect_cut_right(&top, top.cols < 150 ? 46 : 80);

		facts_draw(&layers, t, facts);
	}
	layers_draw(&layers, t, top);
	rect_cut_top(&r, 1);
	rows = rows < 2 ? 2 : rows > r.rows / 2 ? r.rows / 2 : rows;
	nets = rect_cut_top(&r, rows);
	draw_networks(s, t, nets);
	if (r.rows > 3)
		rect_cut_top(&r, 1);
	draw_trouble(s, t, r);
}

/* --- the screen --- */

static const struct list_col cols[] = { { "name", "NETWORK", SHOW_TEXT, .min = 8 } };

static const struct list_spec spec = { .kind = "networks", .id = "name",
	.fields = "devices,up,degraded,stale,down,unknown,health" };

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
	client_view_free(s->bad);
	client_view_free(s->warnings);
	list_fini(&s->networks);
	json_decref(s->status);
}

static void overview_show(void *state, bool on)
{
	struct overview *s = state;

	list_show(&s->networks, on);
	client_view_free(s->bad);
	client_view_free(s->warnings);
	s->bad = s->warnings = NULL;
	if (!on || !s->st->client)
		return;
	s->bad = view(s, "devices", "status!=up", "id,name,network,site,status,reason,since");
	s->warnings = view(s, "events", "severity>=warn", "n,time,severity,device,source,message,type");
	ask_status(s);
}

static bool overview_tick(void *state)
{
	struct overview *s = state;

	list_tick(&s->networks);
	ask_status(s);
	return s->bad && client_view_n(s->bad);
}

static void overview_travelled(void *state)
{
	struct overview *s = state;

	s->n_rates = 0;
	s->waiting = false; /* an answer of the moment before is followed by the right one */
	ask_status(s);
}

static int act_open(void *state, struct slice arg, struct err *e)
{
	struct overview *s = state;
	struct slice name = row_text(list_selected(&s->networks), "name");
	char *line;

	if (!name.n)
		return err_set(e, ERR_NO, "no network under the cursor");
	line = filter_line("devices", "network", name);
	s->st->run(s->st->arg, line);
	free(line);
	return 0;
}

static const struct action actions[] = {
	{ "open", "", "the network's devices", .run = act_open },
	{ 0 },
};

const struct screen screen_overview = {
	.name = "overview", .title = "Overview", .args = "", .help = "is all well, at a glance",
	.keys = "list", .tab = true, .state_size = sizeof(struct overview),
	.actions = { list_moves, actions },
	.open = overview_open, .close = overview_close, .show = overview_show,
	.draw = overview_draw, .tick = overview_tick, .travelled = overview_travelled, .mouse = list_mouse,
};
