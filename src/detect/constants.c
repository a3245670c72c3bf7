#include "detect/constants.h"

/*
 * Fitted by a random search over weights, threshold and events together, for the mean of the NAB
 * rules' score, the same with the threshold of the other kinds, the low-FP score and the recall at
 * budgets, on NAB, SMAP and made-up fleets at once; then rounded.  docs/detect.md has the figures
 * and the checks.  Memories, tails and soft spots were chosen beforehand: no change of one of them
 * helped.
 */
const struct detect_constants constants = {
	.rows_fast = 214, .rows_slow = 1500, .rows_short = 5, .rows_middle = 20,
	.clip = 8,
	.tail_rows = 2000, .tail_outlier = 0.15f, .tail_extreme = 0.5f, .surprise_max = 10,
	.error_soft = 0.05f,
	.range_step = 0.025f, .record_step = 0.15f, .record_hold = 0.5f,
	.season_rate = 0.02f, .season_soft = 0.15f,
	.wide_rows = 8, .shape_new = 0.35f, .shape_unit = 0.5f,
	.sequence_block = 3000, .sequence_weight = 4,
	.threshold = 1.32f, .young = 600,
	.usual = 0.1f, .usual_rows = 1700,
	.smooth = 0.913f, .rest = 90, .rearm = 1.5f, .habit = 0.32f, .habit_rows = 800,
	.event_from = 0.3f, .told_from = 0.9f, .score_half = 4,
};
