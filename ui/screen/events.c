/* Events: follow them, stop them, search them, read one in full. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/num.h"
#include "base/regex.h"
#include "ui/screen/events.h"
#include "ui/screen/value.h"
#include "ui/term/event.h"

#define BACK_MS	   (10 * 60 * 1000) /* what is shown of the past at the start */
#define WHEEL_ROWS 3

static void on_changed(void *arg)
{
	struct events *s = arg;

	events_sync(s);
	s->st->dirty(s->st->arg);
}

/* --- search --- */

static bool line_matches(struct events *s, uint64_t n, struct regex *re)
{
	struct log_line l = { 0 };

	events_line(s, n, &l);
	return regex_match(re, l.text) || regex_match(re, l.tag);
}

/* The next row that matches, from `n` on; total when none does. */
static uint64_t find(struct events *s, uint64_t n, int step, struct regex *re)
{
	for (; n < s->log.total; n += (uint64_t)(int64_t)step)
		if (line_matches(s, n, re))
			return n;
	return s->log.total; /* below 0 wraps to far above it */
}

static int jump(struct events *s, int step, struct err *e)
{
	uint64_t at;

	if (!s->match)
		return err_set(e, ERR_NO, "nothing has been searched for");
	at = find(s, s->log.cursor + (uint64_t)(int64_t)step, step, s->match);
	if (at == s->log.total)
		return err_set(e, ERR_NO, "no further match %s", step > 0 ? "below" : "above");
	loglist_move_to(&s->log, at);
	s->log.paused = true;
	return 0;
}

static struct regex *compile(struct events *s, struct slice text)
{
	s->wrong.class = ERR_NONE;
	return text.n ? regex_new(text, REGEX_ICASE, &s->wrong_at, &s->wrong) : NULL;
}

static int act_search(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;
	struct regex *re = compile(s, arg);

	if (arg.n && !re) {
		*e = s->wrong;
		return -1;
	}
	regex_free(s->match);
	s->match = re;
	free(s->pattern);
	s->pattern = re ? xmemdup0(arg.p, arg.n) : NULL;
	if (!re)
		return 0;
	if (line_matches(s, s->log.cursor, re) || jump(s, -1, e) == 0)
		s->log.paused = true;
	else
		return jump(s, 1, e);
	return 0;
}

static int act_next(void *state, struct slice arg, struct err *e)
{
	return jump(state, 1, e);
}

static int act_previous(void *state, struct slice arg, struct err *e)
{
	return jump(state, -1, e);
}

static void events_typing(void *state, const char *what, struct slice text)
{
	struct events *s = state;

	if (strcmp(what, "search") != 0)
		return;
	regex_free(s->trial);
	s->trial = text.p ? compile(s, text) : NULL;
	s->typing = text.p != NULL;
}

static bool events_trouble(void *state, const char *what, struct slice *story, int *at)
{
	struct events *s = state;

	if (strcmp(what, "search") != 0 || s->wrong.class == ERR_NONE)
		return false;
	*story = slice_of(s->wrong.text);
	*at = (int)s->wrong_at;
	return true;
}

static struct slice events_current(void *state, const char *what)
{
	struct events *s = state;
	const char *text = strcmp(what, "search") == 0 ? s->pattern : s->filter;

	return slice_of(text ? text : "");
}

/* --- the rest of the commands --- */

static int number(struct slice arg, int64_t *n, struct err *e)
{
	*n = 1;
	if (arg.n && num_i64(arg, n) < 0)
		return err_set(e, ERR_USAGE, "'%.*s' is no number", SLICE_ARG(arg));
	return 0;
}

static int act_move(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;
	int64_t by;

	if (number(arg, &by, e) < 0)
		return -1;
	loglist_move(&s->log, by);
	return 0;
}

static int act_page(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;
	int64_t by;

	if (number(arg, &by, e) < 0)
		return -1;
	loglist_move_page(&s->log, (int)by);
	return 0;
}

static int act_home(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;

	loglist_move_to(&s->log, 0);
	return 0;
}

static int act_follow(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;

	loglist_follow(&s->log, true);
	return 0;
}

static int act_pause(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;

	loglist_follow(&s->log, s->log.paused);
	return 0;
}

static int act_scroll(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;
	int64_t by;

	if (number(arg, &by, e) < 0)
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
	return 0;
}

