#include "loop/loop.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <errno.h>
#include <cmocka.h>

#include "base/clock.h"

static int setup(void **state)
{
	*state = loop_new();
	return 0;
}

static int teardown(void **state)
{
	loop_free(*state);
	return 0;
}

struct ticker {
	struct loop *l;
	struct loop_timer *t;
	int n, until;
};

static void tick(void *arg)
{
	struct ticker *k = arg;

	if (++k->n == k->until)
		loop_stop(k->l);
}

static void tick_and_free(void *arg)
{
	struct ticker *k = arg;

	k->n++;
	loop_timer_free(k->t);
}

static void timer_once_fires_once(void **state)
{
	struct ticker k = { .l = *state };
	struct loop_timer *t = loop_timer_new(k.l, 1, 0, tick, &k);

	loop_run(k.l); /* ends by itself: nothing is left to wait for */
	assert_int_equal(k.n, 1);
	loop_timer_again(t, 0, 0);
	loop_run(k.l);
	assert_int_equal(k.n, 2);
	loop_timer_free(t);
	loop_timer_free(NULL);
}

static void timer_repeats_until_stopped(void **state)
{
	struct ticker k = { .l = *state, .until = 3 };

	k.t = loop_timer_new(k.l, 0, 1, tick, &k);
	loop_run(k.l);
	assert_int_equal(k.n, 3);
	loop_timer_stop(k.t);
	loop_run(k.l);
	assert_int_equal(k.n, 3);
	loop_timer_free(k.t);
	k.n = 0;
	k.t = loop_timer_new(k.l, 0, 1, tick_and_free, &k);
	loop_run(k.l);
	assert_int_equal(k.n, 1);
}

static void tick_again(void *arg)
{
	struct ticker *k = arg;

	k->n++;
	loop_timer_again(k->t, 0, 0);
}

static void timer_of_zero_waits_for_the_next_turn(void **state)
{
	struct ticker k = { .l = *state }, j = { .l = *state };

	k.t = loop_timer_new(k.l, 0, 0, tick_again, &k);
	j.t = loop_timer_new(k.l, 0, 0, tick_and_free, &j);
	for (int i = 1; i <= 5; i++) {
		loop_turn(k.l, -1);
		assert_int_equal(k.n, i);
	}
	assert_int_equal(j.n, 1);
	loop_timer_stop(k.t);
	loop_turn(k.l, 0);
	assert_int_equal(k.n, 5);
	loop_timer_free(k.t);
}

static void order_note(void *arg)
{
	char *s = arg;

	s[strlen(s + 1) + 1] = s[0];
}

static void hooks_run_in_order_before_the_wait(void **state)
{
	char a[8] = "a", b[8] = "b";
	int n = 3;

	loop_on_turn(*state, order_note, a);
	loop_on_turn(*state, order_note, b);
	while (n--)
		loop_turn(*state, 0);
	assert_string_equal(a, "aaaa");
	assert_string_equal(b, "bbbb");
}

struct seen {
	struct loop *l;
	int fd, n, events;
	int64_t mono_ms, before_ms;
};

static void pipe_ready(void *arg, int events)
{
	struct seen *s = arg;
	char c;

	s->events |= events;
	s->mono_ms = clock_mono_ms();
	s->n += read(s->fd, &c, 1) == 1;
	loop_stop(s->l);
}

static void write_byte(void *arg)
{
	assert_int_equal(write(*(int *)arg, "x", 1), 1);
}

/* A callback after a long wait must see the time after the wait. */
static void io_sees_the_clock_after_the_wait(void **state)
{
	struct seen s = { .l = *state };
	int p[2];
	struct loop_io *io;
	struct loop_timer *t;

	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	s.fd = p[0];
	io = loop_io_new(s.l, p[0], LOOP_READ, pipe_ready, &s);
	t = loop_timer_new(s.l, 60, 0, write_byte, &p[1]);
	clock_turn();
	s.before_ms = clock_mono_ms();
	loop_run(s.l);
	assert_int_equal(s.n, 1);
	assert_int_equal(s.events, LOOP_READ);
	assert_true(s.mono_ms >= s.before_ms + 50);
	loop_io_free(io);
	loop_timer_free(t);
	close(p[0]);
	close(p[1]);
}

