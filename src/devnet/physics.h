/*
 * What a device measures at a moment: daily cycles by local time, weather and inlet air shared
 * by a site, the device's load, and its sensors' own noise.  Closed forms all: no state, so
 * any moment can be asked for in any order.
 */
#ifndef DEVNET_PHYSICS_H
#define DEVNET_PHYSICS_H

#include "devnet/fleet.h"
#include "devnet/scenario.h"

#define EFFECTS_MAX 32

/* The scenarios that bear on values during some span of time. */
struct effects {
	const struct scenario *v[EFFECTS_MAX];
	size_t n;
};

/* A site's forces during one second. */
struct climate {
	int64_t second;
	double heat, sun, eve, day, grid;
};

struct physics {
	const struct fleet *fleet;
	struct climate at[FLEET_SITES_MAX]; /* the last second asked for, of each site */
};

/* What a device is under at one moment; made once, then asked for each metric. */
struct forces {
	const struct device *device;
	const struct effects *effects;
	int64_t t_ms;
	double load, heat, sun, eve, grid;
};

void physics_init(struct physics *p, const struct fleet *f);
void physics_forces(struct physics *p, const struct device *d, const struct effects *fx,
	int64_t t_ms, struct forces *out);
/* Rounded as the device rounds. */
double physics_value(struct physics *p, const struct forces *fo, size_t metric);

#endif
