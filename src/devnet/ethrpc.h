/*
 * The Ethereum JSON-RPC methods that the devnet answers, as one table; the transport is the
 * caller's.  Answers are written as JSON text.
 */
#ifndef DEVNET_ETHRPC_H
#define DEVNET_ETHRPC_H

#include "base/json.h"
#include "devnet/chain.h"

#define ETHRPC_ANSWER_MAX (24u << 20)

struct eth {
	struct chain *chain;
	int64_t now; /* Unix ms, kept by the owner */
};

/* Writes the result of a method to out.  Returns 0, or the error's code with its message in e. */
int ethrpc_call(struct eth *eth, const char *method, const json_t *params, struct buf *out,
	struct err *e);

#endif
