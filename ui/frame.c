#include "ui/frame.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/num.h"
#include "base/utf8.h"
#include "ui/screen/value.h"
#include "ui/shell.h"
#include "ui/widget/bars.h"

#define ROWS_MIN  5
#define COLS_MIN  40
#define CLOCK_COLS 10
#define PAST_COLS  29 /* what stands in its place when a moment gone by is shown */
#define GUARD_COLS 11
#define NAME_COLS  10
#define GAP_COLS   2
#define TITLE_FROM 90  /* columns, for the context to have a place besides the tabs ... */
#define NAME_FROM  120 /* ... and the program, too */

/* --- the first row --- */

static const char *const numbers[] = { "1", "2", "3", "4", "5", "6", "7", "8", "9" };

static size_t fill_tabs(const struct shell *s, struct tab *tabs)
{
	const struct stage *st = &s->stage;

	for (size_t i = 0; i < s->n_tabs; i++)
		tabs[i] = (struct tab){ numbers[i], s->tabs[i].screen->title,
			s->tabs[i].screen == &screen_alerts ? st->critical + st->warn : 0,
			!st->up ? ROLE_DIM : st->critical ? ROLE_CRIT : ROLE_WARN };
	return s->n_tabs;
}

static int64_t clock_minute(void)
{
	return clock_wall_ms() / 60000;
}

static struct rect tab_rect(struct shell *s)
{
	struct rect r = { 0 };
	int clock = travel_on(s) ? PAST_COLS : CLOCK_COLS;

	term_size(s->spec.term, &r.rows, &r.cols);
	r.rows = 1;
	rect_cut_right(&r, clock + (s->spec.read_only ? GUARD_COLS : 0));
	if (r.cols >= TITLE_FROM)
		rect_cut_left(&r, 1 + (int)strlen(s->spec.title) + GAP_COLS);
	if (r.cols >= NAME_FROM)
		rect_cut_left(&r, NAME_COLS);
	return r;
}

/* Loud: what stands below is not how it is now. */
static void draw_past(struct shell *s, struct rect r)
{
	struct rect right = rect_cut_right(&r, PAST_COLS);
	struct buf b;

	buf_init(&b, 200);
	travel_text(s, &b);
	draw_blank(s->spec.term, right, ROLE_PAST);
	draw_field(s->spec.term, right, 0, 1, right.cols - 2, buf_slice(&b), ROLE_PAST, ALIGN_LEFT);
	buf_fini(&b);
}

static void draw_clock(struct shell *s, struct rect r)
{
	int64_t minute = clock_minute() % (24 * 60);
	char clock[16];

	snprintf(clock, sizeof(clock), "%02d:%02d UTC", (int)(minute / 60), (int)(minute % 60));
	draw_field(s->spec.term, r, 0, r.cols - CLOCK_COLS, CLOCK_COLS - 1, slice_of(clock), ROLE_DIM,
		ALIGN_RIGHT);
}

static void draw_top(struct shell *s, struct rect r)
{
	struct term *t = s->spec.term;
	struct rect tabs_r = tab_rect(s);
	int title_at = tabs_r.col - GAP_COLS - (int)strlen(s->spec.title);
	struct tab tabs[SHELL_TABS];
	size_t n = fill_tabs(s, tabs);

	if (title_at > NAME_COLS)
		draw_text(t, r, 0, 1, slice_of("depinctl"), ROLE_TITLE);
	if (title_at > 0)
		draw_text(t, r, 0, title_at, slice_of(s->spec.title), ROLE_ACCENT);
	tabs_draw(t, tabs_r, 0, tabs, n, s->on);
	(travel_on(s) ? draw_past : draw_clock)(s, r);
	if (s->spec.read_only)
		draw_text(t, r, 0, tabs_r.col + tabs_r.cols + 1, slice_of("read-only"), ROLE_NOTICE);
}

int frame_tab_at(struct shell *s, int col)
{
	struct tab tabs[SHELL_TABS];
	size_t n = fill_tabs(s, tabs);
	struct rect r = tab_rect(s);

	return col < r.col ? -1 : tabs_at(r, tabs, n, s->on, col - r.col);
}

bool frame_clock_moved(struct shell *s)
{
	static int64_t drawn; /* there is one clock */
	bool moved = drawn != clock_minute();

	drawn = clock_minute();
	return moved;
}

/* "Networks › Devices › gpu-fra2-0417" */
static void draw_crumbs(struct shell *s, struct rect r)
{
	const struct page *pile[SHELL_PILE];
	int n = 0, at = 1;

	for (const struct page *p = shell_page(s); p && n < SHELL_PILE; p = p->below)
		pile[n++] = p;
	while (n-- > 0) {
		const struct page *p = pile[n];
		struct slice subject = p->screen->subject ? p->screen->subject(p->state)
							  : (struct slice){ 0 };

		at += draw_text(s->spec.term, r, 0, at, subject.n ? subject
				: slice_of(p->screen->title), n ? ROLE_DIM : ROLE_TITLE) + 1;
		if (n)
			at += draw_text(s->spec.term, r, 0, at, slice_of("›"), ROLE_DIM) + 1;
	}
}

