/* What to tell about an exchange that failed: what, with whom, and what to try. */
#ifndef NET_HTTP_STORY_H
#define NET_HTTP_STORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct http_spec;

struct http_story {
	char url[256]; /* as shown */
	uint64_t max_body;
	/* we ended it: beyond the limit; by the reader's wish; for how it is packed */
	bool too_large, stopped, packing;
};

void http_story_init(struct http_story *s, const struct http_spec *spec);
/* rc is a CURLcode other than CURLE_OK, why curl's own words or "". */
void http_story_tell(const struct http_story *s, int rc, const char *why, uint64_t bytes,
	struct err *e);

#endif
