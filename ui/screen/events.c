/* Events: follow them, stop them, search them, narrow them, read one in full, go to a moment. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/num.h"
#include "base/regex.h"
#include "ui/screen/events.h"
#include "ui/screen/moment.h"
#include "ui/screen/value.h"
#include "ui/term/event.h"

#define WHEEL_ROWS 3

/* Near an end of what is here, more is asked for. */
static void want_more(struct events *s)
{
	uint64_t page = s->log.page > 0 ? (uint64_t)s->log.page : 20;

	if (s->log.paused && s->log.cursor < page)
		feed_older(&s->feed);
	if (s->log.cursor + page >= s->log.total)
		feed_newer(&s->feed);
}

static void on_changed(void *arg)
{
	struct events *s = arg;

	events_sync(s);
	want_more(s);
	s->st->dirty(s->st->arg);
}

void events_moved(struct events *s)
{
	if (!s->feed.tail && s->feed.ready)
		s->log.paused = true; /* its last row is not the newest event */
	s->feed.still = s->log.paused;
	s->hunt = 0;
	asker_fini(&s->hunter);
	want_more(s);
}

/* The window begins anew. */
static void restart(struct events *s)
{
	events_forget(s);
	s->pretty_of = 0;
	s->log.total = s->log.cursor = s->log.top = 0;
	s->first = s->feed.first;
	s->feed.still = s->log.paused;
}

void events_to_tail(struct events *s)
{
	s->log.paused = false;
	if (s->st->client)
		feed_start(&s->feed, s->filter);
	s->started = s->st->client != NULL;
	restart(s);
	events_sync(s);
}

void events_stay(struct events *s)
{
	const struct feed_row *r = feed_row(&s->feed, s->feed.first + s->log.cursor);

	if (!s->log.paused || !r || !s->st->client) {
		events_to_tail(s);
		return;
	}
	feed_filter(&s->feed, s->filter);
	feed_jump(&s->feed, r->number, 0);
	restart(s);
	events_sync(s);
}

void events_jump(struct events *s, uint64_t number, int64_t at_ms)
{
	uint64_t at = number ? feed_find(&s->feed, number) : s->feed.total;
	const struct feed_row *r = feed_row(&s->feed, at);

	s->hunt = 0;
	asker_fini(&s->hunter);
	s->log.paused = true;
	if (r && r->number == number) {
		loglist_move_to(&s->log, at - s->feed.first);
		s->log.paused = true;
		events_moved(s);
		return;
	}
	if (s->st->client)
		feed_jump(&s->feed, number, at_ms);
	restart(s);
	events_sync(s);
}

/* --- commands --- */

static int act_move(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;
	int64_t by;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	loglist_move(&s->log, by);
	events_moved(s);
	return 0;
}

static int act_page(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;
	int64_t by;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	loglist_move_page(&s->log, (int)by);
	events_moved(s);
	return 0;
}

static int act_home(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;

	loglist_move_to(&s->log, 0);
	events_moved(s);
	return 0;
}

static int act_follow(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;

	if (!s->feed.tail)
		events_to_tail(s);
	loglist_follow(&s->log, true);
	events_moved(s);
	return 0;
}

static int act_pause(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;

	if (s->log.paused)
		return act_follow(s, arg, e);
	loglist_follow(&s->log, false);
	events_moved(s);
	return 0;
}

static int act_scroll(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;
	int64_t by;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	loglist_shift(&s->log, (int)by * 8);
	return 0;
}

static int act_detail(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;

	s->detail = !s->detail;
	if (s->detail)
		loglist_follow(&s->log, false);
	events_moved(s);
	return 0;
}

static int act_scroll_detail(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;
	int64_t by;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	s->pretty_top = s->pretty_top + (int)by > 0 ? s->pretty_top + (int)by : 0;
	return 0;
}

static int act_device(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;
	struct slice id = row_text(events_selected(s), "device");
	char *line;

	if (!id.n)
		return err_set(e, ERR_NO, "this event is about no device");
	line = xasprintf("device %.*s", SLICE_ARG(id));
	s->st->run(s->st->arg, line);
	free(line);
	return 0;
}

static int act_goto(void *state, struct slice arg, struct err *e)
{
	char text[80];
	int64_t at;

	if (slice_is(arg, "newest"))
		return act_follow(state, arg, e);
	snprintf(text, sizeof(text), "%.*s", SLICE_ARG(arg));
	if (slice_is(arg, "oldest"))
		events_jump(state, 1, 0);
	else if (!arg.n)
		return err_set(e, ERR_USAGE, "goto oldest, newest, 15m (ago), 14:30 or a date");
	else if (num_moment_ms(text, moment_ms(), &at, e) < 0)
		return -1;
	else
		events_jump(state, 0, at);
	return 0;
}

static int act_wrap(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;

	s->log.wrap = !s->log.wrap;
	s->log.shift = 0;
	return 0;
}

static int act_deltas(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;

	s->deltas = !s->deltas;
	return 0;
}

