/*
 * One message a line over a unix socket (mode 0600, peer's uid checked) or a pair of
 * descriptors (stdin/stdout, also regular files).  No library but our loop.
 * Limits: a line of LINE_MAX_IN bytes ends the connection with an error; more than
 * LINE_MAX_OUT queued bytes makes line_send() fail (the caller drops or closes).
 */
#ifndef RPC_LINE_H
#define RPC_LINE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/slice.h"
#include "loop/loop.h"

#define LINE_MAX_IN  (32u << 20)
#define LINE_MAX_OUT (64u << 20)
#define LINE_LINGER_MS 2000

struct line;
struct line_server;

struct line_ops {
	/* Without the newline; empty lines are skipped; what an EOF cuts off counts as a line. */
	void (*message)(void *arg, struct slice msg);
	/* Last call.  why->class ERR_NONE: the other side sends no more, but may still read
	 * (`echo ... | socat`): what is sent before line_free() reaches it. */
	void (*closed)(void *arg, const struct err *why);
};

/* Connects now (a unix socket answers at once or never).  NULL: no such socket, refused, or it
 * belongs to somebody else. */
struct line *line_connect(struct loop *l, const char *path, struct err *e);
struct line *line_on_fds(struct loop *l, int in, int out, struct err *e); /* theirs stay open */
void line_start(struct line *c, const struct line_ops *ops, void *arg); /* begins to read */
/* The user at the other end of a unix socket; false: it is none. */
bool line_peer(const struct line *c, uid_t *uid);
int line_send(struct line *c, struct slice msg); /* adds the newline; msg has none */
/* Writes what is queued now, as far as the other side takes it, instead of at the next turn. */
void line_flush(struct line *c);
size_t line_queued(const struct line *c);
/* Sends what is queued if the other side reads (for LINE_LINGER_MS at most), then closes.  May be
 * called from any callback of the line. */
void line_free(struct line *c);

/* Binds path: replaces a dead socket, refuses a live one (ERR_REFUSED, says who) and one in a
 * directory that others can write.  accepted() owns the line. */
struct line_server *line_listen(struct loop *l, const char *path,
	void (*accepted)(void *arg, struct line *c), void *arg, struct err *e);
void line_server_free(struct line_server *s); /* unlinks the path */

#endif
