#include "tests/console/world.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/alloc.h"

static struct {
	char bin[4096], home[64], config[128], state[128], run[128];
	const char *env[8];
	const char *trouble;
	int devnet, port;
} w;

static int free_port(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_return_code(bind(fd, (struct sockaddr *)&a, n), 0);
	assert_return_code(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	close(fd);
	return ntohs(a.sin_port);
}

static void silence(void)
{
	int null = open("/dev/null", O_WRONLY);

	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
}

static int run(const char *const *argv)
{
	int pid = fork(), status;

	if (pid == 0) {
		for (size_t i = 0; w.env[i]; i++)
			putenv((char *)w.env[i]);
		silence();
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void start_devnet(void)
{
	char listen[32];
	const char *argv[] = { w.bin, "devnet", "--listen", listen, "--devices", "300", "--seed", "7",
		w.trouble ? "--scenario" : NULL, w.trouble, NULL };

	w.port = free_port();
	snprintf(listen, sizeof(listen), "127.0.0.1:%d", w.port);
	w.devnet = fork();
	if (w.devnet == 0) {
		silence();
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
}

static void write_config(void)
{
	FILE *f = fopen(w.config, "w");

	assert_non_null(f);
	fprintf(f,
		"current: lab\n"
		"contexts:\n"
		"  - name: lab\n"
		"    sources:\n"
		"      - { name: fleet, kind: stream, url: \"ws://127.0.0.1:%d/events\" }\n"
		"    ledgers:\n"
		"      - { name: chain, kind: evm, urls: [\"ws://127.0.0.1:%d/\"] }\n"
		"ui: { theme: dark, keys: { Z: \"theme light\" } }\n",
		w.port, w.port);
	fclose(f);
}

void world_trouble(const char *scenario)
{
	w.trouble = scenario;
}

int world_open(void **state)
{
	snprintf(w.home, sizeof(w.home), "/tmp/console-XXXXXX");
	assert_non_null(mkdtemp(w.home));
	snprintf(w.config, sizeof(w.config), "%s/config.yaml", w.home);
	snprintf(w.state, sizeof(w.state), "XDG_STATE_HOME=%s", w.home);
	snprintf(w.run, sizeof(w.run), "XDG_RUNTIME_DIR=%s", w.home);
	w.env[0] = w.state;
	w.env[1] = w.run;
	start_devnet();
	write_config();
	return 0;
}

const char *world_path(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", w.home, name);
	return path;
}

const char *world_program(void)
{
	return w.bin;
}

int world_run(const char *verb)
{
	const char *argv[] = { w.bin, verb, "--config", w.config, NULL };

	return run(argv);
}

/* Whoever listens on the socket. */
void world_kill_collector(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct ucred who = { 0 };
	socklen_t n = sizeof(who);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s/depinctl/lab.sock", w.home);
	assert_return_code(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_return_code(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n), 0);
	close(fd);
	assert_true(who.pid > 1);
	kill(who.pid, SIGKILL);
}

int world_close(void **state)
{
	const char *rm[] = { "/bin/rm", "-rf", w.home, NULL };

	world_run("stop");
	kill(w.devnet, SIGTERM);
	waitpid(w.devnet, NULL, 0);
	return run(rm);
}

static struct pty *start(struct pty_opts o, const char *const *argv)
{
	const char *env[16];
	size_t n = 0;

	for (size_t i = 0; o.env && o.env[i]; i++)
		env[n++] = o.env[i];
	for (size_t i = 0; w.env[i]; i++)
		env[n++] = w.env[i];
	env[n] = NULL;
	o.env = env;
	return pty_start(&o, argv);
}

struct pty *world_start(struct pty_opts o, const char *option, const char *value)
{
	const char *argv[] = { w.bin, "--config", w.config, option, value, NULL };

	return start(o, argv);
}

struct pty *world_start_after(const char *shell)
{
	char *line = xasprintf("%s; exec \"$0\" --config \"$1\"", shell);
	const char *argv[] = { "/bin/sh", "-c", line, w.bin, w.config, NULL };
	struct pty *p = start((struct pty_opts){ 0 }, argv);

	free(line);
	return p;
}

void world_forget(void)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/depinctl/console/lab.json", w.home);
	unlink(path);
}

struct pty *world_console(int rows, int cols)
{
	struct pty_opts o = { .rows = rows, .cols = cols };
	struct pty *p;

	world_forget();
	p = world_start(o, NULL, NULL);
	pty_expect(p, "Infrastructure");
	return p;
}

void world_expect_clean(struct pty *p)
{
	if (*pty_left_on(p))
		fail_msg("left on: %s", pty_left_on(p));
}

bool world_has_colour(const struct buf *b)
{
	for (const char *p = b->p; (p = memmem(p, b->len - (size_t)(p - b->p), "\033[", 2));) {
		size_t n = strspn(p += 2, "0123456789;");

		for (const char *q = p; p[n] == 'm' && q < p + n; q += strcspn(q, ";m") + 1) {
			int v = atoi(q);

			if ((v >= 30 && v < 50) || (v >= 90 && v < 108))
				return true;
		}
	}
	return false;
}

void world_quit(struct pty *p)
{
	pty_keys(p, ":quit<enter>");
	assert_int_equal(pty_wait(p), 0);
	world_expect_clean(p);
	pty_end(p);
}

void world_find(const char *argv0)
{
	const char *bin = getenv("DEPINCTL"), *slash = strrchr(argv0, '/');

	if (bin)
		snprintf(w.bin, sizeof(w.bin), "%s", bin);
	else
		snprintf(w.bin, sizeof(w.bin), "%.*s/../../bin/depinctl",
			slash ? (int)(slash - argv0) : 1, slash ? argv0 : ".");
}
