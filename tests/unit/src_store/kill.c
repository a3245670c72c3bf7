/*
 * kill -9 at any moment.  The child is a small collector: it fetches from a source that can
 * resume (number k follows the cursor k - 1), records events and cursor in one turn, and tells
 * a number on a pipe when the journal says that it is durable.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "loop/loop.h"
#include "model/delta.h"
#include "store/journal.h"

#define ROUNDS 50
#define MAX_TURN 40

struct child {
	struct journal *j;
	struct loop *l;
	int pipe;
	uint64_t fetched;		       /* the source's last number recorded */
	uint64_t n;
	struct { uint64_t ticket, n; } turns[4096]; /* not told yet */
	unsigned head, count;
};

static void on_committed(void *arg, uint64_t ticket, const struct err *e)
{
	struct child *c = arg;
	unsigned size = ARRAY_LEN(c->turns);

	while (c->count && c->turns[c->head % size].ticket <= ticket) {
		if (write(c->pipe, &c->turns[c->head % size].n, 8) != 8)
			_exit(9);
		c->head++;
		c->count--;
	}
}

static void fetch(struct child *c)
{
	char id[24], data[300];
	struct delta_event ev = { .n = ++c->n, .origin = slice_of("o") };

	c->fetched++;
	snprintf(id, sizeof(id), "%llu", (unsigned long long)c->fetched);
	memset(data, 'd', sizeof(data));
	ev.id = slice_of(id);
	ev.data = slice_mem(data, c->fetched % sizeof(data));
	if (journal_known(c->j, ev.origin, ev.id))
		_exit(7); /* the cursor should have kept us from that */
	if (journal_event(c->j, &ev, slice_of("s"), slice_of("d")) < 0 ||
		journal_cursor(c->j, slice_of("s"), ev.id) < 0)
		_exit(8);
}

static void turn(void *arg)
{
	struct child *c = arg;
	unsigned size = ARRAY_LEN(c->turns);

	if (c->count == size || journal_full(c->j))
		return;
	for (int i = 1 + rand() % MAX_TURN; i > 0; i--)
		fetch(c);
	c->turns[(c->head + c->count) % size].ticket = journal_commit(c->j);
	c->turns[(c->head + c->count++) % size].n = c->n;
}

static void __attribute__((noreturn)) run_child(const char *path, int pipe, unsigned seed,
	enum journal_sync sync)
{
	struct child *c = xcalloc(1, sizeof(*c));
	struct journal_spec spec = { .path = path, .committed = on_committed, .arg = c,
		.sync = sync };
	char *at;

	srand(seed);
	c->pipe = pipe;
	c->l = loop_new();
	c->j = journal_open(c->l, &spec, NULL);
	if (!c->j)
		_exit(6);
	c->n = journal_last_n(c->j);
	if (journal_cursor_get(c->j, slice_of("s"), &at, NULL) == 1)
		c->fetched = strtoull(at, NULL, 10);
	for (;;) {
		turn(c);
		loop_turn(c->l, 0);
	}
}

static void sleep_us(long us)
{
	struct timespec t = { 0, us * 1000 };

	nanosleep(&t, NULL);
}

/* The last number told, or `before` when none was. */
static uint64_t kill_one(const char *path, unsigned seed, enum journal_sync sync, uint64_t before)
{
	uint64_t told = before, v;
	int fds[2], status;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		run_child(path, fds[1], seed, sync);
	}
	close(fds[1]);
	if (seed % 5) /* every fifth may die before it opened the file */
		assert_int_equal(read(fds[0], &told, 8), 8);
	sleep_us(seed * 7919 % 40000);
	kill(pid, SIGKILL);
	while (read(fds[0], &v, 8) == 8)
		told = v;
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	return told;
}

struct seen {
	uint64_t count;
};

/* Event n is the source's number n: none is missing, none is there twice. */
static void see(void *arg, const struct journal_event *e)
{
	struct seen *s = arg;
	char id[24];

	s->count++;
	assert_int_equal(e->ev->n, s->count);
	snprintf(id, sizeof(id), "%llu", (unsigned long long)s->count);
	assert_true(slice_is(e->ev->id, id));
	assert_int_equal(e->ev->data.n, s->count % 300);
}

static void check(const char *path, uint64_t told)
{
	struct loop *l = loop_new();
	struct journal_spec spec = { .path = path };
	struct journal *j = journal_open(l, &spec, NULL);
	struct seen s = { 0 };
	char *at = NULL;
	int64_t rows;

	assert_non_null(j);
	assert_string_equal(journal_notice(j), "");
	rows = journal_load_events(j, UINT32_MAX, see, &s, NULL);
	assert_int_equal(rows, s.count);
	assert_true(s.count >= told);
	assert_int_equal(journal_last_n(j), s.count);
	assert_int_equal(journal_cursor_get(j, slice_of("s"), &at, NULL), s.count > 0);
	assert_int_equal(at ? strtoull(at, NULL, 10) : 0, s.count);
	free(at);
	assert_int_equal(journal_close(j, NULL), 0);
	loop_free(l);
}

static void kill_often(enum journal_sync sync)
{
	char dir[] = "/tmp/journal-kill-XXXXXX";
	uint64_t told = 0;
	char *path, *rm;

	assert_non_null(mkdtemp(dir));
	path = xasprintf("%s/j.db", dir);
	rm = xasprintf("rm -rf %s", dir);
	for (unsigned i = 1; i <= ROUNDS; i++) {
		told = kill_one(path, i, sync, told);
		if (i % 3) /* else the next child itself finds what the kill left */
			check(path, told);
	}
	check(path, told);
	assert_true(told > ROUNDS);
	print_message("%llu events told over %d kills\n", (unsigned long long)told, ROUNDS);
	assert_int_equal(system(rm), 0);
	free(path);
	free(rm);
}

static void nothing_told_is_lost_with_full_sync(void **state)
{
	kill_often(JOURNAL_SYNC_FULL);
}

static void nothing_told_is_lost_with_normal_sync(void **state)
{
	kill_often(JOURNAL_SYNC_NORMAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_told_is_lost_with_full_sync),
		cmocka_unit_test(nothing_told_is_lost_with_normal_sync),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
