/*
 * What we know: networks, devices, series with history, events, ledgers, sources.
 * Columnar and compact.  Rows are dense uint32_t ids; those of a forgotten device are given to
 * another one (model_forgotten() tells who keeps rows of his own that some are no longer good).
 * One thread; readers hold a const pointer and no row pointer across a turn.
 *
 * Memory: history and events live within model_spec.memory bytes; the oldest samples and events
 * give way.  Devices and series are refused (counted) beyond max_devices / max_series.
 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/delta.h"

struct model;

struct model_spec {
	uint64_t memory;	/* bytes for history and events; 0: 1 GiB */
	uint32_t max_devices;	/* 0: 4,000,000 */
	uint32_t max_series;	/* 0: 64,000,000 */
	int64_t stale_after_ms; /* default for devices, 0: 60 s */
	int64_t begun_ms;	/* changes before the first tick count as of then; 0: are not dated */
	/* Devices that were down or stale for so long, and not spoken of by a source that is live, are
	 * forgotten; 0: never.  Their rows are given to
	 * others once nothing speaks of them any more, ten minutes later at the earliest. */
	int64_t forget_after_ms;
	void (*forgotten)(void *arg, uint32_t device); /* about to be; may be NULL */
	void (*unacked)(void *arg, struct slice alert); /* its ack ended with it; may be NULL */
	void *arg;
};

struct model *model_new(const struct model_spec *s);
void model_free(struct model *m);

/* Applies one delta.  -1: refused (limit or nonsense); the reason in e, counted by the model. */
int model_apply(struct model *m, struct delta *d, struct err *e);

/* Events of an earlier run are there: why devices are down, and which are degraded, they tell. */
void model_recall(struct model *m);

/* Look-ups; MODEL_NONE when there is none. */
uint32_t model_device(const struct model *m, struct slice id);
uint32_t model_series(const struct model *m, uint32_t device, struct slice name, struct slice labels);
/* For streams whose devices send their metrics in one order: the series without labels of this
 * name, quickly when it was made next after `series` (MODEL_NONE: as the device's first), else as
 * model_series(). */
uint32_t model_series_after(const struct model *m, uint32_t device, uint32_t series,
	struct slice name);
/* Samples of this device come next: its series are fetched while their text is still read. */
void model_expect(const struct model *m, uint32_t device);
uint32_t model_ledger(const struct model *m, struct slice name);
uint32_t model_source(const struct model *m, struct slice name);

/* Names of rows; "" for MODEL_NONE. */
struct slice model_device_id(const struct model *m, uint32_t device);
enum device_status model_device_status(const struct model *m, uint32_t device); /* UNKNOWN: none */
uint64_t model_forgotten(const struct model *m); /* devices, ever */
uint32_t model_device_source(const struct model *m, uint32_t device); /* MODEL_NONE: none */
uint32_t model_series_device(const struct model *m, uint32_t series);
struct slice model_source_name(const struct model *m, uint32_t source);
struct slice model_ledger_name(const struct model *m, uint32_t ledger);

/* Devices by enum device_status. */
void model_status_counts(const struct model *m, uint32_t out[5]);
uint32_t model_networks_n(const struct model *m);
uint32_t model_devices_n(const struct model *m);
uint64_t model_samples_n(const struct model *m); /* ever applied */
uint64_t model_events_last(const struct model *m); /* the newest event's number, 0: none */
uint64_t model_events_first(const struct model *m); /* the oldest one held, last + 1: none */

/* A series' points in [from,to], oldest first, thinned to at most `points` buckets: each bucket
 * gives the time of its last point, min, max, last.  A gap (NaN, death) ends a bucket run: count 0 bucket between. */
struct point { int64_t at_ms; double min, max, last; uint32_t n; };
size_t model_history(const struct model *m, uint32_t series, int64_t from_ms, int64_t to_ms,
	struct point *out, size_t points);
int64_t model_history_oldest_ms(const struct model *m); /* how far back history reaches */

/* The model's own size, for status and bench. */
struct model_stats {
	uint64_t devices, series, samples_stored, samples_seen, events_stored, refused;
	uint64_t late;	   /* samples older than their series' newest: not kept */
	uint64_t unstored; /* samples that became current but found no room in history */
	uint64_t bytes_devices, bytes_series, bytes_samples, bytes_events, bytes_total;
	int64_t history_ms; /* depth */
};
void model_stats(const struct model *m, struct model_stats *out);

/* Block at number on the ledger's best chain; -1: not held. */
int model_block_hash(const struct model *m, uint32_t ledger, uint64_t number, unsigned char hash[32]);
int model_ledger_head(const struct model *m, uint32_t ledger, uint64_t *number, unsigned char hash[32]);
/* The last so many of a ledger, in the order they came; blocks that were replaced too, which
 * those behind them replace again. */
void model_blocks(const struct model *m, uint32_t ledger, uint64_t last_n,
	void (*fn)(void *arg, const struct delta_block *b), void *arg);
void model_logs(const struct model *m, uint32_t ledger, uint64_t last_n,
	void (*fn)(void *arg, const struct delta_log *l), void *arg);

#endif
