/* The console as its users have it: on a pseudo-terminal, with a real collector and devnet. */
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
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "tests/console/pty.h"

static struct {
	char bin[4096], home[64], config[128], state[128], run[128];
	const char *env[8];
	int devnet, port;
} w;

/* --- the world --- */

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
		NULL };

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

static int set_up(void **state)
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

static int tear_down(void **state)
{
	const char *stop[] = { w.bin, "stop", "--config", w.config, NULL };
	const char *rm[] = { "/bin/rm", "-rf", w.home, NULL };

	run(stop);
	kill(w.devnet, SIGTERM);
	waitpid(w.devnet, NULL, 0);
	return run(rm);
}

static struct pty *start_with(struct pty_opts o, const char *extra, const char *value)
{
	const char *argv[] = { w.bin, "--config", w.config, extra, value, NULL };
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

/* What the console before this one remembered. */
static void forget(void)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/depinctl/console/lab.json", w.home);
	unlink(path);
}

static struct pty *start(int rows, int cols)
{
	forget();
	struct pty *p = start_with((struct pty_opts){ .rows = rows, .cols = cols }, NULL, NULL);

	pty_expect(p, "Infrastructure");
	return p;
}

static void expect_clean(struct pty *p)
{
	if (*pty_left_on(p))
		fail_msg("left on: %s", pty_left_on(p));
}

static void quit(struct pty *p)
{
	pty_keys(p, ":quit<enter>");
	assert_int_equal(pty_wait(p), 0);
	expect_clean(p);
	pty_end(p);
}

/* --- tests --- */

static void it_starts_a_collector_and_shows_the_network(void **state)
{
	struct pty *p = start_with((struct pty_opts){ .rows = 40, .cols = 120 }, NULL, NULL);

	pty_expect(p, "onnecting");
	pty_expect(p, "300 of 300 up");
	pty_expect(p, "transport");
	pty_expect(p, "chain at block");
	quit(p);
}

static void it_comes_back_as_it_was_left(void **state)
{
	struct pty *p = start(24, 100);

	pty_keys(p, "2");
	pty_expect(p, "READINGS");
	pty_keys(p, "/network=compute<enter>");
	pty_expect(p, "66 of 300");
	pty_keys(p, ":quit<enter>");
	assert_int_equal(pty_wait(p), 0);
	pty_end(p);
	p = start_with((struct pty_opts){ .rows = 24, .cols = 100 }, "--read-only", NULL);
	pty_expect(p, "read-only");
	pty_expect(p, "66 of 300");
	pty_expect(p, "network=compute");
	quit(p);
}

static void every_screen_is_a_key_away(void **state)
{
	struct pty *p = start(40, 120);

	pty_keys(p, "2");
	pty_expect(p, "READINGS");
	pty_expect(p, "● up");
	pty_expect(p, "temp ");
	pty_keys(p, "3");
	pty_expect(p, "following");
	pty_keys(p, "4");
	pty_expect(p, "● in chain");
	pty_expect(p, "41,337");
	pty_keys(p, "5");
	pty_expect(p, "UNKNOWN");
	pty_expect(p, "storage");
	pty_keys(p, "6");
	pty_expect(p, "fleet");
	pty_expect(p, "● live");
	pty_keys(p, "?");
	pty_expect(p, "Everywhere");
	pty_keys(p, "<esc>");
	pty_expect_gone(p, "Everywhere");
	quit(p);
}

static void a_filter_says_where_it_is_wrong(void **state)
{
	struct pty *p = start(24, 100);

	pty_keys(p, "2");
	pty_expect(p, "READINGS");
	pty_keys(p, "/network=compute and health>");
	pty_expect(p, "(at byte");
	pty_keys(p, "0");
	pty_expect_gone(p, "(at byte");
	pty_keys(p, "<enter>");
	pty_expect(p, "66 of 300"); /* 22 of a hundred are GPUs */
	pty_expect(p, "vram_used");
	pty_keys(p, ":sort temp:desc<enter>");
	pty_expect(p, "temp▼");
	pty_keys(p, "<esc>");
	pty_expect_gone(p, "66 of 300");
	quit(p);
}

static void a_device_is_opened_and_plotted(void **state)
{
	struct pty *p = start(40, 120);

	pty_keys(p, ":devices name=gpu-fra2-0003<enter>");
	pty_expect(p, "1 of 300");
	pty_expect(p, "gpu-fra2-0003");
	pty_keys(p, "<enter>");
	pty_expect(p, "VALUE OF");
	pty_expect(p, "■ temp °C");
	pty_expect(p, "vram_used");
	pty_keys(p, "j");
	pty_expect(p, "■ util %");
	pty_keys(p, "e");
	pty_expect(p, "gpu-fra2-0003 › Events");
	pty_keys(p, "<esc><esc>");
	pty_expect_gone(p, "› Events");
	quit(p);
}

static void sizes_change_in_a_storm(void **state)
{
	struct pty *p = start(24, 80);

	for (int i = 0; i < 60; i++)
		pty_resize(p, 4 + i * 7 % 60, 10 + i * 37 % 200);
	pty_resize(p, 3, 30);
	pty_expect(p, "too small");
	pty_resize(p, 50, 200);
	pty_expect(p, "FLEET, worst first");
	pty_keys(p, "2");
	pty_expect(p, "FIRMWARE");
	pty_resize(p, 24, 80);
	pty_expect_gone(p, "FIRMWARE");
	quit(p);
}

