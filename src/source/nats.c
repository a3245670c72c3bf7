/* nats: NATS JetStream, to be built.  A configuration that names one works but for it: the
 * source is there, and down for a reason that is told. */
#include "source/source.h"

static int nats_open(struct source *s, struct err *e)
{
	source_state(s, SOURCE_DOWN, "sources of kind nats are not built yet");
	return 0;
}

static void nats_close(struct source *s)
{
}

const struct source_kind source_nats = {
	.name = "nats", .help = "NATS JetStream (not built yet)", .open = nats_open, .close = nats_close,
};
