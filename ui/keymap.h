/*
 * Keys are bound to command lines, so that a key can do nothing a command cannot.  A binding's
 * name is a key, or a group and a key ("list j", "devices e"): the name of a screen goes before
 * its group of keys, and that before bindings for everywhere.  The user's go before ours; an
 * empty command line unbinds.
 */
#ifndef UI_KEYMAP_H
#define UI_KEYMAP_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

struct config_pairs;

struct binding {
	char group[24]; /* "" everywhere */
	uint32_t key;
	char *line;
};

struct keymap {
	struct binding *v; /* the user's first */
	size_t n;
};

/* user: may be NULL. */
int keymap_init(struct keymap *m, const struct config_pairs *user, struct err *e);
void keymap_fini(struct keymap *m);
/* The command line for a key on a screen whose group of keys is `group`; NULL: none. */
const char *keymap_line(const struct keymap *m, const char *screen, const char *group,
	uint32_t key);
/* The key for a command line there; 0: none. */
uint32_t keymap_key(const struct keymap *m, const char *screen, const char *group,
	const char *line);

#endif
