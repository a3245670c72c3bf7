/*
 * One alert an event: after one, the series rests unless it becomes much more unusual; and a
 * series that alerts often must be more unusual each time.  Scores of rows that begin nothing
 * stay below DETECT_ALERT, in their order.
 */
#include <math.h>

#include "detect/constants.h"
#include "detect/inside.h"

static double squash(double sum)
{
	return sum <= 0 ? 0 : sum / (sum + constants.score_half);
}

void detect_alert(struct alert *a, struct detect_verdict *out)
{
	float s = (float)out->surprise, fresh;

	a->smooth += (1 - constants.smooth) * (s - a->smooth);
	s = 0.5f * s + 0.5f * a->smooth;
	a->habit -= a->habit / constants.habit_rows;
	a->since += a->since < UINT32_MAX;
	fresh = s - a->habit;
	out->alert = fresh > constants.alert_from &&
		(a->since > constants.rest || fresh > a->top * (1 + constants.rearm));
	if (out->alert) {
		a->top = fresh;
		a->since = 0;
		a->habit += constants.habit * fresh;
	}
	out->score = out->alert ? DETECT_ALERT + squash(fresh) / 2 : squash(s) / 2;
}
