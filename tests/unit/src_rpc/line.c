#include "rpc/line.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/log.h"

struct bench;

struct side { /* one end of a line */
	struct bench *b;
	struct line *c;
	struct buf got; /* messages, each in brackets */
	size_t messages, bytes;
	int closed;
	struct err why;
	bool echo, free_on_message, free_on_close;
};

struct bench {
	struct loop *l;
	char dir[64], path[96];
	struct line_server *s;
	struct side ours[4]; /* accepted */
	int accepted;
	bool echo, stop_server;
	struct side far;
};

static void on_message(void *arg, struct slice msg)
{
	struct side *x = arg;

	x->messages++;
	x->bytes += msg.n;
	if (msg.n < 1000)
		buf_addf(&x->got, "[%.*s]", SLICE_ARG(msg));
	if (x->echo)
		line_send(x->c, msg);
	if (x->free_on_message) {
		line_free(x->c);
		x->c = NULL;
	}
}

static void on_closed(void *arg, const struct err *why)
{
	struct side *x = arg;

	x->closed++;
	x->why = *why;
	if (x->free_on_close) {
		line_free(x->c);
		x->c = NULL;
	}
}

static const struct line_ops ops = { on_message, on_closed };

static void side_start(struct side *x, struct bench *b, struct line *c)
{
	x->b = b;
	x->c = c;
	buf_init(&x->got, 1u << 20);
	line_start(c, &ops, x);
}

static void side_end(struct side *x)
{
	line_free(x->c);
	buf_fini(&x->got);
	*x = (struct side){ 0 };
}

static void on_accept(void *arg, struct line *c)
{
	struct bench *b = arg;
	struct side *x = &b->ours[b->accepted++ % 4];

	x->echo = b->echo;
	x->free_on_close = true;
	side_start(x, b, c);
	if (b->stop_server) {
		line_server_free(b->s);
		b->s = NULL;
	}
}

static int setup(void **state)
{
	struct bench *b = xcalloc(1, sizeof(*b));

	strcpy(b->dir, "/tmp/depinctl-line-XXXXXX");
	assert_non_null(mkdtemp(b->dir));
	snprintf(b->path, sizeof(b->path), "%s/sock", b->dir);
	b->l = loop_new();
	log_set_fd(-1);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;

	for (int i = 0; i < 4; i++)
		side_end(&b->ours[i]);
	side_end(&b->far);
	line_server_free(b->s);
	loop_free(b->l);
	unlink(b->path);
	assert_int_equal(rmdir(b->dir), 0);
	free(b);
	return 0;
}

static void serve(struct bench *b)
{
	struct err e = { 0 };

	b->s = line_listen(b->l, b->path, on_accept, b, &e);
	assert_string_equal(e.text, "");
	assert_non_null(b->s);
}

static void dial(struct bench *b)
{
	struct err e = { 0 };
	struct line *c = line_connect(b->l, b->path, &e);

	assert_string_equal(e.text, "");
	side_start(&b->far, b, c);
}

#define turn_until(b, cond) \
	while (!(cond)) \
	loop_turn((b)->l, -1)

static void say(struct side *x, const char *text)
{
	assert_int_equal(line_send(x->c, slice_of(text)), 0);
}

