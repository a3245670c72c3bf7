/*
 * Choosing columns by hand: a page above a list, with all that its rows have.  It knows nothing of
 * the list: it is opened with the names ("shown,ones;others") and leaves by saying `columns ...`.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "ui/screen/asker.h"
#include "ui/screen/catalog.h"
#include "ui/screen/screen.h"
#include "ui/screen/value.h"
#include "ui/term/event.h"
#include "ui/term/term.h"

#define CHOICES_MAX 160
#define SHOWN_MAX   24 /* columns of a list */
#define NAME_CELLS  34
#define KIND_CELLS  12

struct choice {
	char *name; /* "temp", whichever way it is shown */
	bool on, trend;
};

struct chooser {
	struct stage *st;
	struct choice v[CHOICES_MAX];
	int n, cursor, top, page;
	struct asker asker;
	json_t *fields; /* of devices, with their help; NULL: not here yet */
};

/* --- the names --- */

/* "trend(temp)": what is within, if that is all; others are as they are named. */
static void add(struct chooser *s, struct slice name, bool on)
{
	struct choice *c = &s->v[s->n];
	bool trend = name.n > 7 && memcmp(name.p, "trend(", 6) == 0 && name.p[name.n - 1] == ')';

	if (trend && memchr(name.p, ' ', name.n))
		trend = false; /* with a span of its own it stays what it is */
	if (trend)
		name = slice_mem(name.p + 6, name.n - 7);
	for (int i = 0; i < s->n; i++)
		if (slice_is(name, s->v[i].name))
			return;
	if (!name.n || s->n == CHOICES_MAX)
		return;
	*c = (struct choice){ xmemdup0(name.p, name.n), on, trend };
	s->n++;
}

static void add_all(struct chooser *s, const char *names, bool on)
{
	while (*names) {
		size_t n = name_end(names);

		add(s, slice_mem(names, n), on);
		names += n + (names[n] == ',');
	}
}

static int chosen(const struct chooser *s)
{
	int n = 0;

	for (int i = 0; i < s->n; i++)
		n += s->v[i].on;
	return n;
}

/* --- the page --- */

static void on_schema(void *arg, const json_t *answer, const struct err *e)
{
	struct chooser *s = arg;
	size_t i;
	json_t *k;

	json_array_foreach(json_object_get(answer, "kinds"), i, k)
		if (slice_is(row_text(k, "name"), "devices"))
			s->fields = json_incref(json_object_get(k, "fields"));
	s->st->dirty(s->st->arg);
}

static int chooser_open(void *state, struct stage *st, struct slice arg, struct err *e)
{
	struct chooser *s = state;
	char *names = xmemdup0(arg.p, arg.n), *others = strchr(names, ';');

	s->st = st;
	if (others)
		*others++ = '\0';
	add_all(s, names, true);
	add_all(s, others ? others : "", false);
	free(names);
	if (!s->n)
		return err_set(e, ERR_USAGE, "columns of which list?  C on it opens this");
	asker_call(&s->asker, st->client, "schema", slice_of(""), on_schema, s);
	return 0;
}

static void chooser_close(void *state)
{
	struct chooser *s = state;

	for (int i = 0; i < s->n; i++)
		free(s->v[i].name);
	asker_fini(&s->asker);
	json_decref(s->fields);
}

static void chooser_show(void *state, bool on)
{
}

/* --- drawing --- */

static struct slice help_of(const struct chooser *s, const char *name)
{
	size_t i;
	json_t *f;

	json_array_foreach(s->fields, i, f)
		if (slice_is(row_text(f, "name"), name))
			return row_text(f, "help");
	return slice_of("");
}

static void draw_choice(struct chooser *s, struct term *t, struct rect r, int row, int i)
{
	const struct choice *c = &s->v[i];
	const struct metric_info *m = catalog_find(s->st->catalog, c->name);
	struct slice help = help_of(s, c->name);
	uint16_t over = i == s->cursor ? LOOK_SELECTED : 0, look = c->on ? ROLE_TEXT : ROLE_DIM;
	char kind[40];

	snprintf(kind, sizeof(kind), m ? "metric%s%s" : "", m && *m->unit ? ", " : "", m ? m->unit : "");
	term_fill(t, r.row + row, r.col, 1, NAME_CELLS, ROLE_TEXT | over);
	if (over)
		draw_glyph(t, r, row, 0, 0x203a, ROLE_ACCENT | over);
	draw_text(t, r, row, 2, slice_of(c->on ? "[x]" : "[ ]"), (c->on ? ROLE_OK : ROLE_DIM) | over);
	draw_field(t, r, row, 6, NAME_CELLS - 7, slice_of(c->name), look | over, ALIGN_LEFT);
	if (c->trend)
		draw_text(t, r, row, NAME_CELLS + 1, slice_of("▁▃▅▇"), ROLE_SPARK);
	draw_field(t, r, row, NAME_CELLS + 7, r.cols - NAME_CELLS - 9, help.n ? help : slice_of(kind),
		ROLE_DIM, ALIGN_LEFT);
}

