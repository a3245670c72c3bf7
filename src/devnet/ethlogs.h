/* Filters of eth_getLogs and of the `logs` subscription. */
#ifndef DEVNET_ETHLOGS_H
#define DEVNET_ETHLOGS_H

#include "base/json.h"
#include "devnet/chain.h"

#define ETHLOGS_BLOCKS 2000  /* of a range asked for */
#define ETHLOGS_ANY    16    /* alternatives of one position */

struct log_filter {
	size_t naddrs; /* 0: any */
	struct evm_addr addrs[ETHLOGS_ANY];
	struct {
		size_t n; /* 0: any */
		struct evm_hash v[ETHLOGS_ANY];
	} topics[4];
};

/* Reads "address" and "topics" of the object; NULL or null: everything. */
int log_filter_parse(const json_t *o, struct log_filter *f, struct err *e);
bool log_filter_match(const struct log_filter *f, const struct evm_log *l);
/* By the bloom: false when no log of the block can match. */
bool log_filter_may(const struct log_filter *f, const struct evm_bloom *bloom);

#endif
