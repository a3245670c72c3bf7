#include "base/utf8.h"

#include "base/alloc.h"
#include "base/width_table.h"

static bool in_table(const struct range *t, size_t n, uint32_t cp)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (cp > t[mid].last)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && cp >= t[lo].first;
}

bool utf8_hidden(uint32_t cp)
{
	if (cp < 0xa0)
		return cp < 0x20 || cp >= 0x7f;
	return in_table(hidden, ARRAY_LEN(hidden), cp);
}

int utf8_cp_width(uint32_t cp)
{
	if (cp < 0x300)
		return !(cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0xad);
	if (in_table(zero_width, ARRAY_LEN(zero_width), cp))
		return 0;
	return cp >= 0x1100 && in_table(wide, ARRAY_LEN(wide), cp) ? 2 : 1;
}
