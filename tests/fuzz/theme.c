/* A theme file of somebody's: refused with a story, or whole and within the palette. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ui/term/theme.h"

static int colour_ok(int c, int n)
{
	return c >= THEME_DEFAULT_COLOUR && c < n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err e = { 0 };
	struct theme t;

	if (theme_parse(&t, slice_mem(data, size), "theme", &e) < 0) {
		if (!e.text[0] || e.class != ERR_USAGE)
			abort();
		return 0;
	}
	for (unsigned look = 0; look < 0x2000; look++) {
		struct theme_style a = theme_style(&t, (uint16_t)look, THEME_256);
		struct theme_style b = theme_style(&t, (uint16_t)look, THEME_16);
		struct theme_style d = theme_style(&t, (uint16_t)look, THEME_RGB);
		struct theme_style c = theme_style(&t, (uint16_t)look, THEME_MONO);

		if (!colour_ok(a.fg, 256) || !colour_ok(a.bg, 256) || !colour_ok(b.fg, 16) ||
			!colour_ok(b.bg, 16) || !colour_ok(d.fg, 2 * THEME_DIRECT) ||
			!colour_ok(d.bg, 2 * THEME_DIRECT) || c.fg != -1 || c.bg != -1)
			abort();
	}
	return 0;
}
