#include "base/suggest.h"

#include <string.h>

#define LONGEST 40

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

/* Edits from a to b: insert, delete, change, swap of neighbours (restricted
 * Damerau-Levenshtein). */
static unsigned distance(const char *a, size_t an, const char *b, size_t bn)
{
	unsigned d[3][LONGEST + 1];

	for (size_t j = 0; j <= bn; j++)
		d[0][j] = (unsigned)j;
	for (size_t i = 1; i <= an; i++) {
		unsigned *row = d[i % 3], *up = d[(i + 2) % 3], *up2 = d[(i + 1) % 3];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= bn; j++) {
			unsigned same = up[j - 1] + (a[i - 1] != b[j - 1]);

			row[j] = least(up[j] + 1, row[j - 1] + 1, same);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], up2[j - 2] + 1, row[j]);
		}
	}
	return d[an % 3][bn];
}

void suggest_init(struct suggest *s, const char *word, size_t n)
{
	*s = (struct suggest){ word, n, NULL, n < 4 ? 2 : n < 8 ? 3 : 4 };
}

void suggest_offer(struct suggest *s, const char *name)
{
	size_t n = strlen(name);
	unsigned d;

	if (n > LONGEST || s->n > LONGEST || !s->n)
		return;
	d = distance(s->word, s->n, name, n);
	if (n > s->n && s->n >= 3 && memcmp(name, s->word, s->n) == 0)
		d = 1; /* the word is its beginning */
	if (d < s->distance) {
		s->distance = d;
		s->best = name;
	}
}
