/*
 * Records of the Ethereum JSON-RPC (eth_getBlockBy*, newHeads, eth_getLogs, logs), from Jansson
 * values.  Source: ethereum/execution-apis.  Strict: quantities without leading zeros, data of the
 * right length; unknown members are passed over.  Values only: nothing points into the JSON but
 * eth_log's data, which is hex text borrowed from it.
 */
#ifndef WIRE_ETHRPC_H
#define WIRE_ETHRPC_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define ETH_LOG_DATA_MAX (1u << 20) /* bytes */

struct eth_block {
	uint64_t number, timestamp; /* seconds */
	uint8_t hash[32], parent[32], miner[20];
	uint64_t gas_used, gas_limit;
	bool has_base_fee;
	uint64_t base_fee;  /* wei; UINT64_MAX when larger */
	bool has_txs;	    /* newHeads may not list them */
	uint32_t txs;
	uint8_t bloom[256]; /* all ones when the server does not say: no log can be ruled out */
};

struct eth_log {
	uint64_t block;
	uint8_t block_hash[32], tx_hash[32], address[20];
	uint32_t tx_index, index;
	uint8_t topics_n;
	uint8_t topics[4][32];
	struct slice data; /* "0x..." */
	bool removed;	   /* its block was orphaned */
};

int eth_block_decode(const json_t *v, struct eth_block *out, struct err *e);
int eth_log_decode(const json_t *v, struct eth_log *out, struct err *e);
/* The bytes of a log's data, appended. */
int eth_log_data(const struct eth_log *l, struct buf *out, struct err *e);

/* A bare quantity ("0x1a"), as eth_blockNumber and eth_chainId answer.  what: for the error. */
int eth_quantity(const json_t *v, const char *what, uint64_t *out, struct err *e);

/* The parameters of a notification eth_subscription: {"subscription": id, "result": {...}}.
 * Borrowed from v. */
int eth_notice(const json_t *v, const char **subscription, const json_t **result, struct err *e);

/* A node's revert or other error object -> one line; appended. */
int eth_error_text(const json_t *error, struct buf *out);

#endif