static const struct action actions[] = {
	{ "move", "ROWS", "move the cursor; off the end pauses", .run = act_move },
	{ "page", "PAGES", "move by pages, back through all of the journal", .run = act_page },
	{ "home", "", "to the oldest event here; older ones come", .run = act_home },
	{ "end", "", "to the newest, and follow", .run = act_follow },
	{ "goto", "TIME|oldest|newest", "to a moment: 15m (ago), 14:30, 2026-11-22T10:00:00Z",
		.run = act_goto },
	{ "pause", "", "stop or go on following", .run = act_pause },
	{ "scroll", "N", "scroll sideways", .run = act_scroll },
	{ "wrap", "", "let long lines go on in the next row, or not", .run = act_wrap },
	{ "deltas", "", "show the time since the row above, or not", .run = act_deltas },
	{ "open", "", "show or hide the event in full", .run = act_detail },
	{ "scroll-detail", "ROWS", "scroll the event shown in full", .run = act_scroll_detail },
	{ "its-device", "", "the device that the event is about", .run = act_device },
	{ 0 },
};

/* --- the screen --- */

static int events_open(void *state, struct stage *st, struct slice arg, struct err *e)
{
	struct events *s = state;

	s->st = st;
	s->strip.span = 2;
	buf_init(&s->text, 1 << 16);
	feed_init(&s->feed, st->client, on_changed, s);
	s->first = s->feed.first;
	s->opened = arg.n ? xmemdup0(arg.p, arg.n) : NULL;
	s->filter = arg.n ? xstrdup(s->opened) : NULL;
	return 0;
}

static void events_close(void *state)
{
	struct events *s = state;

	feed_fini(&s->feed);
	events_search_end(s);
	asker_fini(&s->hunter);
	strip_end(s);
	free(s->opened);
	free(s->filter);
	while (s->n_undo)
		free(s->undo[--s->n_undo]);
	pretty_fini(&s->pretty);
	events_forget(s);
	buf_fini(&s->text);
}

static void events_show(void *state, bool on)
{
	struct events *s = state;

	s->on = on;
	if (on && !s->started)
		events_to_tail(s);
	else if (on)
		feed_resume(&s->feed);
	else
		feed_pause(&s->feed);
	s->strip.stale = true;
}

/* What lies behind the moment that is shown now must not be seen. */
static void events_travelled(void *state)
{
	struct events *s = state;

	s->started = false;
	events_show(s, s->on);
}

static bool events_tick(void *state)
{
	struct events *s = state;

	strip_tick(s);
	if (s->on && !s->feed.ready && s->st->up && !s->feed.refused.class)
		feed_resume(&s->feed); /* the line broke before there was an answer */
	return false;
}

static void events_mouse(void *state, const struct term_event *ev)
{
	struct events *s = state;
	uint64_t n;

	if (ev->mouse == TERM_MOUSE_WHEEL_UP || ev->mouse == TERM_MOUSE_WHEEL_DOWN) {
		loglist_move(&s->log, ev->mouse == TERM_MOUSE_WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS);
	} else if (ev->mouse != TERM_MOUSE_PRESS || strip_click(s, ev->row, ev->col)) {
		return;
	} else if (ev->row < s->rect.row + s->rect.rows && ev->col < s->rect.col + s->rect.cols
		&& loglist_line_at(&s->log, ev->row - s->rect.row, &n)) {
		loglist_move_to(&s->log, n);
		s->log.paused = true;
	}
	events_moved(s);
}

static struct slice events_current(void *state, const char *what)
{
	struct events *s = state;
	const char *text = strcmp(what, "search") == 0	 ? s->pattern
			   : strcmp(what, "filter") == 0 ? s->filter
							 : NULL;

	return slice_of(text ? text : "");
}

static bool events_back(void *state)
{
	struct events *s = state;
	struct err ignored;

	if (s->detail) {
		s->detail = false;
	} else if (s->hunt) {
		s->hunt = 0;
		asker_fini(&s->hunter);
	} else if (s->match) {
		events_search(s, slice_of(""), &ignored);
	} else if (s->log.paused) {
		act_follow(s, slice_of(""), &ignored);
	} else if (strcmp(s->filter ? s->filter : "", s->opened ? s->opened : "") != 0) {
		if (!events_undo_filter(s))
			events_set_filter(s, slice_of(s->opened ? s->opened : ""));
	} else {
		return false;
	}
	return true;
}

const struct screen screen_events = {
	.name = "events", .title = "Events", .args = "[FILTER]",
	.help = "what happened: follow, pause, search, narrow, read in full, back through the journal",
	.keys = "log", .tab = true, .state_size = sizeof(struct events),
	.actions = { actions, events_filters, events_searches, events_strips },
	.open = events_open, .close = events_close, .show = events_show, .draw = events_draw,
	.tick = events_tick, .travelled = events_travelled, .mouse = events_mouse, .typing = events_typing,
	.trouble = events_trouble, .current = events_current, .back = events_back,
};
