/*
 * When may the next frame leave?  A program behind a slow line runs a megabyte ahead of what
 * the user sees, and no local question shows it; so each frame ends with a question that the
 * terminal itself answers, and only one or two frames are ever unanswered.  While we wait
 * nothing is drawn: the next frame shows the newest state, so frames are skipped, never queued.
 *
 * Pure: times are given in.  The terminal may answer never, late, twice or out of turn.
 */
#ifndef UI_TERM_PACE_H
#define UI_TERM_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACE_RING 32

enum pace_why {
	PACE_NEWS, /* something has changed: so many frames a second at most */
	PACE_KEY,  /* somebody waits: at once, though answers are still out */
	PACE_REST, /* of a picture that was too large for its frame: as soon as the line is free */
};

struct pace_opts {
	int fps;       /* at most so many frames a second that no key asked for; 0: 10 */
	uint32_t rate; /* a limit in bytes a second; 0: none.  For lines behind a multiplexer */
	bool ask;      /* false: never ask, fps and rate are all there is */
};

struct pace {
	struct pace_opts o;
	struct {
		int64_t sent_ms;
		uint32_t bytes, seq;
	} ring[PACE_RING]; /* frames unanswered, oldest first */
	unsigned head, count;
	uint32_t seq, probe;
	uint32_t fence; /* answers to frames before this one will not come */
	bool want_fence, fence_out;
	bool answers; /* it has answered at least once */
	bool silent;  /* it does not answer (any more): a fixed slow pace */
	int64_t start_ms, heard_ms, last_ms;
	int64_t tokens; /* of the rate limit; may be negative */
	int64_t tokens_ms;
	double rtt_ms; /* of small frames; < 0 unknown */
	double rate;   /* bytes a second seen; 0 unknown or too fast to tell */
};

void pace_init(struct pace *p, const struct pace_opts *o, int64_t now_ms);
/* May a frame leave now? */
bool pace_may_send(struct pace *p, int64_t now_ms, enum pace_why why);
/* The moment at which time alone allows the next frame. */
int64_t pace_next_ms(const struct pace *p, int64_t now_ms, enum pace_why why);
/* Bytes the next frame should not exceed; 0: no limit.  That of a key is small: the rows it is
 * about go alone, the rest comes after them. */
size_t pace_budget(const struct pace *p, enum pace_why why);
/* A few bytes with a question went ahead of the first frame: they tell the round trip. */
void pace_probe(struct pace *p, size_t bytes, int64_t now_ms);
/* A frame of so many bytes left. */
void pace_sent(struct pace *p, size_t bytes, int64_t now_ms);
/* True once after the pace fell back: put DA1 before the next frame's question. */
bool pace_take_fence(struct pace *p);
void pace_answered(struct pace *p, int64_t now_ms);
void pace_fenced(struct pace *p, int64_t now_ms);
/* The answers still out are lost: the terminal was somebody else's meanwhile. */
void pace_forget(struct pace *p, int64_t now_ms);
/* How long the answers still out are worth waiting for at the end. */
int pace_linger_ms(const struct pace *p);

#endif
