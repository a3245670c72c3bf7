#include "devnet/world.h"

#include <stdio.h>

#include "devnet/noise.h"

void world_init(struct world *w, const struct run_spec *s)
{
	uint64_t run = noise_mix(noise_mix(s->seed, (uint64_t)s->epoch), s->devices);

	fleet_init(&w->fleet, s->seed, s->devices, s->sign_share);
	timeline_init(&w->timeline, &w->fleet, s->epoch, (uint64_t)(s->rate * 1000 + 0.5));
	physics_init(&w->physics, &w->fleet);
	signer_init(&w->signer, &w->fleet);
	snprintf(w->run, sizeof(w->run), "%08x", (unsigned)(run >> 32));
}

void world_fini(struct world *w)
{
	signer_fini(&w->signer);
	timeline_fini(&w->timeline);
}
