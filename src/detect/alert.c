/*
 * One event at a time: after one has begun the series rests, unless it becomes much more unusual;
 * a series that has many events, or is restless all the time, must be more unusual each time.
 * Small events are not told, and yet count.  Scores of rows that begin nothing stay below
 * DETECT_BEGINS, in their order.
 */
#include <math.h>

#include "detect/constants.h"
#include "detect/inside.h"

/* 0 to a half. */
static double squash(double sum)
{
	return sum <= 0 ? 0 : sum / (sum + constants.score_half) / 2;
}

/* Against what the series' sums are usually like; a single outburst teaches little. */
static float calm(struct alert *a, uint32_t rows, double sum)
{
	float usual = sqrtf(a->usual), taught = (float)less(sum, 4 * usual + 1);

	a->usual += (float)rate_of(rows, constants.usual_rows) * (taught * taught - a->usual);
	return (float)sum / (1 + constants.usual * usual);
}

static bool begins(struct alert *a, float fresh)
{
	if (fresh <= constants.event_from ||
		(a->since <= constants.rest && fresh <= a->top * (1 + constants.rearm)))
		return false;
	a->top = fresh;
	a->since = 0;
	a->habit += constants.habit * fresh;
	return fresh > constants.told_from;
}

void detect_alert(struct alert *a, uint32_t rows, struct detect_verdict *out)
{
	float sum = calm(a, rows, out->surprise), fresh;

	a->smooth += (1 - constants.smooth) * (sum - a->smooth);
	a->habit -= a->habit / constants.habit_rows;
	a->since += a->since < UINT16_MAX;
	sum = 0.5f * sum + 0.5f * a->smooth;
	fresh = sum - a->habit;
	out->begins = begins(a, fresh);
	out->score = out->begins ? DETECT_BEGINS + squash(fresh) : squash(sum);
}
