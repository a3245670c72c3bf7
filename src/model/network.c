#include <math.h>

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

void networks_tick(struct model *m, double seconds)
{
	double keep = exp(-seconds / RATE_SECONDS);

	for (uint32_t i = 0; i < m->networks_n; i++) {
		struct network *n = &m->networks[i];
		double rate = (double)(n->events - n->events_was) / seconds;

		n->events_rate = n->events_rate * keep + rate * (1 - keep);
		n->events_was = n->events;
	}
}
