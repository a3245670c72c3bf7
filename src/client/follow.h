/* Following events: each once, in order, also over a broken line. */
#ifndef CLIENT_FOLLOW_H
#define CLIENT_FOLLOW_H

#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

struct client;
struct client_follow;

struct client_follow_spec {
	const char *filter; /* NULL: all */
	const char *fields; /* NULL: the usual ones; `n` must be among them */
	uint64_t after;	    /* events with a number above; 0: by since_ms */
	int64_t since_ms;   /* 0: from now on */
	/* rows: text of a JSON array, oldest first; missed: how many are lost for good. */
	void (*rows)(void *arg, struct slice rows, uint64_t missed);
	/* It was refused; no rows will come. */
	void (*refused)(void *arg, const struct err *e);
	void *arg;
};

struct client_follow *client_follow_new(struct client *c, const struct client_follow_spec *s);
void client_follow_free(struct client_follow *f);

#endif
