#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "model/course.h"
#include "model/state.h"

#define RATE_SECONDS 10.0 /* events a second are averaged over about so long */

uint32_t network_take(struct model *m, struct slice name)
{
	uint32_t id;

	if (!name.n)
		return 0;
	id = str_find(&m->strs, name);
	for (uint32_t i = 1; id != UINT32_MAX && i < m->networks_n; i++)
		if (m->networks[i].name == id)
			return i;
	if (m->networks_n == NETWORKS_MAX)
		return MODEL_NONE;
	m->networks[m->networks_n].name = str_take(&m->strs, name);
	return m->networks_n++;
}

uint32_t model_networks_n(const struct model *m)
{
	return m->networks_n - 1;
}

/* Half percents of its devices that are down or silent, rounded up: one in a million is not none. */
static uint8_t lost_share(const struct network *n)
{
	uint64_t all = 0, lost = n->by_status[STATUS_DOWN] + n->by_status[STATUS_STALE];

	for (int i = 0; i < 5; i++)
		all += n->by_status[i];
	return all ? (uint8_t)((lost * 200 + all - 1) / all) : COURSE_NONE;
}

static void course_note(const struct model *m, struct network *n)
{
	uint8_t lost = lost_share(n);

	if (!n->course && lost == COURSE_NONE)
		return;
	if (!n->course)
		n->course = xcalloc(1, sizeof(*n->course));
	course_add(n->course, m->now_ms, n->health_n ?
		(uint8_t)((n->health_sum + n->health_n / 2) / n->health_n) : COURSE_NONE, lost);
}

void networks_tick(struct model *m, double seconds)
{
	double keep = exp(-seconds / RATE_SECONDS);

	for (uint32_t i = 0; i < m->networks_n; i++) {
		struct network *n = &m->networks[i];
		double rate = (double)(n->events - n->events_was) / seconds;

		n->events_rate = n->events_rate * keep + rate * (1 - keep);
		n->events_was = n->events;
		course_note(m, n);
	}
}

void networks_fini(struct model *m)
{
	for (uint32_t i = 0; i < m->networks_n; i++)
		free(m->networks[i].course);
	free(m->networks);
}
