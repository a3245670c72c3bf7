/*
 * The way to the collector: found, started when none runs, found again when the line broke.
 * Nothing here blocks: a collector is started by a child process that tells how it went.
 */
#ifndef UI_LINK_H
#define UI_LINK_H

#include <stdbool.h>

#include "base/err.h"

struct client;
struct link;
struct loop;
struct ui_spec;

struct link_ops {
	/* The line is there: for the first time (the client is new) or again. */
	void (*up)(void *arg, struct client *c);
	/* It is not, and why; also while it could not yet be reached at all. */
	void (*down)(void *arg, const struct err *why);
	void (*say)(void *arg, const char *text);
};

struct link *link_new(struct loop *l, const struct ui_spec *s, const struct link_ops *ops,
	void *arg);
/* Starts a collector if none runs, whatever happened before. */
void link_start(struct link *k);
void link_free(struct link *k); /* the client too */

#endif
