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

int64_t history_oldest_ms(const struct history *h);
uint64_t history_stored(const struct history *h);
uint64_t history_unstored(const struct history *h); /* samples that found no room */
uint64_t history_bytes(const struct history *h);    /* of blocks in use */

#endif
