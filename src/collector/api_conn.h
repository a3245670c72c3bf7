/* Inside the API: what its files share.  Nobody else includes this. */
#ifndef COLLECTOR_API_CONN_H
#define COLLECTOR_API_CONN_H

#include "collector/api.h"
#include "collector/job.h"
#include "collector/params.h"
#include "rpc/rpc.h"

#define ANSWER_MAX	 (16u << 20)
#define CONN_SUBS_MAX	 64
#define CONN_PENDING_MAX 256
#define CONN_QUEUE_MARK	 (1u << 20) /* above this a client gets no notices until it reads */

struct sub;
struct follow;
struct call;
struct held;
struct scan;
struct moment;
struct travel;

struct api {
	struct api_env env;
	struct jobs *jobs;
	struct conn *conns;
	struct moment *moments; /* held by connections, or lately */
	struct loop_timer *tick; /* subscriptions and slow followers */
	uint32_t clients;
	int64_t idle_since_ms;
	uint32_t last_id; /* of subscriptions and follows */
};

struct conn {
	struct conn *next;
	struct api *api;
	const struct api_transport *transport;
	void *targ;
	struct rpc_peer *peer;
	struct sub *subs;
	struct follow *follows;
	struct call *calls;
	struct held *held;
	struct scan *scans;
	struct moment *moment; /* where it has travelled; NULL: it is now */
	struct travel *travel; /* on the way to another */
	uint32_t subs_n, calls_n;
	bool ended; /* sends no more: what it asked is still answered */
	bool dead; /* to be freed at the next tick: never inside its own callback */
	size_t unread; /* of an ended one: bytes it had not taken at unread_ms, when that changed */
	int64_t unread_ms;
};

bool conn_congested(const struct conn *c);

/* travel.c: what a connection is answered from.  The model is to be asked for in every turn. */
void call_travel(struct conn *c, struct rpc_req *req, const json_t *params);
const struct model *conn_model(const struct conn *c);
uint64_t conn_upto(const struct conn *c); /* the newest event that may be told */
int64_t conn_now_ms(const struct conn *c);
void conn_end_travel(struct conn *c);
void conn_moved_calls(struct conn *c); /* rows.c, subs.c: begin anew where c is now */
void conn_moved_subs(struct conn *c);
/* past_status.c: the members of `status` */
void past_status_write(const struct model *m, const char *context, struct jw *w);

/* rows.c: a query answered once. */
void call_query(struct conn *c, struct rpc_req *req, const json_t *params);
void call_describe(struct conn *c, struct rpc_req *req, const json_t *params);
void conn_end_calls(struct conn *c);
/* The window of a finished query as "[{...},{...}]" members; false: too large. */
bool rows_write(const struct model *m, const struct kind *k, const struct query *q,
	const struct fields *f, struct buf *out);
/* The same of these rows. */
void ids_write(const struct model *m, const struct kind *k, const uint64_t *rows, size_t n,
	const struct fields *f, struct buf *out);
/* True: refused, as CONN_PENDING_MAX answers are under way. */
bool conn_busy(const struct conn *c, struct rpc_req *req);
void reply_err(struct rpc_req *req, const struct err *e);
/* Refuses with data.at where the filter is wrong. */
void reply_bad_query(struct rpc_req *req, size_t at, const struct err *e);

/* act.c: what people do to alerts. */
void call_ack(struct conn *c, struct rpc_req *req, const json_t *params);
void call_silence(struct conn *c, struct rpc_req *req, const json_t *params);
void call_unsilence(struct conn *c, struct rpc_req *req, const json_t *params);

/* held.c: results kept for paging. */
void call_page(struct conn *c, struct rpc_req *req, const json_t *params);
/* Keeps a finished query's rows; f is taken.  The number to page by. */
uint32_t conn_hold(struct conn *c, const struct kind *k, const struct query *q, struct fields *f);
void conn_tick_held(struct conn *c);
void conn_end_held(struct conn *c);

/* subs.c */
void call_subscribe(struct conn *c, struct rpc_req *req, const json_t *params);
void call_update(struct conn *c, struct rpc_req *req, const json_t *params);
void call_unsubscribe(struct conn *c, struct rpc_req *req, const json_t *params);
void conn_tick_subs(struct conn *c);
void conn_end_subs(struct conn *c);

/* follow.c */
void call_follow(struct conn *c, struct rpc_req *req, const json_t *params);
void call_unfollow(struct conn *c, struct rpc_req *req, const json_t *params);
void conn_tell_follows(struct conn *c);
void conn_end_follows(struct conn *c);

/* scan.c: answers that look at many events. */
void conn_end_scans(struct conn *c);
void call_histogram(struct conn *c, struct rpc_req *req, const json_t *params);
void call_scroll(struct conn *c, struct rpc_req *req, const json_t *params);

/* cells.c */
void call_cells(struct conn *c, struct rpc_req *req, const json_t *params);

/* history.c */
void call_history(struct conn *c, struct rpc_req *req, const json_t *params);

#endif