static void messages_pass_both_ways(void **state)
{
	struct bench *b = *state;
	struct stat st;

	b->echo = true;
	serve(b);
	assert_int_equal(stat(b->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	dial(b);
	say(&b->far, "one");
	say(&b->far, "");
	say(&b->far, "two");
	turn_until(b, b->far.messages == 2);
	assert_string_equal(b->far.got.p, "[one][two]");
	assert_string_equal(b->ours[0].got.p, "[one][two]");
	line_free(b->far.c);
	b->far.c = NULL;
	turn_until(b, b->ours[0].closed);
	assert_int_equal(b->ours[0].why.class, ERR_NONE);
}

static void many_and_large_messages_arrive_whole(void **state)
{
	struct bench *b = *state;
	size_t big = 20u << 20;
	char *s = xmalloc(big);

	memset(s, 'q', big);
	b->echo = true;
	serve(b);
	dial(b);
	for (int i = 0; i < 50000; i++)
		say(&b->far, "twenty bytes, or so");
	assert_int_equal(line_send(b->far.c, slice_mem(s, big)), 0);
	say(&b->far, "last");
	assert_true(line_queued(b->far.c) > big);
	turn_until(b, b->far.messages == 50002);
	assert_int_equal(b->far.bytes, 50000 * strlen("twenty bytes, or so") + big + 4);
	assert_int_equal(line_queued(b->far.c), 0);
	free(s);
}

/* A flood on one line must not keep another waiting. */
static void lines_take_turns(void **state)
{
	struct bench *b = *state;
	struct side other = { 0 };
	struct err e;

	b->echo = true;
	serve(b);
	dial(b);
	for (int i = 0; i < 200000; i++)
		say(&b->far, "a flood of small messages");
	turn_until(b, b->ours[0].messages);
	side_start(&other, b, line_connect(b->l, b->path, &e));
	say(&other, "me too");
	turn_until(b, other.messages);
	assert_true(b->ours[0].messages < 200000);
	side_end(&other);
}

static void queue_has_a_limit(void **state)
{
	struct bench *b = *state;
	size_t n = 1u << 20, sent = 0;
	char *s = xmalloc(n);

	memset(s, 'q', n);
	serve(b);
	dial(b);
	while (line_send(b->far.c, slice_mem(s, n)) == 0)
		sent += n + 1;
	assert_true(sent <= LINE_MAX_OUT && sent > LINE_MAX_OUT - 2 * n);
	assert_int_equal(line_queued(b->far.c), sent);
	free(s);
}

static void line_too_long_ends_the_connection(void **state)
{
	struct bench *b = *state;
	size_t n = LINE_MAX_IN + 10;
	char *s = xmalloc(n);

	memset(s, 'q', n);
	serve(b);
	dial(b);
	assert_int_equal(line_send(b->far.c, slice_mem(s, n)), 0);
	turn_until(b, b->accepted && b->ours[0].closed);
	assert_int_equal(b->ours[0].why.class, ERR_REFUSED);
	assert_int_equal(b->ours[0].messages, 0);
	turn_until(b, b->far.closed);
	free(s);
}

static void line_may_be_freed_in_its_message(void **state)
{
	struct bench *b = *state;

	serve(b);
	dial(b);
	turn_until(b, b->accepted);
	b->ours[0].free_on_message = b->ours[0].echo = true;
	say(&b->far, "one");
	say(&b->far, "two");
	turn_until(b, b->far.closed);
	assert_int_equal(b->ours[0].messages, 1);
	assert_string_equal(b->far.got.p, "[one]"); /* what was queued still came */
}

/* The reader is slow: what was queued before line_free() reaches it all the same. */
static void free_sends_what_is_queued(void **state)
{
	struct bench *b = *state;
	size_t n = 2u << 20; /* beyond what the kernel buffers */
	char *s = xmalloc(n);

	memset(s, 'q', n);
	serve(b);
	dial(b);
	turn_until(b, b->accepted);
	line_send(b->ours[0].c, slice_mem(s, n));
	free(s);
	assert_true(line_queued(b->ours[0].c) > 0);
	line_free(b->ours[0].c);
	b->ours[0].c = NULL;
	turn_until(b, b->far.closed);
	assert_int_equal(b->far.bytes, n);
	assert_int_equal(b->far.why.class, ERR_NONE);
}

/* Nobody reads: the loop's end does not wait, and nothing leaks. */
static void loop_end_drops_what_lingers(void **state)
{
	struct bench *b = *state;
	size_t n = 8u << 20;
	char *s = xcalloc(1, n);
	int fd[2];
	struct err e;
	struct line *c;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd), 0);
	c = line_on_fds(b->l, fd[0], fd[0], &e);
	line_send(c, slice_mem(s, n));
	line_free(c);
	close(fd[0]);
	close(fd[1]);
	free(s);
}

static void lingering_ends_when_the_reader_goes(void **state)
{
	struct bench *b = *state;
	char *s = xcalloc(1, 8u << 20);
	int fd[2];
	struct err e;
	struct line *c;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd), 0);
	c = line_on_fds(b->l, fd[0], fd[0], &e);
	close(fd[0]);
	line_send(c, slice_mem(s, 8u << 20));
	line_free(c);
	close(fd[1]);
	loop_run(b->l); /* ends: nothing lingers */
	free(s);
}

static void leave_dead_socket(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(a.sun_path, path);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, 1), 0);
	close(fd);
}

static void dead_socket_is_replaced(void **state)
{
	struct bench *b = *state;
	struct err e;

	leave_dead_socket(b->path);
	assert_null(line_connect(b->l, b->path, &e));
	assert_int_equal(e.class, ERR_UNREACH);
	serve(b);
	dial(b);
	turn_until(b, b->accepted);
}

static void live_socket_is_refused(void **state)
{
	struct bench *b = *state;
	struct err e;
	char pid[32];

	serve(b);
	assert_null(line_listen(b->l, b->path, on_accept, b, &e));
	assert_int_equal(e.class, ERR_REFUSED);
	snprintf(pid, sizeof(pid), "process %d ", getpid());
	assert_non_null(strstr(e.text, pid));
	assert_int_equal(access(b->path, F_OK), 0);
}

