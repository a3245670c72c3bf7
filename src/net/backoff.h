/* Reconnect delays: exponential with full jitter, from `min` to `max` milliseconds. A line that
 * stayed up for longer than `max` starts over. */
#ifndef NET_BACKOFF_H
#define NET_BACKOFF_H

#include <stdint.h>

struct backoff {
	uint32_t min_ms, max_ms, tries;
};

uint32_t backoff_next_ms(struct backoff *b);
void backoff_reset(struct backoff *b);

#endif
