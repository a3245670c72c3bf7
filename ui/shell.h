/*
 * The shell: what stands around the screens.  Tabs, each a pile of pages; the command line; the
 * news; the state of the line to the collector.  Draws, takes events, knows no descriptors.
 */
#ifndef UI_SHELL_H
#define UI_SHELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ui/alarm.h"
#include "ui/badge.h"
#include "ui/complete.h"
#include "ui/deck.h"
#include "ui/gate.h"
#include "ui/hands.h"
#include "ui/keymap.h"
#include "ui/memory.h"
#include "ui/reload.h"
#include "ui/screen/screen.h"
#include "ui/term/term.h"
#include "ui/travel.h"
#include "ui/widget/prompt.h"

#define SHELL_TABS  9
#define SHELL_PILE  16 /* pages above one another */

struct client;
struct config_ui;
struct loop;

struct ui_verb;

struct page {
	const struct screen *screen;
	void *state;
	struct page *below;
	bool laid_out; /* since it was shown */
};

struct shell_spec {
	struct term *term;
	struct loop *loop;
	const struct config_ui *look; /* may be NULL */
	const char *theme;	      /* of the context; NULL: look's */
	const char *config;	      /* its file, to be watched; may be NULL */
	const char *title;	      /* the context's name, or "" */
	const char *open;	      /* a command line to begin with; NULL: where one left off */
	const char *keep;	      /* the folder of what is remembered; NULL: nothing is */
	const struct ui_verb *verbs;  /* name NULL at the end; NULL: none can be run */
	const char *const *own;	      /* what runs them: struct stage */
	bool read_only;		      /* nothing that acts may be done */
	bool is_protected;	      /* ... before the title has been typed */
	void (*start)(void *arg);     /* start a collector; NULL: forbidden */
	void *arg;
};

struct help_row {
	char *left, *right;
};

struct shell {
	struct shell_spec spec;
	struct stage stage;
	struct keymap keys;
	struct theme theme;
	struct {
		const struct screen *screen;
		struct page *top; /* NULL: not opened yet */
	} tabs[SHELL_TABS];
	size_t n_tabs, on, before; /* before: the one that was on */
	struct prompt command, line; /* ":", and what an action asks for */
	struct prompt *typing;	     /* one of them, or NULL */
	const struct action *asked;  /* the action that `line` is for */
	struct gate gate;
	struct alarm alarm;
	struct hands hands;
	struct badge badge;
	struct own_ask words; /* that complete a line */
	struct memory memory;
	struct reload reload;
	struct asker asker;
	struct trip trip;
	struct deck deck;
	struct buf report; /* being written; p NULL: none is */
	char news[512];
	uint16_t news_look;
	int64_t news_ms;
	struct err down; /* why there is no line; class ERR_NONE: there is one */
	int64_t down_ms; /* since when */
	bool opened;	 /* the first page has been */
	bool drilling;	 /* a screen, not the user, runs a command */
	bool dirty, quit;
	unsigned count; /* what the next key does, so often; 0: once */
	struct help_row *help;
	const struct screen *help_for; /* the screen that it lies above */
	size_t n_help;
	uint64_t bytes_then; /* of the terminal, for the rate */
	int64_t bytes_ms;
	double bytes_s;
};

int shell_init(struct shell *s, const struct shell_spec *spec, struct err *e);
/* Before the client goes; shell_fini() after it. */
void shell_close(struct shell *s);
void shell_fini(struct shell *s);
/* All that the terminal has. */
void shell_take_events(struct shell *s, int64_t now_ms);
/* About once a second. */
void shell_tick(struct shell *s);
void shell_draw(struct shell *s);
void shell_up(struct shell *s, struct client *c);
void shell_down(struct shell *s, const struct err *why);
/* -1: there is no line to the collector. */
int shell_need_line(const struct shell *s, struct err *e);
void shell_say(struct shell *s, uint16_t look, const char *text);

/* command.c */
struct command {
	const char *name, *args, *help;
	int (*run)(struct shell *s, struct slice arg, struct err *e);
	bool acts; /* changes the world, not only what is seen: not with --read-only */
	bool meant; /* done to what the page means: that stays so while the line is typed */
};
extern const struct command commands[]; /* name NULL at the end */
/* A command line, of the user or of a key.  Errors are shown. */
void shell_run(struct shell *s, struct slice line);
struct slice command_meant(struct slice word); /* of an alias */
const struct action *page_action(const struct page *p, struct slice name);
/* The one way to do what an action does: refused when it acts and the console is read-only. */
int shell_act(struct shell *s, const struct page *p, const struct action *a, struct slice arg,
	struct err *e);

/* export.c */
int cmd_export(struct shell *s, struct slice arg, struct err *e);
int cmd_copy(struct shell *s, struct slice arg, struct err *e);

/* verb.c */
const struct ui_verb *verb_named(const struct shell *s, struct slice name); /* or NULL */
/* A line of the command line, its verb first, on a page of its own. */
int verb_run(struct shell *s, struct slice line, struct err *e);

/* report.c */
int cmd_report(struct shell *s, struct slice arg, struct err *e);

/* views.c */
int cmd_view(struct shell *s, struct slice arg, struct err *e);
void views_each(struct shell *s, void (*each)(void *arg, const char *name), void *arg);

/* pages.c */
struct page *shell_page(struct shell *s); /* in front; NULL: none yet */
/* Opens a screen above the page in front; -1: it could not, all is as before. */
int shell_push(struct shell *s, const struct screen *screen, struct slice arg, struct err *e);
/* False: it was the last of its tab. */
bool shell_pop(struct shell *s);
int shell_tab(struct shell *s, size_t tab, struct err *e);
/* The tab of a screen, or -1. */
int shell_tab_of(const struct shell *s, const struct screen *screen);

/* help.c */
/* Unless it is there. */
void shell_help_build(struct shell *s);
void shell_help_free(struct shell *s);

#endif
