/* Inside a model of the past: its state, and what it asks of the live one's files. */
#ifndef MODEL_PAST_IN_H
#define MODEL_PAST_IN_H

#include "model/past.h"
#include "model/state.h"

struct note { /* of a device, while it is being made */
	int64_t died_ms;  /* its last death up to the moment */
	int64_t heard_ms; /* its last other change up to the moment */
	uint8_t undone; /* what has been taken of the first change after it, by bits (past_trail.c) */
};

struct past {
	struct model m; /* rows of its own, the rest is borrowed */
	struct model *live;
	struct note *notes;
	uint32_t least;	       /* series that were there for sure */
	uint32_t copied, kept; /* devices; kept: so many of them hold their texts */
	bool known;	       /* the trail reaches back to the moment */
	unsigned stage;
	uint64_t at;
};

/* past_trail.c: what a change tells of its device.  *ref is a text of p's own rows. */
void past_take(struct past *p, const struct trail_step *s);
void past_text(struct past *p, uint32_t *ref, uint32_t was);

/* past_value.c: what a row that was copied says of the moment.  When d was seen last, as far as one of
 * its series tells, for sums over many. */
void past_value(struct past *p, struct series *s);
bool past_same_device(const struct past *p, uint32_t device); /* its place is still its own */
void past_glimpse(struct past *p, struct device *d);

/* past_told.c: what an event says of its device's status. */
void past_tell(struct past *p, const struct event *ev);

struct history_at {
	double value;	  /* of the last sample up to the moment; NaN: a gap */
	int64_t at_ms;
	double was;	  /* of the sample before it; NaN: none, or not known */
	int64_t was_ms;
	bool brk;	  /* a death stands between these two */
	bool brk_after;	  /* and between the last one and what followed */
};

/* False: history does not reach back to the moment, or there was no sample yet.  Only for series
 * that have sent since. */
bool history_at(const struct model *m, uint32_t series, int64_t at_ms, struct history_at *out);

/* A block of the live model's comes once more, unless it is younger than the moment. */
void block_again(struct model *m, uint32_t ledger, const struct block *b);
/* The newest log up to `last` whose block is one that m knows. */
uint64_t logs_upto(const struct model *m, uint64_t last);

#endif
