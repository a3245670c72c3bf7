/*
 * The trail: what each change of a device's status, texts or network replaced, and which event was the
 * newest when.  With it past.h walks back.  Bounded: the oldest gives way.
 */
#ifndef MODEL_TRAIL_H
#define MODEL_TRAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "model/region.h"

#define TRAIL_BORN  255 /* `was` of a device that was not there before */
#define TRAIL_AGAIN 254 /* the same, where a forgotten one had been */
#define TRAIL_GONE  253 /* of one that was forgotten; `place`: where its id stands */
#define TRAIL_TEXT  252 /* `reason`: what the text `is` was */
#define TRAIL_MOVED 251 /* `place`: the network it was in */

struct device;
struct model;

struct trail_step {
	int64_t at_ms;	  /* by our clock; 0: nobody knows */
	int64_t since_ms; /* since when it had been `was` */
	uint32_t device;
	union {
		uint32_t life; /* before */
		uint32_t place;
	};
	uint32_t reason; /* of `was`; a user of the text */
	uint8_t was, is; /* enum device_status */
};

/* By at_ms all events up to n had come, and hardly any other; and so many series. */
struct trail_mark {
	int64_t at_ms;
	uint64_t n;
	uint32_t series; /* 0: of an earlier run */
};

struct trail { /* circles: serial s stands at s % cap; [first, end) are held */
	struct trail_step *steps;
	struct region steps_mem;
	uint64_t first, end, cap;
	uint64_t texts; /* bytes of reasons, at most as many as of steps */
	struct trail_mark *marks;
	struct region marks_mem;
	uint64_t marks_first, marks_end, marks_cap;
	int64_t begun_ms; /* all changes since then are held; 0: the first tick is still to come */
	int64_t last_ms;
};

void trail_init(struct trail *t, uint64_t memory, int64_t begun_ms);
void trail_fini(struct trail *t);

/* d is about to become `is`, or to have another reason; at_ms is the record's own time. */
void trail_status(struct model *m, const struct device *d, uint8_t is, int64_t at_ms);
/* A text of d is about to be another one, d to be in another network, to be forgotten. */
void trail_text(struct model *m, const struct device *d, unsigned which, int64_t at_ms);
void trail_moved(struct model *m, const struct device *d, int64_t at_ms);
void trail_gone(struct model *m, const struct device *d);
/* at_ms 0: it is known from before. */
void trail_born(struct model *m, uint32_t device, int64_t at_ms, bool again);
void trail_tick(struct model *m);
/* An event of an earlier run was recorded then. */
void trail_recorded(struct model *m, int64_t seen_ms, uint64_t n);

/* Statuses are known from then on; INT64_MAX: not at all yet. */
int64_t trail_reach_ms(const struct trail *t);
const struct trail_step *trail_at(const struct trail *t, uint64_t serial);
/* The newest event that had come by then; one below the oldest held when none had. */
uint64_t trail_event(const struct model *m, int64_t at_ms);
/* How many series there were then: at least, and at most. */
void trail_series(const struct model *m, int64_t at_ms, uint32_t *least, uint32_t *most);

#endif
