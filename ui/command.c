/* The shell's commands.  With the screens' actions they are all that a key or a line can do. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/num.h"
#include "base/suggest.h"
#include "ui/shell.h"
#include "ui/ui.h"

/* --- the commands --- */

static int cmd_quit(struct shell *s, struct slice arg, struct err *e)
{
	s->quit = true;
	return 0;
}

static int cmd_back(struct shell *s, struct slice arg, struct err *e)
{
	struct page *p = shell_page(s);

	if (p && p->screen->back && p->screen->back(p->state))
		return 0;
	if (!shell_pop(s))
		travel_back(s);
	return 0;
}

static int cmd_tab(struct shell *s, struct slice arg, struct err *e)
{
	uint64_t n;

	if (slice_is(arg, "next"))
		return shell_tab(s, (s->on + 1) % s->n_tabs, e);
	if (slice_is(arg, "previous"))
		return shell_tab(s, (s->on + s->n_tabs - 1) % s->n_tabs, e);
	if (slice_is(arg, "last"))
		return shell_tab(s, s->before, e);
	if (num_u64(arg, &n) < 0 || n == 0)
		return err_set(e, ERR_USAGE, "which tab?  A number, next, previous or last");
	if ((size_t)n - 1 == s->on)
		while (shell_pop(s))
			;
	return shell_tab(s, (size_t)n - 1, e);
}

static int cmd_prompt(struct shell *s, struct slice arg, struct err *e)
{
	s->typing = &s->command;
	prompt_set(&s->command, arg);
	return 0;
}

/* A command of the shell's own is typed as one. */
static int ask_command(struct shell *s, struct slice name, struct err *e)
{
	for (const struct command *c = commands; c->name; c++)
		if (slice_is(name, c->name) && *c->args) {
			struct buf line;

			if (c->meant)
				hands_point(s);
			buf_init(&line, 80);
			buf_addf(&line, "%s ", c->name);
			cmd_prompt(s, buf_slice(&line), e);
			buf_fini(&line);
			return 0;
		}
	return err_set(e, ERR_NO, "nothing to %.*s here", SLICE_ARG(name));
}

static int cmd_ask(struct shell *s, struct slice arg, struct err *e)
{
	struct page *p = shell_page(s);
	const struct action *a = p ? page_action(p, arg) : NULL;
	bool narrow = slice_is(arg, "filter") || slice_is(arg, "search");

	if (!a)
		return ask_command(s, arg, e);
	if (a->acts && s->spec.read_only)
		return gate_pass(s, true, arg, arg, e);
	s->asked = a;
	s->typing = &s->line;
	s->line.sign = narrow ? "/" : ">";
	prompt_set(&s->line, p->screen->current ? p->screen->current(p->state, a->name)
						: slice_of(""));
	return 0;
}

static int cmd_redraw(struct shell *s, struct slice arg, struct err *e)
{
	term_redraw(s->spec.term);
	return 0;
}

static int cmd_suspend(struct shell *s, struct slice arg, struct err *e)
{
	term_stop(s->spec.term);
	return 0;
}

static const char *theme_after(const char *name)
{
	for (size_t i = 0; theme_builtin(i); i++)
		if (strcmp(theme_builtin(i), name) == 0 && theme_builtin(i + 1))
			return theme_builtin(i + 1);
	return theme_builtin(0);
}

static int cmd_theme(struct shell *s, struct slice arg, struct err *e)
{
	char name[200], news[80];

	snprintf(name, sizeof(name), "%.*s", SLICE_ARG(arg));
	if (reload_theme(s, arg.n ? name : theme_after(s->theme.name), e) < 0)
		return -1;
	snprintf(news, sizeof(news), "theme %s", s->theme.name);
	shell_say(s, ROLE_NOTICE, news);
	return 0;
}

static int cmd_mouse(struct shell *s, struct slice arg, struct err *e)
{
	if (!slice_is(arg, "on") && !slice_is(arg, "off"))
		return err_set(e, ERR_USAGE, "mouse on, or mouse off");
	term_set_mouse(s->spec.term, slice_is(arg, "on"));
	return 0;
}