static void chooser_draw(void *state, struct term *t, struct rect r)
{
	struct chooser *s = state;
	struct rect head = rect_cut_top(&r, 2);
	char text[80];

	snprintf(text, sizeof(text), "%d of %d shown", chosen(s), s->n);
	draw_text(t, head, 0, 1, slice_of("Columns"), ROLE_TITLE);
	draw_field(t, head, 0, r.cols - 20, 19, slice_of(text), ROLE_LABEL, ALIGN_RIGHT);
	s->page = r.rows;
	if (s->cursor < s->top)
		s->top = s->cursor;
	if (s->cursor >= s->top + r.rows)
		s->top = s->cursor - r.rows + 1;
	for (int i = 0; i < r.rows && s->top + i < s->n; i++)
		draw_choice(s, t, r, i, s->top + i);
}

/* --- commands --- */

static void go(struct chooser *s, int64_t to)
{
	s->cursor = to < 0 ? 0 : to >= s->n ? s->n - 1 : (int)to;
}

static int act_move(void *state, struct slice arg, struct err *e)
{
	struct chooser *s = state;
	int64_t by;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	go(s, s->cursor + by);
	return 0;
}

static int act_page(void *state, struct slice arg, struct err *e)
{
	struct chooser *s = state;
	int64_t by;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	go(s, s->cursor + by * (s->page > 1 ? s->page - 1 : 1));
	return 0;
}

static int act_home(void *state, struct slice arg, struct err *e)
{
	go(state, 0);
	return 0;
}

static int act_end(void *state, struct slice arg, struct err *e)
{
	struct chooser *s = state;

	go(s, s->n);
	return 0;
}

/* The first one tells rows apart: it stays, and stays first. */
static int act_toggle(void *state, struct slice arg, struct err *e)
{
	struct chooser *s = state;
	struct choice *c = &s->v[s->cursor];

	if (s->cursor == 0 && c->on)
		return err_set(e, ERR_NO, "%s stays: it tells the rows apart", c->name);
	if (!c->on && chosen(s) == SHOWN_MAX)
		return err_set(e, ERR_REFUSED, "%d columns are shown: no more fit", SHOWN_MAX);
	c->on = !c->on;
	go(s, s->cursor + 1);
	return 0;
}

static int act_shift(void *state, struct slice arg, struct err *e)
{
	struct chooser *s = state;
	struct choice c = s->v[s->cursor];
	int64_t by;
	int to;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	to = s->cursor + (by < 0 ? -1 : 1);
	if (s->cursor == 0 || to < 1 || to >= s->n)
		return err_set(e, ERR_NO, "it cannot go there");
	s->v[s->cursor] = s->v[to];
	s->v[to] = c;
	s->cursor = to;
	return 0;
}

static int act_trend(void *state, struct slice arg, struct err *e)
{
	struct chooser *s = state;
	struct choice *c = &s->v[s->cursor];

	if (!catalog_find(s->st->catalog, c->name))
		return err_set(e, ERR_NO, "%s is no metric: it has no course", c->name);
	c->trend = !c->trend;
	c->on = true;
	return 0;
}

/* This page is gone when it comes back from "back". */
static int leave(struct chooser *s, const char *line)
{
	struct stage *st = s->st;

	st->run(st->arg, "back");
	st->run(st->arg, line);
	return 0;
}

static int act_apply(void *state, struct slice arg, struct err *e)
{
	struct chooser *s = state;
	struct buf b;
	int n = 0;

	buf_init(&b, 1 << 16);
	buf_adds(&b, "columns ");
	for (int i = 0; i < s->n; i++)
		if (s->v[i].on)
			buf_addf(&b, s->v[i].trend ? "%strend(%s)" : "%s%s", n++ ? "," : "", s->v[i].name);
	leave(s, b.p);
	buf_fini(&b);
	return 0;
}

static int act_usual(void *state, struct slice arg, struct err *e)
{
	return leave(state, "columns auto");
}

static void chooser_mouse(void *state, const struct term_event *ev)
{
	struct chooser *s = state;

	if (ev->mouse == TERM_MOUSE_WHEEL_UP || ev->mouse == TERM_MOUSE_WHEEL_DOWN)
		go(s, s->cursor + (ev->mouse == TERM_MOUSE_WHEEL_UP ? -3 : 3));
}

static const struct action actions[] = {
	{ "move", "ROWS", "move the cursor", .run = act_move },
	{ "page", "PAGES", "move by pages", .run = act_page },
	{ "home", "", "to the first row", .run = act_home },
	{ "end", "", "to the last row", .run = act_end },
	{ "toggle", "", "show the column, or do not", .run = act_toggle },
	{ "shift", "N", "the column one place to the right, or with -1 to the left", .run = act_shift },
	{ "course", "", "a metric with its course, or without", .run = act_trend },
	{ "apply", "", "show the columns so", .run = act_apply },
	{ "usual", "", "the usual columns, which fit what is in sight", .run = act_usual },
	{ 0 },
};

const struct screen screen_chooser = {
	.name = "chooser", .title = "Columns", .args = "SHOWN,...;OTHERS,...",
	.help = "the columns of a list, to choose and to order", .keys = "chooser",
	.state_size = sizeof(struct chooser), .actions = { actions }, .open = chooser_open,
	.close = chooser_close, .show = chooser_show, .draw = chooser_draw, .mouse = chooser_mouse,
};