/* An SGR sequence with a colour in it: 30 to 49, or 90 to 107. */
static bool has_colour(const struct buf *b)
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

static void themes_change_the_look_alone(void **state)
{
	struct pty *p = start(24, 80);
	int fg;

	pty_keys(p, "5");
	pty_expect(p, "storage");
	fg = screen_look(pty_screen(p), 3, 3).fg;
	pty_keys(p, "Z");
	pty_expect(p, "theme light");
	pty_expect(p, "storage");
	assert_true(has_colour(pty_output(p)));
	assert_int_not_equal(screen_look(pty_screen(p), 3, 3).fg, fg);
	pty_keys(p, ":theme mono<enter>");
	pty_expect(p, "theme mono");
	assert_int_equal(screen_look(pty_screen(p), 3, 3).fg, -1);
	quit(p);
}

static void no_colour_and_no_utf8_are_kept_to(void **state)
{
	static const char *const plain[] = { "NO_COLOR=1", "LC_ALL=C", "LANG=C", NULL };
	const struct buf *out;
	struct pty *p;

	forget();
	p = start_with((struct pty_opts){ .env = plain }, NULL, NULL);
	out = pty_output(p);
	pty_expect(p, "300 of 300 up");
	pty_keys(p, "2");
	pty_expect(p, "READINGS");
	pty_keys(p, "q");
	assert_int_equal(pty_wait(p), 0);
	assert_false(has_colour(out));
	for (size_t i = 0; i < out->len; i++)
		assert_true((unsigned char)out->p[i] < 0x80);
	pty_end(p);
}

static void a_dumb_terminal_gets_a_word(void **state)
{
	struct pty *p = start_with((struct pty_opts){ .term = "dumb" }, NULL, NULL);
	int status = pty_wait(p);

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
	assert_non_null(strstr(pty_output(p)->p, "needs a terminal"));
	pty_end(p);
}

static void signals_leave_the_terminal_clean(void **state)
{
	static const int signals[] = { SIGTERM, SIGHUP, SIGINT, SIGSEGV, SIGQUIT, SIGUSR1 };

	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		struct pty *p = start(24, 80);
		int status;

		pty_keys(p, i % 2 ? "2" : "3/ab");
		pty_signal(p, signals[i]);
		status = pty_wait(p);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), signals[i]);
		expect_clean(p);
		pty_end(p);
	}
}

static void killed_it_leaves_the_terminal_clean(void **state)
{
	struct pty *p = start(24, 80);
	int status;

	pty_keys(p, "2");
	kill(pty_child(p), SIGKILL);
	status = pty_wait(p);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
	expect_clean(p);
	assert_non_null(strstr(pty_output(p)->p, "depinctl: killed"));
	assert_non_null(strstr(pty_output(p)->p, "lab.log"));
	pty_end(p);
}

static void a_closed_terminal_ends_it(void **state)
{
	struct pty *p = start(24, 80);

	pty_hangup(p);
	pty_wait(p);
	assert_false(pty_alive(p));
	pty_end(p);
}

static void a_stopped_collector_is_told(void **state)
{
	const char *stop[] = { w.bin, "stop", "--config", w.config, NULL };
	struct pty *p = start(24, 80);

	pty_keys(p, "2");
	pty_expect(p, "● up");
	assert_int_equal(run(stop), 0);
	pty_expect(p, "line lost");
	pty_expect(p, "● up"); /* what was there stays */
	pty_keys(p, ":start<enter>");
	pty_expect_gone(p, "line lost");
	pty_expect(p, "● up");
	quit(p);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_starts_a_collector_and_shows_the_network),
		cmocka_unit_test(it_comes_back_as_it_was_left),
		cmocka_unit_test(every_screen_is_a_key_away),
		cmocka_unit_test(a_filter_says_where_it_is_wrong),
		cmocka_unit_test(a_device_is_opened_and_plotted),
		cmocka_unit_test(sizes_change_in_a_storm),
		cmocka_unit_test(themes_change_the_look_alone),
		cmocka_unit_test(no_colour_and_no_utf8_are_kept_to),
		cmocka_unit_test(a_dumb_terminal_gets_a_word),
		cmocka_unit_test(signals_leave_the_terminal_clean),
		cmocka_unit_test(killed_it_leaves_the_terminal_clean),
		cmocka_unit_test(a_closed_terminal_ends_it),
		cmocka_unit_test(a_stopped_collector_is_told),
	};
	const char *bin = getenv("DEPINCTL"), *slash = strrchr(argv[0], '/');

	if (bin)
		snprintf(w.bin, sizeof(w.bin), "%s", bin);
	else
		snprintf(w.bin, sizeof(w.bin), "%.*s/../../bin/depinctl",
			slash ? (int)(slash - argv[0]) : 1, slash ? argv[0] : ".");
	return cmocka_run_group_tests_name("console", tests, set_up, tear_down);
}
