#include "devnet/anchor.h"

#include <string.h>

#include "devnet/frame.h"

static struct evm_hash hash_pair(const struct evm_hash *a, const struct evm_hash *b)
{
	uint8_t both[64];
	bool swap = memcmp(a->b, b->b, 32) > 0;

	memcpy(both, swap ? b->b : a->b, 32);
	memcpy(both + 32, swap ? a->b : b->b, 32);
	return keccak256(both, sizeof(both));
}

struct evm_hash anchor_merkle(struct evm_hash *leaves, size_t n)
{
	struct evm_hash none = { { 0 } };

	while (n > 1) {
		for (size_t i = 0; i + 1 < n; i += 2)
			leaves[i / 2] = hash_pair(&leaves[i], &leaves[i + 1]);
		if (n & 1)
			leaves[n / 2] = leaves[n - 1];
		n = (n + 1) / 2;
	}
	return n ? leaves[0] : none;
}

static uint64_t position_at(struct world *w, int64_t t)
{
	struct cursor c;

	cursor_seek_time(&w->timeline, &c, t);
	return c.seq - 1;
}

void anchor_make(struct world *w, uint8_t site, int64_t before, int64_t now, struct anchor *a)
{
	struct evm_hash leaves[ANCHOR_SPAN];
	char text[FRAME_MAX];
	struct cursor c;
	struct event ev;
	size_t n = 0;

	*a = (struct anchor){ .site = site, .to = position_at(w, now) };
	a->from = before ? position_at(w, before) + 1 : 1;
	if (a->to >= a->from + ANCHOR_SPAN)
		a->from = a->to - ANCHOR_SPAN + 1;
	cursor_seek(&w->timeline, &c, a->from);
	while (c.seq <= a->to && cursor_next(&w->timeline, &c, now, &ev))
		if (ev.type == EV_TELEMETRY && ev.device >= w->fleet.first[site] &&
			ev.device < w->fleet.first[site + 1])
			leaves[n++] = keccak256(text, frame_event(w, &ev, text));
	a->root = anchor_merkle(leaves, n);
}