static void other_things_in_the_place_are_left_alone(void **state)
{
	struct bench *b = *state;
	char target[128];
	struct err e;

	assert_int_equal(close(open(b->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)), 0);
	assert_null(line_listen(b->l, b->path, on_accept, b, &e));
	assert_non_null(strstr(e.text, "not a socket"));
	assert_int_equal(unlink(b->path), 0);

	snprintf(target, sizeof(target), "%s/target", b->dir);
	leave_dead_socket(target);
	assert_int_equal(symlink(target, b->path), 0);
	assert_null(line_listen(b->l, b->path, on_accept, b, &e));
	assert_non_null(strstr(e.text, "not a socket"));
	assert_int_equal(access(target, F_OK), 0);
	unlink(target);
}

static void unsafe_directories_are_refused(void **state)
{
	struct bench *b = *state;
	struct err e;

	assert_int_equal(chmod(b->dir, 0777), 0);
	assert_null(line_listen(b->l, b->path, on_accept, b, &e));
	assert_non_null(strstr(e.text, "others can write"));
	assert_int_equal(chmod(b->dir, 01777), 0); /* sticky, as /tmp is */
	serve(b);
	line_server_free(b->s);
	b->s = NULL;
	assert_int_equal(access(b->path, F_OK), -1);
	if (geteuid() == 0) {
		assert_int_equal(chmod(b->dir, 0755), 0);
		assert_int_equal(chown(b->dir, 12345, 12345), 0);
		assert_null(line_listen(b->l, b->path, on_accept, b, &e));
		assert_non_null(strstr(e.text, "another user (uid 12345)"));
	}
	assert_null(line_listen(b->l, "/nonexistent-dir/sock", on_accept, b, &e));
	assert_int_equal(e.class, ERR_USAGE);
}

static void path_too_long_is_refused(void **state)
{
	struct bench *b = *state;
	char path[300];
	struct err e;

	memset(path, 'x', sizeof(path) - 1);
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	assert_null(line_connect(b->l, path, &e));
	assert_non_null(strstr(e.text, "at most 107 bytes"));
	assert_null(line_listen(b->l, path, on_accept, b, &e));
	assert_int_equal(e.class, ERR_USAGE);
	assert_null(line_connect(b->l, "", &e));
	assert_null(line_connect(b->l, b->path, &e));
	assert_int_equal(e.class, ERR_UNREACH);
}

/* Run as root, as in a container: another user's client is turned away by its uid. */
static void strangers_are_turned_away(void **state)
{
	struct bench *b = *state;
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int status = -1;
	pid_t pid;

	if (geteuid() != 0) {
		skip();
		return;
	}
	serve(b);
	assert_int_equal(chmod(b->path, 0666), 0);
	assert_int_equal(chmod(b->dir, 0755), 0);
	strcpy(a.sun_path, b->path);
	pid = fork();
	if (pid == 0) {
		char c;
		int fd = socket(AF_UNIX, SOCK_STREAM, 0);

		if (setuid(65534) < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0)
			_exit(1);
		_exit(read(fd, &c, 1) == 0 ? 0 : 2);
	}
	while (waitpid(pid, &status, WNOHANG) == 0)
		loop_turn(b->l, 5);
	assert_int_equal(status, 0);
	assert_int_equal(b->accepted, 0);
}

