/*
 * The samples of all series, in blocks of one fixed piece of memory.  When it is full, the block
 * that was begun longest ago gives way, so that the budget holds and history ends about the same
 * time ago for everyone.  A block that a slow series still fills is passed over while its newest
 * sample is recent, or lies in the younger half of what has passed since the block was begun.
 * Where there are more series than blocks, some go without history rather than all.
 */
#ifndef MODEL_HISTORY_H
#define MODEL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HISTORY_BLOCK 256
#define HISTORY_SLOTS 16

struct model;
struct series;
struct history;

struct history *history_new(uint64_t bytes);
void history_free(struct history *h);
/* Appends to series s (a row of m); moves its coder on even when there is no room to keep it. */
void history_push(struct model *m, uint32_t s, int64_t at_ms, double v, bool brk);
/* What is held of series s is given up (its coding changes). */
void history_forget(struct model *m, uint32_t s);
void history_prefetch(const struct history *h, const struct series *s);

/* The course of a series in slots of equal time.  Kept by whoever asks again and again: then only
 * samples that came since are read. */
struct history_slot {
	double sum, last; /* of its samples; the last of them */
	int64_t last_ms;
	uint32_t n;
	bool brk;  /* the series was dead until its first sample, or within */
	bool none; /* it said "nothing" */
};

struct history_slots {
	uint32_t series;
	int64_t from_ms, width_ms; /* width_ms 0: nothing is known yet */
	struct history_slot v[HISTORY_SLOTS + 1]; /* v[0]: all that lies before */
};

/*
 * Of series s, HISTORY_SLOTS slots of width_ms from from_ms on: the mean of each, of a counter its
 * growth a second; a slot without a sample is as the one before unless the series was dead or said
 * "nothing", which is NaN.  Of a slot with many blocks only some are read, so that the cost is
 * bounded by slots, not by samples.
 */
void history_trend(const struct model *m, uint32_t s, int64_t from_ms, int64_t width_ms,
	struct history_slots *kept, double *out);

int64_t history_oldest_ms(const struct history *h);
uint64_t history_stored(const struct history *h);
uint64_t history_unstored(const struct history *h); /* samples that found no room */
uint64_t history_bytes(const struct history *h);    /* of blocks in use */

#endif
