/* Map: where the devices are, and where not all is well. */
#include "ui/screen/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/num.h"
#include "ui/screen/value.h"
#include "ui/term/event.h"

#define NEAR 2 /* cells that a click may be off */

/* --- life --- */

static int map_open(void *state, struct stage *st, struct slice arg, struct err *e)
{
	struct map *s = state;

	s->st = st;
	if (arg.n) {
		s->first = xmemdup0(arg.p, arg.n);
		s->filter = xstrdup(s->first);
	}
	return 0;
}

static void map_close(void *state)
{
	struct map *s = state;

	asker_fini(&s->asker);
	map_answer_fini(&s->now);
	canvas_fini(&s->land);
	free(s->first);
	free(s->filter);
	free(s->trial);
}

static void map_show(void *state, bool on)
{
	struct map *s = state;

	if (!on)
		return;
	map_size(s, s->st->room(s->st->arg));
	map_ask(s);
}

static bool map_tick(void *state)
{
	map_ask(state);
	return false; /* it is drawn when the answer comes */
}

static void changed(struct map *s)
{
	map_ask(s);
	s->st->dirty(s->st->arg);
}

static void map_travelled(void *state)
{
	changed(state);
}

/* --- moving --- */

static int act_pan(void *state, struct slice arg, struct err *e)
{
	static const struct {
		const char *word;
		int rows, cols;
	} ways[] = { { "left", 0, -1 }, { "right", 0, 1 }, { "up", -1, 0 }, { "down", 1, 0 } };
	struct map *s = state;

	for (size_t i = 0; i < ARRAY_LEN(ways); i++)
		if (slice_is(arg, ways[i].word)) {
			map_move(&s->view, ways[i].rows * (s->view.rows / 8 + 1),
				ways[i].cols * (s->view.cols / 12 + 1));
			changed(s);
			return 0;
		}
	return err_set(e, ERR_USAGE, "pan left, right, up or down");
}

/* The place under the cursor stays where it is, else the middle does. */
static int act_zoom(void *state, struct slice arg, struct err *e)
{
	struct map *s = state;
	struct map_box b = map_box(&s->view);
	int row, col;
	int64_t by = 1;

	if (arg.n && (num_i64(arg, &by) < 0 || by < -100 || by > 100))
		return err_set(e, ERR_USAGE, "'%.*s' is no number of steps", SLICE_ARG(arg));
	if (!s->chosen || !map_box_cell(&b, s->lat, s->lon, &row, &col)) {
		row = s->view.rows / 2;
		col = s->view.cols / 2;
	}
	map_zoom(&s->view, (int)by, row, col);
	changed(s);
	return 0;
}

static int act_fit(void *state, struct slice arg, struct err *e)
{
	struct map *s = state;

	if (slice_is(arg, "world"))
		map_fit_world(&s->view);
	else if (!slice_is(arg, "devices"))
		return err_set(e, ERR_USAGE, "fit world, or fit devices");
	else if (!s->now.any)
		return err_set(e, ERR_NO, "none of the devices says where it stands");
	else
		map_fit(&s->view, s->now.extent);
	changed(s);
	return 0;
}

/* --- places --- */

static int step_place(struct map *s, int by, struct err *e)
{
	int n = (int)s->now.n, at = map_chosen_at(s);

	if (!n)
		return err_set(e, ERR_NO, "no device is in sight");
	at = at < 0 ? (by > 0 ? 0 : n - 1) : (at + by + n) % n;
	map_choose(s, &s->now.v[at]);
	return 0;
}

static int act_next(void *state, struct slice arg, struct err *e)
{
	return step_place(state, 1, e);
}

static int act_previous(void *state, struct slice arg, struct err *e)
{
	return step_place(state, -1, e);
}

static int act_open(void *state, struct slice arg, struct err *e)
{
	struct map *s = state;
	char *line;

	if (!map_chosen(s))
		return err_set(e, ERR_NO, "no place is under the cursor: n goes to the worst");
	line = map_devices_line(s);
	s->st->run(s->st->arg, line);
	free(line);
	return 0;
}

static int act_shade(void *state, struct slice arg, struct err *e)
{
	struct map *s = state;

	if (arg.n && !slice_is(arg, "share") && !slice_is(arg, "worst"))
		return err_set(e, ERR_USAGE, "shade share, or shade worst");
	s->by_worst = arg.n ? slice_is(arg, "worst") : !s->by_worst;
	return 0;
}

/* --- the filter --- */

static void set_text(char **to, struct slice text)
{
	free(*to);
	*to = text.n ? xmemdup0(text.p, text.n) : NULL;
}

