/*
 * Whether connect() would fail at once: no route, no such socket.  libwebsockets 4.1.6 loses the
 * loop's handle of a socket whose connect() does not even begin, so it is not let near one.
 */
#ifndef NET_REACH_H
#define NET_REACH_H

#include "base/err.h"

int reach_tcp(const char *addr, int port, struct err *e); /* addr numeric; sends nothing */
int reach_unix(const char *path, struct err *e);	   /* connects, and hangs up */

#endif
