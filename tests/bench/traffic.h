/*
 * What the devnet would send, made before the clock runs: a fleet's births and telemetry as
 * WebSocket frames, and metric pages of growing age.
 */
#ifndef TESTS_BENCH_TRAFFIC_H
#define TESTS_BENCH_TRAFFIC_H

#include "base/buf.h"

#define TRAFFIC_PAGES 4

/* Frames one behind the other, each of FIN, text, no mask. */
struct frames {
	struct buf b;
	uint64_t n, payload, samples;
};

struct traffic {
	/* first: all births, and each metric once; then: telemetry with a line of log among a
	 * thousand events. */
	struct frames first, then;
};

void traffic_make(struct traffic *t, uint32_t devices, uint64_t events); /* of `then` */
void traffic_fini(struct traffic *t);

/* The payload of the frame at *at, which moves behind it; an empty one at the end. */
struct slice frames_next(const struct frames *f, size_t *at);

/* All devices' present values, a minute between two pages. */
void traffic_pages(struct buf page[TRAFFIC_PAGES], uint32_t devices);
/* A libp2p node's: one family, a line for each of its peers. */
void traffic_peers(struct buf page[TRAFFIC_PAGES], uint32_t lines);

#endif
