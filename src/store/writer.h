/*
 * The journal's one writer thread: takes a batch, makes it durable in one transaction, says so.
 * The loop's thread calls everything here; the batch it gave is the writer's until idle again.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "store/journal.h"

struct db;
struct loop_wake;
struct writer;

/* The database is the writer's until writer_stop().  `wake` is called when it got idle, stalled
 * or goes on. */
struct writer *writer_new(struct db *d, const struct journal_spec *spec, uint64_t last_n,
	struct loop_wake *wake, struct err *e);
/* Only when idle and with a batch that is not empty. */
void writer_give(struct writer *w, const struct buf *batch, int64_t now_ms);
bool writer_idle(struct writer *w);
/* Members that the writer knows are filled in; `notice` too when there is a new one. */
void writer_report(struct writer *w, struct journal_stats *out, char notice[512]);
/* Writes what was given and then `rest` (each tried once more when it failed), ends the thread,
 * frees w.  -1: not all could be written. */
int writer_stop(struct writer *w, const struct buf *rest, struct err *e);

#endif
