#include "ui/screen/output.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "loop/loop.h"
#include "ui/screen/moment.h"
#include "ui/screen/own.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"
#include "ui/widget/bars.h"

#define TEXT_MAX (1 << 20)
#define RUN_MS   60000
#define KILL_MS  3000 /* after it was asked to end */
#define LINE_SEEN 16384 /* bytes that are looked at */

struct output {
	struct stage *st;
	char *line; /* as typed */
	struct own *own;
	struct loop_timer *timer;
	struct buf text;
	uint32_t *starts; /* of its lines */
	int n, cap;
	int top, side, page;
	const char *cut; /* why it was ended; NULL: it was not */
	int status, signo;
	bool ended;
	bool now; /* it tells of now, and the console does not */
};

/* --- what it prints --- */

static void add_line(struct output *s, size_t start)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 256;
		s->starts = xreallocarray(s->starts, (size_t)s->cap, sizeof(*s->starts));
	}
	s->starts[s->n++] = (uint32_t)start;
}

static void take(struct output *s, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t at = s->text.len + i;

		if (at == 0 || (i ? p[i - 1] : s->text.p[at - 1]) == '\n')
			add_line(s, at);
	}
	buf_add(&s->text, p, n);
}

static void stop(struct output *s, const char *why)
{
	if (!s->cut)
		s->cut = why;
	own_kill(s->own, SIGTERM);
	loop_timer_again(s->timer, KILL_MS, KILL_MS);
}

static bool on_text(void *arg, const char *p, size_t n)
{
	struct output *s = arg;
	size_t room = TEXT_MAX - s->text.len;

	take(s, p, n < room ? n : room);
	s->st->dirty(s->st->arg);
	if (n < room)
		return true;
	stop(s, "cut at 1 MiB");
	return false;
}

/* --- its life --- */

static void on_end(void *arg, int status, int signo)
{
	struct output *s = arg;

	s->ended = true;
	s->status = status;
	s->signo = signo;
	loop_timer_stop(s->timer);
	s->st->dirty(s->st->arg);
}

static void on_time(void *arg)
{
	struct output *s = arg;

	if (s->cut)
		own_kill(s->own, SIGKILL);
	else
		stop(s, "ended after 60s");
}

static int run(struct output *s, struct err *e)
{
	static const struct own_ops ops = { .text = on_text, .end = on_end };
	char *text = xcalloc(strlen(s->line) + 2, 1);
	const char *words[OWN_WORDS + 1];

	if (own_words(s->line, text, words, e) == 0)
		s->own = own_start(s->st, words, &ops, s, e);
	free(text);
	return s->own ? 0 : -1;
}

static int output_open(void *state, struct stage *st, struct slice arg, struct err *e)
{
	struct output *s = state;

	s->st = st;
	s->line = xmemdup0(arg.p, arg.n);
	s->now = moment_gone() && !strstr(s->line, " --at");
	buf_init(&s->text, TEXT_MAX);
	s->timer = loop_timer_new(st->loop, RUN_MS, KILL_MS, on_time, s);
	return run(s, e);
}

static void output_close(void *state)
{
	struct output *s = state;

	own_free(s->own);
	loop_timer_free(s->timer);
	buf_fini(&s->text);
	free(s->starts);
	free(s->line);
}

static void output_show(void *state, bool on)
{
}

/* --- on screen --- */

static void tell_state(const struct output *s, char *text, size_t size)
{
	if (!s->ended)
		snprintf(text, size, "%s", s->cut ? "ending ..." : "running ...");
	else if (s->cut)
		snprintf(text, size, "%s", s->cut);
	else if (s->signo)
		snprintf(text, size, "ended by signal %d", s->signo);
	else
		snprintf(text, size, "exit code %d", s->status);
}

static void draw_head(struct output *s, struct term *t, struct rect r)
{
	bool bad = s->ended && (s->cut || s->signo || s->status);
	struct span left = { slice_of(s->line), ROLE_TITLE }, right[2];
	char text[80];

	tell_state(s, text, sizeof(text));
	right[0] = (struct span){ slice_of(s->now ? "▲ of now  " : ""), ROLE_WARN };
	right[1] = (struct span){ slice_of(text), bad ? ROLE_WARN : ROLE_DIM };
	line_draw(t, r, 0, &left, 1, right, 2);
}

static void draw_row(struct output *s, struct term *t, struct rect r, int row)
{
	int at = s->top + row;
	size_t from = s->starts[at], to = at + 1 < s->n ? s->starts[at + 1] : s->text.len, skip;
	struct buf b;

	if (to > from && s->text.p[to - 1] == '\n')
		to--;
	if (to - from > LINE_SEEN)
		to = from + LINE_SEEN;
	buf_init(&b, TEXT_MAX);
	text_clean(&b, slice_mem(s->text.p + from, to - from), false);
	skip = utf8_fit(b.p, b.len, s->side);
	draw_field(t, r, row, 1, r.cols - 2, slice_mem(b.p + skip, b.len - skip), ROLE_TEXT,
		ALIGN_LEFT);
	buf_fini(&b);
}

static void output_draw(void *state, struct term *t, struct rect r)
{
	struct output *s = state;
	int most;

	draw_head(s, t, rect_cut_top(&r, 1));
	s->page = r.rows;
	most = s->n > r.rows ? s->n - r.rows : 0;
	s->top = s->top > most ? most : s->top;
	for (int i = 0; i < r.rows && s->top + i < s->n; i++)
		draw_row(s, t, r, i);
}

static struct slice output_subject(void *state)
{
	struct output *s = state;

	return slice_of(s->line ? s->line : "");
}

/* --- actions --- */

static int shift(int *what, struct slice arg, int times, int most, struct err *e)
{
	int64_t by;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	by = *what + by * times;
	*what = by < 0 ? 0 : by > most ? most : (int)by;
	return 0;
}

static int act_move(void *state, struct slice arg, struct err *e)
{
	struct output *s = state;

	return shift(&s->top, arg, 1, s->n, e);
}

static int act_page(void *state, struct slice arg, struct err *e)
{
	struct output *s = state;

	return shift(&s->top, arg, s->page > 1 ? s->page - 1 : 1, s->n, e);
}

static int act_home(void *state, struct slice arg, struct err *e)
{
	((struct output *)state)->top = 0;
	return 0;
}

static int act_end(void *state, struct slice arg, struct err *e)
{
	struct output *s = state;

	s->top = s->n; /* drawing knows how much of it */
	return 0;
}

static int act_scroll(void *state, struct slice arg, struct err *e)
{
	struct output *s = state;

	return shift(&s->side, arg, 8, 4000, e);
}

static const struct action actions[] = {
	{ "move", "ROWS", "scroll", .run = act_move },
	{ "page", "PAGES", "scroll by pages", .run = act_page },
	{ "home", "", "to the top", .run = act_home },
	{ "end", "", "to the end", .run = act_end },
	{ "scroll", "STEPS", "to the right, or left", .run = act_scroll },
	{ 0 },
};

static void output_mouse(void *state, const struct term_event *ev)
{
	if (ev->mouse == TERM_MOUSE_WHEEL_UP)
		act_move(state, slice_of("-3"), NULL);
	else if (ev->mouse == TERM_MOUSE_WHEEL_DOWN)
		act_move(state, slice_of("3"), NULL);
}

const struct screen screen_output = {
	.name = "output", .title = "Output", .args = "", .help = "what a command prints",
	.keys = "text", .state_size = sizeof(struct output), .actions = { actions },
	.open = output_open, .close = output_close, .show = output_show, .draw = output_draw,
	.subject = output_subject, .mouse = output_mouse,
};
