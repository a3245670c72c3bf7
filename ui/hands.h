/*
 * What people do to alerts from here: to one at once, to several after they have seen them all.
 * On a page of devices their alerts are meant.
 */
#ifndef UI_HANDS_H
#define UI_HANDS_H

#include "base/err.h"
#include "base/slice.h"
#include "ui/screen/asker.h"
#include "ui/screen/marks.h"

struct shell;

struct hands {
	struct asker asker;
	int deed;	      /* what waits for the alerts of these devices to be known */
	char *arg;	      /* what stood behind its command */
	struct marks devices; /* none: nothing waits */
};

int cmd_ack(struct shell *s, struct slice arg, struct err *e);
int cmd_unack(struct shell *s, struct slice arg, struct err *e);
int cmd_silence(struct shell *s, struct slice arg, struct err *e);
int cmd_silence_filter(struct shell *s, struct slice arg, struct err *e);
/* "ack {...}": what is done, and the parameters of the API's method. */
int cmd_do(struct shell *s, struct slice arg, struct err *e);
/* A line for one of them is going to be typed: what is meant now is meant then. */
void hands_point(struct shell *s);
void hands_fini(struct hands *h);

#endif
