/*
 * What the user changes while the console runs takes effect in it: the `ui:` of the
 * configuration and the theme's file are looked at each second, and by :reload.  All of a change
 * is taken or nothing: what cannot be used is told, and all is as before.
 */
#ifndef UI_RELOAD_H
#define UI_RELOAD_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "base/err.h"
#include "base/slice.h"

struct config;
struct shell;

/* As a file was when last looked at; zeros: not there. */
struct file_mark {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec at;
};

#define THEME_USUAL "dark"

struct reload {
	char *path;	       /* of the configuration; NULL: none is watched */
	char *theme;	       /* the one in use, as it was asked for: a name, or a file's path */
	struct file_mark path_mark, theme_mark;
	bool path_moved, theme_moved; /* and may still be being written */
	struct config *config; /* that shell_spec.look is of; NULL: the one we began with */
	struct config *before; /* screens may hold a name of it still */
};

/* path: may be NULL. */
void reload_open(struct shell *s, const char *path);
void reload_fini(struct shell *s);
/* Once a second. */
void reload_tick(struct shell *s);
/* Another look, by its name or the path of its file. */
int reload_theme(struct shell *s, const char *name, struct err *e);
int cmd_reload(struct shell *s, struct slice arg, struct err *e);

#endif
