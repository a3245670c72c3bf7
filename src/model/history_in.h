/* Inside the history: what its files share. */
#ifndef MODEL_HISTORY_IN_H
#define MODEL_HISTORY_IN_H

#include "model/history.h"
#include "model/state.h"

#define HISTORY_HEAD 16

struct hblock {
	uint32_t series; /* MODEL_NONE: never used */
	uint32_t prev;	 /* the block before it; may have been reused since */
	uint64_t start;	 /* time of the first sample << 16 | samples */
	unsigned char bits[HISTORY_BLOCK - HISTORY_HEAD];
};

struct history {
	struct hblock *v;
	struct region mem;
	uint32_t cap, used, hand;
	uint64_t stored, unstored;
	int64_t newest_ms, oldest_ms;
	uint64_t dry_until; /* in samples seen by us */
	uint64_t pushes;
};

static inline int64_t block_start_ms(const struct hblock *b)
{
	return (int64_t)(b->start >> 16);
}

/* Of a block in use. */
static inline unsigned block_samples(const struct model *m, uint32_t at)
{
	const struct hblock *b = &m->history->v[at];
	const struct series *s = &m->series[b->series];

	return s->block == at ? s->count : b->start & 0xffff;
}

static inline bool series_ramp(const struct model *m, const struct series *s)
{
	return m->keys[s->key].type == SERIES_COUNTER;
}

/* Its samples, oldest first. */
struct block_reader {
	struct coder coder;
	struct bits_reader bits;
	unsigned i, n;
	bool ramp;
};

static inline struct block_reader block_read(const struct model *m, uint32_t at)
{
	const struct hblock *b = &m->history->v[at];

	return (struct block_reader){ .coder = { .at_ms = block_start_ms(b) },
		.bits = { b->bits, 0 }, .n = block_samples(m, at),
		.ramp = series_ramp(m, &m->series[b->series]) };
}

static inline bool block_next(struct block_reader *r, struct coded *out)
{
	if (r->i == r->n)
		return false;
	coder_get(&r->coder, &r->bits, out, r->i++ == 0, r->ramp);
	return true;
}

#endif
