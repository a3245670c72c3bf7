/*
 * What there is in the box: seven networks, their kinds of devices, each kind's metrics with
 * the few numbers that shape them, and the sites.  Tables only.
 */
#ifndef DEVNET_KINDS_H
#define DEVNET_KINDS_H

#include <stddef.h>
#include <stdint.h>

#define METRICS_MAX  8 /* of a kind */
#define NETWORKS     7
#define KINDS_PER_NETWORK 3

/* A gauge is base + the weighted forces on the device + its own spread and noise. */
enum shape {
	SHAPE_GAUGE,
	SHAPE_TAIL,    /* base * exp(the rest): latencies */
	SHAPE_COUNTER, /* grows by base an hour, faster by day; whole and never down */
	SHAPE_FILL,    /* a gauge that `fill` scenarios drive towards hi */
};

struct metric {
	const char *name, *unit, *help;
	enum shape shape;
	uint8_t decimals;
	double base, lo, hi;
	double load;  /* per unit of the device's load, 0..1 */
	double heat;  /* per degree of inlet or weather beyond 20 C */
	double sun;   /* at full sun, 0..1 */
	double eve;   /* at the evening's peak, -1..1 */
	double grid;  /* per 0.1 Hz of the grid's deviation */
	double noise, period_s; /* swing and time scale of the sensor's own noise */
	double spread; /* between devices */
};

struct kind {
	const char *name, *prefix; /* "gpu": gpu-fra2-0417 */
	double load, load_day; /* mean load, and what the day adds to it */
	const char *models[3]; /* firmware families */
	struct metric metrics[METRICS_MAX];
	size_t nmetrics;
};

struct network {
	const char *name, *title;
	uint8_t share; /* of the fleet, in percent; all add up to 100 */
	const struct kind *kinds[KINDS_PER_NETWORK];
	size_t nkinds;
	const char *chatter[4]; /* what its devices log on a quiet day */
};

struct site {
	const char *name, *code; /* "fra-2", "fra2" */
	const char *city;
	uint8_t network;
	float lat, lon;
	float grid_hz;
};

extern const struct network networks[NETWORKS];
extern const struct site sites[];
extern const size_t nsites;

#endif
