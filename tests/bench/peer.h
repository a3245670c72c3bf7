/* The collector and the devnet as processes, and a client of the API of a few lines. */
#ifndef TESTS_BENCH_PEER_H
#define TESTS_BENCH_PEER_H

#include <jansson.h>
#include <sys/types.h>

#include "base/buf.h"

/* A collector with this configuration on the socket kit_path("socket"), pinned to its core. */
pid_t collector_start(const char *config_yaml);
char *collector_socket(void); /* to be freed */

/* depinctl-devnet on a free port; *port is where. */
pid_t devnet_start(const char *devices, const char *rate, int *port);

struct line_client {
	int fd;
	struct buf in;
	unsigned id;
};

void client_open(struct line_client *c, const char *socket); /* waits until it is there */
void client_close(struct line_client *c);
/* One call; the answer's line, without notices that came before it; good until the next call. */
struct slice client_call(struct line_client *c, const char *method, const char *params);
/* A number of the result: "model", "samples_seen". */
double client_number(struct line_client *c, const char *method, const char *object,
	const char *member);

#endif
