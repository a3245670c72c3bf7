/* What the files of this folder share about a peer. */
#ifndef RPC_INTERNAL_H
#define RPC_INTERNAL_H

#include "base/buf.h"
#include "rpc/rpc.h"

#define RPC_MAX_MESSAGE (64u << 20) /* of ours; the other side's are the transport's to limit */
#define RPC_MAX_METHOD	256
#define RPC_MAX_ID	256

struct call;

/* Our calls under way: slot `id & (cap - 1)` holds call `id`; ids whose slot is taken are
 * skipped, and the table is never more than half full. */
struct calls {
	struct call **slots;
	uint32_t cap, n;
	uint64_t last_id;
};

/* Answers of one received batch, sent when the last of them is known. */
struct batch {
	struct rpc_peer *peer;
	int open; /* requests not yet answered, and the reader of the batch itself */
	struct buf out;
};

struct rpc_req {
	struct rpc_peer *peer; /* NULL: gone */
	struct rpc_req *next, **prev;
	struct batch *batch;
	char *id; /* JSON text as it came */
};

struct rpc_peer {
	struct loop *loop;
	struct rpc_ops ops;
	void *arg;
	int refs; /* the owner's, and one for each call into the owner on the stack */
	bool dead;
	struct calls calls;
	struct rpc_req *reqs;
	uint32_t reqs_n;
	struct rpc_counts counts;
	struct slice error_data; /* while a call's fn runs */
};

void peer_hold(struct rpc_peer *p);
void peer_drop(struct rpc_peer *p);
int peer_send(struct rpc_peer *p, struct buf *b); /* frees b */

/* calls.c */
void calls_answer(struct rpc_peer *p, struct slice id, struct slice result, struct slice error);
void calls_end(struct rpc_peer *p);

/* reply.c */
struct rpc_req *req_new(struct rpc_peer *p, struct batch *b, struct slice id);
void reqs_orphan(struct rpc_peer *p);
struct batch *batch_new(struct rpc_peer *p);
void batch_drop(struct batch *b);
/* An answer to something that never became a request. */
void reply_stray(struct rpc_peer *p, struct batch *b, struct slice id, int code, const char *text);

#endif
