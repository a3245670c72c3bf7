/* "did you mean": the nearest of some names, if it is near enough. */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include <stddef.h>

struct suggest {
	const char *word;
	size_t n;
	const char *best; /* NULL: nothing is near */
	unsigned distance;
};

void suggest_init(struct suggest *s, const char *word, size_t n);
void suggest_offer(struct suggest *s, const char *name); /* name is kept */

#endif
