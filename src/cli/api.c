/*
 * api: the collector's lines on stdin and stdout, so that `ssh HOST depinctl api` is a client's
 * transport.  Bytes, not lines: what the reader does not take is left in the collector's hands,
 * which knows what to leave out.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/cli.h"
#include "client/client.h"

#define PIPE_SIZE (64u << 10)

struct way { /* one direction */
	int from, to;
	char buf[PIPE_SIZE];
	size_t at, n;
	bool ended;
};

static int dial(const char *path, struct err *e)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	struct ucred peer;
	socklen_t n = sizeof(peer);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(a.sun_path))
		return err_set(e, ERR_USAGE, "%s: too long for a socket's address", path);
	memcpy(a.sun_path, path, strlen(path) + 1);
	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0) {
		err_set(e, ERR_UNREACH, "%s: %s", path, strerror(errno));
	} else if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) < 0
		|| (peer.uid != geteuid() && peer.uid != 0)) {
		err_set(e, ERR_REFUSED, "%s: it belongs to somebody else", path);
	} else {
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

/* 1: moved something, 0: the end of `from`, -1: failed. */
static int move(struct way *w, short revents_from, short revents_to)
{
	ssize_t k;

	if (!w->n && revents_from) {
		k = read(w->from, w->buf, sizeof(w->buf));
		if (k < 0)
			return errno == EINTR || errno == EAGAIN ? 1 : -1;
		w->at = 0;
		w->n = (size_t)k;
		return k > 0;
	}
	if (w->n && revents_to) {
		k = write(w->to, w->buf + w->at, w->n);
		if (k < 0)
			return errno == EINTR || errno == EAGAIN ? 1 : -1;
		w->at += (size_t)k;
		w->n -= (size_t)k;
	}
	return 1;
}

/* Waits for what each way needs next: something to read, or room to write it. */
static int turn(struct way *up, struct way *down)
{
	struct pollfd p[4] = {
		{ up->n || up->ended ? -1 : up->from, POLLIN, 0 },
		{ up->n ? up->to : -1, POLLOUT, 0 },
		{ down->n ? -1 : down->from, POLLIN, 0 },
		{ down->n ? down->to : -1, POLLOUT, 0 },
	};
	int rc;

	if (poll(p, 4, -1) < 0)
		return errno == EINTR ? 1 : -1;
	rc = move(up, p[0].revents, p[1].revents);
	if (rc < 0)
		return -1;
	if (rc == 0) {
		up->ended = true;
		shutdown(up->to, SHUT_WR); /* what is under way still comes back */
	}
	return move(down, p[2].revents, p[3].revents);
}

static int api_run(struct cli *c, struct err *e)
{
	static struct way up, down;
	struct client *client = cli_connect(c, e); /* starts one if need be */
	int fd, rc;

	if (!client)
		return -1;
	fd = dial(client_socket(client), e);
	client_free(client);
	if (fd < 0)
		return -1;
	up = (struct way){ .from = STDIN_FILENO, .to = fd };
	down = (struct way){ .from = fd, .to = STDOUT_FILENO };
	while ((rc = turn(&up, &down)) == 1)
		;
	close(fd);
	if (rc < 0 && errno != EPIPE)
		return err_set(e, ERR_UNREACH, "the line broke: %s", strerror(errno));
	return rc < 0 || up.ended ? 0 : err_set(e, ERR_UNREACH, "the collector closed the line");
}

const struct verb verb_api = { .name = "api", .args = "",
	.help = "speak the collector's API on stdin and stdout",
	.about = "JSON-RPC 2.0, one message a line. `ssh HOST depinctl api` reaches the collector of "
		 "another machine.",
	.run = api_run };
