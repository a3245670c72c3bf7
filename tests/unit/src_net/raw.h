/* A TCP server that says exactly what the test wants, in a thread of its own. */
#ifndef TESTS_RAW_H
#define TESTS_RAW_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum raw_end {
	RAW_KEEP,  /* next request on the same connection */
	RAW_CLOSE, /* close after the answer */
	RAW_HANG,  /* say no more, keep the connection until the client goes */
};

struct raw {
	const char *reply;
	size_t n;
	enum raw_end end;
	void (*serve)(struct raw *r, int fd); /* after the request, instead of reply */
	int port, fd;
	atomic_int conns, requests;
	char request[8192]; /* the last one, up to its blank line */
	pthread_t th;
};

static bool raw_read_request(struct raw *r, int fd)
{
	size_t n = 0;

	while (n < sizeof(r->request) - 1) {
		ssize_t k = recv(fd, r->request + n, sizeof(r->request) - 1 - n, 0);

		if (k <= 0)
			return false;
		n += (size_t)k;
		r->request[n] = '\0';
		if (strstr(r->request, "\r\n\r\n"))
			return true;
	}
	return false;
}

static void raw_send_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t k = send(fd, p, n, MSG_NOSIGNAL);

		if (k <= 0)
			return;
		p += k;
		n -= (size_t)k;
	}
}

static void raw_serve(struct raw *r, int fd)
{
	char c;

	while (raw_read_request(r, fd)) {
		if (r->serve) {
			r->serve(r, fd);
			break;
		}
		raw_send_all(fd, r->reply, r->n);
		atomic_fetch_add(&r->requests, 1);
		if (r->end != RAW_KEEP)
			break;
	}
	if (r->end == RAW_HANG)
		while (recv(fd, &c, 1, 0) > 0)
			;
}

static void *raw_main(void *arg)
{
	struct raw *r = arg;
	int fd;

	while ((fd = accept(r->fd, NULL, NULL)) >= 0) {
		atomic_fetch_add(&r->conns, 1);
		raw_serve(r, fd);
		close(fd);
	}
	return NULL;
}

static void raw_start(struct raw *r)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);

	if (!r->n && r->reply)
		r->n = strlen(r->reply);
	r->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(r->fd, (struct sockaddr *)&a, n) < 0 || listen(r->fd, 16) < 0 ||
		getsockname(r->fd, (struct sockaddr *)&a, &n) < 0)
		abort();
	r->port = ntohs(a.sin_port);
	if (pthread_create(&r->th, NULL, raw_main, r))
		abort();
}

/* The clients must have gone by now. */
static void raw_stop(struct raw *r)
{
	shutdown(r->fd, SHUT_RDWR);
	pthread_join(r->th, NULL);
	close(r->fd);
}

#endif
