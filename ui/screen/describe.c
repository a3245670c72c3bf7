/* One thing of any kind, with everything the collector knows of it. */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "ui/screen/asker.h"
#include "ui/screen/pretty.h"
#include "ui/screen/screen.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"
#include "ui/widget/bars.h"

#define AGAIN_MS 2000

struct describe {
	struct stage *st;
	struct asker asker;
	char *kind, *name;
	struct pretty pretty;
	struct err wrong;
	int top, page;
	int64_t asked_ms;
	bool on, waiting;
};

static void answered(void *arg, const json_t *answer, const struct err *e)
{
	struct describe *s = arg;

	s->waiting = false;
	s->wrong = e ? *e : (struct err){ 0 };
	if (answer)
		pretty_read(&s->pretty, answer);
	s->st->dirty(s->st->arg);
}

static void ask(struct describe *s)
{
	if (!s->st->client || s->waiting)
		return;
	s->waiting = true;
	s->asked_ms = clock_mono_ms();
	asker_describe(&s->asker, s->st->client, s->kind, slice_of(s->name), answered, s);
}

static int describe_open(void *state, struct stage *st, struct slice arg, struct err *e)
{
	struct describe *s = state;
	const char *blank = memchr(arg.p, ' ', arg.n);

	s->st = st;
	if (!arg.n)
		return err_set(e, ERR_USAGE, "describe what?  KIND NAME, or the id of a device");
	if (!blank) {
		s->kind = xstrdup("devices");
		s->name = xmemdup0(arg.p, arg.n);
		return 0;
	}
	s->kind = xmemdup0(arg.p, (size_t)(blank - arg.p));
	s->name = xmemdup0(blank + 1, arg.n - (size_t)(blank + 1 - arg.p));
	return 0;
}

static void describe_close(void *state)
{
	struct describe *s = state;

	asker_fini(&s->asker);
	pretty_fini(&s->pretty);
	free(s->kind);
	free(s->name);
}

static void describe_show(void *state, bool on)
{
	struct describe *s = state;

	s->on = on;
	if (on)
		ask(s);
}

static void describe_draw(void *state, struct term *t, struct rect r)
{
	struct describe *s = state;
	struct rect head = rect_cut_top(&r, 1);
	struct span left[2] = { { slice_of(s->name), ROLE_TITLE }, { slice_of(s->kind), ROLE_LABEL } };
	int most;

	line_draw(t, head, 0, left, 2, NULL, 0);
	rect_cut_left(&r, 2);
	s->page = r.rows;
	if (s->wrong.class != ERR_NONE)
		draw_text(t, r, 0, 0, slice_of(s->wrong.text), ROLE_ERROR);
	else if (!s->pretty.n)
		draw_text(t, r, 0, 0, slice_of("waiting for the collector ..."), ROLE_DIM);
	most = s->pretty.n > r.rows ? s->pretty.n - r.rows : 0;
	s->top = s->top > most ? most : s->top;
	if (s->wrong.class == ERR_NONE)
		pretty_draw(&s->pretty, t, r, s->top);
}

static bool describe_tick(void *state)
{
	struct describe *s = state;

	if (clock_mono_ms() - s->asked_ms >= AGAIN_MS)
		ask(s);
	return false;
}

static void describe_travelled(void *state)
{
	struct describe *s = state;

	s->asked_ms = 0;
	if (s->on)
		ask(s);
}

static struct slice describe_subject(void *state)
{
	struct describe *s = state;

	return slice_of(s->name ? s->name : "");
}

static int scroll(struct describe *s, struct slice arg, int times, struct err *e)
{
	int64_t by;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	s->top = s->top + (int)by * times > 0 ? s->top + (int)by * times : 0;
	return 0;
}

static int act_move(void *state, struct slice arg, struct err *e)
{
	return scroll(state, arg, 1, e);
}

static int act_page(void *state, struct slice arg, struct err *e)
{
	struct describe *s = state;

	return scroll(s, arg, s->page > 1 ? s->page - 1 : 1, e);
}

static int act_home(void *state, struct slice arg, struct err *e)
{
	return scroll(state, slice_of("-1"), PRETTY_MAX, e);
}

static int act_end(void *state, struct slice arg, struct err *e)
{
	return scroll(state, slice_of("1"), PRETTY_MAX, e);
}

static const struct action actions[] = {
	{ "move", "ROWS", "scroll", .run = act_move },
	{ "page", "PAGES", "scroll by pages", .run = act_page },
	{ "home", "", "to the top", .run = act_home },
	{ "end", "", "to the end", .run = act_end },
	{ 0 },
};

static void describe_mouse(void *state, const struct term_event *ev)
{
	if (ev->mouse == TERM_MOUSE_WHEEL_UP)
		scroll(state, slice_of("-3"), 1, NULL);
	else if (ev->mouse == TERM_MOUSE_WHEEL_DOWN)
		scroll(state, slice_of("3"), 1, NULL);
}

const struct screen screen_describe = {
	.name = "describe", .title = "Details", .args = "[KIND] NAME",
	.help = "everything that is known of one thing", .keys = "text",
	.state_size = sizeof(struct describe), .actions = { actions }, .open = describe_open,
	.close = describe_close, .show = describe_show, .draw = describe_draw,
	.tick = describe_tick, .travelled = describe_travelled, .subject = describe_subject, .mouse = describe_mouse,
};