static void io_started_between_turns_is_seen(void **state)
{
	struct seen s = { .l = *state };
	int p[2];
	struct loop_io *io;

	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	s.fd = p[0];
	loop_turn(s.l, 0);
	io = loop_io_new(s.l, p[0], LOOP_READ, pipe_ready, &s);
	write_byte(&p[1]);
	loop_turn(s.l, -1);
	assert_int_equal(s.n, 1);
	loop_io_set(io, 0);
	write_byte(&p[1]);
	loop_turn(s.l, 0);
	assert_int_equal(s.n, 1);
	loop_io_free(io);
	close(p[0]);
	close(p[1]);
}

static void io_refuses_a_regular_file(void **state)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	assert_null(loop_io_new(*state, fd, LOOP_READ, pipe_ready, NULL));
	close(fd);
}

static void *wake_twice(void *arg)
{
	loop_wake(arg);
	loop_wake(arg);
	return NULL;
}

static void wake_comes_from_another_thread(void **state)
{
	struct ticker k = { .l = *state, .until = 1 };
	struct loop_wake *w = loop_wake_new(k.l, tick, &k);
	pthread_t th;

	assert_int_equal(pthread_create(&th, NULL, wake_twice, w), 0);
	loop_run(k.l);
	assert_int_equal(k.n, 1);
	pthread_join(th, NULL);
	loop_wake_free(w);
}

struct job {
	pthread_t self, ran_in;
	int ran, done, cancelled;
};

static void job_work(void *arg)
{
	struct job *j = arg;

	j->ran_in = pthread_self();
	j->ran = 1;
}

static void job_slow(void *arg)
{
	usleep(20000);
	job_work(arg);
}

static void job_done(void *arg, bool cancelled)
{
	struct job *j = arg;

	j->done++;
	j->cancelled += cancelled;
}

static void work_runs_elsewhere_and_reports_here(void **state)
{
	struct job j = { .self = pthread_self() };

	loop_work(*state, job_work, job_done, &j);
	loop_run(*state);
	assert_int_equal(j.ran, 1);
	assert_int_equal(j.done, 1);
	assert_int_equal(j.cancelled, 0);
	assert_false(pthread_equal(j.self, j.ran_in));
}

/* More than the pool has threads: some run, the rest are cancelled; each is told once. */
static void free_finishes_all_work(void **state)
{
	struct loop *l = loop_new();
	struct job j[12] = { 0 };

	for (int i = 0; i < 12; i++)
		loop_work(l, job_slow, job_done, &j[i]);
	loop_free(l);
	for (int i = 0; i < 12; i++) {
		assert_int_equal(j[i].done, 1);
		assert_int_equal(j[i].cancelled, !j[i].ran);
	}
	assert_int_equal(j[11].cancelled, 1);
}

struct ended {
	struct loop *l;
	int n, status, signo;
};

static void child_ended(void *arg, int status, int signo)
{
	struct ended *x = arg;

	*x = (struct ended){ x->l, x->n + 1, status, signo };
}

static struct loop_child *run_sh(struct ended *x, const char *script, int out)
{
	const char *argv[] = { "sh", "-c", script, NULL };
	int fds[3] = { -1, out, -1 };
	struct err e = { 0 };
	struct loop_child *c = loop_child_new(
		x->l, "/bin/sh", (char *const *)argv, fds, child_ended, x, &e);

	assert_string_equal(e.text, "");
	return c;
}

static void child_gets_descriptors_and_reports_its_status(void **state)
{
	struct ended x = { .l = *state };
	char s[16] = "";
	int p[2];
	struct loop_child *c;

	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	c = run_sh(&x, "read l || printf none; exit 7", p[1]);
	close(p[1]);
	assert_true(loop_child_pid(c) > 0);
	loop_run(x.l);
	assert_int_equal(x.n, 1);
	assert_int_equal(x.status, 7);
	assert_int_equal(read(p[0], s, sizeof(s) - 1), 4);
	assert_string_equal(s, "none"); /* its stdin was /dev/null */
	assert_int_equal(loop_child_pid(c), 0);
	loop_child_kill(c, SIGTERM); /* no longer there: nothing happens */
	loop_child_free(c);
	close(p[0]);
}

