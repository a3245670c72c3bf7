/* Numbers, units and times as users and wires write them. */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* Whole slice or nothing; no leading blanks; -1 on overflow or other bytes. */
int num_u64(struct slice s, uint64_t *out);
int num_i64(struct slice s, int64_t *out);
/* JSON and Go float forms, "NaN", "+Inf", "-inf"; correctly rounded; -1 beyond double and
 * above 800 bytes.  Fast up to 19 digits. */
int num_f64(struct slice s, double *out);
/* "0x1a" or decimal, up to 2^64-1. */
int num_hex_u64(struct slice s, uint64_t *out);
/* "2GiB" "10kB" "512" -> bytes;  "5m" "1h30m" "250ms" -> milliseconds;
 * a filter's number with a unit ("80%" "2GiB" "5m" "1e3"): value in base units (bytes, seconds,
 * percent stays 80). */
int num_size(const char *s, uint64_t *bytes, struct err *e);
int num_duration_ms(const char *s, int64_t *ms, struct err *e);
int num_with_unit(struct slice s, double *out);
/* RFC 3339 with any offset; fraction cut to milliseconds. */
int num_rfc3339_ms(struct slice s, int64_t *unix_ms);
/* A moment as a user types it: RFC 3339, "15m" ago, "today", "14:30", Unix seconds. */
int num_moment_ms(const char *s, int64_t now_ms, int64_t *unix_ms, struct err *e);

/* Shortest decimal that reads back as the same double ("NaN", "+Inf", "-Inf" otherwise). */
int buf_addf64(struct buf *b, double v);
/* As "%.*f" says it, faster where numbers are of everyday size. */
int buf_addfixed(struct buf *b, double v, int decimals);
int buf_addtime(struct buf *b, int64_t unix_ms);	  /* 2026-11-22T09:52:11.042Z */
int buf_addage(struct buf *b, int64_t ms);		  /* 850ms 3s 5m 2h 4d: for people */
int buf_addsi(struct buf *b, double v, const char *unit); /* 4 significant: 12.4k 1.20M */
int buf_addsize(struct buf *b, uint64_t bytes);		  /* 2.1 GiB */

#endif
