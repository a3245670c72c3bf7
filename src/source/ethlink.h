/*
 * A line to an Ethereum node: JSON-RPC over WebSocket, or over HTTP where the URL says so.  With
 * several URLs the next one is tried after each failure.
 */
#ifndef SOURCE_ETHLINK_H
#define SOURCE_ETHLINK_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/slice.h"

struct config_ledger;
struct ethlink;
struct source_env;

struct ethlink_spec {
	const struct source_env *env;
	const struct config_ledger *cfg; /* outlives the link */
	void (*up)(void *arg);			       /* dialled anew: ask again for what is needed */
	void (*down)(void *arg, const struct err *why); /* calls under way have ended before */
	void (*notice)(void *arg, const char *method, const json_t *params);
	void *arg;
};

typedef void ethlink_fn(void *arg, const json_t *result, const struct err *e);

struct ethlink *ethlink_new(const struct ethlink_spec *s, struct err *e);
void ethlink_free(struct ethlink *l); /* calls under way end first, with their fn */
bool ethlink_pushes(const struct ethlink *l); /* can be subscribed to */
/* params: JSON text of an array.  fn exactly once. */
void ethlink_call(struct ethlink *l, const char *method, const char *params, ethlink_fn *fn,
	void *arg);
/* Gives this node up for `why`, which down() is told; the next URL after the usual delay. */
void ethlink_refuse(struct ethlink *l, const struct err *why);

#endif
