/* Help: made from the tables of keys and commands themselves. */
#include "ui/screen/screen.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"

struct help {
	struct stage *st;
	int top, page, total;
};

static int help_open(void *state, struct stage *st, struct slice arg, struct err *e)
{
	struct help *s = state;

	s->st = st;
	return 0;
}

static void help_close(void *state)
{
}

static void help_show(void *state, bool on)
{
}

/* A line with nothing on its right is a title. */
static void draw_line(struct term *t, struct rect r, int row, struct slice left, struct slice right)
{
	int width = r.cols / 3 > 34 ? 34 : r.cols / 3;

	if (!right.n) {
		draw_field(t, r, row, 1, r.cols - 2, left, ROLE_TITLE, ALIGN_LEFT);
		return;
	}
	draw_field(t, r, row, 3, width - 4, left, ROLE_KEY, ALIGN_LEFT);
	draw_field(t, r, row, width, r.cols - width - 1, right, ROLE_TEXT, ALIGN_LEFT);
}

static void help_draw(void *state, struct term *t, struct rect r)
{
	struct help *s = state;
	struct slice left, right;
	int n = 0, most;

	while (s->st->help_line(s->st->arg, (size_t)n, &left, &right))
		n++;
	s->total = n;
	s->page = r.rows;
	most = n > r.rows ? n - r.rows : 0;
	s->top = s->top > most ? most : s->top < 0 ? 0 : s->top;
	for (int i = 0; i < r.rows; i++)
		if (s->st->help_line(s->st->arg, (size_t)(s->top + i), &left, &right))
			draw_line(t, r, i, left, right);
	if (s->top < most)
		draw_field(t, r, r.rows - 1, r.cols - 8, 7, slice_of("more ↓"), ROLE_DIM, ALIGN_RIGHT);
}

static int scroll(struct help *s, struct slice arg, int times, struct err *e)
{
	int64_t by;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	s->top += (int)by * times;
	return 0;
}

static int act_move(void *state, struct slice arg, struct err *e)
{
	return scroll(state, arg, 1, e);
}

static int act_page(void *state, struct slice arg, struct err *e)
{
	struct help *s = state;

	return scroll(s, arg, s->page > 1 ? s->page - 1 : 1, e);
}

static int act_home(void *state, struct slice arg, struct err *e)
{
	struct help *s = state;

	s->top = 0;
	return 0;
}

static int act_end(void *state, struct slice arg, struct err *e)
{
	struct help *s = state;

	s->top = s->total;
	return 0;
}

static const struct action actions[] = {
	{ "move", "ROWS", "scroll", .run = act_move },
	{ "page", "PAGES", "scroll by pages", .run = act_page },
	{ "home", "", "to the top", .run = act_home },
	{ "end", "", "to the end", .run = act_end },
	{ 0 },
};

static void help_mouse(void *state, const struct term_event *ev)
{
	if (ev->mouse == TERM_MOUSE_WHEEL_UP)
		scroll(state, slice_of("-3"), 1, NULL);
	else if (ev->mouse == TERM_MOUSE_WHEEL_DOWN)
		scroll(state, slice_of("3"), 1, NULL);
}

const struct screen screen_help = {
	.name = "help", .title = "Help", .args = "", .help = "keys and commands", .keys = "text",
	.state_size = sizeof(struct help), .actions = { actions }, .open = help_open,
	.close = help_close, .show = help_show, .draw = help_draw, .mouse = help_mouse,
};
