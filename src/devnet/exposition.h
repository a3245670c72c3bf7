/* The fleet's present values as a metrics page: Prometheus text or OpenMetrics. */
#ifndef DEVNET_EXPOSITION_H
#define DEVNET_EXPOSITION_H

#include "base/buf.h"
#include "devnet/world.h"

#define EXPOSITION_MAX (96u << 20)

struct exposition_spec {
	int network, site; /* -1: all */
	bool openmetrics;
	int64_t now; /* settled */
};

/* Appends the page; -1 when it would pass out's limit. */
int exposition_write(struct world *w, const struct exposition_spec *s, struct buf *out);

#endif
