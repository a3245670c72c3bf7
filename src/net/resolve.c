#include "net/resolve.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

struct resolve {
	char *host;
	int rc;
	struct resolved addrs;
	void (*fn)(void *arg, const struct resolved *addrs, const struct err *why);
	void *arg;
};

static void in_thread(void *arg)
{
	struct resolve *r = arg;
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_family = AF_UNSPEC };
	struct addrinfo *list = NULL;

	r->rc = getaddrinfo(r->host, NULL, &hints, &list);
	for (struct addrinfo *a = list; a && r->addrs.n < RESOLVE_MAX; a = a->ai_next)
		if (getnameinfo(a->ai_addr, a->ai_addrlen, r->addrs.text[r->addrs.n],
			    sizeof(r->addrs.text[0]), NULL, 0, NI_NUMERICHOST) == 0)
			r->addrs.n++;
	if (list)
		freeaddrinfo(list);
}

static void done(void *arg, bool cancelled)
{
	struct resolve *r = arg;
	struct err e;

	if (r->fn && !cancelled && r->addrs.n) {
		r->fn(r->arg, &r->addrs, NULL);
	} else if (r->fn && !cancelled) {
		err_set(&e, ERR_UNREACH, "no such host: check the name and this machine's DNS (%s)",
			r->rc ? gai_strerror(r->rc) : "no address");
		r->fn(r->arg, NULL, &e);
	}
	free(r->host);
	free(r);
}

struct resolve *resolve_start(struct loop *l, const char *host,
	void (*fn)(void *arg, const struct resolved *addrs, const struct err *why), void *arg)
{
	struct resolve *r = xcalloc(1, sizeof(*r));

	r->host = xstrdup(host);
	r->fn = fn;
	r->arg = arg;
	loop_work(l, in_thread, done, r);
	return r;
}

void resolve_cancel(struct resolve *r)
{
	if (r)
		r->fn = NULL; /* the thread cannot be stopped: done() frees */
}
