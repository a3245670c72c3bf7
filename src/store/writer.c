#include "store/writer.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "loop/loop.h"
#include "store/batch.h"
#include "store/db.h"
#include "store/prune.h"

#define IDLE_MS 1000
#define RETRY_MIN_MS 100
#define RETRY_MAX_MS 5000
#define IDLE_ROWS 2000		/* pruned in an idle moment */
#define REST_EVERY_MS 60000
#define BATCH_ROWS 500	/* pruned with a batch, beside twice its own events */

static const struct {
	const char *sql;
	unsigned blobs; /* bit i: text i is bytes */
} rows[RECORD_KINDS] = {
	/* A row that is there already is this one: written by a commit that reported an error. */
	[RECORD_EVENT] = { "INSERT OR IGNORE INTO events(n, at_ms, seen_ms, severity, source, device,"
		" origin, id, type, subject, message, data) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)", 0 },
	[RECORD_CURSOR] = { "REPLACE INTO cursors(name, value) VALUES(?,?)", 0 },
	[RECORD_CUT] = { "DELETE FROM blocks WHERE number >= ? AND ledger = ?", 0 },
	[RECORD_BLOCK] = { "REPLACE INTO blocks(number, at_ms, txs, logs, gas_used, gas_limit,"
		" ledger, hash, parent) VALUES(?,?,?,?,?,?,?,?,?)", 6 },
	[RECORD_ALERT] = { "REPLACE INTO alerts(open, at_ms, id, json) VALUES(?,?,?,?)", 0 },
	[RECORD_KEEP] = { "UPDATE kept SET status = ?1, seen_ms = ?2,"
		" data = CASE WHEN length(?5) THEN ?5 ELSE data END WHERE source = ?3 AND id = ?4", 0 },
	[RECORD_SEEN] = { "UPDATE kept SET seen_ms = ? WHERE source = ? AND id = ?", 0 },
	[RECORD_FORGET] = { "DELETE FROM kept WHERE source = ? AND id = ?", 0 },
};

struct writer {
	struct db *db;
	int64_t max_age_ms;
	uint64_t max_bytes;
	struct loop_wake *wake;

	/* the thread's alone */
	bool ready; /* statements stand on an open file */
	sqlite3_stmt *st[RECORD_KINDS], *kept_new, *meta;
	uint64_t last_n;
	struct prune prune;
	int64_t rest_due_ms;

	pthread_t thread;
	pthread_mutex_t lock; /* for all below */
	pthread_cond_t work;
	const struct buf *batch; /* NULL: idle */
	const struct buf *rest;	 /* to follow it before the end */
	int64_t now_ms;		 /* when the last batch was given */
	int64_t given_us;	 /* the same by the clock that never stands still */
	bool quit, gave_up;
	struct journal_stats stats;
	char notice[512];
};

static void finalize(struct writer *w)
{
	prune_fini(&w->prune);
	for (int i = 0; i < RECORD_KINDS; i++) {
		sqlite3_finalize(w->st[i]);
		w->st[i] = NULL;
	}
	sqlite3_finalize(w->kept_new);
	sqlite3_finalize(w->meta);
	w->kept_new = w->meta = NULL;
	w->ready = false;
}

static int prepare(struct writer *w, struct err *e)
{
	for (int i = 0; i < RECORD_KINDS; i++)
		if (!(w->st[i] = db_prepare(w->db->h, rows[i].sql, e)))
			return -1;
	w->meta = db_prepare(w->db->h, "REPLACE INTO meta VALUES('last_n', ?)", e);
	w->kept_new = db_prepare(w->db->h, "INSERT INTO kept(status, seen_ms, source, id, data)"
		" VALUES(?,?,?,?,?)", e);
	if (!w->meta || !w->kept_new)
		return -1;
	if (prune_init(&w->prune, w->db->h, w->max_age_ms, w->max_bytes) < 0)
		return db_fail(w->db->h, e);
	w->ready = true;
	return 0;
}

/* Bytes stay where they are until the statement is reset: nothing is copied. */
static int run_record(struct writer *w, sqlite3_stmt *s, const struct record *r)
{
	int at = 1, rc;

	for (int i = 0; i < r->ints_n; i++)
		sqlite3_bind_int64(s, at++, r->ints[i]);
	for (int i = 0; i < r->texts_n; i++, at++)
		if (rows[r->kind].blobs >> i & 1)
			sqlite3_bind_blob64(s, at, r->texts[i].p, r->texts[i].n, SQLITE_STATIC);
		else
			sqlite3_bind_text64(s, at, r->texts[i].p, r->texts[i].n, SQLITE_STATIC,
				SQLITE_UTF8);
	rc = sqlite3_step(s);
	sqlite3_reset(s);
	return rc == SQLITE_DONE ? 0 : -1;
}

