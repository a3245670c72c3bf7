#include "net/tcp_listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/num.h"
#include "net/url.h"

struct addr {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	};
	socklen_t n;
};

static int split(const char *text, char *host, size_t n, uint16_t *port)
{
	const char *colon = strrchr(text, ':');
	size_t k = colon ? (size_t)(colon - text) : 0;
	uint64_t v;

	if (!colon || num_u64(slice_of(colon + 1), &v) < 0 || v > 65535)
		return -1;
	if (k >= 2 && text[0] == '[' && text[k - 1] == ']') {
		text++;
		k -= 2;
	}
	if (k == 0 || k >= n)
		return -1;
	memcpy(host, text, k);
	host[k] = '\0';
	*port = (uint16_t)v;
	return 0;
}

static int fill(struct addr *a, const char *host, uint16_t port)
{
	memset(a, 0, sizeof(*a));
	if (strcmp(host, "localhost") == 0)
		host = "127.0.0.1";
	if (inet_pton(AF_INET, host, &a->v4.sin_addr) == 1) {
		a->v4.sin_family = AF_INET;
		a->v4.sin_port = htons(port);
		a->n = sizeof(a->v4);
		return 0;
	}
	if (inet_pton(AF_INET6, host, &a->v6.sin6_addr) == 1) {
		a->v6.sin6_family = AF_INET6;
		a->v6.sin6_port = htons(port);
		a->n = sizeof(a->v6);
		return 0;
	}
	return -1;
}

static int port_of(int fd)
{
	struct addr a = { .n = sizeof(a.v6) };

	if (getsockname(fd, &a.any, &a.n) < 0)
		return -1;
	return ntohs(a.any.sa_family == AF_INET6 ? a.v6.sin6_port : a.v4.sin_port);
}

static int open_socket(const struct addr *a)
{
	int fd = socket(a->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1, err;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, &a->any, a->n) == 0 && listen(fd, 256) == 0)
		return fd;
	err = errno;
	close(fd);
	errno = err;
	return -1;
}

int tcp_listen(const char *text, bool beyond, int *port, struct err *e)
{
	char host[64];
	uint16_t p;
	struct addr a;
	int fd;

	if (split(text, host, sizeof(host), &p) < 0 || fill(&a, host, p) < 0)
		return err_set(e, ERR_USAGE, "%s: not an address and port, as in 127.0.0.1:7600 or "
			"[::1]:7600", text);
	if (!beyond && !url_is_loopback(host))
		return err_set(e, ERR_REFUSED, "%s: not without TLS: give a certificate and its key, "
			"or listen on 127.0.0.1", text);
	fd = open_socket(&a);
	if (fd < 0)
		return err_set(e, errno == EADDRINUSE ? ERR_REFUSED : ERR_OURS, "cannot listen on %s: "
			"%s", text, strerror(errno));
	*port = port_of(fd);
	return fd;
}
