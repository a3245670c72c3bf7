/*
 * A batch: records on their way from the loop's thread to the writer's, one after the other in
 * a struct buf.  Each record is a kind, some integers and some bytes, in the order in which its
 * statement (writer.c) binds them.
 */
#ifndef STORE_BATCH_H
#define STORE_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum record_kind {
	RECORD_EVENT,
	RECORD_CURSOR,
	RECORD_CUT, /* blocks at and above a number go */
	RECORD_BLOCK,
	RECORD_ALERT,
	RECORD_KEEP,
	RECORD_SEEN,   /* what is kept is still of use */
	RECORD_FORGET, /* it is not */
	RECORD_KINDS,
};

#define RECORD_INTS 6
#define RECORD_TEXTS 8

struct record {
	enum record_kind kind;
	uint8_t ints_n, texts_n;
	int64_t ints[RECORD_INTS];
	struct slice texts[RECORD_TEXTS];
};

/* -1: passes b's limit, nothing is added (and, unlike buf_add(), smaller ones still may be). */
int batch_add(struct buf *b, const struct record *r);
/* The next record of `rest`, whose slices point into it; false at the end. */
bool batch_next(struct slice *rest, struct record *r);

#endif
