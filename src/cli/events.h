/* Events as a list, oldest first: the verb `events`, and `get events` in its own order. */
#ifndef CLI_EVENTS_H
#define CLI_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

struct cli;
struct err;

/* The columns of a table of events, where none are named. */
#define EVENTS_FIELDS "time,severity,device,type,message"

struct events_opts {
	const char *output, *filter, *since, *fields, *at;
	int64_t limit; /* the newest so many; 0: see `all` */
	bool follow, no_headers;
	bool all; /* without limit and since: all there are, not the newest hundred */
};

/* Connects and shows; the exit code, or -1. */
int events_show(struct cli *c, const struct events_opts *o, struct err *e);

#endif
