/*
 * A window on the journal's events: so many in a row.  It follows the newest, or lies further
 * back and grows on the side where the user goes; what is furthest from him gives way.
 */
#ifndef UI_SCREEN_FEED_H
#define UI_SCREEN_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"
#include "ui/screen/asker.h"

#define FEED_MAX   5000
#define FEED_BYTES (16u << 20) /* of all rows together */

struct client;
struct client_follow;

enum feed_hit { HIT_UNKNOWN, HIT_NO, HIT_YES };

struct feed_row {
	char *json; /* the whole row, as it came */
	size_t n;
	uint64_t number; /* in the journal */
	enum feed_hit hit; /* does it match the search? */
};

struct feed {
	struct feed_row rows[FEED_MAX];
	uint64_t first, total; /* row i, first <= i < total, is rows[i % FEED_MAX] */
	size_t bytes;
	uint64_t missed;       /* lost for good: the journal no longer had them */
	uint64_t last;	       /* the newest event heard of */
	uint64_t before, after; /* where older and newer ones go on; 0: there are none */
	bool tail;	       /* the newest are here, and what comes is added */
	bool still;	       /* set by the user of this: the oldest are not to give way */
	bool asking_older, asking_newer;
	int fill; /* questions that may still be asked to fill the first page */
	uint64_t landed; /* after a jump: the row it went to, plus 1; for the user to clear */
	bool ready;	 /* an answer has been here */
	struct client_follow *follow;
	struct client *client;
	struct asker asker;
	char *filter;
	struct err refused;
	int refused_at;
	void (*changed)(void *arg);
	void *arg;
};

void feed_init(struct feed *f, struct client *c, void (*changed)(void *arg), void *arg);
void feed_fini(struct feed *f);
/* Starts anew with this filter (NULL: none) at the newest. */
void feed_start(struct feed *f, const char *filter);
/* For what is asked from here on. */
void feed_filter(struct feed *f, const char *filter);
/* Starts anew around an event's number, or a moment (number 0). */
void feed_jump(struct feed *f, uint64_t number, int64_t at_ms);
/* A page more on that side, if there is one and none is on its way. */
void feed_older(struct feed *f);
void feed_newer(struct feed *f);
/* No more rows until feed_resume(), which goes on where it stopped. */
void feed_pause(struct feed *f);
void feed_resume(struct feed *f);
/* NULL: no longer here. */
const struct feed_row *feed_row(const struct feed *f, uint64_t i);
struct feed_row *feed_row_mut(struct feed *f, uint64_t i);
/* The row of an event's number, or the next newer one's; total: none. */
uint64_t feed_find(const struct feed *f, uint64_t number);

#endif