static void a_strangers_socket_is_not_trusted(void **state)
{
	struct bench *b = *state;
	struct err e;
	int p[2];
	char c;
	pid_t pid;

	if (geteuid() != 0) {
		skip();
		return;
	}
	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	assert_int_equal(chmod(b->dir, 0777), 0);
	pid = fork();
	if (pid == 0) {
		struct sockaddr_un a = { .sun_family = AF_UNIX };
		int fd = socket(AF_UNIX, SOCK_STREAM, 0);

		strcpy(a.sun_path, b->path);
		if (setuid(65534) < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0 ||
			listen(fd, 1) < 0 || write(p[1], "x", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	assert_int_equal(read(p[0], &c, 1), 1);
	assert_null(line_connect(b->l, b->path, &e));
	assert_int_equal(e.class, ERR_REFUSED);
	assert_non_null(strstr(e.text, "another user (uid 65534)"));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(p[0]);
	close(p[1]);
}

static void server_may_be_freed_while_it_accepts(void **state)
{
	struct bench *b = *state;

	b->stop_server = true;
	serve(b);
	dial(b);
	turn_until(b, b->accepted);
	assert_null(b->s);
	assert_int_equal(access(b->path, F_OK), -1);
}

/* Out of descriptors the server rests instead of spinning, and then goes on. */
static void server_survives_running_out_of_descriptors(void **state)
{
	struct bench *b = *state;
	struct rlimit old, low;
	int turns = 0;

	if (getenv("UNDER_VALGRIND")) /* it keeps descriptors back, and reports the limit otherwise */
		skip();
	serve(b);
	dial(b);
	getrlimit(RLIMIT_NOFILE, &old);
	low = (struct rlimit){ 3, old.rlim_max };
	setrlimit(RLIMIT_NOFILE, &low);
	for (int i = 0; i < 3; i++)
		loop_turn(b->l, 1);
	assert_int_equal(b->accepted, 0);
	setrlimit(RLIMIT_NOFILE, &old);
	while (!b->accepted && turns < 50) {
		loop_turn(b->l, 100);
		turns++;
		if (b->far.closed) { /* valgrind takes the client before it says there is no room */
			side_end(&b->far);
			dial(b);
		}
	}
	assert_int_equal(b->accepted, 1);
}

static void run_sh(struct bench *b, const char *fmt, const char *arg, char *out, size_t n)
{
	char cmd[512];
	FILE *f;

	snprintf(cmd, sizeof(cmd), fmt, arg, arg);
	f = popen(cmd, "r");
	fcntl(fileno(f), F_SETFL, O_NONBLOCK);
	for (size_t k = 0; k < n - 1;) {
		ssize_t got = read(fileno(f), out + k, n - 1 - k);

		if (got == 0)
			break;
		k += got > 0 ? (size_t)got : 0;
		out[k] = '\0';
		loop_turn(b->l, 1);
	}
	assert_int_equal(pclose(f), 0);
}

/* socat closes its sending half at once and still wants its answers. */
static void socat_can_speak_it(void **state)
{
	struct bench *b = *state;
	char out[128] = "";

	b->echo = true;
	serve(b);
	run_sh(b, "printf 'one\\ntwo\\nno newline' | socat -t5 - UNIX-CONNECT:%s", b->path, out,
		sizeof(out));
	assert_string_equal(out, "one\ntwo\nno newline\n");
}

static void pipes_serve_as_well(void **state)
{
	struct bench *b = *state;
	int in[2], out[2], flags;
	struct err e;
	char s[64] = "";

	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	b->far.echo = true;
	side_start(&b->far, b, line_on_fds(b->l, in[0], out[1], &e));
	flags = fcntl(in[0], F_GETFL);
	assert_false(flags & O_NONBLOCK); /* ours is another description of the same pipe */
	assert_int_equal(write(in[1], "hello\nworld", 11), 11);
	turn_until(b, b->far.messages == 1);
	close(in[1]);
	turn_until(b, b->far.closed);
	assert_string_equal(b->far.got.p, "[hello][world]");
	while (line_queued(b->far.c))
		loop_turn(b->l, -1);
	assert_int_equal(read(out[0], s, sizeof(s) - 1), 12);
	assert_string_equal(s, "hello\nworld\n");
	close(out[0]);
	say(&b->far, "into the void");
	while (line_queued(b->far.c) && !b->far.why.class && line_send(b->far.c, slice_of("x")) == 0)
		loop_turn(b->l, 1);
	assert_int_equal(line_send(b->far.c, slice_of("x")), -1);
	close(in[0]);
	close(out[1]);
}

static void files_serve_as_well(void **state)
{
	struct bench *b = *state;
	FILE *f = tmpfile(), *g = tmpfile();
	struct err e;
	char s[64] = "";

	fputs("one\ntwo\n\nthree", f);
	fflush(f);
	rewind(f);
	b->far.echo = true;
	side_start(&b->far, b, line_on_fds(b->l, fileno(f), fileno(g), &e));
	turn_until(b, b->far.closed);
	assert_string_equal(b->far.got.p, "[one][two][three]");
	while (line_queued(b->far.c))
		loop_turn(b->l, -1);
	assert_int_equal(pread(fileno(g), s, sizeof(s) - 1, 0), 14);
	assert_string_equal(s, "one\ntwo\nthree\n");
	fclose(f);
	fclose(g);
	assert_null(line_on_fds(b->l, 1000, 1001, &e));
	assert_int_equal(e.class, ERR_OURS);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(messages_pass_both_ways),
		T(many_and_large_messages_arrive_whole),
		T(lines_take_turns),
		T(queue_has_a_limit),
		T(line_too_long_ends_the_connection),
		T(line_may_be_freed_in_its_message),
		T(free_sends_what_is_queued),
		T(loop_end_drops_what_lingers),
		T(lingering_ends_when_the_reader_goes),
		T(dead_socket_is_replaced),
		T(live_socket_is_refused),
		T(other_things_in_the_place_are_left_alone),
		T(unsafe_directories_are_refused),
		T(path_too_long_is_refused),
		T(strangers_are_turned_away),
		T(a_strangers_socket_is_not_trusted),
		T(server_may_be_freed_while_it_accepts),
		T(server_survives_running_out_of_descriptors),
		T(socat_can_speak_it),
		T(pipes_serve_as_well),
		T(files_serve_as_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
