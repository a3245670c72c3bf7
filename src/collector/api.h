/*
 * The API of docs/api.md: connections, the method table, subscriptions, follows.
 * Reads the model, writes nothing; what changes the world goes through api_env.
 */
#ifndef COLLECTOR_API_H
#define COLLECTOR_API_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "loop/loop.h"
#include "model/model.h"
#include "store/journal.h"

#define API_VERSION 1

struct act;
struct api;
struct conn;
struct past;
struct source_history;

/* What the API asks of the collector. */
struct api_env {
	struct loop *loop;
	const struct model *model;
	const char *context;
	int64_t started_ms;
	void *arg;
	uint64_t (*recorded)(void *arg); /* newest event number that is in the journal */
	/* Events that memory may no longer hold: as journal_query_events() has them, on a later
	 * turn.  false: there is no journal. */
	bool (*recorded_events)(void *arg, const struct journal_query *q, journal_rows_fn *fn,
		void *fnarg);
	/* How many of them, the same way. */
	bool (*recorded_counts)(void *arg, const struct journal_count *q, journal_counts_fn *fn,
		void *fnarg);
	void (*status)(void *arg, struct jw *w); /* members of the status object */
	int (*record)(void *arg, const char *file_or_null, struct jw *w, struct err *e);
	/* A series' past from its source, where that keeps it (source_kind.history); false: ask the
	 * model. */
	bool (*history)(void *arg, uint32_t device, const struct source_history *ask);
	/* Plays a recording otherwise, and says how it is played. */
	int (*replay)(void *arg, const json_t *params_or_null, struct jw *w, struct err *e);
	/* Takes `a` and calls a->done() on a later turn, when it is recorded and done; -1: it stays the
	 * caller's. */
	int (*act)(void *arg, struct act *a, struct err *e);
	/* A model of the past, the caller's; NULL: there is none. */
	struct past *(*past)(void *arg, int64_t at_ms);
	void (*stop)(void *arg);
};

struct api *api_new(const struct api_env *env);
void api_free(struct api *a); /* says bye to all */

/* A way for whole messages to a client; listen.c has them. */
struct api_transport {
	int (*send)(void *arg, struct slice msg); /* -1: gone, or its queue is full */
	size_t (*queued)(void *arg);		  /* bytes not sent yet */
	void (*close)(void *arg);		  /* the last call; sends what is queued if it can */
	char *(*who)(void *arg); /* who sits at the other end, in a word; the caller frees it */
	bool local; /* the unix socket: may name files on this machine */
};
struct conn *api_conn_new(struct api *a, const struct api_transport *t, void *arg);
void api_conn_message(struct conn *c, struct slice msg);
/* The client is gone; the transport is closed at the next tick, not inside this call. */
void api_conn_gone(struct conn *c);
/* The client sends no more but still reads: what it asked is answered, then the line closed. */
void api_conn_ended(struct conn *c);

uint32_t api_clients(const struct api *a);
int64_t api_idle_since_ms(const struct api *a); /* monotonic; 0: a client is here */
/* The journal holds all up to this event: tell the followers. */
void api_recorded(struct api *a);

#endif