static int cmd_start(struct shell *s, struct slice arg, struct err *e)
{
	if (s->stage.up)
		return err_set(e, ERR_NO, "a collector runs");
	if (!s->spec.start)
		return err_set(e, ERR_REFUSED, "--no-start forbids to start a collector");
	s->spec.start(s->spec.arg);
	shell_say(s, ROLE_NOTICE, "starting a collector ...");
	return 0;
}

const struct command commands[] = {
	{ "quit", "", "leave the console; the collector goes on", .run = cmd_quit },
	{ "back", "", "undo the last narrowing, or close the page", .run = cmd_back },
	{ "tab", "N|next|previous|last", "another tab; last: the one before", .run = cmd_tab },
	{ "prompt", "[TEXT]", "type a command", .run = cmd_prompt },
	{ "ask", "COMMAND", "type what the command needs", .run = cmd_ask },
	{ "travel", "[MOMENT]", "show everything as it was 15m ago, at 14:05 ...; nothing: now again",
		.run = cmd_travel },
	{ "earlier", "[TIME]", "travel back from what is shown (10s)", .run = cmd_earlier },
	{ "later", "[TIME]", "travel on from what is shown (10s), at most to now", .run = cmd_later },
	{ "warning", "next|previous", "travel to the moment of the next event that warns",
		.run = cmd_warning },
	{ "hold", "", "stop, or go on: the recording, or the past from the moment shown", .run = cmd_hold },
	{ "speed", "N|faster|slower", "how fast that is; of a recording 0: as fast as it goes",
		.run = cmd_speed },
	{ "seek", "+TIME|-TIME", "ahead in the recording; back: travel, and on from there", .run = cmd_seek },
	{ "ack", "[NOTE]", "say that you know of these alerts, or those of these devices", .run = cmd_ack,
		.meant = true },
	{ "unack", "[NOTE]", "take that back", .run = cmd_unack },
	{ "silence", "TIME [NOTE]", "hide these alerts, or those of these devices, for 2h", .run = cmd_silence,
		.meant = true },
	{ "silence-filter", "TIME [NOTE]", "hide all alerts that the filter matches, now and later",
		.run = cmd_silence_filter },
	{ "do", "ack|unack|silence|unsilence PARAMS", "what those ask of the collector, as in its API",
		.run = cmd_do },
	{ "theme", "[NAME]", "another look; without a name the next one", .run = cmd_theme },
	{ "mouse", "on|off", "let the console or the terminal have the mouse", .run = cmd_mouse },
	{ "start", "", "start a collector when there is none", .run = cmd_start },
	{ "redraw", "", "draw everything anew", .run = cmd_redraw },
	{ "reload", "", "read the configuration and the theme's file now", .run = cmd_reload },
	{ "copy", "[TEXT]", "into the terminal's clipboard; without a text the row under the cursor",
		.run = cmd_copy },
	{ "export", "[marked] FILE", "into a new file: .svg .html .txt the screen, .csv .json the rows of a list",
		.run = cmd_export },
	{ "view", "[save|drop] [NAME]", "a tab with its filter, order and columns, by name; nothing lists",
		.run = cmd_view },
	{ "report", "", "screen, version, terminal and sources into a file, for a bug report",
		.run = cmd_report },
	{ "suspend", "", "stop, as ctrl-z does; `fg` comes back", .run = cmd_suspend },
	{ 0 },
};

static const struct {
	const char *shorter, *name;
} aliases[] = {
	{ "q", "quit" }, { "quit!", "quit" }, { "exit", "quit" }, { "dev", "devices" },
	{ "ev", "events" }, { "net", "networks" }, { "src", "sources" }, { "ledgers", "ledger" },
	{ "blocks", "ledger" }, { "h", "help" }, { "top", "devices" },
};

/* --- a line --- */

const struct action *page_action(const struct page *p, struct slice name)
{
	for (int i = 0; i < SCREEN_ACTIONS; i++)
		for (const struct action *a = p->screen->actions[i]; a && a->name; a++)
			if (slice_is(name, a->name))
				return a;
	return NULL;
}

int shell_act(struct shell *s, const struct page *p, const struct action *a, struct slice arg,
	struct err *e)
{
	int rc = gate_pass(s, a->acts, slice_of(a->name), arg, e);

