#include "detect/feature.h"

const struct feature features[DETECT_FEATURES] = {
	[FEATURE_LEVEL] = { "level", "far from where it usually is", UNIT_VALUE, 0, 0.34f },
	[FEATURE_SHIFT] = { "shift", "a few rows lie off the recent mean", UNIT_VALUE, 1, 0.56f },
	[FEATURE_DRIFT] = { "drift", "it moved away from its long mean", UNIT_VALUE, 1, 3.0f },
	[FEATURE_RESIDUAL] = { "residual", "not what was to come next", UNIT_VALUE, 2, 2.16f },
	[FEATURE_BURST] = { "burst", "harder to foresee than usual", UNIT_CHANGE, 3, 1.19f },
	[FEATURE_RANGE] = { "range", "beyond all that was seen", UNIT_VALUE, 5, 1.11f },
	[FEATURE_STEP] = { "step", "a larger step than any before", UNIT_CHANGE, 9, 0.5f },
	[FEATURE_STORM] = { "storm", "harder to foresee than ever", UNIT_CHANGE, 10, 0.5f },
	[FEATURE_PLATEAU] = { "plateau", "its mean is beyond all that it was", UNIT_VALUE, 11, 0.5f },
	[FEATURE_HOLD] = { "hold", "the same value for longer than ever", UNIT_NONE, 12, 0.5f },
	[FEATURE_SEASON_RECORD] = { "season-record", "further off the day's profile than ever", UNIT_VALUE, 13, 0.5f },
	[FEATURE_FLAT] = { "flat", "it moves less than it should", UNIT_CHANGE, 4, 1.48f },
	[FEATURE_SEASON] = { "season", "unusual at this time of day", UNIT_VALUE, 6, 0.03f },
	[FEATURE_SEASON_RUN] = { "season-run", "off the day's profile for a while", UNIT_VALUE, 6, 1.18f },
	[FEATURE_SHAPE] = { "shape", "a shape it never had", UNIT_NONE, 7, 1.08f },
	[FEATURE_SHAPE_LONG] = { "shape-long", "a slow shape it never had", UNIT_NONE, 7, 1.24f },
	[FEATURE_SEQUENCE] = { "sequence", "values in an order never seen", UNIT_NONE, 8, 1.12f },
};
