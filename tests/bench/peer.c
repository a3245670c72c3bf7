#include "tests/bench/peer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/json.h"
#include "tests/bench/kit.h"

#define WAIT_S 20

char *collector_socket(void)
{
	return kit_path("socket");
}

pid_t collector_start(const char *config_yaml)
{
	char *exe = kit_program("libexec/depinctl", "depinctl-collector");
	char *config = kit_path("config.yaml"), *sock = collector_socket();
	char *journal = kit_path("journal.db"), *log = kit_path("log");
	const char *argv[] = { exe, "--config", config, "--socket", sock, "--journal", journal,
		"--log-file", log, "--linger", "0", NULL };
	pid_t pid;

	kit_write(config, config_yaml);
	unlink(sock);
	unlink(journal);
	pid = kit_start(argv, KIT_CORE_WORK, -1);
	free(exe);
	free(config);
	free(sock);
	free(journal);
	free(log);
	return pid;
}

pid_t devnet_start(const char *devices, const char *rate, int *port)
{
	char *exe = kit_program("libexec/depinctl", "depinctl-devnet"), line[128] = "";
	const char *argv[] = { exe, "--listen", "127.0.0.1:0", "--quiet", "--devices", devices,
		"--rate", rate, NULL };
	int out[2];
	ssize_t n;
	pid_t pid;

	if (pipe(out) < 0)
		BUG("no pipe");
	pid = kit_start(argv, KIT_CORE_LOAD, out[1]);
	close(out[1]);
	n = read(out[0], line, sizeof(line) - 1);
	if (n <= 0 || !strrchr(line, ':'))
		BUG("the devnet does not say where it listens");
	*port = atoi(strrchr(line, ':') + 1);
	close(out[0]);
	free(exe);
	return pid;
}

void client_open(struct line_client *c, const char *socket_path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	double deadline = kit_now() + WAIT_S;

	*c = (struct line_client){ .fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	buf_init(&c->in, 64u << 20);
	snprintf(a.sun_path, sizeof(a.sun_path), "%s", socket_path);
	while (connect(c->fd, (struct sockaddr *)&a, sizeof(a)) < 0) {
		if (kit_now() > deadline)
			BUG("%s: nobody answers: %s", socket_path, strerror(errno));
		usleep(5000);
	}
}

void client_close(struct line_client *c)
{
	close(c->fd);
	buf_fini(&c->in);
}

/* The length of the first whole line, without its end; waits for it. */
static size_t first_line(struct line_client *c)
{
	size_t seen = 0;

	for (;;) {
		char *nl = memchr(c->in.p + seen, '\n', c->in.len - seen);
		ssize_t n;

		if (nl)
			return (size_t)(nl - c->in.p);
		seen = c->in.len;
		if (!buf_room(&c->in, 65536))
			BUG("an answer beyond all bounds");
		n = read(c->fd, c->in.p + c->in.len, 65536);
		if (n <= 0)
			BUG("the collector closed the line");
		c->in.len += (size_t)n;
	}
}

/* Notices have no id. */
static bool is_answer(const char *line, size_t n, unsigned id)
{
	char want[32];
	int len = snprintf(want, sizeof(want), "\"id\":%u,", id);

	return memmem(line, n < 64 ? n : 64, want, (size_t)len) != NULL;
}

struct slice client_call(struct line_client *c, const char *method, const char *params)
{
	char *line = xasprintf("{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"%s\",\"params\":%s}\n",
		++c->id, method, params);
	char *old = memchr(c->in.p, '\n', c->in.len);
	size_t n;

	if (old) /* the last answer */
		buf_consume(&c->in, (size_t)(old - c->in.p) + 1);
	if (write(c->fd, line, strlen(line)) != (ssize_t)strlen(line))
		BUG("the collector does not read");
	free(line);
	for (;;) {
		n = first_line(c);
		if (is_answer(c->in.p, n, c->id))
			return slice_mem(c->in.p, n);
		buf_consume(&c->in, n + 1);
	}
}

double client_number(struct line_client *c, const char *method, const char *object,
	const char *member)
{
	struct err e;
	json_t *v = json_load(client_call(c, method, "{}"), &e);
	double d;

	if (!v)
		BUG("%s: %s", method, e.text);
	d = json_f64(json_object_get(json_object_get(v, "result"), object), member, 0);
	json_decref(v);
	return d;
}