	return rc ? rc : a->run(p->state, arg, e);
}

/* From a screen: above it, so that Esc comes back.  From the user: to its tab. */
static int open_screen(struct shell *s, const struct screen *screen, struct slice arg,
	struct err *e)
{
	int tab = shell_tab_of(s, screen);
	const struct action *filter;

	if (!s->stage.client)
		return err_set(e, ERR_UNREACH, "the collector has not been reached yet");
	if (shell_page(s) && shell_page(s)->screen == screen && !screen->tab && !arg.n)
		return 0; /* the help of the help */
	if (tab < 0 || (s->drilling && arg.n))
		return shell_push(s, screen, arg, e);
	if (shell_tab(s, (size_t)tab, e) < 0)
		return -1;
	while (shell_pop(s))
		;
	filter = arg.n ? page_action(shell_page(s), slice_of("filter")) : NULL;
	if (arg.n && !filter)
		return err_set(e, ERR_USAGE, "%s takes no argument", screen->name);
	return filter ? filter->run(shell_page(s)->state, arg, e) : 0;
}

struct slice command_meant(struct slice word)
{
	for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
		if (slice_is(word, aliases[i].shorter))
			return slice_of(aliases[i].name);
	return word;
}

static int no_such(struct shell *s, struct slice word, struct err *e)
{
	struct suggest near;

	suggest_init(&near, word.p, word.n);
	for (const struct command *c = commands; c->name; c++)
		suggest_offer(&near, c->name);
	for (size_t i = 0; screens[i]; i++)
		suggest_offer(&near, screens[i]->name);
	for (int i = 0; shell_page(s) && i < SCREEN_ACTIONS; i++)
		for (const struct action *a = shell_page(s)->screen->actions[i]; a && a->name; a++)
			suggest_offer(&near, a->name);
	for (const struct ui_verb *v = s->spec.verbs; v && v->name; v++)
		suggest_offer(&near, v->name);
	if (near.best)
		return err_set(e, ERR_USAGE, "no command '%.*s'; did you mean '%s'?",
			SLICE_ARG(word), near.best);
	return err_set(e, ERR_USAGE, "no command '%.*s'; ? lists them", SLICE_ARG(word));
}

static struct slice take_word(struct slice *line)
{
	struct slice w = *line;
	const char *blank = memchr(w.p, ' ', w.n);

	if (blank)
		w.n = (size_t)(blank - w.p);
	*line = slice_mem(line->p + w.n, line->n - w.n);
	while (line->n && *line->p == ' ')
		*line = slice_mem(line->p + 1, line->n - 1);
	return w;
}

static struct slice trim(struct slice s)
{
	while (s.n && *s.p == ' ')
		s = slice_mem(s.p + 1, s.n - 1);
	while (s.n && s.p[s.n - 1] == ' ')
		s.n--;
	return s;
}

static int command_run(struct shell *s, const struct command *c, struct slice arg, struct err *e)
{
	int rc = gate_pass(s, c->acts, slice_of(c->name), arg, e);

	return rc ? rc : c->run(s, arg, e);
}

static int run(struct shell *s, struct slice line, struct err *e)
{
	struct slice rest = trim(line), word = take_word(&rest);
	const struct page *p = shell_page(s);
	const struct action *a = p ? page_action(p, word) : NULL;

	if (!word.n)
		return 0;
	if (*word.p == '!')
		return verb_run(s, trim(slice_mem(word.p + 1, trim(line).n - 1)), e);
	if (a)
		return shell_act(s, p, a, rest, e);
	word = command_meant(word);
	for (const struct command *c = commands; c->name; c++)
		if (slice_is(word, c->name))
			return command_run(s, c, rest, e);
	if (screen_find(word))
		return open_screen(s, screen_find(word), rest, e);
	return verb_named(s, word) ? verb_run(s, trim(line), e) : no_such(s, word, e);
}

void shell_run(struct shell *s, struct slice line)
{
	struct err e = { 0 };

	s->dirty = true;
	if (run(s, line, &e) < 0)
		shell_say(s, e.class == ERR_NO ? ROLE_NOTICE : ROLE_ERROR, e.text);
}
