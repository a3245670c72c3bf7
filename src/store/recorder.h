/*
 * The writing half of recordings.  Bytes gather in memory and are written by a pool thread, so
 * the loop never waits for the disk.  A recording must not disturb what it records: when the
 * disk is too slow the newest records are left out, and a LOST record says how many at the place
 * where they are missing.
 */
#ifndef STORE_RECORDER_H
#define STORE_RECORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/recording.h"

struct loop;
struct recorder;

struct recorder_stats {
	uint64_t records, bytes; /* kept; bytes of the file, those still in memory included */
	uint64_t lost;		 /* records left out */
	bool stopped;		 /* nothing more is kept: see error */
	char error[256];
};

/* A new file, 0600; one that exists is refused.  max_bytes 0: no end but the disk's. */
struct recorder *recorder_open(struct loop *l, const char *path, uint64_t max_bytes,
	struct err *e);
/* `what` is the source's kind ("stream"), said once for each name. */
void recorder_add(struct recorder *r, const char *source, const char *what,
	enum recording_kind kind, int64_t time_ms, struct slice bytes);
void recorder_stats(const struct recorder *r, struct recorder_stats *out);
/* Writes what is left (waits for the disk); -1 when the file is not whole. */
int recorder_close(struct recorder *r, struct err *e);

#endif
