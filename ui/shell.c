#include "ui/shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "config/config.h"
#include "ui/frame.h"
#include "ui/screen/catalog.h"

#define NEWS_MS	   6000
#define COUNT_MAX  10000
#define REPEAT_MAX 100
#define LAYOUTS_MAX 16 /* for the keys of a turn */

/* --- what screens are lent --- */

static void stage_dirty(void *arg)
{
	((struct shell *)arg)->dirty = true;
}

static void stage_run(void *arg, const char *line)
{
	struct shell *s = arg;
	bool before = s->drilling;

	s->drilling = true;
	shell_run(s, slice_of(line));
	s->drilling = before;
}

static void stage_say(void *arg, const char *text)
{
	shell_say(arg, ROLE_NOTICE, text);
}

static struct rect stage_room(void *arg)
{
	return frame_room(arg);
}

static const char *stage_columns(void *arg, const char *screen)
{
	const struct config_ui *look = ((struct shell *)arg)->spec.look;

	for (size_t i = 0; look && i < look->columns.n; i++)
		if (strcmp(look->columns.v[i].key, screen) == 0)
			return look->columns.v[i].value;
	return NULL;
}

static bool stage_help(void *arg, size_t n, struct slice *left, struct slice *right)
{
	struct shell *s = arg;

	if (n == 0)
		shell_help_build(s);
	if (n >= s->n_help)
		return false;
	*left = slice_of(s->help[n].left);
	*right = slice_of(s->help[n].right);
	return true;
}

static void stage_line(void *arg, struct buf *out)
{
	frame_line_stats(arg, out);
}

/* --- life --- */

static void make_tabs(struct shell *s)
{
	for (size_t i = 0; screens[i] && s->n_tabs < SHELL_TABS; i++)
		if (screens[i]->tab)
			s->tabs[s->n_tabs++].screen = screens[i];
}

int shell_init(struct shell *s, const struct shell_spec *spec, struct err *e)
{
	const struct config_ui *look = spec->look;

	*s = (struct shell){ .spec = *spec, .dirty = true };
	s->stage = (struct stage){ .loop = spec->loop, .room = stage_room,
		.columns = stage_columns, .help_line = stage_help, .line = stage_line,
		.dirty = stage_dirty, .run = stage_run, .say = stage_say,
		.own = spec->own, .arg = s };
	prompt_init(&s->command, ":");
	prompt_init(&s->line, "/");
	s->command.complete = complete_command;
	s->line.complete = complete_asked;
	s->command.arg = s->line.arg = s;
	s->stage.catalog = catalog_new(&s->stage);
	make_tabs(s);
	memory_open(s);
	err_set(&s->down, ERR_UNREACH, "connecting");
	s->down_ms = clock_mono_ms();
	reload_open(s, spec->config);
	if (!s->spec.theme)
		s->spec.theme = look && look->theme ? look->theme : THEME_USUAL;
	if (reload_theme(s, s->spec.theme, e) < 0)
		return -1;
	return keymap_init(&s->keys, look ? &look->keys : NULL, e);
}

void shell_fini(struct shell *s)
{
	own_ask_fini(&s->words);
	memory_fini(&s->memory);
	reload_fini(s);
	asker_fini(&s->asker);
	deck_fini(s);
	hands_fini(&s->hands);
	buf_fini(&s->report);
	catalog_free(s->stage.catalog);
	keymap_fini(&s->keys);
	prompt_fini(&s->command);
	prompt_fini(&s->line);
	gate_fini(&s->gate);
	shell_help_free(s);
}

void shell_say(struct shell *s, uint16_t look, const char *text)
{
	snprintf(s->news, sizeof(s->news), "%s", text);
	s->news_look = look;
	s->news_ms = clock_mono_ms();
	s->dirty = true;
}

/* --- the line to the collector --- */

