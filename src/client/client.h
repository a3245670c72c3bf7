/*
 * A client of one collector: connects to its socket, starts a collector in the background when
 * none runs, asks, and follows changes.  The console and every command go through here; none
 * of them knows the model.  One thread, on a loop; callbacks run within its turns.
 */
#ifndef CLIENT_CLIENT_H
#define CLIENT_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

struct client;
struct loop;

struct client_spec {
	struct loop *loop;	    /* NULL: one of its own */
	const char *socket;	    /* where the collector listens */
	const char *config, *context; /* for a collector that must be started; may be NULL */
	int64_t linger_ms;	    /* how long a started one stays without clients */
	int64_t timeout_ms;	    /* of each call; 0: 10 s */
	bool no_start;		    /* none may be started */
	bool reconnect;		    /* come back when the line breaks (the console) */
	/* Chatter for the user: a collector was started, its version differs.  May be NULL. */
	void (*say)(void *arg, const char *line);
	/* A collector of another version runs: may it be replaced?  NULL: no.  Asked only by
	 * client_open(). */
	bool (*may_replace)(void *arg, const char *question);
	/* The line broke (why) or is back (NULL).  With `reconnect` only. */
	void (*state)(void *arg, const struct err *why);
	void *arg;
};

/* Connects, or starts a collector and connects.  The greeting is on its way when it returns. */
struct client *client_open(const struct client_spec *s, struct err *e);
void client_free(struct client *c); /* what is under way ends with an error first */
struct loop *client_loop(const struct client *c);
const char *client_socket(const struct client *c);
bool client_up(const struct client *c);

/* Called exactly once.  result: the answer's text, borrowed; e is NULL when it is one. */
typedef void client_fn(void *arg, struct slice result, const struct err *e);
/* params: JSON text, "" for none. */
void client_call(
	struct client *c, const char *method, struct slice params, client_fn *fn, void *arg);
/* Sends the calls made so far now, not at the next turn: the collector works while we do. */
void client_flush(struct client *c);
/* Turns the loop until every call made so far is answered.  -1: the line broke. */
int client_wait(struct client *c, struct err *e);
/* One call and its answer, waited for. */
int client_ask(struct client *c, const char *method, struct slice params, struct buf *result,
	struct err *e);

/* What the greeting said; waits for it. */
struct client_hello {
	char version[40], context[80], started[40];
	int64_t api, pid;
	bool same_version;
};
int client_hello(struct client *c, struct client_hello *h, struct err *e);

/* Has the collector leave and waits until it is gone. */
int client_stop_collector(struct client *c, struct err *e);

#endif
