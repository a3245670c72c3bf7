/* One device: what it is, all its values, plots of some, its newest events. */
#include "ui/screen/device.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/num.h"
#include "client/client.h"
#include "ui/screen/catalog.h"
#include "ui/screen/value.h"
#include "ui/term/event.h"

#define SPAN_FIRST (15 * 60 * 1000)

/* Spans that + and - go through. */
static const int64_t spans[] = { 60000, 300000, 900000, 3600000, 6 * 3600000, 24 * 3600000,
	7 * 24 * 3600000ll };

/* --- its series --- */

struct slice device_key(const struct device *s, size_t i)
{
	struct slice key = i < s->n_series ? row_text(s->series[i], "key") : (struct slice){ 0 };

	return key.n || i >= s->n_series ? key : row_text(s->series[i], "name");
}

struct slice device_unit(const struct device *s, struct slice key)
{
	for (size_t i = 0; i < s->n_series; i++)
		if (slice_eq(device_key(s, i), key))
			return row_text(s->series[i], "unit");
	return slice_of("");
}

static int weight(const json_t *s)
{
	return metric_weight(json_str(s, "name", ""), row_text(s, "type"));
}

static int by_weight(const void *a, const void *b)
{
	const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
	int c = weight(x) - weight(y);

	return c ? c : slice_cmp(row_text(x, "key"), row_text(y, "key"));
}

static void take_series(struct device *s, const json_t *series)
{
	size_t i;
	json_t *v;

	s->series = xreallocarray(s->series, json_array_size(series) + 1, sizeof(*s->series));
	s->n_series = 0;
	json_array_foreach((json_t *)series, i, v)
		s->series[s->n_series++] = v;
	qsort(s->series, s->n_series, sizeof(*s->series), by_weight);
	table_set_total(&s->table, s->n_series);
	for (i = 0; s->chosen && i < s->n_series; i++)
		if (slice_is(device_key(s, i), s->chosen))
			table_move_to(&s->table, i);
}

static void described(void *arg, const json_t *answer, const struct err *e)
{
	struct device *s = arg;

	s->waiting = false;
	s->wrong = e ? *e : (struct err){ 0 };
	if (answer) {
		json_incref((json_t *)answer);
		take_series(s, json_object_get(answer, "series"));
		json_decref(s->answer);
		s->answer = (json_t *)answer;
		s->row = json_object_get(answer, "row");
		s->events = json_object_get(answer, "events");
		device_ask_history(s, s->plots_ms == 0);
	}
	s->st->dirty(s->st->arg);
}

static void ask(struct device *s)
{
	if (s->waiting || !s->st->client || !s->st->up)
		return;
	s->waiting = true;
	s->asked_ms = clock_mono_ms();
	asker_describe(&s->asker, s->st->client, "devices", slice_of(s->id), described, s);
}

/* A device with a thousand series is asked less often. */
static int64_t again_ms(const struct device *s)
{
	return s->n_series <= 60 ? 1000 : s->n_series <= 400 ? 2000 : 5000;
}

/* --- history --- */

static void series_fini(struct device_series *d)
{
	free(d->key);
	free(d->pts);
	*d = (struct device_series){ 0 };
}

static void take_points(struct device_series *d, const json_t *series)
{
	const json_t *points = json_object_get(series, "points");
	size_t i;
	json_t *p;

	series_fini(d);
	d->key = xstrdup(json_str(series, "key", ""));
	d->pts = xcalloc(json_array_size(points) + 1, sizeof(*d->pts));
	json_array_foreach((json_t *)points, i, p) {
		bool gap = json_number_value(json_array_get(p, 4)) == 0;
		const json_t *min = json_array_get(p, 1), *max = json_array_get(p, 2);

		d->pts[d->n++] = (struct plot_point){
			(int64_t)json_number_value(json_array_get(p, 0)),
			gap || !json_is_number(min) ? NAN : (float)json_number_value(min),
			gap || !json_is_number(max) ? NAN : (float)json_number_value(max) };
	}
}

