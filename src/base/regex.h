/* PCRE2 with JIT, match and depth limits; the only file that knows PCRE2. UTF, no lookbehind
 * surprises: a match that exceeds its limits counts as "no" and is counted in `limited`. */
#ifndef BASE_REGEX_H
#define BASE_REGEX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

struct regex;

enum regex_flags { REGEX_ICASE = 1 };

/* At most 1024 bytes of pattern.  *at is the byte of the pattern that is wrong. */
struct regex *regex_new(struct slice pattern, int flags, size_t *at, struct err *e);
void regex_free(struct regex *r);
bool regex_match(struct regex *r, struct slice subject);
/* First match at or after `from`; the bytes of the match in [*start,*end). */
bool regex_find(struct regex *r, struct slice subject, size_t from, size_t *start, size_t *end);
uint64_t regex_limited(const struct regex *r);

#endif
