/*
 * Screens: each joins rows of the collector to widgets.  A screen is a const row of a table
 * (screens.c); what is open is a page: a screen and its state.  A screen does nothing that a
 * command cannot: its actions are a table that keys, the command line and the help all read.
 */
#ifndef UI_SCREEN_SCREEN_H
#define UI_SCREEN_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"
#include "ui/widget/rect.h"

struct buf;
struct catalog;
struct client;
struct loop;
struct marks;
struct term;
struct term_event;

/* What the shell lends to screens; outlives them. */
struct stage {
	struct loop *loop;
	struct client *client;	 /* NULL until a collector has been reached; then for good */
	struct catalog *catalog; /* what metrics devices have */
	bool up;		 /* the line to the collector is there */
	unsigned critical, warn; /* alerts that nobody has acknowledged or silenced */
	/* What a page has to draw on, for questions that depend on it before it is drawn. */
	struct rect (*room)(void *arg);
	/* The columns that the user wants on a screen ("a,b,c"), or NULL. */
	const char *(*columns)(void *arg, const char *screen);
	/* The list of keys and commands, for the help: line n, false at the end. */
	bool (*help_line)(void *arg, size_t n, struct slice *left, struct slice *right);
	/* How the console's own line to the terminal is, in words. */
	void (*line)(void *arg, struct buf *out);
	void (*dirty)(void *arg); /* something shown has changed */
	void (*run)(void *arg, const char *line); /* a command line, as if typed */
	void (*say)(void *arg, const char *text); /* a line of news to the user */
	/* The console's own program and its options, for commands that it runs; NULL at the end. */
	const char *const *own;
	void *arg;
};

struct action {
	const char *name, *args, *help;
	/* -1: it could not, and why. */
	int (*run)(void *state, struct slice arg, struct err *e);
	bool acts; /* changes the world, not only what is seen: not with --read-only */
};

#define SCREEN_ACTIONS 6

struct screen {
	const char *name; /* the command that opens it */
	const char *title, *args, *help;
	const char *keys; /* the group of key bindings that holds on it, besides its name */
	bool tab;	  /* has a tab of its own */
	size_t state_size;
	const struct action *actions[SCREEN_ACTIONS]; /* each ends with name NULL */

	/* state is zeroed; arg is what stood behind the command. */
	int (*open)(void *state, struct stage *st, struct slice arg, struct err *e);
	void (*close)(void *state);
	/* In front, or behind another: a hidden page asks the collector for nothing. */
	void (*show)(void *state, bool on);
	void (*draw)(void *state, struct term *t, struct rect r);
	/* Another moment is shown (moment.h), on a page in front or not: what it asked for itself it
	 * asks for again.  Views and their order follow by themselves; may be NULL. */
	void (*travelled)(void *state);
	/* The clock moved on by about a second; true: something drawn shows it. */
	bool (*tick)(void *state);
	/* What the page is about, for the breadcrumbs; may be NULL or empty. */
	struct slice (*subject)(void *state);
	/* A click or the wheel, in the terminal's coordinates. */
	void (*mouse)(void *state, const struct term_event *ev);
	/* A line is being typed for the action `what`; text.p NULL: given up, all as before. */
	void (*typing)(void *state, const char *what, struct slice text);
	/* What is wrong with the line typed; at: the byte, or -1. False: nothing. */
	bool (*trouble)(void *state, const char *what, struct slice *story, int *at);
	/* What a prompt for the action starts with. */
	struct slice (*current)(void *state, const char *what);
	/* What the user chose with an action (filter, sort, columns), so that it can be chosen again;
	 * empty: nothing.  NULL: as `current`. */
	struct slice (*chosen)(void *state, const char *what);
	/* Adds the ids of what "these" are to the user, and tells their kind, "alerts" or "devices".
	 * NULL: nothing is done to what is here. */
	const char *(*meant)(void *state, struct marks *ids);
	/* Esc: undo the last narrowing.  False: nothing left to undo, close the page. */
	bool (*back)(void *state);
};

extern const struct screen *const screens[]; /* NULL at the end; tabs in their order */
const struct screen *screen_find(struct slice name);

extern const struct screen screen_chooser, screen_confirm, screen_overview,
	screen_devices, screen_device, screen_events,
	screen_ledger, screen_networks, screen_map, screen_sources, screen_block, screen_alerts,
	screen_silences, screen_governance, screen_describe, screen_help;

#endif