/* Made apart from being changed: only so it can be counted. */
static int keep_new(struct writer *w, const struct record *r)
{
	prune_kept(&w->prune, r->texts[0].n + r->texts[1].n + r->texts[2].n);
	return run_record(w, w->kept_new, r);
}

static int insert(struct writer *w, const struct record *r)
{
	if (run_record(w, w->st[r->kind], r) < 0)
		return -1;
	return r->kind == RECORD_KEEP && !sqlite3_changes(w->db->h) ? keep_new(w, r) : 0;
}

static int insert_all(struct writer *w, struct slice rest, int64_t *events)
{
	struct record r;

	while (batch_next(&rest, &r)) {
		if (insert(w, &r) < 0)
			return -1;
		if (r.kind == RECORD_EVENT) {
			(*events)++;
			w->last_n = (uint64_t)r.ints[0];
		}
	}
	sqlite3_bind_int64(w->meta, 1, (int64_t)w->last_n);
	sqlite3_step(w->meta);
	return sqlite3_reset(w->meta) == SQLITE_OK ? 0 : -1;
}

/* One transaction; with an empty batch only pruning. */
static int transact(struct writer *w, struct slice batch, int64_t now_ms, struct journal_stats *s,
	struct err *e)
{
	int64_t events = 0, pruned;

	if (db_exec(w->db->h, "BEGIN IMMEDIATE", e) < 0)
		return -1;
	if (batch.n && insert_all(w, batch, &events) < 0)
		goto fail;
	pruned = prune_events(&w->prune, now_ms, batch.n ? 2 * events + BATCH_ROWS : IDLE_ROWS);
	if (pruned < 0)
		goto fail;
	if (now_ms >= w->rest_due_ms) {
		if (prune_rest(&w->prune, now_ms) < 0)
			goto fail;
		w->rest_due_ms = now_ms + REST_EVERY_MS;
	}
	if (db_exec(w->db->h, "COMMIT", e) == 0) {
		s->events += (uint64_t)events;
		s->pruned += (uint64_t)pruned;
		s->file_bytes = prune_bytes(&w->prune);
		return 0;
	}
fail:
	db_fail(w->db->h, e);
	w->prune.kept_known = false; /* what was counted of it did not come to be */
	return -1;
}

static int replace_db(struct writer *w, int rc, struct err *e)
{
	finalize(w);
	return db_replace(w->db, sqlite3_errstr(rc), e) < 0 ? -1 : prepare(w, e);
}

static int reopen_db(struct writer *w, struct err *e)
{
	finalize(w);
	return !w->db->h && db_reopen(w->db, e) < 0 ? -1 : prepare(w, e);
}

static int attempt(struct writer *w, struct slice batch, int64_t now_ms, struct journal_stats *s,
	struct err *e)
{
	int64_t begin = clock_mono_us_now();
	int rc;

	if (!w->ready && reopen_db(w, e) < 0)
		return -1;
	if (transact(w, batch, now_ms, s, e) < 0) {
		rc = sqlite3_errcode(w->db->h);
		if (!sqlite3_get_autocommit(w->db->h))
			db_exec(w->db->h, "ROLLBACK", NULL);
		if (!db_damaged(rc) || replace_db(w, rc, e) < 0 ||
			transact(w, batch, now_ms, s, e) < 0)
			return -1;
	}
	s->txn_us_last = (uint64_t)(clock_mono_us_now() - begin);
	if (s->txn_us_last > s->txn_us_max)
		s->txn_us_max = s->txn_us_last;
	s->transactions++;
	return 0;
}

static void wait_ms(struct writer *w, int64_t ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += ms % 1000 * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000;
	}
	pthread_cond_timedwait(&w->work, &w->lock, &t);
}

/* Held lock in, held lock out. */
static void publish(struct writer *w, const struct journal_stats *s, const struct err *e)
{
	uint64_t retries = w->stats.retries;

	w->stats = *s;
	w->stats.retries = retries + (e != NULL);
	w->stats.state = e ? JOURNAL_STALLED : JOURNAL_WRITING;
	snprintf(w->stats.error, sizeof(w->stats.error), "%.255s", e ? e->text : "");
	snprintf(w->notice, sizeof(w->notice), "%s", w->db->notice);
}