/* At the end of what is left of a row. */
static void draw_last(struct shell *s, struct rect *r, struct slice text, uint16_t look)
{
	int cols = text_cells(text) + 2;
	struct rect end = rect_cut_right(r, cols);

	draw_blank(s->spec.term, end, look & LOOK_REVERSE ? look : ROLE_TEXT);
	draw_field(s->spec.term, end, 0, 1, cols - 2, text, look, ALIGN_LEFT);
}

static void draw_deck(struct shell *s, struct rect *r)
{
	struct buf b;

	buf_init(&b, 200);
	deck_text(s, &b);
	if (b.len)
		draw_last(s, r, buf_slice(&b), ROLE_PAST);
	buf_fini(&b);
}

/* Which context: loud where it matters what one does, not by colour alone; else where the first row
 * had no room for its name. */
static void draw_context(struct shell *s, struct rect *r)
{
	char text[80];

	snprintf(text, sizeof(text), "▲ %s: protected", s->spec.title);
	if (s->spec.is_protected)
		draw_last(s, r, slice_of(text), ROLE_CRIT | LOOK_REVERSE);
	else if (*s->spec.title && tab_rect(s).col == 0)
		draw_last(s, r, slice_of(s->spec.title), ROLE_ACCENT);
}

/* The way here, or a line; then what is played, and whose it is. */
static void draw_second(struct shell *s, struct rect r)
{
	const struct page *p = shell_page(s);

	if (p && p->below)
		draw_crumbs(s, r);
	else
		draw_rule(s->spec.term, r, 0, (struct slice){ 0 });
	draw_context(s, &r);
	draw_deck(s, &r);
}

/* --- the line lost --- */

static void draw_banner(struct shell *s, struct rect r)
{
	struct buf b;

	buf_init(&b, 1024);
	buf_adds(&b, "▲ line lost ");
	value_span(&b, (double)((clock_mono_ms() - s->down_ms) / 1000 * 1000));
	buf_addf(&b, " ago: %s; what you see is as old; trying again; :start starts one", s->down.text);
	draw_blank(s->spec.term, r, ROLE_WARN);
	draw_field(s->spec.term, r, 0, 1, r.cols - 2, buf_slice(&b), ROLE_WARN, ALIGN_LEFT);
	buf_fini(&b);
}

static void draw_connecting(struct shell *s, struct rect r)
{
	bool failed = strcmp(s->down.text, "connecting") != 0;

	if (s->down.class == ERR_NONE)
		return;
	draw_text(s->spec.term, r, r.rows / 3, 2, slice_of(failed ? "No collector yet."
			: "Connecting to the collector ..."), ROLE_TITLE);
	if (!failed)
		return;
	draw_field(s->spec.term, r, r.rows / 3 + 2, 2, r.cols - 4, slice_of(s->down.text), ROLE_WARN,
		ALIGN_LEFT);
	draw_text(s->spec.term, r, r.rows / 3 + 4, 2,
		slice_of("Trying again every second.  q quits."), ROLE_DIM);
}

/* --- the last row --- */

static const struct {
	const char *line, *what;
} hints[] = {
	{ "yes", "do it" }, { "apply", "show so" }, { "toggle", "on or off" }, { "shift -1", "left" },
	{ "shift 1", "right" }, { "course", "course" }, { "usual", "the usual" },
	{ "open", "open" }, { "ask filter", "filter" }, { "ask search", "search" },
	{ "next", "next" }, { "pause", "pause" }, { "ask sort", "sort" }, { "reverse", "reverse" },
	{ "its-events", "events" }, { "its-device", "device" }, { "zoom 1", "zoom" },
	{ "cursor -1", "read out" }, { "earlier", "earlier" }, { "later", "later" },
	{ "warning previous", "warning" }, { "ask travel", "travel" }, { "back", "back" },
	{ "prompt", "command" },
	{ "help", "help" }, { "quit", "quit" },
	{ "group-next", "group" }, { "choose-columns", "columns" },
	{ "ask ack", "ack" }, { "ask silence", "silence" }, { "unsilence", "end silence" },
};

/* Those of travelling are for travellers: there are many others. */
static bool is_far(const struct shell *s, const char *line)
{
	static const char *const lines[] = { "earlier", "later", "warning previous", "ask travel" };
	bool far = false;

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		far |= strcmp(line, lines[i]) == 0;
	return far && !travel_on(s);
}

