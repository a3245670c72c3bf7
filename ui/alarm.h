/*
 * The bell and the desktop's notice when an alert begins, on whatever screen.  What was there
 * when the console came is no news; what comes within ten seconds is told together.
 */
#ifndef UI_ALARM_H
#define UI_ALARM_H

#include <stdbool.h>
#include <stdint.h>

#define ALARM_KNOWN 256

struct client_view;
struct shell;

struct alarm {
	struct client_view *view; /* NULL: nobody wants to know */
	uint64_t known[ALARM_KNOWN]; /* alerts as they were seen: id, severity and beginning */
	unsigned n_known;
	bool begun;
	unsigned warns, crits; /* not told yet */
	char first[200];       /* of the worst of them */
	int64_t told_ms;
};

/* About once a second; begins by itself. */
void alarm_tick(struct shell *s);
/* While the client is there. */
void alarm_fini(struct alarm *a);

#endif
