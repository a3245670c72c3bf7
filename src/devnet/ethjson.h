/* Blocks, transactions, receipts and logs as Ethereum's JSON-RPC writes them. */
#ifndef DEVNET_ETHJSON_H
#define DEVNET_ETHJSON_H

#include "base/json.h"
#include "devnet/chain.h"

void ethjson_quantity(struct jw *w, uint64_t v);
void ethjson_data(struct jw *w, const void *p, size_t n);
void ethjson_header(struct jw *w, const struct block *b); /* as newHeads sends it */
void ethjson_block(struct jw *w, const struct block *b, bool full);
void ethjson_tx(struct jw *w, const struct block *b, size_t index);
void ethjson_receipt(struct jw *w, const struct block *b, size_t index);
void ethjson_log(struct jw *w, const struct block *b, size_t index, bool removed);

#endif
