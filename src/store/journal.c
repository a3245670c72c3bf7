#include "store/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "loop/loop.h"
#include "model/delta.h"
#include "store/batch.h"
#include "store/internal.h"
#include "store/writer.h"

#define HARD_ROOM (64u << 20)
#define RECORD_HEAD 256 /* at most, of a record beside its texts */
#define KEEP_ROOM (1u << 20) /* of a batch's memory, when it was emptied */
/* Between two transactions: one alone is written at once, a stream of them is not a stream of
 * syncs.  Cursors alone tell nobody anything: an older one only fetches a little more. */
#define PACE_MS 5
#define PACE_CURSORS_MS 1000

static const struct journal_spec defaults = {
	.max_age_ms = 7 * 86400 * 1000ll,
	.max_bytes = 1u << 30,
	.batch_bytes = 8u << 20,
};

/* --- batches */

static int64_t pause_ms(const struct journal *j)
{
	int64_t pace = j->waited_for ? PACE_MS : PACE_CURSORS_MS;

	if (!j->given_us || j->open->len >= j->spec.batch_bytes / 2)
		return 0;
	return pace - (clock_mono_us_now() - j->given_us) / 1000;
}

static void hand_over(void *arg)
{
	struct journal *j = arg;
	struct buf *b = j->open;
	int64_t pause;

	/* A turn that has not ended keeps its batch back: it must not be split. */
	if (j->busy || !b->len || b->len != j->sealed)
		return;
	pause = pause_ms(j);
	if (pause > 0) {
		loop_timer_again(j->pace, pause, 0);
		return;
	}
	j->open = j->given;
	j->given = b;
	j->given_ticket = j->ticket;
	j->given_n = j->last_n;
	j->given_us = clock_mono_us_now();
	j->sealed = 0;
	j->waited_for = false;
	j->busy = true;
	writer_give(j->writer, b, clock_wall_ms());
}

static void tell_stalled(struct journal *j, const struct journal_stats *s)
{
	struct err e;

	if (j->told_stalled || !j->spec.committed)
		return;
	j->told_stalled = true;
	err_set(&e, ERR_OURS, "journal: stalled: %s", s->error);
	j->spec.committed(j->spec.arg, j->durable, &e);
}

static void on_writer(void *arg)
{
	struct journal *j = arg;
	struct journal_stats s;

	writer_report(j->writer, &s, j->notice);
	if (!j->busy || !writer_idle(j->writer)) {
		if (s.state == JOURNAL_STALLED)
			tell_stalled(j, &s);
		return;
	}
	j->busy = false;
	j->told_stalled = false;
	j->durable = j->given_ticket;
	j->durable_n = j->given_n;
	buf_reset(j->given);
	buf_trim(j->given, KEEP_ROOM);
	hand_over(j);
	if (j->spec.committed)
		j->spec.committed(j->spec.arg, j->durable, NULL);
}

/* Does somebody wait to be told of it? */
static bool is_waited_for(enum record_kind k)
{
	return k != RECORD_CURSOR && k != RECORD_KEEP && k != RECORD_SEEN && k != RECORD_FORGET;
}

static int record(struct journal *j, const struct record *r)
{
	if (!j->refusing && batch_add(j->open, r) == 0) {
		j->turn_waited_for |= is_waited_for(r->kind);
		return 0;
	}
	j->refusing = true;
	j->refused++;
	return -1;
}

uint64_t journal_commit(struct journal *j)
{
	j->refusing = false;
	j->sealed = j->open->len;
	j->ticket += j->turn_waited_for;
	j->waited_for |= j->turn_waited_for;
	j->turn_waited_for = false;
	hand_over(j);
	return j->ticket;
}

uint64_t journal_durable(const struct journal *j)
{
	return j->durable;
}

uint64_t journal_durable_n(const struct journal *j)
{
	return j->durable_n;
}

bool journal_full(const struct journal *j)
{
	return j->open->len >= j->spec.batch_bytes;
}

/* --- records: integers and texts in the order of writer.c's statements */

int journal_event(struct journal *j, const struct delta_event *ev, struct slice source,
	struct slice device)
{
	struct record r = {
		.kind = RECORD_EVENT,
		.ints_n = 4,
		.ints = { (int64_t)ev->n, ev->at_ms, clock_wall_ms(), ev->severity },
		.texts_n = 8,
		.texts = { source, device, ev->origin, ev->id, ev->type, ev->subject, ev->message,
			ev->data },
	};

	if (ev->n <= j->last_n || ev->n > INT64_MAX)
		BUG("event %llu after %llu", (unsigned long long)ev->n,
			(unsigned long long)j->last_n);
	if (record(j, &r) < 0)
		return -1;
	j->last_n = ev->n;
	if (ev->id.n)
		recent_add(&j->recent, ev->origin, ev->id);
	return 0;
}

int journal_cursor(struct journal *j, struct slice name, struct slice value)
{
	struct record r = { .kind = RECORD_CURSOR, .texts_n = 2, .texts = { name, value } };

	return record(j, &r);
}

