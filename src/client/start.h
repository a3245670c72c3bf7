/* Our other executables: where they are, and a collector in the background. */
#ifndef CLIENT_START_H
#define CLIENT_START_H

#include <stdint.h>

#include "base/err.h"

/* The path of a program in libexec/depinctl (malloc'd): $DEPINCTL_LIBEXEC, or beside our own
 * executable's folder.  NULL when it is not there. */
char *start_program(const char *name, struct err *e);

struct start_spec {
	const char *config, *context, *socket; /* config and context may be NULL */
	const char *log_file;		       /* may be NULL */
	int64_t linger_ms;
};

/* Starts a collector that outlives us and waits until it serves or says why it cannot.  The
 * process id, or -1. */
int start_collector(const struct start_spec *s, struct err *e);

/* Runs argv in the background in a session of its own, stdin and stdout /dev/null, and reads
 * its word on descriptor `ready` (the child's number for the pipe): "ready" or "error CODE: TEXT", CODE
 * being the exit code that it stands for.
 * The process id, or -1. */
int start_detached(const char *path, char *const argv[], int ready, int64_t timeout_ms,
	struct err *e);

#endif
