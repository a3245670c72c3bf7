/*
 * Asks before something is done to several: a page with every target as it is now, those that are
 * gone counted.  Nothing is done but by the key for yes.
 */
#ifndef UI_SCREEN_CONFIRM_H
#define UI_SCREEN_CONFIRM_H

struct marks;
struct stage;

struct question {
	const char *what; /* "isolate 3 devices" */
	const char *line; /* the command line that does it, run on the page below */
	const char *kind; /* of its targets: "devices", "alerts" */
	const struct marks *targets; /* their ids, or ... */
	const char *filter; /* ... what they have in common: there may be none of them yet */
};

void confirm_ask(struct stage *st, const struct question *q);

#endif