static void open_first(struct shell *s)
{
	const struct screen *last = s->memory.screen ? screen_find(slice_of(s->memory.screen)) : NULL;

	if (s->spec.open)
		shell_run(s, slice_of(s->spec.open));
	else
		shell_run(s, slice_of(last && last->tab ? last->name : "overview"));
}

void shell_up(struct shell *s, struct client *c)
{
	bool was = s->opened;

	s->stage.client = c;
	s->stage.up = true;
	s->down.class = ERR_NONE;
	s->dirty = true;
	deck_ask(s);
	if (was)
		return; /* views and follows come back by themselves */
	s->opened = true;
	badge_open(s);
	open_first(s);
}

void shell_down(struct shell *s, const struct err *why)
{
	if (s->down.class == ERR_NONE) {
		s->down_ms = clock_mono_ms();
		term_bell(s->spec.term, s->down_ms);
		term_notify(s->spec.term, slice_of("depinctl: the collector is not there any more"),
			s->down_ms);
	}
	s->down = *why;
	s->stage.up = false;
	s->dirty = true;
}

int shell_need_line(const struct shell *s, struct err *e)
{
	return s->stage.client && s->stage.up ? 0 :
		err_set(e, ERR_UNREACH, "there is no line to the collector");
}

/* --- typing --- */

static void tell_typing(struct shell *s, bool given_up)
{
	struct page *p = shell_page(s);

	if (s->typing == &s->line && p && p->screen->typing)
		p->screen->typing(p->state, s->asked->name,
			given_up ? (struct slice){ 0 } : buf_slice(&s->line.text));
}

static void typed(struct shell *s)
{
	struct prompt *p = s->typing;
	char *line = xstrdup(p->text.p);
	struct page *page = shell_page(s);
	struct err e = { 0 };

	tell_typing(s, true);
	s->typing = NULL;
	if (p != &s->gate.prompt)
		prompt_remember(p, slice_of(line));
	if (p == &s->gate.prompt)
		gate_typed(s, slice_of(line));
	else if (p == &s->command)
		shell_run(s, slice_of(line));
	else if (page && shell_act(s, page, s->asked, slice_of(line), &e) < 0)
		shell_say(s, e.class == ERR_NO ? ROLE_NOTICE : ROLE_ERROR, e.text);
	free(line);
}

static void prompt_event(struct shell *s, const struct term_event *ev)
{
	enum prompt_result res;

	if (ev->type == TERM_EV_KEY && ev->key == (TERM_CTRL | 'l')) {
		term_redraw(s->spec.term); /* what is typed stays */
		return;
	}
	if (ev->type == TERM_EV_KEY && ev->key == (TERM_CTRL | 'c'))
		res = PROMPT_LEFT;
	else if (ev->type == TERM_EV_PASTE)
		res = prompt_paste(s->typing, ev->text);
	else
		res = prompt_key(s->typing, ev->key);
	if (res == PROMPT_DONE) {
		typed(s);
	} else if (res == PROMPT_LEFT) {
		tell_typing(s, true);
		s->typing = NULL;
	} else if (res == PROMPT_CHANGED) {
		tell_typing(s, false);
	}
}

/* --- events --- */

/* alt-2 alt-5 before a key: 25 of what it does. */
static bool count_key(struct shell *s, uint32_t key)
{
	uint32_t digit = (key & ~TERM_ALT) - '0';
	char text[40];

	if (!(key & TERM_ALT) || digit > 9)
		return false;
	s->count = s->count * 10 + digit;
	if (s->count > COUNT_MAX)
		s->count = COUNT_MAX;
	snprintf(text, sizeof(text), "%u times ...", s->count);
	shell_say(s, ROLE_NOTICE, text);
	return true;
}

