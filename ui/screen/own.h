/* The console's own program as a child: its words, what it prints, its end. */
#ifndef UI_SCREEN_OWN_H
#define UI_SCREEN_OWN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define OWN_WORDS 64

struct own;
struct stage;

struct own_ops {
	/* False: no more is wanted. */
	bool (*text)(void *arg, const char *p, size_t n);
	/* Once, after the last text; the owner may free it within. */
	void (*end)(void *arg, int status, int signo);
};

/* Cuts a line into words apart by blanks, '...' and "..." hold blanks, for own_start().  They
 * stand in `text`, of strlen(line) + 2 bytes. */
int own_words(const char *line, char *text, const char *words[OWN_WORDS + 1], struct err *e);
/* With stage.own before the words (NULL at the end).  Output and errors are one text. */
struct own *own_start(const struct stage *st, const char *const *words,
	const struct own_ops *ops, void *arg, struct err *e);
void own_kill(struct own *o, int signo);
/* Also ends it. */
void own_free(struct own *o);

#endif