static size_t take_all(struct device_series *out, size_t max, const json_t *answer)
{
	const json_t *series = json_object_get(answer, "series");
	size_t n = 0;

	for (; n < max && n < json_array_size(series); n++)
		take_points(&out[n], json_array_get(series, n));
	return n;
}

/* No wider than the history there is, until the user says how wide.  True: it changed. */
static bool fit_span(struct device *s, const json_t *answer)
{
	int64_t oldest = row_time(answer, "oldest"), have = clock_wall_ms() - oldest;
	size_t i = 0;

	if (!oldest)
		return false;
	while (spans[i] < SPAN_FIRST && spans[i] < have)
		i++;
	if (spans[i] == s->span_ms)
		return false;
	s->span_ms = spans[i];
	return true;
}

static void plots_come(void *arg, const json_t *answer, const struct err *e)
{
	struct device *s = arg;

	s->plots_waiting = false;
	if (!s->zoomed && fit_span(s, answer))
		device_ask_history(s, true);
	if (answer)
		for (size_t i = take_all(s->plots, DEVICE_PLOTS, answer); i < DEVICE_PLOTS; i++)
			series_fini(&s->plots[i]);
	s->st->dirty(s->st->arg);
}

static void sparks_come(void *arg, const json_t *answer, const struct err *e)
{
	struct device *s = arg;

	s->sparks_waiting = false;
	if (answer)
		s->n_sparks = take_all(s->sparks, DEVICE_SPARKS, answer);
	s->st->dirty(s->st->arg);
}

const struct device_series *device_spark(const struct device *s, struct slice key)
{
	for (size_t i = 0; i < s->n_sparks; i++)
		if (slice_is(key, s->sparks[i].key))
			return &s->sparks[i];
	return NULL;
}

static void history(struct device *s, const struct slice *keys, size_t n, int64_t from, int64_t to,
	int points, asker_fn *fn)
{
	struct buf b;
	struct jw w;

	buf_init(&b, 1 << 16);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "device"), jw_str(&w, slice_of(s->id));
	jw_key(&w, "metrics");
	jw_array(&w);
	for (size_t i = 0; i < n; i++)
		jw_str(&w, keys[i]);
	jw_end(&w);
	jw_key(&w, "from"), jw_i64(&w, from);
	jw_key(&w, "to"), jw_i64(&w, to);
	jw_key(&w, "points"), jw_i64(&w, points);
	jw_end(&w);
	asker_call(&s->asker, s->st->client, "history", buf_slice(&b), fn, s);
	buf_fini(&b);
}

/* The chosen series first, then the telling ones. */
static size_t plot_keys(const struct device *s, struct slice *keys)
{
	size_t n = 0, most = s->n_plots > 0 ? (size_t)s->n_plots : 1;

	keys[n++] = device_key(s, (size_t)s->table.cursor);
	for (size_t i = 0; i < s->n_series && n < most; i++)
		if (!slice_eq(device_key(s, i), keys[0]))
			keys[n++] = device_key(s, i);
	return n;
}

static size_t spark_keys(const struct device *s, struct slice *keys)
{
	size_t n = 0;

	for (size_t i = (size_t)s->table.top; i < s->n_series && n < DEVICE_SPARKS; i++)
		keys[n++] = device_key(s, i);
	return n;
}

void device_ask_history(struct device *s, bool now)
{
	int64_t mono = clock_mono_ms(), wall = clock_wall_ms(), step = s->span_ms / 200;
	struct slice keys[DEVICE_SPARKS];

	if (!s->n_series || !s->st->client || !s->st->up || !s->on)
		return;
	step = step < 1000 ? 1000 : step > 30000 ? 30000 : step;
	if (!s->plots_waiting && (now || (!s->back_ms && mono - s->plots_ms >= step))) {
		s->plots_ms = mono;
		s->plots_waiting = true;
		s->to_ms = wall - s->back_ms;
		history(s, keys, plot_keys(s, keys), s->to_ms - s->span_ms, s->to_ms,
			s->plot_cols > 10 ? 2 * s->plot_cols : 160, plots_come);
	}
	if (!s->sparks_waiting && (s->sparks_ms == 0 || mono - s->sparks_ms >= 5000)) {
		s->sparks_ms = mono;
		s->sparks_waiting = true;
		history(s, keys, spark_keys(s, keys), wall - 600000, wall, SPARK_POINTS, sparks_come);
	}
}

