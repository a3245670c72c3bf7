/*
 * All that was chosen or fitted, in one place; constants.c has the values and where they come from.
 * One set for all series.
 */
#ifndef DETECT_CONSTANTS_H
#define DETECT_CONSTANTS_H

struct detect_constants {
	/* memories, in rows */
	float rows_fast, rows_slow, rows_short, rows_middle;
	float clip;	  /* a value further off teaches as if it were so many spreads away */
	/* tails */
	float tail_rows;     /* how long a tail remembers */
	float tail_outlier;  /* how much an outlier teaches it */
	float tail_extreme;  /* share of the 98 % point's excess in what lies beyond it */
	float surprise_max;
	/* error of the mix: its unit is the usual error and this share of the spread */
	float error_soft;
	/* range: a new extreme by this share of the range surprises by 1; none while young */
	float range_step;
	float record_step; /* so many doublings of the largest step or burst surprise by 1 */
	float record_hold; /* the same of the longest hold */
	/* season */
	float season_rate, season_soft;
	/* shapes */
	float wide_rows;  /* rows of a point of the wide window */
	float shape_new;  /* distance from which a shape is one of its own */
	float shape_unit; /* least range of a window, in spreads */
	/* sequences */
	float sequence_block;  /* rows after which the divided range may shrink */
	float sequence_weight; /* surprise of a sequence of which nothing was known */
	/* fusion */
	float threshold; /* surprise below it is no evidence */
	float young;	 /* rows at which the sum counts half */
	/* events and alerts */
	float usual, usual_rows; /* how much a restless past lowers the sum, over how many rows */
	float smooth, rest, rearm, habit, habit_rows;
	float event_from, told_from; /* no event begins below; none is told below */
	float score_half;  /* the sum that scores half */
};

extern const struct detect_constants constants;

#endif
