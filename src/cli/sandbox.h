/*
 * A temporary home with a collector of its own: for `demo` and `replay`.  Whatever ends us,
 * nothing stays: the folder is removed, children end, and a collector whose clients are gone
 * leaves soon.
 */
#ifndef CLI_SANDBOX_H
#define CLI_SANDBOX_H

#include "cli/cli.h"

struct sandbox {
	char home[64];	 /* "" before sandbox_open() and after sandbox_close() */
	char config[96]; /* paths within it */
	char socket[96];
	int log_fd;
	int children[4];
	int n_children;
};

/* Makes the folder, points the XDG variables and c's global options into it. */
int sandbox_open(struct sandbox *s, struct cli *c, struct err *e);
int sandbox_write_config(struct sandbox *s, const char *text, struct err *e);
/* A child (exec_child()) that ends with the sandbox. */
void sandbox_adopt(struct sandbox *s, int pid);
bool sandbox_child_lives(struct sandbox *s, int pid);
/* The last lines that children wrote, on stderr. */
void sandbox_show_log(const struct sandbox *s);
/* Shows the sandbox's collector until the user has enough: the console on a terminal, else
 * status and devices once, after a few seconds.  The exit code, or -1. */
int sandbox_show(struct sandbox *s, struct cli *c, struct err *e);
void sandbox_close(struct sandbox *s);

#endif
