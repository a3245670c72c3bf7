/* What the engine looks at, by name: one row each in feature.c. */
#ifndef DETECT_FEATURE_H
#define DETECT_FEATURE_H

#include <stdint.h>

enum detect_feature {
	FEATURE_LEVEL, FEATURE_SHIFT, FEATURE_DRIFT, FEATURE_RESIDUAL, FEATURE_BURST, FEATURE_RANGE,
	FEATURE_STEP, FEATURE_STORM,
	FEATURE_PLATEAU, FEATURE_HOLD, FEATURE_SEASON_RECORD,
	FEATURE_FLAT, FEATURE_SEASON, FEATURE_SEASON_RUN, FEATURE_SHAPE, FEATURE_SHAPE_LONG,
	FEATURE_SEQUENCE, DETECT_FEATURES
};

/* What usual and seen of a term count. */
enum feature_unit {
	UNIT_VALUE,  /* as the series */
	UNIT_CHANGE, /* the same, a difference: mean error, mean step */
	UNIT_NONE,   /* no unit a person knows: distance of shapes, share of sequences */
};

struct feature {
	const char *name;
	const char *help; /* "its level is unusual": for people */
	enum feature_unit unit;
	uint8_t group; /* features of a group see the same thing: the largest counts */
	float weight;
};
#define FEATURE_GROUPS 14

extern const struct feature features[DETECT_FEATURES];

#endif