static int act_scroll_detail(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;
	int64_t by;

	if (number(arg, &by, e) < 0)
		return -1;
	s->pretty_top = s->pretty_top + (int)by > 0 ? s->pretty_top + (int)by : 0;
	return 0;
}

static int act_device(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;
	struct slice id = row_text(events_row(s, s->feed.first + s->log.cursor), "device");
	char *line;

	if (!id.n)
		return err_set(e, ERR_NO, "this event is about no device");
	line = xasprintf("device %.*s", SLICE_ARG(id));
	s->st->run(s->st->arg, line);
	free(line);
	return 0;
}

static int act_filter(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;
	char *filter = arg.n ? xmemdup0(arg.p, arg.n) : NULL; /* arg may be s->filter itself */

	free(s->filter);
	s->filter = filter;
	events_forget(s);
	s->pretty_of = 0;
	s->first = 0;
	s->log.paused = false;
	if (s->st->client)
		feed_start(&s->feed, s->filter, BACK_MS);
	s->started = s->st->client != NULL;
	events_sync(s);
	return 0;
}

static const struct action actions[] = {
	{ "move", "ROWS", "move the cursor; off the end pauses", .run = act_move },
	{ "page", "PAGES", "move by pages", .run = act_page },
	{ "home", "", "to the oldest event here", .run = act_home },
	{ "end", "", "to the newest, and follow", .run = act_follow },
	{ "pause", "", "stop or go on following", .run = act_pause },
	{ "scroll", "N", "scroll sideways", .run = act_scroll },
	{ "search", "REGEX", "mark and find what matches", .run = act_search },
	{ "next", "", "the next match", .run = act_next },
	{ "previous", "", "the match before", .run = act_previous },
	{ "filter", "EXPR", "only events that match, as `depinctl events --filter`", .run = act_filter },
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
	buf_init(&s->text, 1 << 16);
	feed_init(&s->feed, st->client, on_changed, s);
	s->opened = arg.n ? xmemdup0(arg.p, arg.n) : NULL;
	s->filter = arg.n ? xstrdup(s->opened) : NULL;
	return 0;
}

static void events_close(void *state)
{
	struct events *s = state;

	feed_fini(&s->feed);
	regex_free(s->match);
	regex_free(s->trial);
	free(s->opened);
	free(s->filter);
	free(s->pattern);
	pretty_fini(&s->pretty);
	events_forget(s);
	buf_fini(&s->text);
}

static void events_show(void *state, bool on)
{
	struct events *s = state;

	if (on && !s->started)
		act_filter(s, slice_of(s->filter ? s->filter : ""), NULL);
	else if (on)
		feed_resume(&s->feed);
	else
		feed_pause(&s->feed);
}

static void events_mouse(void *state, const struct term_event *ev)
{
	struct events *s = state;

	if (ev->mouse == TERM_MOUSE_WHEEL_UP || ev->mouse == TERM_MOUSE_WHEEL_DOWN) {
		loglist_move(&s->log, ev->mouse == TERM_MOUSE_WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS);
	} else if (ev->mouse == TERM_MOUSE_PRESS && ev->row >= s->rect.row
		&& ev->row < s->rect.row + s->rect.rows) {
		loglist_move_to(&s->log, s->log.top + (uint64_t)(ev->row - s->rect.row));
		s->log.paused = true;
	}
}

static bool events_back(void *state)
{
	struct events *s = state;
	struct err ignored;

	if (s->detail)
		s->detail = false;
	else if (s->match)
		act_search(s, slice_of(""), &ignored);
	else if (s->log.paused)
		loglist_follow(&s->log, true);
	else if (strcmp(s->filter ? s->filter : "", s->opened ? s->opened : "") != 0)
		act_filter(s, slice_of(s->opened ? s->opened : ""), &ignored);
	else
		return false;
	return true;
}

const struct screen screen_events = {
	.name = "events", .title = "Events", .args = "[FILTER]",
	.help = "what happened: follow, pause, search, read in full",
	.keys = "log", .tab = true, .state_size = sizeof(struct events), .actions = { actions },
	.open = events_open, .close = events_close, .show = events_show, .draw = events_draw,
	.mouse = events_mouse, .typing = events_typing, .trouble = events_trouble,
	.current = events_current, .back = events_back,
};
