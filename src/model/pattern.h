/* What text is searched for: a regular expression, a word in any case, letters in their order. */
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
/* Its letters in this order, whatever stands between them: small ones of ASCII in any case, all
 * others as they are. */
struct pattern *pattern_fuzzy(struct slice letters);
void pattern_free(struct pattern *p);
bool pattern_match(struct pattern *p, struct slice subject);

#endif
