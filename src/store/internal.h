/* The journal's own members, for the files of this folder that are one with it: journal.c
 * (recording), load.c (start-up), reading.c (later reads). */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include "base/buf.h"
#include "store/db.h"
#include "store/journal.h"
#include "store/recent.h"

struct loop_timer;
struct reading;
struct writer;

struct journal {
	struct loop *loop;
	struct journal_spec spec;
	struct db db; /* the writer's while it runs; path alone is anyone's */
	struct writer *writer;
	struct loop_wake *wake;
	struct loop_timer *pace;
	struct recent recent;
	struct reading *readings; /* under way */

	/* Two batches change places: `open` gathers turns, `given` is the writer's. */
	struct buf batch[2];
	struct buf *open, *given;
	size_t sealed;		  /* bytes of `open` that are whole turns */
	uint64_t ticket;	  /* of the last turn ended */
	uint64_t given_ticket, durable;
	uint64_t given_n, durable_n; /* the newest event in them */
	bool busy;		  /* the writer has `given` */
	bool waited_for;	  /* `open` has turns of more than cursors: somebody waits */
	bool turn_waited_for;	  /* ... and so has this turn */
	int64_t given_us;	  /* when the last batch was given */
	bool refusing;		  /* this turn met the hard limit */
	bool told_stalled;
	uint64_t refused, last_n;

	char instance[17], notice[512];
};

/* Fills instance, last_n and the known ids, before the writer starts. */
int journal_load_start(struct journal *j, struct err *e);
void journal_orphan_readings(struct journal *j);

#endif
