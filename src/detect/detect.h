/*
 * The AI engine: how unlike its own past is this value?  One series at a time, strictly online:
 * no later row, no length, no range but what the rows before have shown, one set of constants for
 * all series (constants.h).  Pure: no I/O, no clock, no memory of its own.
 *
 * Two tiers.  `struct detect_core`, 256 bytes, for every series: level, shifts of the mean, an
 * adaptive mix of predictors, bursts of its error, novelty of range.  `struct detect_deep`, 2 KiB,
 * for a series that is watched or under suspicion: the day's profile, flat lines, shapes never
 * seen, sequences never seen.
 *
 * Each feature becomes a surprise, -log10 of the chance that this series' own past gives such a
 * value (tail.h).  Of features that see the same thing the largest counts; what exceeds a
 * threshold is weighted and added up (fuse.h).  The terms of that sum are the explanation.  A
 * layer of its own makes of a run of surprising rows one alert (alert.h).
 *
 * docs/detect.md has the figures.
 */
#ifndef DETECT_DETECT_H
#define DETECT_DETECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "detect/feature.h"
#include "detect/state.h"

#define DETECT_TERMS_MAX 4
#define DETECT_NO_TIME	 INT64_MIN

/* Why a row is unusual: the feature, its part of the surprise, what was usual, what was seen. */
struct detect_term {
	enum detect_feature feature;
	float part; /* of all terms, 0..1 */
	double usual, seen; /* in the feature's unit: feature_unit() */
};

struct detect_verdict {
	double score;	 /* 0..1 */
	double surprise; /* the sum of all terms, 0: as ever */
	bool begins;	 /* an event begins here; then, and only then, score >= DETECT_BEGINS */
	uint8_t n; /* terms, the largest first */
	struct detect_term terms[DETECT_TERMS_MAX];
};

#define DETECT_BEGINS 0.5
#define DETECT_ALERT  0.65 /* an event of this score is worth a person's look: docs/detect.md */

/* On the caller's memory; nothing to give back. */
void detect_core_init(struct detect_core *c);
void detect_deep_init(struct detect_deep *d);

/*
 * One row.  deep may be NULL, and may join later: it learns from then on.  t_ms: Unix time of the
 * row, or DETECT_NO_TIME; only the hour of the day is of use, so it need not rise.  A value that
 * is no finite number is told nothing about and not learnt from.
 */
void detect_step(struct detect_core *core, struct detect_deep *deep, int64_t t_ms, double value,
	struct detect_verdict *out);

/* "range 61%: beyond all that was seen (usual 58.9, seen 95); shape 20%: ..."; appended. */
void detect_explain(const struct detect_verdict *v, struct buf *out);

#endif