/* "move 1" 25 times is "move 25", "earlier 10s" is "earlier 250s"; else the line is run so often. */
static void run_counted(struct shell *s, const char *line, unsigned count)
{
	const char *number = strrchr(line, ' ');
	char *unit = NULL, more[200];
	long n = number ? strtol(number, &unit, 10) : 0;

	if (n) {
		snprintf(more, sizeof(more), "%.*s %ld%s", (int)(number - line), line,
			n * (long)count, unit);
		shell_run(s, slice_of(more));
		return;
	}
	for (count = count < REPEAT_MAX ? count : REPEAT_MAX; count--;)
		shell_run(s, slice_of(line));
}

static void key_event(struct shell *s, uint32_t key)
{
	const struct page *p = shell_page(s);
	const char *line = keymap_line(&s->keys, p ? p->screen->name : NULL,
		p ? p->screen->keys : NULL, key);
	unsigned count = s->count;

	s->news[0] = '\0';
	if (!line && count_key(s, key))
		return;
	s->count = 0;
	if (line && count)
		run_counted(s, line, count);
	else if (line)
		shell_run(s, slice_of(line));
}

static void mouse_event(struct shell *s, const struct term_event *ev)
{
	struct page *p = shell_page(s);
	struct err e;
	int tab = ev->mouse == TERM_MOUSE_PRESS && ev->row == 0 ? frame_tab_at(s, ev->col) : -1;

	if (tab >= 0) {
		if (shell_tab(s, (size_t)tab, &e) < 0)
			shell_say(s, ROLE_ERROR, e.text);
	} else if (p && p->screen->mouse && ev->row > 0) {
		p->screen->mouse(p->state, ev);
	}
}

static void event(struct shell *s, const struct term_event *ev)
{
	s->dirty = true;
	memory_touch(s);
	switch (ev->type) {
	case TERM_EV_EOF:
		s->quit = true;
		break;
	case TERM_EV_KEY:
	case TERM_EV_PASTE:
		if (s->typing)
			prompt_event(s, ev);
		else if (ev->type == TERM_EV_KEY)
			key_event(s, ev->key);
		break;
	case TERM_EV_MOUSE:
		if (!s->typing)
			mouse_event(s, ev);
		break;
	default:
		break;
	}
}

/*
 * Drawing is what lays a page out, and what a key does must not depend on whether the line let a
 * frame through since.  When thousands come at once, only pages that are new are laid out.
 */
void shell_take_events(struct shell *s, int64_t now_ms)
{
	struct term_event ev;

	for (int n = 0; !s->quit && term_next_event(s->spec.term, now_ms, &ev); n++) {
		const struct page *p = shell_page(s);

		if (s->dirty && (n < LAYOUTS_MAX || (p && !p->laid_out)))
			shell_draw(s);
		event(s, &ev);
	}
}

/* --- time --- */

static void count_bytes(struct shell *s, int64_t now)
{
	struct term_stats st;

	if (now - s->bytes_ms < 5000)
		return;
	term_stats(s->spec.term, &st);
	if (s->bytes_ms)
		s->bytes_s = (double)(st.bytes - s->bytes_then) * 1000 / (double)(now - s->bytes_ms);
	s->bytes_then = st.bytes;
	s->bytes_ms = now;
}

void shell_tick(struct shell *s)
{
	struct page *p = shell_page(s);
	int64_t now = clock_mono_ms();

	count_bytes(s, now);
	memory_tick(s, now);
	deck_tick(s);
	travel_tick(s);
	alarm_tick(s);
	reload_tick(s);
	if (p && p->screen->tick && p->screen->tick(p->state))
		s->dirty = true;
	if (s->news[0] && now - s->news_ms > NEWS_MS) {
		s->news[0] = '\0';
		s->dirty = true;
	}
	if (s->down.class != ERR_NONE || frame_clock_moved(s) || travel_moved(s))
		s->dirty = true;
}

void shell_draw(struct shell *s)
{
	struct page *p = shell_page(s);

	s->dirty = false;
	frame_draw(s);
	if (p)
		p->laid_out = true;
}
