/*
 * The journal: what this collector was told and what it told others, in one SQLite file.
 *
 *   journal_event(); journal_cursor(); ...    as things happen in a turn
 *   t = journal_commit();                     at the turn's end
 *   committed(arg, t, NULL)                   in the loop's thread, once t is durable: tell now
 *
 * One writer thread runs one transaction at a time, in order.  The turns that end meanwhile
 * gather in the next one (group commit), so the cost of a sync is shared by all of them.  A
 * turn is never split over two transactions.
 *
 * Why nothing told is lost and nothing is told twice, `kill -9` at any moment included:
 *  1. Clients are told an event only after the transaction that holds it has returned, so each
 *     told event is in the file.
 *  2. A source's cursor is recorded in the same turn as the events it covers, so it is in the
 *     same transaction: after a crash either both are there or neither.  Resuming from
 *     the cursor therefore re-fetches exactly the events that were not recorded: no gap, and
 *     none twice.
 *  3. Where a server can only resume coarsely (by time) and sends some again, journal_known()
 *     tells them by (origin, id) among the last 65,536 events, those of the last run included.
 *
 * Back-pressure, never loss: while journal_full() the caller must not read its sources.  A turn
 * may end above that mark; a record above the hard limit (the mark + 64 MiB) is refused, with
 * the rest of that turn, cursors included: its source is to be dialled again from its cursor.
 *
 * A transaction that fails (disk full, I/O error) is tried again until it succeeds: state
 * JOURNAL_STALLED, nothing is told, and sources are to be paused when it fills.  A file found
 * damaged is moved aside, never deleted, and a new one is begun: journal_notice() says so.
 *
 * All functions are for the loop's thread.  Slices are copied.
 */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

struct delta_block;
struct delta_event;
struct journal;
struct loop;

enum journal_sync {
	JOURNAL_SYNC_FULL,   /* told events survive a power cut too: one fsync a transaction */
	JOURNAL_SYNC_NORMAL, /* survive a killed process; a power cut may take the last moments */
};

enum journal_state { JOURNAL_WRITING, JOURNAL_STALLED };

struct journal_spec {
	const char *path;     /* its directory must exist */
	int64_t max_age_ms;   /* 0: 7 days; by the time of recording */
	uint64_t max_bytes;   /* 0: 1 GiB; at least 1 MiB; of all but what is kept */
	size_t batch_bytes;   /* 0: 8 MiB; journal_full() above */
	enum journal_sync sync;
	/*
	 * Every turn up to `ticket` is durable.  With e: the writer has stalled, `ticket` is as
	 * far as it came; once more without e when it goes on.  NULL: poll journal_durable().
	 */
	void (*committed)(void *arg, uint64_t ticket, const struct err *e);
	void *arg;
};

/* A path held by another process, of a newer schema or of another program is refused. */
struct journal *journal_open(struct loop *l, const struct journal_spec *spec, struct err *e);
/* Writes what is gathered and waits for it; -1 when that failed.  No callback comes after. */
int journal_close(struct journal *j, struct err *e);

/*
 * One event with its number n, which must be above all before it.  `source` and `device` are
 * the names behind ev->source and ev->device, which mean nothing after a restart; may be empty.
 * -1: refused by the hard limit.
 */
int journal_event(struct journal *j, const struct delta_event *ev, struct slice source,
	struct slice device);
/* Where `name` (a source, a ledger) resumes; opaque text, the latest wins.  A ledger's is the
 * highest block below which it needs no filling: its highest recorded block need not be. */
int journal_cursor(struct journal *j, struct slice name, struct slice value);
/* A head at or below an older one (a reorg) removes the blocks at and above it. */
int journal_block(struct journal *j, struct slice ledger, const struct delta_block *b);
/* What somebody did to an alert, the latest; open ones are never pruned. */
int journal_alert(struct journal *j, struct slice id, bool open, int64_t at_ms, struct slice json);
/* What a source must know again after a restart though no event tells it: the identity and last
 * status of a device.  Empty data: as it was.  One row a device, which does not count towards
 * max_bytes; it goes when neither journal_keep() nor journal_seen() named it for max_age_ms. */
int journal_keep(struct journal *j, struct slice source, struct slice id, int status,
	struct slice data);
int journal_seen(struct journal *j, struct slice source, struct slice id);
int journal_forget(struct journal *j, struct slice source, struct slice id);
/* Is there room for a record with so many bytes of text?  Ask before model_apply(): what the
 * journal refuses must not be told either. */
