/* Events: follow them, stop them, search them, read one in full. */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/num.h"
#include "base/regex.h"
#include "ui/screen/feed.h"
#include "ui/screen/pretty.h"
#include "ui/screen/screen.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"
#include "ui/widget/bars.h"
#include "ui/widget/loglist.h"

#define BACK_MS	   (10 * 60 * 1000) /* what is shown of the past at the start */
#define TAG_WIDTH  16
#define WHEEL_ROWS 3
#define READ_MAX   256

struct events {
	struct feed feed;
	struct loglist log; /* numbers count from feed.first */
	uint64_t first;	    /* feed.first as of the last drawing */
	struct stage *st;
	char *opened; /* the filter that the page was opened with */
	char *filter, *pattern;
	struct regex *match, *trial; /* trial: while it is typed */
	struct err wrong;	     /* about the pattern typed */
	size_t wrong_at;
	bool typing, detail, started;
	struct pretty pretty;
	uint64_t pretty_of; /* row, plus 1 */
	int pretty_top;
	struct { /* rows read lately: those in sight */
		json_t *row;
		uint64_t at; /* place in the feed, plus 1 */
	} read[READ_MAX];
	struct buf text;
	struct rect rect;
};

/* --- rows --- */

static const json_t *event_row(struct events *s, uint64_t at)
{
	const struct feed_row *r = feed_row(&s->feed, at);
	size_t i = at % READ_MAX;
	struct err ignored;

	if (s->read[i].at == at + 1)
		return s->read[i].row;
	json_decref(s->read[i].row);
	s->read[i].row = r ? json_load(slice_mem(r->json, r->n), &ignored) : NULL;
	s->read[i].at = at + 1;
	return s->read[i].row;
}

static void forget_rows(struct events *s)
{
	for (size_t i = 0; i < READ_MAX; i++) {
		json_decref(s->read[i].row);
		s->read[i].row = NULL;
		s->read[i].at = 0;
	}
}

/* What the line says: the message, or else the data. */
static void message(const json_t *row, struct buf *b)
{
	struct slice text = row_text(row, "message"), type = row_text(row, "type");
	const json_t *data = json_object_get(row, "data");
	struct jw w;

	if (text.n) {
		buf_addslice(b, text);
		return;
	}
	buf_addslice(b, type);
	if (json_object_size(data) == 0)
		return;
	buf_addc(b, ' ');
	jw_init(&w, b);
	jw_json(&w, data);
}

static void event_line(void *arg, uint64_t n, struct log_line *l)
{
	struct events *s = arg;
	const json_t *row = event_row(s, s->feed.first + n);
	struct slice severity = row_text(row, "severity"), device = row_text(row, "device");
	struct sign sign = sign_of(severity);
	size_t at;

	buf_reset(&s->text);
	value_time(&s->text, row_time(row, "time"), clock_wall_ms());
	at = s->text.len;
	buf_addf(&s->text, "%-5.*s ", SLICE_ARG(severity));
	message(row, &s->text);
	l->time = slice_mem(s->text.p, at);
	l->text = slice_mem(s->text.p + at, s->text.len - at);
	l->sign = sign.glyph;
	l->look = s->st->up ? sign.look : ROLE_DIM;
	l->tag = device.n ? device : row_text(row, "source");
}

/* The numbers of the log move when old rows are dropped. */
static void sync_total(struct events *s)
{
	uint64_t gone = s->feed.first >= s->first ? s->feed.first - s->first : 0;

	s->log.cursor = s->log.cursor > gone ? s->log.cursor - gone : 0;
	s->log.top = s->log.top > gone ? s->log.top - gone : 0;
	s->first = s->feed.first;
	loglist_set_total(&s->log, s->feed.total - s->feed.first);
}

static void on_changed(void *arg)
{
	struct events *s = arg;

	sync_total(s);
	s->st->dirty(s->st->arg);
}

/* --- drawing --- */

