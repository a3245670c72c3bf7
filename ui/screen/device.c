/* One device: what it is, all its values, plots of some, its newest events. */
#include "ui/screen/device.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "client/client.h"
#include "ui/screen/catalog.h"
#include "ui/screen/marks.h"
#include "ui/screen/value.h"

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
		device_ask_chain(s);
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

/* --- commands --- */

void device_chose(struct device *s)
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

	if (value_arg(arg, &by, e) < 0)
		return -1;
	table_move(&s->table, by);
	device_chose(s);
	return 0;
}

static int act_page(void *state, struct slice arg, struct err *e)
{
	struct device *s = state;
	int64_t by;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	table_move_page(&s->table, (int)by);
	device_chose(s);
	return 0;
}

static int act_home(void *state, struct slice arg, struct err *e)
{
	struct device *s = state;

	table_move_to(&s->table, 0);
	device_chose(s);
	return 0;
}

static int act_end(void *state, struct slice arg, struct err *e)
{
	struct device *s = state;

	table_move_to(&s->table, s->n_series ? s->n_series - 1 : 0);
	device_chose(s);
	return 0;
}

void device_span(struct device *s, int64_t span_ms)
{
	s->span_ms = span_ms;
	s->zoomed = true;
	s->plots_waiting = false;
	device_ask_history(s, true);
}

static int act_zoom(void *state, struct slice arg, struct err *e)
{
	struct device *s = state;
	int64_t by;
	int i = 0;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	while (i < DEVICE_SPANS - 1 && device_spans[i] < s->span_ms)
		i++;
	i -= (int)by;
	if (i < 0 || i >= DEVICE_SPANS)
		return err_set(e, ERR_NO, "no %s span", by > 0 ? "shorter" : "longer");
	s->cursor_ms = 0;
	device_span(s, device_spans[i]);
	return 0;
}

static int act_pan(void *state, struct slice arg, struct err *e)
{
	struct device *s = state;
	int64_t by;

	if (value_arg(arg, &by, e) < 0)
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

	if (value_arg(arg, &by, e) < 0)
		return -1;
	if (!s->cursor_ms)
		s->cursor_ms = s->span_ms / 2;
	s->cursor_ms -= by * s->span_ms / (s->plot_cols > 10 ? s->plot_cols : 60);
	if (s->cursor_ms <= 0 || s->cursor_ms > s->span_ms)
		s->cursor_ms = 0;
	return 0;
}

/* --- values over one another --- */

int device_over(const struct device *s, struct slice key)
{
	for (size_t i = 0; i < s->n_over; i++)
		if (slice_is(key, s->over[i]))
			return (int)i;
	return -1;
}

static void drop_over(struct device *s, int i)
{
	free(s->over[i]);
	memmove(&s->over[i], &s->over[i + 1], (--s->n_over - (size_t)i) * sizeof(s->over[0]));
}

static int act_overlay(void *state, struct slice arg, struct err *e)
{
	struct device *s = state;
	struct slice key = arg.n ? arg : device_key(s, (size_t)s->table.cursor);
	int i = device_over(s, key);

	if (!key.n)
		return err_set(e, ERR_NO, "this device has no values yet");
	if (i >= 0)
		drop_over(s, i);
	else if (s->n_over == DEVICE_OVER)
		return err_set(e, ERR_REFUSED, "%d are the most in one plot", PLOT_SERIES_MAX);
	else
		s->over[s->n_over++] = xmemdup0(key.p, key.n);
	device_chose(s);
	return 0;
}

static int act_its_events(void *state, struct slice arg, struct err *e)
{
	struct device *s = state;
	char *line = filter_line("events", "device", slice_of(s->id));

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
	{ "move", "ROWS", "another value, plotted first", .run = act_move },
	{ "page", "PAGES", "move by pages", .run = act_page },
	{ "home", "", "to the first value", .run = act_home },
	{ "end", "", "to the last value", .run = act_end },
	{ "zoom", "N", "a shorter span in the plots, or with -1 a longer", .run = act_zoom },
	{ "pan", "N", "later in the plots, or with -1 earlier", .run = act_pan },
	{ "cursor", "N", "move the read-out of the plots", .run = act_cursor },
	{ "overlay", "[METRIC]", "lay the value under the cursor over the others in the first plot, "
				 "or not", .run = act_overlay },
	{ "its-events", "", "all events of this device", .run = act_its_events },
	{ "open", "", "everything the collector knows of it", .run = act_open },
	{ 0 },
};

/* --- the screen --- */

static int device_open(void *state, struct stage *st, struct slice arg, struct err *e)
{
	struct device *s = state;

	s->st = st;
	s->span_ms = DEVICE_SPAN;
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
	device_history_fini(s);
	json_decref(s->answer);
	json_decref(s->registered);
	free(s->series);
	free(s->id);
	free(s->chosen);
	while (s->n_over)
		drop_over(s, (int)s->n_over - 1);
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

static void device_travelled(void *state)
{
	struct device *s = state;

	s->asked_ms = s->sparks_ms = s->chain_ms = 0;
	s->back_ms = s->cursor_ms = 0;
	if (!s->on)
		return;
	ask(s);
	device_ask_history(s, true);
}

static const char *device_meant(void *state, struct marks *ids)
{
	struct device *s = state;

	marks_add(ids, row_text(s->row, "id"));
	return "devices";
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

	if (!s->cursor_ms && !s->back_ms && !s->n_over)
		return false;
	while (!s->cursor_ms && !s->back_ms && s->n_over)
		drop_over(s, (int)s->n_over - 1);
	s->cursor_ms = 0;
	s->back_ms = 0;
	device_ask_history(s, true);
	return true;
}

const struct screen screen_device = {
	.name = "device", .title = "Device", .args = "ID",
	.help = "one device: values, plots, events", .keys = "device",
	.state_size = sizeof(struct device), .actions = { actions }, .open = device_open,
	.close = device_close, .show = device_show, .draw = device_draw,
	.tick = device_tick, .travelled = device_travelled,
	.meant = device_meant, .subject = device_subject, .mouse = device_mouse, .back = device_back,
};
