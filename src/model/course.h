/*
 * How well a network has been: its mean health and the share of its devices that was lost, each ten
 * seconds for half an hour, and the worst of each eight minutes for a day.  Kept in memory alone.
 */
#ifndef MODEL_COURSE_H
#define MODEL_COURSE_H

#include <stddef.h>
#include <stdint.h>

#define COURSE_POINTS 180
#define COURSE_NONE   255 /* not known */
#define COURSE_STEP_MS 10000
#define COURSE_DAY_STEP_MS 480000

struct course_point {
	uint8_t health; /* 0..100 */
	uint8_t lost;	/* half percents */
};

struct course_circle {
	struct course_point v[COURSE_POINTS]; /* of step s at s % COURSE_POINTS */
	int64_t first, last;		      /* steps; first 0: none yet */
};

struct course { /* zeros to begin with */
	struct course_circle hour, day;
};

/* Of now; of the points of a step the worst remains. */
void course_add(struct course *c, int64_t now_ms, uint8_t health, uint8_t lost);
/* Those held, the oldest first; out has room for COURSE_POINTS. */
size_t course_points(const struct course_circle *c, struct course_point *out);

#endif
