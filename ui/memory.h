/*
 * What is as you left it: the tab, each tab's filter, order and columns, the lines typed.  Kept
 * for a context in a file of the console's own; the configuration is the user's and is not
 * touched.  Two consoles on one context: the one that writes last is remembered.
 */
#ifndef UI_MEMORY_H
#define UI_MEMORY_H

#include <jansson.h>
#include <stdint.h>

struct page;
struct shell;

struct memory {
	char *path;	    /* NULL: nothing is kept */
	json_t *screens;    /* by name: what the user chose there when last seen */
	char *screen;	    /* in front, last time; NULL: not known */
	char *written;	    /* the file as it stands */
	int64_t touched_ms; /* something may have changed since; 0: nothing has */
};

/* Reads it; a file that cannot be used is told about and ignored. */
void memory_open(struct shell *s);
void memory_fini(struct memory *m);
/* The user did something. */
void memory_touch(struct shell *s);
/* Writes it when it is another than before: a moment after a change, or now. */
void memory_tick(struct shell *s, int64_t now_ms);
void memory_save(struct shell *s);
/* A new first page of a tab gets what the user chose there last time. */
void memory_restore(struct shell *s, struct page *p);
/* What the user chose on a page, as an object; NULL: nothing.  The other way round: what is not
 * in the object is as usual. */
json_t *memory_chosen(const struct page *p);
void memory_choose(const struct page *p, const json_t *chosen);

#endif
