#include "base/utf8.h"

/* A base with a hundred marks on it paints over the lines above and below. */
#define MARKS_MAX 3

static bool plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f;
}

/* Invisible and without meaning once cut from what it modified: nothing is lost by dropping it. */
static bool droppable(uint32_t cp)
{
	return cp == 0xad || cp == 0x34f || (cp >= 0x200b && cp <= 0x200d) || cp == 0x2060 ||
	       cp == 0xfeff || (cp >= 0xfe00 && cp <= 0xfe0f) || (cp >= 0xe0000 && cp <= 0xe0fff);
}

static int add_cp(struct buf *out, uint32_t cp, bool ascii)
{
	char s[4];

	return ascii && cp > 0x7e ? buf_addc(out, '?') : buf_add(out, s, utf8_encode(cp, s));
}

static int add_hidden(struct buf *out, uint32_t cp)
{
	if (cp < 0x20 || cp == 0x7f)
		return buf_add(out, (char[]){ '^', (char)(cp ^ 0x40) }, 2);
	return droppable(cp) ? 0 : buf_addf(out, "<%02x>", cp);
}

static int add_mark(struct buf *out, uint32_t cp, int *marks, bool ascii)
{
	if (ascii || *marks >= MARKS_MAX)
		return 0;
	if (*marks < 0 && add_cp(out, 0x25cc, false) < 0) /* nothing to sit on: give it a circle */
		return -1;
	*marks = *marks < 0 ? 1 : *marks + 1;
	return add_cp(out, cp, false);
}

/* `marks` counts those on the last base; -1: there is no base yet. */
static int add_one(struct buf *out, uint32_t cp, int *marks, bool ascii)
{
	if (!utf8_hidden(cp) && utf8_cp_width(cp) == 0)
		return add_mark(out, cp, marks, ascii);
	if (!droppable(cp))
		*marks = 0;
	return utf8_hidden(cp) ? add_hidden(out, cp) : add_cp(out, cp, ascii);
}

int text_clean(struct buf *out, struct slice s, bool ascii)
{
	int marks = -1;

	for (size_t i = 0; i < s.n;) {
		size_t run = i, k;
		uint32_t cp;

		while (run < s.n && plain((unsigned char)s.p[run]))
			run++;
		if (run > i) {
			if (buf_add(out, s.p + i, run - i) < 0)
				return -1;
			marks = 0;
			i = run;
			continue;
		}
		k = utf8_decode(s.p + i, s.n - i, &cp);
		i += k ? k : 1;
		if (add_one(out, k ? cp : 0xfffd, &marks, ascii) < 0)
			return -1;
	}
	return 0;
}
