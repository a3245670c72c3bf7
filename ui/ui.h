/* The console: opens on a collector, leaves the terminal as it found it. */
#ifndef UI_UI_H
#define UI_UI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct config_ui;

/* A command of the command line, for those typed within the console. */
struct ui_verb {
	const char *name, *args, *help;
	bool acts;  /* not in a read-only console */
	bool apart; /* it has no place within one */
	bool at;    /* takes --at MOMENT */
};

struct ui_spec {
	const char *socket;	     /* where the collector listens */
	const char *config, *context; /* for a collector that must be started; may be NULL */
	const char *title;	     /* of the context, for the top line; may be NULL */
	const struct config_ui *look; /* NULL: all defaults */
	const char *theme;	      /* of the context; NULL: look's */
	const char *color;	     /* auto, always, never; NULL: auto */
	const char *open;	     /* a command line to begin with; NULL: where one left off */
	const char *program;	      /* runs `verbs`; may be NULL, as they may */
	const struct ui_verb *verbs;  /* name NULL at the end */
	int64_t timeout_ms, linger_ms;
	bool no_start;	/* no collector may be started */
	bool read_only; /* nothing that acts may be done */
	bool is_protected; /* nothing that acts is done before the title is typed */
};

/* Runs until the user leaves.  The exit code, or -1 with the story. */
int ui_run(const struct ui_spec *s, struct err *e);

#endif
