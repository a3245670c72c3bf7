#include "net/backoff.h"

#include <sys/random.h>

static uint32_t random_below(uint32_t n)
{
	uint32_t r = 0;

	/* without random bytes (never seen) the delay is the shortest, and nothing breaks */
	if (getrandom(&r, sizeof(r), GRND_NONBLOCK) != (ssize_t)sizeof(r))
		return 0;
	return n ? (uint32_t)((uint64_t)r * n >> 32) : 0;
}

/* Between half of the step and the whole of it, so that a thousand clients of a server that
 * came back do not all come back in the same second, and none hammers it. */
uint32_t backoff_next_ms(struct backoff *b)
{
	uint64_t step = b->min_ms ? b->min_ms : 1;

	for (uint32_t i = 0; i < b->tries && step < b->max_ms; i++)
		step *= 2;
	if (step > b->max_ms)
		step = b->max_ms;
	b->tries++;
	return (uint32_t)(step - step / 2 + random_below((uint32_t)(step / 2 + 1)));
}

void backoff_reset(struct backoff *b)
{
	b->tries = 0;
}
