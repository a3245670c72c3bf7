/*
 * A JSON-RPC 2.0 peer: requests, answers, errors and notifications in both directions over
 * any transport that carries whole messages.  Source: the JSON-RPC 2.0 specification.  Used
 * for ledgers (over WebSocket) and for our own API (over lines on a unix socket).
 * No batches are sent; a received batch is answered with one.
 * Limits: RPC_MAX_PENDING calls under way each way; message size is the transport's.
 */
#ifndef RPC_RPC_H
#define RPC_RPC_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"
#include "loop/loop.h"

#define RPC_MAX_PENDING 1024

struct rpc_peer;
struct rpc_req; /* a request of the other side, until answered */

/* Standard codes and ours (docs/api.md). */
enum rpc_code {
	RPC_PARSE = -32700, RPC_INVALID = -32600, RPC_NO_METHOD = -32601,
	RPC_BAD_PARAMS = -32602, RPC_INTERNAL = -32603,
	RPC_UNREACHABLE = -32001, RPC_REFUSED = -32002, RPC_NOT_FOUND = -32003,
	RPC_BUSY = -32004,
};

struct rpc_ops {
	/* Queues one whole message; -1 when the transport is gone or its queue is full. */
	int (*send)(void *arg, struct slice msg);
	/* A request came in: answer now or later with rpc_reply*().  params borrowed, may be NULL. */
	void (*request)(void *arg, struct rpc_req *req, const char *method, const json_t *params);
	void (*notice)(void *arg, const char *method, const json_t *params);
	/* When set, notices come here instead, as the text they came as. */
	void (*notice_raw)(void *arg, const char *method, struct slice params);
};

/* result: borrowed, NULL on error.  Called exactly once for each call: answer, error, time-out,
 * or the peer's end. e->class ERR_UNREACH for time-out and broken lines; other errors carry the
 * code and message of the other side. */
typedef void rpc_fn(void *arg, const json_t *result, int code, const struct err *e);

struct rpc_peer *rpc_new(struct loop *l, const struct rpc_ops *ops, void *arg);
/* Ends all calls with ERR_UNREACH first.  May be called from any callback of the peer. */
void rpc_free(struct rpc_peer *p);
/* One message in.  Text that is not JSON-RPC is answered (if a request) or counted, never fatal. */
void rpc_feed(struct rpc_peer *p, struct slice msg);

struct rpc_counts {
	uint64_t malformed; /* messages that are not JSON-RPC */
	uint64_t stray;	    /* answers to no call under way: late, or never asked for */
	uint64_t busy;	    /* requests refused for their number */
	uint64_t unsent;    /* messages of ours that the transport did not take */
};
struct rpc_counts rpc_counts(const struct rpc_peer *p);
uint32_t rpc_unanswered(const struct rpc_peer *p); /* requests of the other side, under way */

/* params stolen, may be NULL; timeout_ms 0: none.  Returns the id (> 0), or 0 when it could not
 * be sent (fn has been called with the reason). */
uint64_t rpc_call(struct rpc_peer *p, const char *method, json_t *params, int timeout_ms,
	rpc_fn *fn, void *arg);
/* The same with params already JSON text. */
uint64_t rpc_call_text(struct rpc_peer *p, const char *method, struct slice params, int timeout_ms,
	rpc_fn *fn, void *arg);
/* The same for answers that are handed on rather than read: result is the text as it came, checked
 * for structure only, borrowed, empty on error.  No tree is built. */
typedef void rpc_raw_fn(void *arg, struct slice result, int code, const struct err *e);
uint64_t rpc_call_raw(struct rpc_peer *p, const char *method, struct slice params, int timeout_ms,
	rpc_raw_fn *fn, void *arg);
void rpc_cancel(struct rpc_peer *p, uint64_t id); /* fn is not called */
/* Within fn: the "data" of the other side's error as text (revert bytes of a contract); empty
 * when there is none. */
struct slice rpc_error_data(const struct rpc_peer *p);
int rpc_notify_text(struct rpc_peer *p, const char *method, struct slice params);

/* Each ends req (also when the peer is gone meanwhile: then nothing is sent). */
void rpc_reply_text(struct rpc_req *req, struct slice result);
void rpc_reply_err(struct rpc_req *req, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Maps an err to a code and back (ERR_USAGE <-> RPC_BAD_PARAMS ...). */
int rpc_code_of(enum err_class c);
enum err_class rpc_class_of(int code);

#endif
