/* demo: devnet, collector and console in a temporary home, torn down on quit. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "cli/exec.h"
#include "cli/sandbox.h"

#define READY_MS 20000
#define STEP_US	 20000

struct demo_opts {
	const char *devices, *seed, *scenario;
};

#define AT(member) offsetof(struct demo_opts, member)
static const struct opt demo_options[] = {
	{ "devices", 0, OPT_STR, COMPLETE_NONE, "N", "how many devices the fleet has", NULL,
		AT(devices) },
	{ "seed", 0, OPT_STR, COMPLETE_NONE, "S", "the same seed is the same run", NULL, AT(seed) },
	{ "scenario", 0, OPT_STR, COMPLETE_SCENARIO, "NAME", "what goes wrong, by name", NULL,
		AT(scenario) },
	{ 0 },
};
#undef AT

static struct sockaddr_in loopback(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return a;
}

/* A port that nobody has: the kernel's choice. */
static int free_port(struct err *e)
{
	struct sockaddr_in a = loopback(0);
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), port = -1;

	if (fd >= 0 && bind(fd, (struct sockaddr *)&a, n) == 0
		&& getsockname(fd, (struct sockaddr *)&a, &n) == 0)
		port = ntohs(a.sin_port);
	if (fd >= 0)
		close(fd);
	return port > 0 ? port : err_set(e, ERR_OURS, "no free port on 127.0.0.1");
}

static int dial(int port)
{
	struct sockaddr_in a = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool answers(int port)
{
	int fd = dial(port);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* The contract whose logs the ledger follows, as our own devnet tells: "" when it does not. */
static void find_registry(int port, char *out, size_t n)
{
	static const char ask[] = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
	char text[2048], *at = NULL;
	struct timeval patience = { .tv_sec = 5 };
	int fd = dial(port);
	size_t got = 0;
	ssize_t k = fd < 0 ? -1 : setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));

	*out = '\0';
	if (k == 0 && send(fd, ask, sizeof(ask) - 1, MSG_NOSIGNAL) == (ssize_t)sizeof(ask) - 1)
		while (got < sizeof(text) - 1 && (k = recv(fd, text + got, sizeof(text) - 1 - got, 0)) > 0)
			got += (size_t)k;
	text[got] = '\0';
	at = strstr(text, "\"registry\":\"");
	if (at && strspn(at + 12, "xabcdefABCDEF0123456789") == 42)
		snprintf(out, n, "\"%.42s\"", at + 12);
	if (fd >= 0)
		close(fd);
}

static int start_devnet(struct sandbox *s, const struct demo_opts *o, int port, struct err *e)
{
	struct exec x = { 0 };
	char listen[32];
	int pid;

	snprintf(listen, sizeof(listen), "127.0.0.1:%d", port);
	exec_option(&x, "--listen", listen);
	exec_option(&x, "--devices", o->devices);
	exec_option(&x, "--seed", o->seed);
	exec_option(&x, "--scenario", o->scenario ? o->scenario : "demo");
	if (!o->devices)
		exec_option(&x, "--rate", "350"); /* each of the 700 tells of itself every 2 s */
	pid = exec_child(&x, "depinctl-devnet", s->log_fd, e);
	if (pid < 0)
		return -1;
	sandbox_adopt(s, pid);
	for (int ms = 0; ms < READY_MS; ms += STEP_US / 1000) {
		if (answers(port))
			return 0;
		if (!sandbox_child_lives(s, pid))
			break;
		usleep(STEP_US);
	}
	sandbox_show_log(s);
	return err_set(e, ERR_OURS, "the devnet did not start");
}

static int write_config(struct sandbox *s, int port, struct err *e)
{
	char text[1024], registry[48];

	find_registry(port, registry, sizeof(registry));
	snprintf(text, sizeof(text),
		"current: demo\n"
		"contexts:\n"
		"  - name: demo\n"
		"    sources:\n"
		"      - { name: devnet, kind: stream, url: \"ws://127.0.0.1:%d/events\" }\n"
		"    ledgers:\n"
		"      - { name: chain, kind: evm, urls: [\"ws://127.0.0.1:%d/\"],\n"
		"          addresses: [%s] }\n"
		"collector: { linger: 30s }\n", port, port, registry);
	return sandbox_write_config(s, text, e);
}

static int demo_run(struct cli *c, struct err *e)
{
	struct sandbox s;
	int port = free_port(e), rc;

	if (port < 0)
		return -1;
	rc = sandbox_open(&s, c, e);
	if (rc == 0)
		rc = start_devnet(&s, c->opts, port, e);
	if (rc == 0)
		rc = write_config(&s, port, e);
	if (rc == 0)
		rc = sandbox_show(&s, c, e);
	sandbox_close(&s);
	return rc;
}

const struct verb verb_demo = { .name = "demo", .args = "",
	.help = "the console on a network in a box, gone without a trace when you quit",
	.about = "Starts a devnet and a collector in a temporary home and opens the console on them. "
		 "Without a terminal it runs for a few seconds, prints the status and the worst devices, "
		 "and ends.",
	.opts = demo_options, .opts_size = sizeof(struct demo_opts), .run = demo_run };
