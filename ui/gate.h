/*
 * Between the wish to change the world and doing it: a read-only console refuses, one on a
 * protected context wants its name typed first.  Whatever `acts` comes through here.
 */
#ifndef UI_GATE_H
#define UI_GATE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/slice.h"
#include "ui/widget/prompt.h"

struct shell;

struct gate {
	struct prompt prompt;
	char sign[160];
	char *line; /* the command line that waits */
	bool open;  /* it runs */
};

/* 0: go on.  1: the name is asked for, and what was wished for runs later.  -1: refused. */
int gate_pass(struct shell *s, bool acts, struct slice name, struct slice arg, struct err *e);
/* What has been typed for it. */
void gate_typed(struct shell *s, struct slice text);
void gate_fini(struct gate *g);

#endif