static int cut_blocks(struct journal *j, struct slice ledger, uint64_t number)
{
	struct record r = {
		.kind = RECORD_CUT,
		.ints_n = 1,
		.ints = { (int64_t)number },
		.texts_n = 1,
		.texts = { ledger },
	};

	return record(j, &r);
}

int journal_block(struct journal *j, struct slice ledger, const struct delta_block *b)
{
	struct record r = {
		.kind = RECORD_BLOCK,
		.ints_n = 6,
		.ints = { (int64_t)b->number, b->at_ms, b->txs, b->logs, (int64_t)b->gas_used,
			(int64_t)b->gas_limit },
		.texts_n = 3,
		.texts = { ledger, slice_mem(b->hash, sizeof(b->hash)),
			slice_mem(b->parent, sizeof(b->parent)) },
	};

	if (b->number > INT64_MAX)
		return -1;
	if (!b->backfill && cut_blocks(j, ledger, b->number) < 0)
		return -1;
	return record(j, &r);
}

int journal_alert(struct journal *j, struct slice id, bool open, int64_t at_ms, struct slice json)
{
	struct record r = {
		.kind = RECORD_ALERT,
		.ints_n = 2,
		.ints = { open, at_ms },
		.texts_n = 2,
		.texts = { id, json },
	};

	return record(j, &r);
}

int journal_keep(struct journal *j, struct slice source, struct slice id, int status,
	struct slice data)
{
	struct record r = {
		.kind = RECORD_KEEP,
		.ints_n = 2,
		.ints = { status, clock_wall_ms() },
		.texts_n = 3,
		.texts = { source, id, data.p ? data : slice_of("") },
	};

	return record(j, &r);
}

int journal_seen(struct journal *j, struct slice source, struct slice id)
{
	struct record r = {
		.kind = RECORD_SEEN,
		.ints_n = 1,
		.ints = { clock_wall_ms() },
		.texts_n = 2,
		.texts = { source, id },
	};

	return record(j, &r);
}

int journal_forget(struct journal *j, struct slice source, struct slice id)
{
	struct record r = { .kind = RECORD_FORGET, .texts_n = 2, .texts = { source, id } };

	return record(j, &r);
}

bool journal_takes(const struct journal *j, size_t bytes)
{
	return !j->refusing && bytes < HARD_ROOM &&
	       j->open->len + bytes + RECORD_HEAD <= j->open->max;
}

bool journal_known(const struct journal *j, struct slice origin, struct slice id)
{
	return id.n && recent_has(&j->recent, origin, id);
}

/* --- state */

void journal_stats(const struct journal *j, struct journal_stats *out)
{
	writer_report(j->writer, out, NULL);
	out->refused = j->refused;
	out->pending = j->open->len + (j->busy ? j->given->len : 0);
}

const char *journal_notice(const struct journal *j)
{
	return j->notice;
}

const char *journal_instance(const struct journal *j)
{
	return j->instance;
}

uint64_t journal_last_n(const struct journal *j)
{
	return j->last_n;
}

/* --- life */

static void set_spec(struct journal *j, const struct journal_spec *spec)
{
	j->spec = *spec;
	j->spec.path = NULL; /* db.path is the copy */
	if (!spec->max_age_ms)
		j->spec.max_age_ms = defaults.max_age_ms;
	if (!spec->max_bytes)
		j->spec.max_bytes = defaults.max_bytes;
	if (j->spec.max_bytes < 1u << 20)
		j->spec.max_bytes = 1u << 20;
	if (!spec->batch_bytes)
		j->spec.batch_bytes = defaults.batch_bytes;
	for (int i = 0; i < 2; i++)
		buf_init(&j->batch[i], j->spec.batch_bytes + HARD_ROOM);
	j->open = &j->batch[0];
	j->given = &j->batch[1];
}

static void free_journal(struct journal *j)
{
	loop_timer_free(j->pace);
	loop_wake_free(j->wake);
	recent_fini(&j->recent);
	buf_fini(&j->batch[0]);
	buf_fini(&j->batch[1]);
	db_close(&j->db);
	free(j);
}

struct journal *journal_open(struct loop *l, const struct journal_spec *spec, struct err *e)
{
	struct journal *j = xcalloc(1, sizeof(*j));

	j->loop = l;
	j->db.lock_fd = -1;
	set_spec(j, spec);
	recent_init(&j->recent);
	if (db_open(&j->db, spec->path, spec->sync == JOURNAL_SYNC_FULL, e) < 0 ||
		journal_load_start(j, e) < 0)
		goto fail;
	snprintf(j->notice, sizeof(j->notice), "%s", j->db.notice);
	j->durable_n = j->last_n;
	j->wake = loop_wake_new(l, on_writer, j);
	j->pace = loop_timer_new(l, PACE_MS, 0, hand_over, j);
	loop_timer_stop(j->pace);
	j->writer = writer_new(&j->db, &j->spec, j->last_n, j->wake, e);
	if (!j->writer)
		goto fail;
	return j;
fail:
	free_journal(j);
	return NULL;
}

int journal_close(struct journal *j, struct err *e)
{
	int rc;

	if (!j)
		return 0;
	journal_commit(j);
	rc = writer_stop(j->writer, j->open, e);
	journal_orphan_readings(j);
	free_journal(j);
	return rc;
}