static void draw_headline(struct events *s, struct term *t, struct rect r)
{
	struct span left[4], right[3];
	char filter[400], shown[64], search[200], news[80];
	size_t n = 0, m = 0;
	struct buf b;

	left[n++] = (struct span){ slice_of("Events"), ROLE_TITLE };
	if (s->filter) {
		snprintf(filter, sizeof(filter), "filter  %s", s->filter);
		left[n++] = (struct span){ slice_of(filter),
			s->feed.refused.class ? ROLE_ERROR : ROLE_ACCENT };
	}
	if (s->pattern) {
		snprintf(search, sizeof(search), "search  %s", s->pattern);
		left[n++] = (struct span){ slice_of(search), ROLE_MATCH };
	}
	if (s->feed.refused.class)
		left[n++] = (struct span){ slice_of(s->feed.refused.text), ROLE_ERROR };
	buf_init(&b, 64);
	value_count(&b, (double)s->log.total);
	snprintf(shown, sizeof(shown), "%s", b.p);
	right[m++] = (struct span){ slice_of(s->log.paused ? "paused" : "following"),
		s->log.paused ? ROLE_NOTICE : ROLE_OK };
	right[m++] = (struct span){ slice_of(shown), ROLE_LABEL };
	if (s->feed.missed) {
		buf_reset(&b);
		value_count(&b, (double)s->feed.missed);
		snprintf(news, sizeof(news), "%s no longer in the journal", b.p);
		right[m++] = (struct span){ slice_of(news), ROLE_WARN };
	}
	line_draw(t, r, 0, left, n, right, m);
	buf_fini(&b);
}

static void draw_detail(struct events *s, struct term *t, struct rect r)
{
	uint64_t at = s->feed.first + s->log.cursor;
	int most;

	if (s->pretty_of != at + 1) {
		pretty_read(&s->pretty, event_row(s, at));
		s->pretty_of = at + 1;
		s->pretty_top = 0;
	}
	most = s->pretty.n > r.rows - 1 ? s->pretty.n - (r.rows - 1) : 0;
	s->pretty_top = s->pretty_top > most ? most : s->pretty_top;
	draw_rule(t, r, 0, slice_of("the event under the cursor"));
	rect_cut_top(&r, 1);
	rect_cut_left(&r, 2);
	pretty_draw(&s->pretty, t, r, s->pretty_top);
}

static void events_draw(void *state, struct term *t, struct rect r)
{
	struct events *s = state;
	struct rect head = rect_cut_top(&r, 1), detail = { 0 };
	struct log_lines lines = { .line = event_line, .arg = s };

	s->log.tag_width = r.cols >= 100 ? TAG_WIDTH + 4 : TAG_WIDTH;
	draw_headline(s, t, head);
	if (s->detail && s->log.total && r.rows >= 8)
		detail = rect_cut_bottom(&r, r.rows * 2 / 5 > 16 ? 16 : r.rows * 2 / 5);
	s->rect = r;
	sync_total(s);
	loglist_draw(&s->log, t, r, &lines, s->typing ? s->trial : s->match);
	if (detail.rows)
		draw_detail(s, t, detail);
	if (!s->log.total)
		draw_text(t, r, 1, 2, slice_of(s->filter ? "no event matches the filter yet"
							 : "no events yet"), ROLE_DIM);
}

/* --- search --- */

static bool line_matches(struct events *s, uint64_t n, struct regex *re)
{
	struct log_line l = { 0 };

	event_line(s, n, &l);
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
	struct slice id = row_text(event_row(s, s->feed.first + s->log.cursor), "device");
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
	forget_rows(s);
	s->pretty_of = 0;
	s->first = 0;
	s->log.paused = false;
	if (s->st->client)
		feed_start(&s->feed, s->filter, BACK_MS);
	s->started = s->st->client != NULL;
	sync_total(s);
	return 0;
}

static const struct action actions[] = {
	{ "move", "ROWS", "move the cursor; off the end pauses", act_move },
	{ "page", "PAGES", "move by pages", act_page },
	{ "home", "", "to the oldest event here", act_home },
	{ "end", "", "to the newest, and follow", act_follow },
	{ "pause", "", "stop or go on following", act_pause },
	{ "scroll", "N", "scroll sideways", act_scroll },
	{ "search", "REGEX", "mark and find what matches", act_search },
	{ "next", "", "the next match", act_next },
	{ "previous", "", "the match before", act_previous },
	{ "filter", "EXPR", "only events that match, as `depinctl events --filter`", act_filter },
	{ "open", "", "show or hide the event in full", act_detail },
	{ "scroll-detail", "ROWS", "scroll the event shown in full", act_scroll_detail },
	{ "its-device", "", "the device that the event is about", act_device },
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
	forget_rows(s);
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
