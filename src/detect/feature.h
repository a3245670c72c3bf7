/* What the engine looks at, by name: one row each in feature.c. */
#ifndef DETECT_FEATURE_H
#define DETECT_FEATURE_H

/* In the table's order; the core's come first. */
enum detect_feature {
	FEATURE_LEVEL, FEATURE_SHIFT, FEATURE_DRIFT, FEATURE_RESIDUAL, FEATURE_BURST, FEATURE_RANGE,
	FEATURE_STEP, FEATURE_HOLD, FEATURE_FLAT, FEATURE_SEASON, FEATURE_SEASON_RUN,
	FEATURE_SEASON_RECORD, FEATURE_SHAPE, FEATURE_SHAPE_LONG, FEATURE_SEQUENCE, DETECT_FEATURES
};

/* Features of a group see the same thing: the largest counts. */
enum feature_group {
	GROUP_LEVEL, GROUP_MEAN, GROUP_RESIDUAL, GROUP_BURST, GROUP_RANGE, GROUP_STEP, GROUP_HOLD,
	GROUP_FLAT, GROUP_SEASON, GROUP_SEASON_RECORD, GROUP_SHAPE, GROUP_SEQUENCE, FEATURE_GROUPS
};

/* What usual and seen of a term count. */
enum feature_unit {
	UNIT_VALUE,  /* as the series */
	UNIT_CHANGE, /* the same, a difference: mean error, mean step */
	UNIT_ROWS,
	UNIT_NONE,   /* no unit a person knows: distance of shapes, share of sequences */
};

struct feature {
	const char *name;
	const char *help; /* "far from where it usually is": for people */
	enum feature_group group;
	enum feature_unit unit;
	float weight;
};

extern const struct feature features[DETECT_FEATURES];

#endif
