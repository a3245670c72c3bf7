/*
 * Recordings: the bytes of a session as they came from its sources (docs/recording.md), for
 * `record` and `replay`.  This half reads: a pure decoder over bytes that may be cut anywhere,
 * and a file with it.  recorder.h writes.
 */
#ifndef STORE_RECORDING_H
#define STORE_RECORDING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum recording_kind {
	RECORDING_MESSAGE = 1, /* one whole WebSocket or bus message */
	RECORDING_PAGE_START,  /* an HTTP answer begins; bytes: its URL or nothing */
	RECORDING_PAGE,	       /* a piece of its body, decompressed */
	RECORDING_PAGE_END,    /* it is whole (no bytes) or broke off (bytes: why) */
	RECORDING_NOTE,	       /* what the configuration says of a source */
	RECORDING_LOST,	       /* bytes: decimal count of records that could not be kept here */
	RECORDING_NAME,	       /* inside alone: number, name and kind of a source */
	RECORDING_STATE,       /* a source's state from here on */
	RECORDING_KINDS,
};

#define RECORDING_SOURCES 4096		/* in one recording */
#define RECORDING_NAME_MAX 255
#define RECORDING_BYTES_MAX (16u << 20) /* of one record */
#define RECORDING_HEADER 28
#define RECORDING_FRAME 20 /* what a record is longer than its bytes */

struct recording_item {
	enum recording_kind kind;
	uint16_t source;
	const char *name, *what; /* the source's name and kind; live as long as the decoder */
	int64_t time_ms;	 /* never goes back */
	struct slice bytes;	 /* borrowed from the input */
};

struct recording_source {
	char *name, *what; /* one allocation, at name */
};

struct recording {
	bool begun; /* the header was read */
	int64_t start_ms, last_ms;
	uint64_t at; /* bytes decoded: where an error is */
	struct recording_source *sources;
	uint32_t sources_n;
};

void recording_init(struct recording *r);
void recording_fini(struct recording *r); /* accepts zeros */
/*
 * Takes the next item off the front of `rest`: 1 an item, 0 more bytes are needed (what is left
 * in rest is to be given again, with more behind it), -1 not a recording or damaged here.
 */
int recording_next(struct recording *r, struct slice *rest, struct recording_item *out,
	struct err *e);

/* --- a file */

struct recording_file;

struct recording_file *recording_open(const char *path, struct err *e);
void recording_close(struct recording_file *f);
/* 1 an item (its bytes live until the next call), 0 the end, -1. */
int recording_read(struct recording_file *f, struct recording_item *out, struct err *e);
/* At the end: the last record was cut off, as by a crash while recording. */
bool recording_cut(const struct recording_file *f);
int64_t recording_start_ms(const struct recording_file *f); /* known after the first read */

/* --- encoding, for recorder.c and tests; -1: b is full or a limit is passed */
int recording_put_header(struct buf *b, int64_t start_ms);
int recording_put(struct buf *b, enum recording_kind kind, uint16_t source, int64_t time_ms,
	struct slice bytes);
int recording_put_name(struct buf *b, uint16_t source, int64_t time_ms, struct slice name,
	struct slice what);

#endif
