#include "tests/bench/slow_line.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "tests/bench/kit.h"

#define SSHD   "/usr/sbin/sshd"
#define PIECE  512  /* bytes that travel together */
#define ON_WAY 1024 /* pieces, at most */
#define WAIT_S 10

struct slow_line {
	pid_t sshd, relay;
	int sshd_port, port;
	char *key, *known, *port_text, *option;
	const char *argv[32];
};

/* --- one direction ---------------------------------------------------------------------------- */

struct way {
	int from, to;
	double delay_s, rate; /* rate 0: as fast as it comes */
	double free_at;	      /* when the line has sent what it has */
	unsigned head, n;
	struct {
		double due;
		size_t len;
		char p[PIECE];
	} *on;
};

/* Takes a piece only when the line is free: the rest waits in the sockets behind. */
static bool may_take(const struct way *w, double now)
{
	return w->n < ON_WAY && now >= w->free_at;
}

static bool take(struct way *w, double now)
{
	unsigned i = (w->head + w->n) % ON_WAY;
	ssize_t n = read(w->from, w->on[i].p, PIECE);

	if (n <= 0)
		return n < 0 && errno == EAGAIN;
	w->free_at = (w->free_at > now - 0.05 ? w->free_at : now) +
		     (w->rate > 0 ? (double)n / w->rate : 0);
	w->on[i].len = (size_t)n;
	w->on[i].due = (w->free_at > now ? w->free_at : now) + w->delay_s;
	w->n++;
	return true;
}

static void deliver(struct way *w, double now)
{
	while (w->n && w->on[w->head].due <= now) {
		send(w->to, w->on[w->head].p, w->on[w->head].len, MSG_NOSIGNAL);
		w->head = (w->head + 1) % ON_WAY;
		w->n--;
	}
}

static double next_at(const struct way *w, double at)
{
	if (w->n && w->on[w->head].due < at)
		at = w->on[w->head].due;
	return w->free_at > kit_now() && w->free_at < at ? w->free_at : at;
}

static void relay_one(struct way *down, struct way *up)
{
	for (;;) {
		double now = kit_now(), at = next_at(up, next_at(down, now + 1));
		struct pollfd pf[2] = { { down->from, may_take(down, now) ? POLLIN : 0, 0 },
			{ up->from, may_take(up, now) ? POLLIN : 0, 0 } };

		poll(pf, 2, at > now ? (int)((at - now) * 1e3) + 1 : 0);
		now = kit_now();
		if (((pf[0].revents & POLLIN) && !take(down, now)) ||
			((pf[1].revents & POLLIN) && !take(up, now)) ||
			((pf[0].revents | pf[1].revents) & (POLLHUP | POLLERR) && !down->n))
			return;
		deliver(down, now);
		deliver(up, now);
	}
}

/* --- the relay -------------------------------------------------------------------------------- */

static int socket_at(int port, bool listening)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (listening ? bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0 && listen(fd, 4) == 0
		      : connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
		return fd;
	close(fd);
	return -1;
}

static int port_of(int fd)
{
	struct sockaddr_in a;
	socklen_t n = sizeof(a);

	return getsockname(fd, (struct sockaddr *)&a, &n) == 0 ? ntohs(a.sin_port) : 0;
}

static void run_relay(int listener, int sshd_port, double rate, double delay_s)
{
	struct way down = { .delay_s = delay_s, .rate = rate }, up = { .delay_s = delay_s };

	down.on = xcalloc(ON_WAY, sizeof(*down.on));
	up.on = xcalloc(ON_WAY, sizeof(*up.on));
	for (;;) {
		int fd = accept(listener, NULL, NULL), one = 1;

		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		down.from = up.to = socket_at(sshd_port, false);
		up.from = down.to = fd;
		down.n = up.n = 0;
		down.free_at = up.free_at = 0;
		relay_one(&down, &up);
		close(down.from);
		close(fd);
	}
}

static void start_relay(struct slow_line *l, unsigned rate, unsigned rtt_ms)
{
	int listener = socket_at(0, true);

	l->port = port_of(listener);
	l->relay = fork();
	if (l->relay == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run_relay(listener, l->sshd_port, rate, rtt_ms / 2e3);
	}
	close(listener);
}

/* --- the server ------------------------------------------------------------------------------- */

static bool has_programs(void)
{
	bool there = access(SSHD, X_OK) == 0 && access("/usr/bin/ssh", X_OK) == 0;

	if (!there)
		printf("  openssh-server is not installed: no real line\n");
	return there;
}

static void make_key(const char *path)
{
	char *command = xasprintf("ssh-keygen -q -t ed25519 -N '' -f '%s' </dev/null >/dev/null", path);

	if (system(command) != 0)
		BUG("no key");
	free(command);
}

static char *write_settings(int port, const char *host_key, const char *user_key)
{
	char *path = kit_path("sshd_config");
	char *text = xasprintf("ListenAddress 127.0.0.1:%d\nHostKey %s\nAuthorizedKeysFile %s.pub\n"
			       "PidFile none\nStrictModes no\nUsePAM no\nPermitRootLogin yes\n"
			       "PasswordAuthentication no\nKbdInteractiveAuthentication no\n",
		port, host_key, user_key);

	kit_write(path, text);
	free(text);
	return path;
}

static bool answers(int port)
{
	double end = kit_now() + WAIT_S;
	int fd;

	while ((fd = socket_at(port, false)) < 0 && kit_now() < end)
		usleep(20000);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool start_server(struct slow_line *l)
{
	char *host_key = kit_path("host_key"), *log = kit_path("sshd.log"), *settings;
	int fd = socket_at(0, true);
	const char *argv[] = { SSHD, "-D", "-f", NULL, "-E", log, NULL };

	l->sshd_port = port_of(fd); /* free a moment ago */
	close(fd);
	make_key(host_key);
	make_key(l->key);
	argv[3] = settings = write_settings(l->sshd_port, host_key, l->key);
	if (geteuid() == 0)
		mkdir("/run/sshd", 0755); /* it wants one, of root only */
	l->sshd = kit_start(argv, -1, -1);
	free(host_key);
	free(settings);
	free(log);
	return answers(l->sshd_port);
}

struct slow_line *slow_line_open(unsigned rate, unsigned rtt_ms)
{
	struct slow_line *l;

	if (!has_programs())
		return NULL;
	l = xcalloc(1, sizeof(*l));
	l->key = kit_path("user_key");
	l->known = kit_path("known_hosts");
	if (!start_server(l)) {
		printf("  no sshd answers on the loopback: no real line\n");
		slow_line_close(l);
		return NULL;
	}
	start_relay(l, rate, rtt_ms);
	l->port_text = xasprintf("%d", l->port);
	return l;
}

void slow_line_close(struct slow_line *l)
{
	if (!l)
		return;
	kit_end(l->relay, SIGKILL);
	kit_end(l->sshd, SIGTERM);
	unlink(l->key);
	free(l->key);
	free(l->known);
	free(l->port_text);
	free(l->option);
	free(l);
}

const char *const *slow_line_argv(struct slow_line *l, const char *command)
{
	char *known = xasprintf("UserKnownHostsFile=%s", l->known);
	const char *const argv[] = { "/usr/bin/ssh", "-F", "none", "-tt", "-p", l->port_text, "-i", l->key,
		"-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=no", "-o", known, "-o",
		"LogLevel=ERROR", "-o", "BatchMode=yes", "127.0.0.1", command, NULL };

	free(l->option);
	l->option = known; /* what the array points into */
	memcpy(l->argv, argv, sizeof(argv));
	return l->argv;
}
