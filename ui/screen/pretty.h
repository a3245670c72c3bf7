/* A JSON value as indented lines, for reading. */
#ifndef UI_SCREEN_PRETTY_H
#define UI_SCREEN_PRETTY_H

#include <jansson.h>

#include "base/slice.h"
#include "ui/widget/rect.h"

#define PRETTY_MAX 2000 /* lines */

struct term;

struct pretty_line {
	int indent;
	char *key;  /* NULL: none */
	char *text; /* the value, or a bracket */
	uint16_t look;
};

struct pretty {
	struct pretty_line *v;
	int n, cap;
};

void pretty_read(struct pretty *p, const json_t *v);
void pretty_fini(struct pretty *p);
/* From a line on; returns the lines drawn. */
int pretty_draw(const struct pretty *p, struct term *t, struct rect r, int from);

#endif