/* Does the command line do anything on this page? */
static bool means(const struct page *p, const char *line)
{
	struct slice word = slice_mem(line, strcspn(line, " "));

	if (slice_is(word, "back"))
		return p && p->below;
	if (slice_is(word, "ask"))
		word = slice_of(line + 4);
	if (p && page_action(p, word))
		return true;
	for (const struct command *c = commands; c->name; c++)
		if (slice_is(word, c->name))
			return strncmp(line, "ask ", 4) != 0 || (c->meant && p && p->screen->meant);
	return screen_find(word) && p && p->screen != screen_find(word);
}

static void draw_hints(struct shell *s, struct rect r)
{
	const struct page *p = shell_page(s);
	struct hint shown[ARRAY_LEN(hints)];
	struct buf names[ARRAY_LEN(hints)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(hints); i++) {
		uint32_t key = keymap_key(&s->keys, p ? p->screen->name : NULL,
			p ? p->screen->keys : NULL, hints[i].line);

		if (!key || !means(p, hints[i].line) || is_far(s, hints[i].line))
			continue;
		buf_init(&names[n], 64);
		key_name(&names[n], key);
		shown[n] = (struct hint){ names[n].p, hints[i].what };
		n++;
	}
	hints_draw(s->spec.term, r, 0, shown, n);
	for (size_t i = 0; i < n; i++)
		buf_fini(&names[i]);
}

void frame_line_stats(struct shell *s, struct buf *b)
{
	struct term_stats st;

	term_stats(s->spec.term, &st);
	if (st.silent)
		buf_adds(b, "terminal silent  ");
	else if (st.rtt_ms >= 0)
		buf_addf(b, st.rtt_ms < 10 ? "rtt <10 ms  " : "rtt %d ms  ", (st.rtt_ms + 5) / 10 * 10);
	if (s->bytes_s < 1000)
		buf_adds(b, "<1 kB/s");
	else
		buf_addf(b, "%.0f kB/s", s->bytes_s / 1000);
	if (st.skipped)
		buf_addf(b, "  skip %llu", (unsigned long long)st.skipped);
}

static void draw_bottom(struct shell *s, struct rect r)
{
	struct rect right;
	struct buf b;

	if (s->news[0]) {
		draw_field(s->spec.term, r, 0, 1, r.cols - 2, slice_of(s->news), s->news_look,
			ALIGN_LEFT);
		return;
	}
	buf_init(&b, 200);
	if (r.cols >= 100) {
		frame_line_stats(s, &b);
		right = rect_cut_right(&r, 34);
		draw_field(s->spec.term, right, 0, 0, 33, buf_slice(&b), ROLE_DIM, ALIGN_RIGHT);
	}
	buf_fini(&b);
	draw_hints(s, r);
}

static void draw_prompt(struct shell *s, struct rect r)
{
	struct page *p = shell_page(s);
	struct slice story;
	int at = -1;

	if (s->typing == &s->line && p && p->screen->trouble
		&& p->screen->trouble(p->state, s->asked->name, &story, &at))
		prompt_error(s->typing, story.p, at < 0 ? s->typing->text.len : (size_t)at);
	else if (s->typing == &s->line)
		prompt_error(s->typing, "", 0);
	prompt_draw(s->typing, s->spec.term, r, r.rows - 1);
}

/* --- all of it --- */

/* A row for tabs, one for the way here, one for keys, and one for trouble with the line. */
struct rect frame_room(struct shell *s)
{
	int above = s->down.class != ERR_NONE ? 3 : 2;
	struct rect r = { .row = above };

	term_size(s->spec.term, &r.rows, &r.cols);
	r.rows = r.rows > above + 1 ? r.rows - above - 1 : 0;
	return r;
}

void frame_draw(struct shell *s)
{
	struct term *t = s->spec.term;
	struct rect r = { 0 }, whole, row;
	struct page *p = shell_page(s);

	term_size(t, &r.rows, &r.cols);
	whole = r;
	term_clear(t);
	term_cursor(t, -1, 0);
	if (r.rows < ROWS_MIN || r.cols < COLS_MIN) {
		draw_field(t, r, 0, 0, r.cols, slice_of("too small: 40x5 at least"), ROLE_TEXT,
			ALIGN_LEFT);
		return;
	}
	row = rect_cut_top(&r, 1);
	draw_top(s, row);
	if (s->down.class != ERR_NONE && p) {
		row = rect_cut_top(&r, 1);
		draw_banner(s, row);
	}
	row = rect_cut_top(&r, 1);
	draw_second(s, row);
	row = rect_cut_bottom(&r, 1);
	if (p)
		p->screen->draw(p->state, t, r);
	else
		draw_connecting(s, r);
	if (s->typing)
		draw_prompt(s, whole);
	else
		draw_bottom(s, row);
}
