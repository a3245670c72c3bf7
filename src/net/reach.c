#include "net/reach.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int try_connect(int type, const struct sockaddr *a, socklen_t n)
{
	int fd = socket(a->sa_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int err = fd < 0 || connect(fd, a, n) < 0 ? errno : 0;

	if (fd >= 0)
		close(fd);
	return err;
}

/* A datagram socket goes to these without a murmur, a stream never. */
static bool is_multicast(const struct sockaddr *a)
{
	const struct sockaddr_in *v4 = (const void *)a;
	const struct sockaddr_in6 *v6 = (const void *)a;

	return a->sa_family == AF_INET6 ? IN6_IS_ADDR_MULTICAST(&v6->sin6_addr)
					: IN_MULTICAST(ntohl(v4->sin_addr.s_addr));
}

int reach_tcp(const char *addr, int port, struct err *e)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_DGRAM };
	struct addrinfo *a = NULL;
	char text[16];
	int err;

	snprintf(text, sizeof(text), "%d", port);
	err = getaddrinfo(addr, text, &hints, &a);
	if (err)
		return err_set(e, ERR_UNREACH, "%s: %s", addr, gai_strerror(err));
	err = is_multicast(a->ai_addr) ? ENETUNREACH
				       : try_connect(SOCK_DGRAM, a->ai_addr, a->ai_addrlen);
	freeaddrinfo(a);
	return err ? err_set(e, ERR_UNREACH, "%s: %s", addr, strerror(err)) : 0;
}

int reach_unix(const char *path, struct err *e)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int err;

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	err = try_connect(SOCK_STREAM, (struct sockaddr *)&a, sizeof(a));
	return err ? err_set(e, ERR_UNREACH, "is it running? %s", strerror(err)) : 0;
}