static int act_filter(void *state, struct slice arg, struct err *e)
{
	struct map *s = state;

	set_text(&s->filter, arg);
	set_text(&s->trial, slice_of(""));
	s->refused.class = ERR_NONE;
	changed(s);
	return 0;
}

static void map_typing(void *state, const char *what, struct slice text)
{
	struct map *s = state;

	free(s->trial);
	s->trial = text.p ? xmemdup0(text.p, text.n) : NULL;
	s->refused.class = ERR_NONE;
	changed(s);
}

static bool map_trouble(void *state, const char *what, struct slice *story, int *at)
{
	struct map *s = state;

	*story = slice_of(s->refused.text);
	*at = s->refused_at;
	return s->refused.class != ERR_NONE;
}

static struct slice map_current(void *state, const char *what)
{
	struct map *s = state;

	return slice_of(s->filter && strcmp(what, "filter") == 0 ? s->filter : "");
}

/* First the cursor, then the filter. */
static bool map_back(void *state)
{
	struct map *s = state;

	if (s->chosen) {
		s->chosen = false;
		return true;
	}
	if (strcmp(s->filter ? s->filter : "", s->first ? s->first : "") == 0)
		return false;
	set_text(&s->filter, slice_of(s->first ? s->first : ""));
	changed(s);
	return true;
}

/* --- mouse --- */

static int distance(const struct map *s, const struct map_box *b, const struct map_cell *c, int row,
	int col)
{
	int at_row, at_col;

	if (!map_box_cell(b, c->lat, c->lon, &at_row, &at_col))
		return INT32_MAX;
	return abs(at_row - row) * 2 + abs(at_col - col);
}

static void click(struct map *s, int row, int col)
{
	struct map_box b = map_box(&s->view);
	const struct map_cell *near = NULL, *was = map_chosen(s);
	int best = 2 * NEAR + 1;

	for (size_t i = 0; i < s->now.n; i++) {
		int d = distance(s, &b, &s->now.v[i], row, col);

		if (d < best) {
			best = d;
			near = &s->now.v[i];
		}
	}
	map_choose(s, near);
	if (near && near == was)
		s->st->run(s->st->arg, "open");
}

static void drag(struct map *s, int row, int col)
{
	if (row == s->drag_row && col == s->drag_col)
		return;
	map_move(&s->view, s->drag_row - row, s->drag_col - col);
	s->drag_row = row;
	s->drag_col = col;
	s->dragged = true;
	changed(s);
}

static void map_mouse(void *state, const struct term_event *ev)
{
	struct map *s = state;
	int row = ev->row - s->body.row, col = ev->col - s->body.col;
	bool inside = row >= 0 && row < s->body.rows && col >= 0 && col < s->body.cols;

	if (ev->mouse == TERM_MOUSE_DRAG && s->dragging) {
		drag(s, row, col);
	} else if (ev->mouse == TERM_MOUSE_RELEASE) {
		if (s->dragging && !s->dragged && inside)
			click(s, row, col);
		s->dragging = false;
	} else if (inside && ev->mouse == TERM_MOUSE_PRESS) {
		s->dragging = true;
		s->dragged = false;
		s->drag_row = row;
		s->drag_col = col;
	} else if (inside && (ev->mouse == TERM_MOUSE_WHEEL_UP || ev->mouse == TERM_MOUSE_WHEEL_DOWN)) {
		map_zoom(&s->view, ev->mouse == TERM_MOUSE_WHEEL_UP ? 1 : -1, row, col);
		changed(s);
	}
}

static const struct action actions[] = {
	{ "open", "", "the devices at the place under the cursor", .run = act_open },
	{ "next", "", "to the next place, worst first", .run = act_next },
	{ "previous", "", "to the place before", .run = act_previous },
	{ "pan", "left|right|up|down", "move the map", .run = act_pan },
	{ "zoom", "STEPS", "closer, or with -1 further away", .run = act_zoom },
	{ "fit", "world|devices", "show all of the world, or as much as has devices", .run = act_fit },
	{ "shade", "[share|worst]", "colour by how many are bad, or by the worst one",
		.run = act_shade },
	{ "filter", "EXPR", "only devices that match; nothing: all", .run = act_filter },
	{ 0 },
};

const struct screen screen_map = {
	.name = "map", .title = "Map", .args = "[FILTER]", .help = "where the devices are, and how well",
	.keys = "map", .tab = true, .state_size = sizeof(struct map), .actions = { actions },
	.open = map_open, .close = map_close, .show = map_show, .draw = map_draw, .tick = map_tick,
	.travelled = map_travelled, .mouse = map_mouse, .typing = map_typing, .trouble = map_trouble,
	.current = map_current, .back = map_back,
};
