#include "ui/term/glyph.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"

struct stand_in {
	uint16_t cp;
	char ascii;
	uint16_t vga; /* 0: the console's font has it; or the nearest it has */
};

/* By code point, for bsearch(). */
static const struct stand_in table[] = {
	{ 0x00a0, ' ', ' ' },
	{ 0x00b0, 'o', 0 },
	{ 0x00b1, '~', 0 },
	{ 0x00b2, '2', 0 },
	{ 0x00b7, '.', 0 },
	{ 0x00d7, 'x', 'x' },
	{ 0x2013, '-', '-' },
	{ 0x2014, '-', '-' },
	{ 0x2018, '\'', '\'' },
	{ 0x2019, '\'', '\'' },
	{ 0x201c, '"', '"' },
	{ 0x201d, '"', '"' },
	{ 0x2022, '*', 0 },
	{ 0x2026, '~', '~' },
	{ 0x2039, '<', '<' },
	{ 0x203a, '>', '>' },
	{ 0x2190, '<', 0 },
	{ 0x2191, '^', 0 },
	{ 0x2192, '>', 0 },
	{ 0x2193, 'v', 0 },
	{ 0x21bb, '@', '@' },
	{ 0x2264, '<', 0 },
	{ 0x2265, '>', 0 },
	{ 0x23f8, '=', '=' },
	{ 0x2500, '-', 0 },
	{ 0x2502, '|', 0 },
	{ 0x2504, '-', 0x2500 },
	{ 0x2508, '-', 0x2500 },
	{ 0x250a, '|', 0x2502 },
	{ 0x250c, '+', 0 },
	{ 0x2510, '+', 0 },
	{ 0x2514, '+', 0 },
	{ 0x2518, '+', 0 },
	{ 0x251c, '+', 0 },
	{ 0x2524, '+', 0 },
	{ 0x252c, '+', 0 },
	{ 0x2534, '+', 0 },
	{ 0x253c, '+', 0 },
	{ 0x2571, '/', '/' },
	{ 0x2572, '\\', '\\' },
	{ 0x2581, '_', '_' },
	{ 0x2582, '_', '_' },
	{ 0x2583, '.', 0x2584 },
	{ 0x2584, '-', 0 },
	{ 0x2585, '=', 0x2584 },
	{ 0x2586, '+', 0x2588 },
	{ 0x2587, '*', 0x2588 },
	{ 0x2588, '#', 0 },
	{ 0x2589, '#', 0x2588 },
	{ 0x258a, '#', 0x258c },
	{ 0x258b, '=', 0x258c },
	{ 0x258c, '=', 0 },
	{ 0x258d, '-', 0x258c },
	{ 0x258e, '-', 0x258c },
	{ 0x258f, '|', 0x2502 },
	{ 0x2591, '.', 0 },
	{ 0x2592, ':', 0 },
	{ 0x2593, '#', 0 },
	{ 0x25a0, '#', 0 },
	{ 0x25b2, '^', 0 },
	{ 0x25b6, '>', 0x25ba },
	{ 0x25b8, '>', '>' },
	{ 0x25bc, 'v', 0 },
	{ 0x25be, 'v', 'v' },
	{ 0x25c0, '<', 0x25c4 },
	{ 0x25c6, '*', 0x2666 },
	{ 0x25c7, '*', 0x2666 },
	{ 0x25cb, 'o', 0 },
	{ 0x25cf, 'o', 0x2022 },
	{ 0x25e6, 'o', 'o' },
	{ 0x2666, '*', 0 },
	{ 0x2691, '!', '!' },
	{ 0x2713, '+', 0x221a },
	{ 0x2714, '+', 0x221a },
	{ 0x2716, 'x', 'x' },
	{ 0x2717, 'x', 'x' },
	{ 0xfffd, '?', '?' },
};

static int by_cp(const void *key, const void *row)
{
	uint32_t a = *(const uint32_t *)key, b = ((const struct stand_in *)row)->cp;

	return (a > b) - (a < b);
}

/* Dots 1 2 4 5 stand above dots 3 6 7 8. */
static uint32_t braille_ascii(uint32_t cp)
{
	uint32_t dots = cp & 0xff;
	bool top = dots & 0x1b, low = dots & 0xe4;

	if (top && low)
		return ':';
	return top ? '\'' : low ? '.' : ' ';
}

uint32_t glyph_at(uint32_t cp, enum glyph_level l)
{
	const struct stand_in *s;

	if (cp < 0x7f || l == GLYPH_FULL)
		return cp;
	if (cp >= 0x2800 && cp <= 0x28ff)
		return braille_ascii(cp);
	s = bsearch(&cp, table, ARRAY_LEN(table), sizeof(*table), by_cp);
	if (l == GLYPH_ASCII)
		return s ? (uint32_t)s->ascii : '?';
	if (s)
		return s->vga ? s->vga : cp;
	return cp >= 0xa1 && cp <= 0xff ? cp : '?';
}
