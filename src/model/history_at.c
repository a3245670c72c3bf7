/* One series at one moment. */
#include <math.h>

#include "model/history_in.h"
#include "model/past_in.h"

/* Is the block before this one still there? */
static bool has_before(const struct history *h, uint32_t at)
{
	const struct hblock *b = &h->v[at];

	return b->prev != MODEL_NONE && h->v[b->prev].series == b->series &&
	       block_start_ms(&h->v[b->prev]) <= block_start_ms(b);
}

/* Samples of a block, oldest first, up to the moment; what follows tells of a death. */
static unsigned read_block(const struct model *m, uint32_t at, int64_t at_ms,
	struct history_at *out)
{
	struct block_reader r = block_read(m, at);
	unsigned n = 0;
	struct coded got;

	for (; block_next(&r, &got); n++) {
		if (got.at_ms > at_ms) {
			out->brk_after = got.brk;
			break;
		}
		out->was = n ? out->value : NAN;
		out->was_ms = out->at_ms;
		out->value = got.value;
		out->at_ms = got.at_ms;
		out->brk = got.brk;
	}
	return n;
}

static bool first_brk(const struct model *m, uint32_t at)
{
	struct history_at first;

	/* nothing of it is up to the time before its start */
	read_block(m, at, block_start_ms(&m->history->v[at]) - 1, &first);
	return first.brk_after;
}

bool history_at(const struct model *m, uint32_t row, int64_t at_ms, struct history_at *out)
{
	const struct history *h = m->history;
	uint32_t at = m->series[row].block, after = MODEL_NONE;
	struct history_at before;
	unsigned n;

	*out = (struct history_at){ .was = NAN, .value = NAN };
	if (at == MODEL_NONE)
		return false;
	while (block_start_ms(&h->v[at]) > at_ms) {
		if (!has_before(h, at))
			return false;
		after = at;
		at = h->v[at].prev;
	}
	n = read_block(m, at, at_ms, out);
	if (n == block_samples(m, at)) {
		if (after == MODEL_NONE)
			return false; /* later ones found no room: there may be some before, too */
		out->brk_after = first_brk(m, after);
	}
	if (n == 1 && has_before(h, at)) {
		read_block(m, h->v[at].prev, at_ms, &before);
		out->was = before.value;
		out->was_ms = before.at_ms;
	}
	return n > 0;
}
