/*
 * A server that sends bytes made before, as fast as they are taken: a process of its own on the
 * core that the receiver does not have.
 */
#ifndef TESTS_BENCH_BLAST_H
#define TESTS_BENCH_BLAST_H

#include "base/slice.h"

struct blast_spec {
	/* WebSocket: `first` after the handshake, `then` when told.  A plain GET is sent the
	 * same way, behind a bare head. */
	struct slice first, then;
	/* Else pages, in turn, one for each GET. */
	const struct slice *pages;
	size_t pages_n;
};

struct blast;

struct blast *blast_start(const struct blast_spec *s);
int blast_port(const struct blast *b);
void blast_go(struct blast *b); /* sends `then`; from any process that knows b */
void blast_end(struct blast *b);

#endif
