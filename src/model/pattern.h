/* What text is searched for: a regular expression, or a word in any case. */
#ifndef MODEL_PATTERN_H
#define MODEL_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/slice.h"

struct pattern;

/* *at: byte of the text that is wrong. */
struct pattern *pattern_new(struct slice regex, size_t *at, struct err *e);
struct pattern *pattern_word(struct slice word, size_t *at, struct err *e);
void pattern_free(struct pattern *p);
bool pattern_match(struct pattern *p, struct slice subject);

#endif
