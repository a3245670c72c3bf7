/*
 * What is kept of a series.  Values to embed; only src/detect looks inside.  Levels are doubles,
 * for a counter of 10^12 that moves by one; what is a difference is a float.
 */
#ifndef DETECT_STATE_H
#define DETECT_STATE_H

#include <stdbool.h>
#include <stdint.h>

/* Running 90 % and 98 % points of log2 of a feature, and the mean excess over each. */
struct tail {
	float at90, over90, at98, over98;
};

struct level {
	double fast, slow;	/* means over some 200 and 1500 rows */
	float fast_sd, slow_sd;
	float short_off, middle_off; /* means over 5 and 20 rows, less `fast` and `slow` */
};

#define AR_ORDER 4
#define CORE_PREDICTORS 5
#define DEEP_PREDICTORS 2

struct mix {
	double last, near, trend; /* the value before, a mean of a few, level with slope */
	float slope;
	float ar[AR_ORDER], past[AR_ORDER]; /* past: less level.fast */
	float loss[CORE_PREDICTORS];
	float error, error_sd, error_short; /* of the mix: mean size, its spread, lately */
};

/* The furthest so far. */
struct range {
	double low, high;
	float step; /* the largest */
};

/* One event at a time, fewer of a series that has them often. */
struct alert {
	float usual;	   /* mean square of the sum */
	float smooth, top; /* its mean of late; at the last event */
	float habit;	   /* what the last events left */
	uint16_t since;	   /* rows since the last event, up to a limit */
};

#define CORE_TAILS 5
struct detect_core {
	struct alert alert;
	uint32_t rows; /* counts up to a limit */
	struct level level;
	struct mix mix;
	struct range range;
	struct tail tails[CORE_TAILS];
};

#define DAY_SLOTS 48
struct season {
	float mean[DAY_SLOTS], spread[DAY_SLOTS]; /* less `origin` */
	uint8_t seen[DAY_SLOTS];
	float off, run; /* lately off the profile, in its unit and in spreads */
	float loss[DEEP_PREDICTORS];
	struct tail tail, run_tail;
	uint16_t rows;
};

struct flat {
	float step_short, step_long; /* mean size of steps */
	struct tail tail;
};

/* More that was never exceeded. */
struct records {
	float season; /* distance from the day's profile */
	uint16_t hold, longest; /* rows without a change: now, ever */
	bool moved;
};

#define SHAPE_POINTS 8
#define SHAPES_MAX   22
/* Points of a window, as level and as shape, 8 bit each; the shapes seen so far. */
struct shapes {
	int8_t v[SHAPES_MAX][2 * SHAPE_POINTS];
	uint8_t hits[SHAPES_MAX];
	float points[SHAPE_POINTS]; /* the window, less `origin` */
	float sum, min, max;	    /* of the point under way */
	uint16_t age;
	uint8_t n, filled, under_way;
	struct tail tail;
	uint16_t rows;
};

#define SEQUENCE_BITS  9
#define SEQUENCE_ORDER 6
struct sequences {
	uint8_t next[1 << SEQUENCE_BITS]; /* by hash of the symbols before: those that followed */
	uint8_t past[SEQUENCE_ORDER];
	float low, high;     /* what the symbols divide, less `origin` */
	float was_low, was_high, is_low, is_high; /* of the last block of rows, and of this one */
	uint16_t block, rows;
};

struct detect_deep {
	double origin; /* the first value: the others are kept as differences from it */
	struct season season;
	struct flat flat;
	struct records records;
	struct shapes near, wide;
	struct sequences sequences;
	uint32_t rows;
};

_Static_assert(sizeof(struct detect_core) <= 256, "every series has one");
_Static_assert(sizeof(struct detect_deep) <= 2048, "every watched series has one");

#endif
