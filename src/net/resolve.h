/* Names to addresses, in a pool thread: libwebsockets would resolve with the loop standing. */
#ifndef NET_RESOLVE_H
#define NET_RESOLVE_H

#include "base/err.h"
#include "loop/loop.h"

#define RESOLVE_MAX 8

struct resolve;
struct resolved {
	int n;
	char text[RESOLVE_MAX][64]; /* numeric */
};

/* fn is called once, from the loop and not from here; why NULL: there is at least one address. */
struct resolve *resolve_start(struct loop *l, const char *host,
	void (*fn)(void *arg, const struct resolved *addrs, const struct err *why), void *arg);
void resolve_cancel(struct resolve *r); /* fn is not called */

#endif
