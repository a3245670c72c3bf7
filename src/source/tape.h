/* How a recording is played: its place by our clock, speed, pause, skipping ahead.  Pure: the
 * monotonic time comes in. */
#ifndef SOURCE_TAPE_H
#define SOURCE_TAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define TAPE_SPEED_MAX 100000

struct source;

struct tape {
	int64_t first_ms; /* when the recording begins, 0: not known yet */
	int64_t at_ms;	  /* of the record played last */
	double speed;	  /* 0: as fast as it goes */
	bool paused, ended;
	int64_t from_ms, began_ms; /* the place at this monotonic time; since then it moves */
	int64_t skip_ms;	   /* up to there all is played at once; 0: no */
};

void tape_begin(struct tape *t, int64_t first_ms, int64_t mono_ms);
/* Is a record of this time to be played? */
bool tape_due(struct tape *t, int64_t time_ms, int64_t mono_ms);
int tape_speed(struct tape *t, double speed, int64_t mono_ms, struct err *e);
void tape_pause(struct tape *t, bool paused, int64_t mono_ms);
/* Forwards only: what was played is the model's past. */
int tape_skip(struct tape *t, int64_t to_ms, int64_t mono_ms, struct err *e);

/* file.c: of a source that plays a recording; NULL: it does not. */
struct tape *file_tape(struct source *s);

#endif