/* Until it is durable, or until the end is near and one more try failed. */
static void run_batch(struct writer *w)
{
	struct slice batch = buf_slice(w->batch);
	struct journal_stats s = w->stats;
	int64_t pause = RETRY_MIN_MS, now_ms = w->now_ms;
	struct err e = { 0 };
	bool last;
	int rc;

	for (;;) {
		last = w->quit;
		pthread_mutex_unlock(&w->lock);
		rc = attempt(w, batch, now_ms, &s, &e);
		pthread_mutex_lock(&w->lock);
		publish(w, &s, rc < 0 ? &e : NULL);
		if (rc == 0 || last)
			break;
		loop_wake(w->wake);
		if (!w->quit)
			wait_ms(w, pause);
		pause = pause * 2 < RETRY_MAX_MS ? pause * 2 : RETRY_MAX_MS;
	}
	w->gave_up |= rc < 0;
	w->batch = NULL;
	loop_wake(w->wake);
}

/* Nothing to write for a second: catch up with pruning.  A failure here waits for a batch. */
static void run_idle(struct writer *w)
{
	struct journal_stats s = w->stats;
	int64_t now_ms = w->now_ms + (clock_mono_us_now() - w->given_us) / 1000;
	uint64_t pruned = s.pruned;

	if (!w->ready)
		return;
	pthread_mutex_unlock(&w->lock);
	if (transact(w, (struct slice){ 0 }, now_ms, &s, NULL) < 0 &&
		!sqlite3_get_autocommit(w->db->h))
		db_exec(w->db->h, "ROLLBACK", NULL);
	if (s.pruned == pruned)
		prune_vacuum(&w->prune);
	pthread_mutex_lock(&w->lock);
	w->stats.pruned = s.pruned;
	w->stats.file_bytes = s.file_bytes;
}

static void *thread_main(void *arg)
{
	struct writer *w = arg;

	pthread_mutex_lock(&w->lock);
	for (;;) {
		if (!w->batch && w->quit) {
			w->batch = w->rest;
			w->rest = NULL;
		}
		if (w->batch) {
			run_batch(w);
		} else if (w->quit) {
			break;
		} else {
			wait_ms(w, IDLE_MS);
			if (!w->batch && !w->quit)
				run_idle(w);
		}
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* Signals are the loop's business: none is delivered to this thread. */
static int start(struct writer *w)
{
	pthread_condattr_t a;
	sigset_t all, old;
	int rc;

	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&a);
	pthread_condattr_setclock(&a, CLOCK_MONOTONIC);
	pthread_cond_init(&w->work, &a);
	pthread_condattr_destroy(&a);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(&w->thread, NULL, thread_main, w);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return rc;
}

struct writer *writer_new(struct db *d, const struct journal_spec *spec, uint64_t last_n,
	struct loop_wake *wake, struct err *e)
{
	struct writer *w = xcalloc(1, sizeof(*w));

	w->db = d;
	w->wake = wake;
	w->max_age_ms = spec->max_age_ms;
	w->max_bytes = spec->max_bytes;
	w->now_ms = clock_wall_ms();
	w->given_us = clock_mono_us_now();
	w->last_n = last_n;
	if (prepare(w, e) < 0)
		goto fail;
	w->stats.file_bytes = prune_bytes(&w->prune);
	snprintf(w->notice, sizeof(w->notice), "%s", d->notice);
	if (start(w)) {
		err_set(e, ERR_OURS, "cannot start the journal's thread");
		goto fail;
	}
	return w;
fail:
	finalize(w);
	free(w);
	return NULL;
}

void writer_give(struct writer *w, const struct buf *batch, int64_t now_ms)
{
	pthread_mutex_lock(&w->lock);
	if (w->batch || !batch->len)
		BUG("batch of %zu bytes given to a %s writer", batch->len,
			w->batch ? "busy" : "idle");
	w->batch = batch;
	w->now_ms = now_ms;
	w->given_us = clock_mono_us_now();
	pthread_cond_signal(&w->work);
	pthread_mutex_unlock(&w->lock);
}

bool writer_idle(struct writer *w)
{
	bool idle;

	pthread_mutex_lock(&w->lock);
	idle = !w->batch;
	pthread_mutex_unlock(&w->lock);
	return idle;
}

void writer_report(struct writer *w, struct journal_stats *out, char notice[512])
{
	pthread_mutex_lock(&w->lock);
	*out = w->stats;
	if (notice)
		snprintf(notice, sizeof(w->notice), "%s", w->notice);
	pthread_mutex_unlock(&w->lock);
}

int writer_stop(struct writer *w, const struct buf *rest, struct err *e)
{
	int rc = 0;

	pthread_mutex_lock(&w->lock);
	w->quit = true;
	w->rest = rest && rest->len ? rest : NULL;
	pthread_cond_signal(&w->work);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	if (w->gave_up)
		rc = err_set(e, ERR_OURS, "journal: the last records were not written: %s",
			w->stats.error);
	finalize(w);
	pthread_cond_destroy(&w->work);
	pthread_mutex_destroy(&w->lock);
	free(w);
	return rc;
}
