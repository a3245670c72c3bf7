/*
 * Asks before something is done to devices: a page with every target as it is now, those that are
 * gone counted.  Nothing is done but by the key for yes.
 */
#ifndef UI_SCREEN_CONFIRM_H
#define UI_SCREEN_CONFIRM_H

struct marks;
struct stage;

/* what: "isolate 3 devices"; line: the command line that does it, run on the page below. */
void confirm_ask(struct stage *st, const char *what, const char *line, const struct marks *targets);

#endif
