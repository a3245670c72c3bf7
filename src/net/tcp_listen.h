/* A listening TCP socket from "127.0.0.1:7600", "[::1]:0", "localhost:80". */
#ifndef NET_TCP_LISTEN_H
#define NET_TCP_LISTEN_H

#include <stdbool.h>

#include "base/err.h"

/* beyond: whether others than this machine may be let in.  Non-blocking; -1 with a story. */
int tcp_listen(const char *addr, bool beyond, int *port, struct err *e);

#endif
