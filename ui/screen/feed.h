/* The newest events, as the collector tells them: a ring of so many, oldest dropped first. */
#ifndef UI_SCREEN_FEED_H
#define UI_SCREEN_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

#define FEED_MAX   5000
#define FEED_BYTES (16u << 20) /* of all rows together */

struct client;
struct client_follow;

struct feed_row {
	char *json; /* the whole row, as it came */
	size_t n;
	uint64_t number; /* in the journal */
};

struct feed {
	struct feed_row rows[FEED_MAX];
	uint64_t first, total; /* row i, first <= i < total, is rows[i % FEED_MAX] */
	size_t bytes;
	uint64_t missed;       /* lost for good: the journal no longer had them */
	struct client_follow *follow;
	struct client *client;
	char *filter;
	struct err refused;
	int refused_at;
	void (*changed)(void *arg);
	void *arg;
};

void feed_init(struct feed *f, struct client *c, void (*changed)(void *arg), void *arg);
void feed_fini(struct feed *f);
/* Starts anew with this filter (NULL: none), with what happened in the last `back_ms`. */
void feed_start(struct feed *f, const char *filter, int64_t back_ms);
/* No more rows until feed_resume(), which goes on where it stopped. */
void feed_pause(struct feed *f);
void feed_resume(struct feed *f);
/* NULL: no longer here. */
const struct feed_row *feed_row(const struct feed *f, uint64_t i);

#endif
