#include "ui/widget/heat.h"

#include <string.h>

uint64_t heat_scale(uint64_t most, int cells)
{
	static const uint64_t steps[] = { 1, 2, 5 };
	uint64_t room = cells > 0 ? (uint64_t)cells : 1;

	for (uint64_t ten = 1; ten < UINT64_MAX / 100; ten *= 10)
		for (int i = 0; i < 3; i++)
			if ((most + ten * steps[i] - 1) / (ten * steps[i]) <= room)
				return ten * steps[i];
	return most;
}

static uint64_t cells_of(uint64_t n, uint64_t per)
{
	return n / per + (n % per > 0);
}

size_t heat_fill(const uint64_t counts[HEAT_LEVELS], uint64_t per, uint8_t *levels, size_t max)
{
	uint64_t sum = 0, all, bad = 0;
	size_t n = 0;

	for (int i = 0; i < HEAT_LEVELS; i++)
		sum += counts[i];
	per = per ? per : 1;
	all = cells_of(sum, per);
	for (int level = HEAT_LEVELS - 1; level > 0; level--) {
		uint64_t cells = cells_of(counts[level], per);

		bad += cells;
		for (; cells && n < max; cells--)
			levels[n++] = (uint8_t)level;
	}
	if (counts[0] && all <= bad)
		all = bad + 1; /* those that are well have one, too */
	for (; bad < all && n < max; bad++)
		levels[n++] = 0;
	return n;
}

size_t heat_squeeze(const uint8_t *v, size_t n, uint8_t *levels, size_t cells)
{
	size_t piece, out;

	if (!cells || !n)
		return 0;
	piece = (n + cells - 1) / cells;
	out = (n + piece - 1) / piece;
	memset(levels, HEAT_NOTHING, out);
	for (size_t i = 0; i < n; i++) {
		uint8_t *to = &levels[out - 1 - (n - 1 - i) / piece];

		if (v[i] != HEAT_NOTHING && (*to == HEAT_NOTHING || v[i] > *to))
			*to = v[i];
	}
	return out;
}
