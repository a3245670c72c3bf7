#include "tests/bench/blast.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "tests/bench/kit.h"

#define PIECE	 (256u << 10) /* of one write */
#define HEAD_MAX 8192

struct blast {
	struct blast_spec spec;
	pid_t pid;
	int fd, port;
	int go[2];
};

static int send_all(int fd, struct slice s)
{
	while (s.n) {
		ssize_t n = write(fd, s.p, s.n < PIECE ? s.n : PIECE);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		s.p += n;
		s.n -= (size_t)n;
	}
	return 0;
}

/* One request's head, up to its empty line; false: the peer has gone. */
static bool read_head(int fd, char head[HEAD_MAX])
{
	size_t n = 0;

	while (n < HEAD_MAX - 1) {
		ssize_t r = read(fd, head + n, 1);

		if (r <= 0)
			return false;
		n += (size_t)r;
		head[n] = '\0';
		if (n >= 4 && memcmp(head + n - 4, "\r\n\r\n", 4) == 0)
			return true;
	}
	return false;
}

/* RFC 6455, 4.2.2. */
static void accept_key(const char *head, char out[64])
{
	static const char field[] = "Sec-WebSocket-Key:", guid[] =
		"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	const char *p = strcasestr(head, field);
	unsigned char hash[SHA_DIGEST_LENGTH];
	char text[128];

	p = p ? p + sizeof(field) - 1 + strspn(p + sizeof(field) - 1, " ") : "";
	snprintf(text, sizeof(text), "%.*s%s", (int)strcspn(p, "\r\n "), p, guid);
	SHA1((const unsigned char *)text, strlen(text), hash);
	EVP_EncodeBlock((unsigned char *)out, hash, sizeof(hash));
}

static void greet(int fd, const char *head)
{
	char answer[512], key[64];

	accept_key(head, key);
	if (strcasestr(head, "Upgrade: websocket"))
		snprintf(answer, sizeof(answer),
			"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
			"Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n"
			"Sec-WebSocket-Protocol: cloudevents.json\r\n\r\n", key);
	else
		snprintf(answer, sizeof(answer), "HTTP/1.1 200 OK\r\n\r\n");
	send_all(fd, slice_of(answer));
}

/* A client's frames are read and forgotten until it goes. */
static void drain(int fd)
{
	char b[4096];

	while (read(fd, b, sizeof(b)) > 0)
		;
}

static void serve_stream(struct blast *b, int fd)
{
	char head[HEAD_MAX], c;

	if (!read_head(fd, head))
		return;
	greet(fd, head);
	if (send_all(fd, b->spec.first) < 0)
		return;
	if (b->spec.then.n && read(b->go[0], &c, 1) == 1 && send_all(fd, b->spec.then) < 0)
		return;
	drain(fd);
}

static void serve_pages(struct blast *b, int fd)
{
	char head[HEAD_MAX], answer[256];

	for (size_t i = 0; read_head(fd, head); i = (i + 1) % b->spec.pages_n) {
		snprintf(answer, sizeof(answer),
			"HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n"
			"Content-Length: %zu\r\n\r\n", b->spec.pages[i].n);
		if (send_all(fd, slice_of(answer)) < 0 || send_all(fd, b->spec.pages[i]) < 0)
			return;
	}
}

static void serve(struct blast *b)
{
	int fd;

	while ((fd = accept(b->fd, NULL, NULL)) >= 0) {
		if (b->spec.pages_n)
			serve_pages(b, fd);
		else
			serve_stream(b, fd);
		close(fd);
	}
}

static void listen_anywhere(struct blast *b)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t n = sizeof(a);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	b->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (b->fd < 0 || bind(b->fd, (struct sockaddr *)&a, n) < 0 || listen(b->fd, 8) < 0 ||
		getsockname(b->fd, (struct sockaddr *)&a, &n) < 0 || pipe(b->go) < 0)
		BUG("no server on loopback: %s", strerror(errno));
	b->port = ntohs(a.sin_port);
}

struct blast *blast_start(const struct blast_spec *s)
{
	struct blast *b = xcalloc(1, sizeof(*b));

	b->spec = *s;
	listen_anywhere(b);
	fflush(stdout);
	b->pid = fork();
	if (b->pid < 0)
		BUG("cannot fork: %s", strerror(errno));
	if (b->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signal(SIGPIPE, SIG_IGN);
		kit_pin(KIT_CORE_LOAD);
		serve(b);
		_exit(0);
	}
	close(b->fd);
	return b;
}

int blast_port(const struct blast *b)
{
	return b->port;
}

void blast_go(struct blast *b)
{
	if (write(b->go[1], "g", 1) != 1)
		BUG("the sender is gone");
}

void blast_end(struct blast *b)
{
	if (!b)
		return;
	kit_end(b->pid, SIGKILL);
	close(b->go[0]);
	close(b->go[1]);
	free(b);
}