/* --- commands --- */

static int number(struct slice arg, int64_t *n, struct err *e)
{
	*n = 1;
	if (arg.n && num_i64(arg, n) < 0)
		return err_set(e, ERR_USAGE, "'%.*s' is no number", SLICE_ARG(arg));
	return 0;
}

static void chose(struct device *s)
{
	struct slice key = device_key(s, (size_t)s->table.cursor);

	free(s->chosen);
	s->chosen = key.n ? xmemdup0(key.p, key.n) : NULL;
	s->plots_waiting = false; /* an answer for the old choice is as good as none */
	device_ask_history(s, true);
}

static int act_move(void *state, struct slice arg, struct err *e)
{
	struct device *s = state;
	int64_t by;

	if (number(arg, &by, e) < 0)
		return -1;
	table_move(&s->table, by);
	chose(s);
	return 0;
}

static int act_page(void *state, struct slice arg, struct err *e)
{
	struct device *s = state;
	int64_t by;

	if (number(arg, &by, e) < 0)
		return -1;
	table_move_page(&s->table, (int)by);
	chose(s);
	return 0;
}

static int act_home(void *state, struct slice arg, struct err *e)
{
	struct device *s = state;

	table_move_to(&s->table, 0);
	chose(s);
	return 0;
}

static int act_end(void *state, struct slice arg, struct err *e)
{
	struct device *s = state;

	table_move_to(&s->table, s->n_series ? s->n_series - 1 : 0);
	chose(s);
	return 0;
}

static int act_zoom(void *state, struct slice arg, struct err *e)
{
	struct device *s = state;
	int64_t by;
	int i = 0;

	if (number(arg, &by, e) < 0)
		return -1;
	while (i < (int)ARRAY_LEN(spans) - 1 && spans[i] < s->span_ms)
		i++;
	i -= (int)by;
	if (i < 0 || i >= (int)ARRAY_LEN(spans))
		return err_set(e, ERR_NO, "no %s span", by > 0 ? "shorter" : "longer");
	s->span_ms = spans[i];
	s->zoomed = true;
	s->cursor_ms = 0;
	device_ask_history(s, true);
	return 0;
}

static int act_pan(void *state, struct slice arg, struct err *e)
{
	struct device *s = state;
	int64_t by;

	if (number(arg, &by, e) < 0)
		return -1;
	s->back_ms -= by * s->span_ms / 4;
	if (s->back_ms < 0)
		s->back_ms = 0;
	device_ask_history(s, true);
	return 0;
}

static int act_cursor(void *state, struct slice arg, struct err *e)
{
	struct device *s = state;
	int64_t by;

	if (number(arg, &by, e) < 0)
		return -1;
	if (!s->cursor_ms)
		s->cursor_ms = s->span_ms / 2;
	s->cursor_ms -= by * s->span_ms / (s->plot_cols > 10 ? s->plot_cols : 60);
	if (s->cursor_ms <= 0 || s->cursor_ms > s->span_ms)
		s->cursor_ms = 0;
	return 0;
}

static int act_its_events(void *state, struct slice arg, struct err *e)
{
	struct device *s = state;
	char *line = xasprintf("events device='%s'", s->id);

	s->st->run(s->st->arg, line);
	free(line);
	return 0;
}

static int act_open(void *state, struct slice arg, struct err *e)
{
	struct device *s = state;
	char *line = xasprintf("describe devices %s", s->id);

	s->st->run(s->st->arg, line);
	free(line);
	return 0;
}