static void child_killed_reports_the_signal(void **state)
{
	struct ended x = { .l = *state };
	struct loop_child *c = run_sh(&x, "exec sleep 100", -1);

	loop_child_kill(c, SIGKILL);
	loop_run(x.l);
	assert_int_equal(x.signo, SIGKILL);
	loop_child_free(c);
}

static void child_that_cannot_start_says_so(void **state)
{
	const char *argv[] = { "nothing", NULL };
	int fds[3] = { -1, -1, -1 };
	struct err e = { 0 };

	assert_null(loop_child_new(*state, "/nonexistent/nothing", (char *const *)argv,
		fds, child_ended, NULL, &e));
	assert_string_equal(e.text, "cannot run /nonexistent/nothing: no such file or directory");
}

static void freed_child_is_still_reaped(void **state)
{
	struct ended x = { .l = *state };
	struct loop_child *c = run_sh(&x, "exit 0", -1);
	int pid = loop_child_pid(c);

	loop_child_free(c);
	while (kill(pid, 0) == 0)
		loop_turn(x.l, 1);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), -1);
	assert_int_equal(x.n, 0);
}

static void signal_came(void *arg, int signo)
{
	struct ended *x = arg;

	x->signo = signo;
	loop_stop(x->l);
}

static void signal_runs_in_the_loop(void **state)
{
	struct ended x = { .l = *state };

	assert_int_equal(loop_signal(x.l, SIGUSR1, signal_came, &x), 0);
	assert_int_equal(loop_signal(x.l, SIGKILL, signal_came, &x), -1);
	loop_run(x.l); /* a signal alone does not keep it */
	assert_int_equal(x.signo, 0);
	raise(SIGUSR1);
	while (!x.signo)
		loop_turn(x.l, -1);
	assert_int_equal(x.signo, SIGUSR1);
}

static void free_closes_what_is_left(void **state)
{
	struct loop *l = loop_new();
	struct ended x = { .l = l };
	struct ticker k = { .l = l };
	int p[2];

	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	loop_timer_new(l, 1000000, 0, tick, &k);
	loop_io_new(l, p[0], LOOP_READ, pipe_ready, NULL);
	loop_wake_new(l, tick, &k);
	loop_child_kill(run_sh(&x, "exec sleep 100", -1), SIGKILL);
	loop_end_new(l, tick, &k);
	loop_end_free(loop_end_new(l, tick, &k));
	loop_free(l);
	loop_free(NULL);
	assert_int_equal(k.n, 1);
	close(p[0]);
	close(p[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(timer_once_fires_once, setup, teardown),
		cmocka_unit_test_setup_teardown(timer_repeats_until_stopped, setup, teardown),
		cmocka_unit_test_setup_teardown(
			timer_of_zero_waits_for_the_next_turn, setup, teardown),
		cmocka_unit_test_setup_teardown(hooks_run_in_order_before_the_wait, setup, teardown),
		cmocka_unit_test_setup_teardown(io_sees_the_clock_after_the_wait, setup, teardown),
		cmocka_unit_test_setup_teardown(io_started_between_turns_is_seen, setup, teardown),
		cmocka_unit_test_setup_teardown(io_refuses_a_regular_file, setup, teardown),
		cmocka_unit_test_setup_teardown(wake_comes_from_another_thread, setup, teardown),
		cmocka_unit_test_setup_teardown(work_runs_elsewhere_and_reports_here, setup, teardown),
		cmocka_unit_test(free_finishes_all_work),
		cmocka_unit_test_setup_teardown(
			child_gets_descriptors_and_reports_its_status, setup, teardown),
		cmocka_unit_test_setup_teardown(child_killed_reports_the_signal, setup, teardown),
		cmocka_unit_test_setup_teardown(child_that_cannot_start_says_so, setup, teardown),
		cmocka_unit_test_setup_teardown(freed_child_is_still_reaped, setup, teardown),
		cmocka_unit_test_setup_teardown(signal_runs_in_the_loop, setup, teardown),
		cmocka_unit_test(free_closes_what_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
