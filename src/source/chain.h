/*
 * The chain of a ledger, followed by parent hashes: walking back from a new head until a block of
 * ours is met fills the gap after a reconnect and follows a reorg, both with the same steps.
 * Blocks are emitted oldest first, each with its logs where contracts are named.
 */
#ifndef SOURCE_CHAIN_H
#define SOURCE_CHAIN_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "source/ethlink.h"

struct chain;
struct source;

struct chain *chain_new(struct source *src); /* with what an earlier run recorded of it */
void chain_free(struct chain *c); /* after its link */

/* A line is there, or has broken: what an older one still answers is passed over. */
void chain_line_up(struct chain *c, struct ethlink *link);
void chain_line_down(struct chain *c);
/* As ethlink_call(), but fn is not called when the line has broken since. */
void chain_call(struct chain *c, const char *method, const char *params, ethlink_fn *fn, void *arg);

/* The node says it is on this chain: the model has a ledger from then on.  -1: what is recorded
 * here is of another. */
int chain_introduce(struct chain *c, uint64_t id, struct err *e);
void chain_ask_head(struct chain *c); /* and walks; after the walk that is under way */
void chain_take_notice(struct chain *c, const json_t *head); /* a header as newHeads tells it */
int64_t chain_heard_ms(const struct chain *c); /* when a head, or the line, came last */
bool chain_missed(const struct chain *c); /* a walk failed: ask for a head again */

/* Of a recording: blocks as they were walked, newest first; then, oldest first, which of them
 * joined the chain, each with its logs behind it. */
/* What is known from before: the chain as it is held, what is under way of a walk. */
void chain_keep_known(struct chain *c);
void chain_replay_known(struct chain *c, const json_t *block);
void chain_replay_block(struct chain *c, const json_t *block);
void chain_replay_joined(struct chain *c, const json_t *mark);
void chain_replay_log(struct chain *c, const json_t *log);

#endif