static const struct action actions[] = {
	{ "move", "ROWS", "another value, plotted first", act_move },
	{ "page", "PAGES", "move by pages", act_page },
	{ "home", "", "to the first value", act_home },
	{ "end", "", "to the last value", act_end },
	{ "zoom", "N", "a shorter span in the plots, or with -1 a longer", act_zoom },
	{ "pan", "N", "later in the plots, or with -1 earlier", act_pan },
	{ "cursor", "N", "move the read-out of the plots", act_cursor },
	{ "its-events", "", "all events of this device", act_its_events },
	{ "open", "", "everything the collector knows of it", act_open },
	{ 0 },
};

/* --- the screen --- */

static int device_open(void *state, struct stage *st, struct slice arg, struct err *e)
{
	struct device *s = state;

	s->st = st;
	s->span_ms = SPAN_FIRST;
	buf_init(&s->text, 1 << 16);
	if (!arg.n)
		return err_set(e, ERR_USAGE, "device what?  Its id or name is needed");
	s->id = xmemdup0(arg.p, arg.n);
	return 0;
}

static void device_close(void *state)
{
	struct device *s = state;

	asker_fini(&s->asker);
	for (int i = 0; i < DEVICE_PLOTS; i++)
		series_fini(&s->plots[i]);
	for (int i = 0; i < DEVICE_SPARKS; i++)
		series_fini(&s->sparks[i]);
	json_decref(s->answer);
	free(s->series);
	free(s->id);
	free(s->chosen);
	buf_fini(&s->text);
}

static void device_show(void *state, bool on)
{
	struct device *s = state;

	s->on = on;
	if (on)
		ask(s);
}

static bool device_tick(void *state)
{
	struct device *s = state;

	if (clock_mono_ms() - s->asked_ms >= again_ms(s))
		ask(s);
	device_ask_history(s, false);
	return true;
}

static struct slice device_subject(void *state)
{
	struct device *s = state;
	struct slice name = row_text(s->row, "name");

	return name.n ? name : slice_of(s->id ? s->id : "");
}

static bool device_back(void *state)
{
	struct device *s = state;

	if (!s->cursor_ms && !s->back_ms)
		return false;
	s->cursor_ms = 0;
	s->back_ms = 0;
	device_ask_history(s, true);
	return true;
}

static void device_mouse(void *state, const struct term_event *ev)
{
	struct device *s = state;
	struct rect r = s->plot;
	uint64_t row;

	if (ev->mouse == TERM_MOUSE_WHEEL_UP || ev->mouse == TERM_MOUSE_WHEEL_DOWN) {
		table_move(&s->table, ev->mouse == TERM_MOUSE_WHEEL_UP ? -1 : 1);
		chose(s);
	} else if (ev->col >= r.col && ev->col < r.col + r.cols && ev->row >= r.row
		&& ev->row < r.row + r.rows) {
		struct plot p = { .from_ms = s->to_ms - s->span_ms, .to_ms = s->to_ms, .lo = 0, .hi = 1 };
		int64_t at;

		if (plot_time_at(r, &p, ev->col - r.col, &at))
			s->cursor_ms = s->to_ms - at > 0 ? s->to_ms - at : 1;
	} else if (ev->mouse == TERM_MOUSE_PRESS && ev->col < s->values.col + s->values.cols
		&& table_row_at(&s->table, ev->row - s->values.row, &row)) {
		table_move_to(&s->table, row);
		chose(s);
	}
}

const struct screen screen_device = {
	.name = "device", .title = "Device", .args = "ID",
	.help = "one device: values, plots, events", .keys = "device",
	.state_size = sizeof(struct device), .actions = { actions }, .open = device_open,
	.close = device_close, .show = device_show, .draw = device_draw, .tick = device_tick,
	.subject = device_subject, .mouse = device_mouse, .back = device_back,
};
