/* The day's profile: what is usual at this half hour of the day (UTC), and how much it varies. */
#include <math.h>

#include "detect/constants.h"
#include "detect/inside.h"
#include "detect/tail.h"

void season_predict(const struct season *s, const struct level *l, struct row *r)
{
	bool known = r->slot >= 0 && s->seen[r->slot];

	r->season_known = known && s->seen[r->slot] >= 4;
	r->season[0] = known ? r->origin + s->mean[r->slot] : l->slow;
	r->season[1] = r->season[0] + s->off;
}

void season_look(struct season *s, struct row *r)
{
	double off;

	if (r->slot < 0 || s->seen[r->slot] < 2)
		return;
	off = (r->x - r->season[0]) / (s->spread[r->slot] +
		constants.season_soft * r->usual_error + 0.02 * r->scale);
	s->run += (float)(0.1 * (clamp(off, -1e6, 1e6) - s->run));
	signal_set(r, FEATURE_SEASON, tail_step(&s->tail, s->rows, fabs(off)), r->season[0], r->x);
	signal_set(r, FEATURE_SEASON_RUN, tail_step(&s->run_tail, s->rows, fabs(s->run)),
		r->season[0], r->season[0] + s->off);
	s->rows += s->rows < UINT16_MAX;
}

void season_learn(struct season *s, const struct row *r)
{
	int k = r->slot;
	double rate, d, reach;

	s->off += (float)(0.2 * (r->x - r->season[0] - s->off));
	if (k < 0)
		return;
	rate = more(constants.season_rate, 1.0 / (s->seen[k] + 1));
	d = r->x - r->origin - s->mean[k];
	s->spread[k] += (float)(rate * ((s->seen[k] ? fabs(d) : 0) - s->spread[k]));
	reach = s->seen[k] > 3 ? 8 * (s->spread[k] + r->usual_error) : INFINITY;
	s->mean[k] += (float)(rate * clamp(d, -reach, reach));
	s->seen[k] += s->seen[k] < UINT8_MAX;
}
