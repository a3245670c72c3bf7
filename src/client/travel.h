/* Travelling: the collector answers as of a moment gone by, also after the line was broken. */
#ifndef CLIENT_TRAVEL_H
#define CLIENT_TRAVEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

struct client;

struct client_travel {
	int64_t at_ms;  /* where it is answered from now; 0: now */
	int64_t now_ms; /* the collector's clock */
	int64_t statuses_ms, history_ms, events_ms; /* how far back each is known; 0: not at all */
	bool again;	/* the line came back, and it travelled there once more */
};

/* e: it stays where it was, or, with t->again, is now.  t is never NULL. */
typedef void client_travel_fn(void *arg, const struct client_travel *t, const struct err *e);

/* To a moment; 0: to now. */
void client_travel(struct client *c, int64_t at_ms, client_travel_fn *fn, void *arg);
/* To the next event that passes the filter (NULL: warnings and worse), or with `back` to the one
 * before. */
void client_travel_to(struct client *c, bool back, const char *filter, client_travel_fn *fn,
	void *arg);

#endif