bool journal_takes(const struct journal *j, size_t bytes);
/* Was an event of this CloudEvents source and id recorded lately?  Ask before model_apply(). */
bool journal_known(const struct journal *j, struct slice origin, struct slice id);

/*
 * Ends the turn: the ticket to wait for.  It never goes down; a turn of cursors alone or of
 * nothing gets that of the turn before.  Written at once, or 5 ms after the last (cursors
 * alone: 1 s).
 */
uint64_t journal_commit(struct journal *j);
uint64_t journal_durable(const struct journal *j);
uint64_t journal_durable_n(const struct journal *j); /* the newest event that is durable */
bool journal_full(const struct journal *j);

struct journal_stats {
	enum journal_state state;
	char error[256];      /* why it stalled */
	uint64_t events;      /* recorded since start */
	uint64_t refused;     /* records refused by the hard limit */
	uint64_t pruned;      /* events removed by age and size */
	uint64_t transactions, retries;
	uint64_t txn_us_last, txn_us_max;
	uint64_t pending;     /* bytes not durable yet */
	uint64_t file_bytes;  /* in use, free pages and the log not counted */
};

void journal_stats(const struct journal *j, struct journal_stats *out);
/* What happened to an older file, "" when nothing did; valid until the next call. */
const char *journal_notice(const struct journal *j);
const char *journal_instance(const struct journal *j); /* random, made with the file */

/* --- reading: at start-up, before the loop runs; each shows what is durable */

struct journal_event {
	struct delta_event *ev; /* source and device are MODEL_NONE */
	struct slice source, device;
	int64_t seen_ms; /* when it was recorded */
};

uint64_t journal_last_n(const struct journal *j); /* 0: none yet; pruned ones count */
/* The newest max_n, oldest first.  Slices live for the call.  Returns how many, or -1. */
int64_t journal_load_events(struct journal *j, uint32_t max_n,
	void (*fn)(void *arg, const struct journal_event *e), void *arg, struct err *e);
int64_t journal_load_blocks(struct journal *j, struct slice ledger, uint32_t max_n,
	void (*fn)(void *arg, const struct delta_block *b), void *arg, struct err *e);
int64_t journal_load_alerts(struct journal *j,
	void (*fn)(void *arg, struct slice id, bool open, int64_t at_ms, struct slice json),
	void *arg, struct err *e);
/* At any time: also what is not durable yet, behind what it replaces. */
int64_t journal_load_kept(struct journal *j, struct slice source,
	void (*fn)(void *arg, struct slice id, int status, struct slice data), void *arg,
	struct err *e);
/* 1 found (a terminated copy the caller frees), 0 none, -1 failed. */
int journal_cursor_get(struct journal *j, struct slice name, char **value, struct err *e);

/* --- reading: later, in a pool thread */

/*
 * Events between bounds, by number or by their own time (then number).  To go on, give the last
 * row's number and time as `after`; it is where the order goes on from, exclusive.
 */
struct journal_query {
	bool by_time, newest_first;
	int64_t from_ms, to_ms;	 /* inclusive; to_ms 0: no end */
	uint64_t after_n;	 /* 0: from the start of the order */
	int64_t after_ms;	 /* with by_time and after_n */
	uint32_t limit;		 /* 1 .. JOURNAL_QUERY_ROWS */
};

#define JOURNAL_QUERY_ROWS 10000u
#define JOURNAL_QUERY_BYTES (16u << 20)

/*
 * Rows are borrowed for the call.  `more`: cut short by the limit or the bytes.  With e there
 * are none.  Not called at all when the journal is closed before.
 */
typedef void journal_rows_fn(void *arg, const struct journal_event *v, size_t n, bool more,
	const struct err *e);
void journal_query_events(struct journal *j, const struct journal_query *q, journal_rows_fn *fn,
	void *arg);

/* Events with a number below one, in n pieces of time from a moment on. */
struct journal_count {
	int64_t from_ms, step_ms;
	uint32_t n;
	uint64_t below_n;
};

/* v: n rows of SEVERITIES (delta.h), how many there are of each; oldest_ms: when the oldest event that is
 * still held happened, 0: there is none.  With e there is nothing.  Not called at all when the
 * journal is closed before. */
typedef void journal_counts_fn(void *arg, const uint32_t *v, int64_t oldest_ms,
	const struct err *e);
void journal_count_events(struct journal *j, const struct journal_count *ask,
	journal_counts_fn *fn, void *arg);

#endif
