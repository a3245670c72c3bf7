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
static unsigned read_block(const struct model *m, uint32_t row, uint32_t at, int64_t at_ms,
	struct history_at *out)
{
	const struct series *s = &m->series[row];
	const struct hblock *b = &m->history->v[at];
	unsigned n = s->block == at ? s->count : b->start & 0xffff, i;
	struct coder c = { .at_ms = block_start_ms(b) };
	struct bits_reader r = { b->bits, 0 };
	struct coded got;

	for (i = 0; i < n; i++) {
		coder_get(&c, &r, &got, i == 0, series_ramp(m, s));
		if (got.at_ms > at_ms) {
			out->brk_after = got.brk;
			break;
		}
		out->was = i ? out->value : NAN;
		out->was_ms = out->at_ms;
		out->value = got.value;
		out->at_ms = got.at_ms;
		out->brk = got.brk;
	}
	return i;
}

static bool first_brk(const struct model *m, uint32_t row, uint32_t at)
{
	struct history_at first;

	/* nothing of it is up to the time before its start */
	read_block(m, row, at, block_start_ms(&m->history->v[at]) - 1, &first);
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
	n = read_block(m, row, at, at_ms, out);
	if (n == (m->series[row].block == at ? m->series[row].count : h->v[at].start & 0xffff)) {
		if (after == MODEL_NONE)
			return false; /* later ones found no room: there may be some before, too */
		out->brk_after = first_brk(m, row, after);
	}
	if (n == 1 && has_before(h, at)) {
		read_block(m, row, h->v[at].prev, at_ms, &before);
		out->was = before.value;
		out->was_ms = before.at_ms;
	}
	return n > 0;
}
