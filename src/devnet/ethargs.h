/* Arguments of the Ethereum methods, read and checked; failures are JSON-RPC codes. */
#ifndef DEVNET_ETHARGS_H
#define DEVNET_ETHARGS_H

#include "base/json.h"
#include "devnet/ethrpc.h"

enum ethrpc_code {
	ETH_EXECUTION_FAILED = 3,
	ETH_SERVER_ERROR = -32000,
	ETH_LIMIT_EXCEEDED = -32005,
	ETH_NO_METHOD = -32601,
	ETH_BAD_PARAMS = -32602,
};

/* Writes one JSON value, or returns a code and its story. */
typedef int eth_method(struct eth *eth, const json_t *params, struct jw *w, struct err *e);

int eth_fail(int code, struct err *e, const char *text);
int eth_bad(struct err *e, const char *text); /* ETH_BAD_PARAMS */
const json_t *eth_arg(const json_t *params, size_t i); /* NULL: absent or null */
int eth_read_hash(const json_t *v, struct evm_hash *h, struct err *e);
int eth_read_addr(const json_t *v, struct evm_addr *a, struct err *e);
int eth_read_count(const json_t *v, uint64_t *out, struct err *e);
/* A number or a tag; absent: the head.  May lie beyond the head. */
int eth_read_number(struct eth *eth, const json_t *v, uint64_t *out, struct err *e);

#endif
