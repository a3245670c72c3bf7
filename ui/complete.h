/*
 * What could stand at the cursor of a line.  Commands, themes and views are known here; for what
 * follows a verb, and for filters, the program itself is asked for what it tells shells.
 */
#ifndef UI_COMPLETE_H
#define UI_COMPLETE_H

#include <stdbool.h>

#include "base/buf.h"
#include "ui/widget/prompt.h"

struct own;
struct shell;

/* A question on its way. */
struct own_ask {
	struct own *own; /* the program */
	struct prompt *prompt;
	char *line;  /* its text up to the cursor, as it was: once it is another, all is in vain */
	size_t word; /* the byte where the last word begins */
	bool blanks; /* it may have some */
	struct buf said;
};

/* Asks what could stand at a prompt's text[word, cursor), with the words of `before` before it,
 * and returns; the offers come by themselves. */
void own_ask(struct shell *s, struct prompt *p, const char *before, size_t word, bool blanks);
void own_ask_fini(struct own_ask *a);
/* For struct prompt: arg is the shell. */
void complete_command(void *arg, struct slice text, size_t cursor, struct prompt_offers *o);
/* Of what an action is asked for. */
void complete_asked(void *arg, struct slice text, size_t cursor, struct prompt_offers *o);

#endif
