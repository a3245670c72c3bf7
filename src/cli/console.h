/* The console on the context that the global options name. */
#ifndef CLI_CONSOLE_H
#define CLI_CONSOLE_H

struct cli;
struct ui_verb;
struct err;

int console_open(struct cli *c, struct err *e); /* the exit code, or -1 */
/* What --plain shows in its place: top.c. */
int console_plain(struct cli *c, struct err *e);
/* What the command line knows, for the console's own; name NULL at the end: within.c. */
const struct ui_verb *console_verbs(void);

#endif
