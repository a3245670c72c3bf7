/* The terminal object and the widgets in a real program on a pseudo-terminal. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "tests/console/pty.h"

static char demo[4096];

static struct pty *start(struct pty_opts o, const char *a1, const char *a2)
{
	const char *argv[] = { demo, a1, a1 ? a2 : NULL, NULL };
	struct pty *p = pty_start(&o, argv);

	pty_expect(p, "gpu-fra0-000000");
	return p;
}

static void expect_clean(struct pty *p, const char *when)
{
	const char *left = pty_left_on(p);

	if (*left)
		fail_msg("%s leaves on: %s", when, left);
}

static void keys_move_and_screens_change(void **state)
{
	struct pty *p = start((struct pty_opts){ 0 }, NULL, NULL);

	pty_keys(p, "<down><down>j");
	pty_expect(p, "› gpu-fra3-000003");
	pty_keys(p, "2");
	pty_expect(p, "event 999");
	pty_keys(p, "/over limit<enter>");
	pty_expect_gone(p, "/over");
	pty_keys(p, "3");
	pty_expect(p, "temperature °C");
	pty_keys(p, ":de<tab>");
	pty_expect(p, "describe");
	pty_keys(p, "<esc>");
	pty_expect_gone(p, "describe");
	pty_keys(p, "/(<enter>");
	pty_expect(p, "missing");
	pty_keys(p, "<esc>");
	pty_expect_gone(p, "missing");
	pty_keys(p, ":quit<enter>");
	assert_int_equal(pty_wait(p), 0);
	expect_clean(p, "quit");
	pty_end(p);
}

static void keys_under_a_guard(void **state)
{
	struct pty *p = start((struct pty_opts){ 0 }, "--guard", NULL);

	pty_keys(p, "<down>E2");
	pty_expect(p, "event 999");
	pty_keys(p, "q");
	assert_int_equal(pty_wait(p), 0);
	expect_clean(p, "quit");
	assert_non_null(strstr(pty_output(p)->p, "said to stderr"));
	pty_end(p);
}

static void a_killed_program_leaves_the_terminal_clean(void **state)
{
	for (int i = 0; i < 6; i++) {
		struct pty *p = start((struct pty_opts){ .sync2026 = i & 1 }, "--guard", "--mouse");
		int status;

		pty_keys(p, i & 2 ? "E3" : "j2/ab");
		pty_pump(p, i * 7);
		kill(pty_child(p), SIGKILL);
		status = pty_wait(p);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGKILL);
		expect_clean(p, "SIGKILL");
		assert_non_null(strstr(pty_output(p)->p, "demo: killed, "));
		assert_non_null(strstr(pty_output(p)->p, "the log is elsewhere"));
		if (i & 2)
			assert_non_null(strstr(pty_output(p)->p, "said to stderr ?[31mred"));
		pty_end(p);
	}
}

/* The parent killed instead: the program itself puts the terminal back, and does not live on. */
static void a_killed_guard_leaves_the_terminal_clean(void **state)
{
	struct pty *p = start((struct pty_opts){ 0 }, "--guard", "--mouse");
	int child = pty_child(p);

	pty_signal(p, SIGKILL);
	pty_wait(p);
	pty_wait_child(p, child);
	expect_clean(p, "SIGKILL of the guard");
	pty_end(p);
}

static void signals_pass_the_guard(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGSEGV, SIGABRT, SIGBUS,
		SIGFPE, SIGILL, SIGTRAP, SIGUSR1, SIGPIPE, SIGALRM, SIGSYS, SIGXCPU };

	for (int to_child = 0; to_child < 2; to_child++)
		for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
			struct pty *p = start((struct pty_opts){ 0 }, "--guard", NULL);
			int status;

			if (to_child)
				kill(pty_child(p), signals[i]);
			else
				pty_signal(p, signals[i]);
			status = pty_wait(p);
			assert_true(WIFSIGNALED(status));
			assert_int_equal(WTERMSIG(status), signals[i]);
			expect_clean(p, strsignal(signals[i]));
			assert_null(strstr(pty_output(p)->p, "killed, "));
			pty_end(p);
		}
}

/* As a job of a shell, which says when it is stopped, as often as it will be, and continues it
 * after `enter`.  (A loop of the shell would end with the first stop.) */
static struct pty *start_job(const char *command, int stops)
{
	char script[256];
	const char *argv[] = { "/bin/bash", "-c", script, demo, NULL };
	int n = snprintf(script, sizeof(script), "set -m; %s", command);
	struct pty *p;

	for (int i = 1; i <= stops; i++)
		n += snprintf(script + n, sizeof(script) - (size_t)n, "; echo stopped %d; read go; fg",
			i);
	p = pty_start(&(struct pty_opts){ 0 }, argv);
	pty_expect(p, "gpu-fra0-000000");
	return p;
}

static void stops_and_goes_on(struct pty *p, const char *stopped, const char *then)
{
	pty_expect(p, stopped);
	expect_clean(p, "stopping");
	pty_keys(p, "<enter>");
	pty_expect(p, "gpu-fra0-000000");
	pty_keys(p, "<down>");
	pty_expect(p, then);
	assert_true(screen_mode(pty_screen(p), 1049));
}

static void quits(struct pty *p)
{
	pty_keys(p, "q");
	assert_int_equal(pty_wait(p), 0);
	expect_clean(p, "quit");
	pty_end(p);
}

/* By its own key, and by a SIGSTOP that the program never sees. */
static void a_guard_stops_and_goes_on_with_its_program(void **state)
{
	struct pty *p = start_job("\"$0\" --guard --mouse", 3);

	pty_keys(p, "<ctrl-z>");
	stops_and_goes_on(p, "stopped 1", "› gpu-fra1-000001");
	pty_keys(p, "<ctrl-z>");
	stops_and_goes_on(p, "stopped 2", "› gpu-fra2-000002");
	kill(pty_child_of(pty_child(p)), SIGSTOP);
	stops_and_goes_on(p, "stopped 3", "› gpu-fra3-000003");
	assert_true(screen_mode(pty_screen(p), 1002));
	quits(p);
}

/* make, a demo's parent: what waits in the same job stops and goes on with us. */
static void the_whole_job_stops(void **state)
{
	struct pty *p = start_job("sh -c '\"$0\" --guard; exit $?' \"$0\"", 1);

	pty_keys(p, "<ctrl-z>");
	stops_and_goes_on(p, "stopped 1", "› gpu-fra1-000001");
	quits(p);
}

static void every_signal_leaves_the_terminal_clean(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGSEGV, SIGABRT, SIGBUS,
		SIGFPE, SIGILL, SIGTRAP, SIGUSR1, SIGPIPE, SIGALRM, SIGSYS, SIGXCPU };
	unsigned seed = 20261122;

	for (int round = 0; round < 3; round++)
		for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
			struct pty *p = start((struct pty_opts){ .sync2026 = true }, "--tick", "3");
			char when[32];
			int status;

			seed = seed * 1103515245 + 12345;
			pty_keys(p, round == 1 ? "j2/ab" : "3");
			pty_pump(p, (int)(seed >> 16) % 40); /* any moment of its life */
			pty_signal(p, signals[i]);
			status = pty_wait(p);
			snprintf(when, sizeof(when), "signal %d", signals[i]);
			assert_true(WIFSIGNALED(status));
			assert_int_equal(WTERMSIG(status), signals[i]);
			expect_clean(p, when);
			pty_end(p);
		}
}

static void what_was_said_to_stderr_is_shown_after(void **state)
{
	for (int i = 0; i < 2; i++) {
		struct pty *p = start((struct pty_opts){ 0 }, NULL, NULL);

		pty_keys(p, "E<down>");
		pty_expect(p, "› gpu-fra1-000001");
		assert_null(strstr(pty_output(p)->p, "said to stderr"));
		if (i == 0)
			pty_keys(p, "q");
		else
			pty_signal(p, SIGSEGV);
		pty_wait(p);
		expect_clean(p, "the end");
		/* and harmless: the escape in it is not one any more */
		assert_non_null(strstr(pty_output(p)->p, "said to stderr ?[31mred"));
		pty_end(p);
	}
}

static void a_closed_terminal_ends_the_program(void **state)
{
	for (int i = 0; i < 2; i++) {
		struct pty *p = start((struct pty_opts){ 0 }, "--tick", "10");

		pty_hangup(p);
		pty_wait(p);
		assert_false(pty_alive(p));
		pty_end(p);
	}
}

/* SIGHUP ignored, as under nohup: the end of the terminal itself must be seen. */
static void a_closed_terminal_is_seen_without_a_signal(void **state)
{
	struct pty_opts o = { 0 };
	struct pty *p;
	const char *argv[] = { "/bin/sh", "-c", "trap '' HUP; exec \"$0\" --tick 10", demo, NULL };
	int status;

	p = pty_start(&o, argv);
	pty_expect(p, "gpu-fra0-000000");
	pty_hangup(p);
	status = pty_wait(p);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	pty_end(p);
}

static void stopped_and_continued(void **state)
{
	struct pty *p = start_job("\"$0\" --mouse", 1);

	pty_keys(p, "<ctrl-z>");
	stops_and_goes_on(p, "stopped 1", "› gpu-fra1-000001");
	assert_true(screen_mode(pty_screen(p), 1002));
	quits(p);
}

/* Where nobody could continue it, it goes on. */
static void not_stopped_without_a_shell(void **state)
{
	struct pty *p = start((struct pty_opts){ 0 }, "--mouse", NULL);

	pty_keys(p, "<ctrl-z>");
	pty_settle(p, 100);
	pty_keys(p, "<down>");
	pty_expect(p, "› gpu-fra1-000001");
	assert_true(screen_mode(pty_screen(p), 1049));
	quits(p);
}

static void any_size(void **state)
{
	static const int sizes[][2] = { { 40, 120 }, { 10, 40 }, { 5, 20 }, { 1, 1 }, { 2, 5 },
		{ 200, 500 }, { 24, 80 } };
	struct pty *p = start((struct pty_opts){ 0 }, NULL, NULL);
	char text[32];

	for (int i = 0; i < 200; i++)
		pty_resize(p, 10 + i % 30, 40 + i % 90);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		pty_resize(p, sizes[i][0], sizes[i][1]);
		snprintf(text, sizeof(text), "%dx%d", sizes[i][1], sizes[i][0]);
		if (sizes[i][1] >= 20)
			pty_expect(p, text);
	}
	pty_keys(p, "q");
	assert_int_equal(pty_wait(p), 0);
	pty_end(p);
}

static void redraw_changes_nothing(void **state)
{
	static const char *const keys[] = { "<down><down>", "<pgdn>", "2", "<up><up><up>", "3",
		"<down>", "1", ":dev", "<tab>", "<esc>", "<right>", "<right>" };
	struct pty *p = start((struct pty_opts){ .rows = 30, .cols = 70 }, NULL, NULL);

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		char *a, *b;

		pty_keys(p, keys[i]);
		pty_settle(p, 150);
		a = screen_cells(pty_screen(p));
		pty_keys(p, "<ctrl-l>");
		pty_settle(p, 150);
		b = screen_cells(pty_screen(p));
		if (strcmp(a, b) != 0)
			fail_msg("after %s the screen was not what it should be", keys[i]);
		free(a);
		free(b);
	}
	pty_end(p);
}

/* A fast, a slow, a silent and a stalled terminal end on the same screen. */
static void slow_terminals_skip_frames_and_end_the_same(void **state)
{
	const struct pty_opts kinds[] = { { .rows = 30, .cols = 100 },
		{ .rows = 30, .cols = 100, .rate = 20000, .answer_after_ms = 60 },
		{ .rows = 30, .cols = 100, .mute = true },
		{ .rows = 30, .cols = 100, .answer_times = 2 },
		{ .rows = 30, .cols = 100, .answer_after_ms = 300 } };
	char *first = NULL;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct pty *p = start(kinds[i], NULL, NULL);
		char *cells;

		for (int k = 0; k < 30; k++)
			pty_keys(p, "<down>");
		pty_freeze(p, i == 1);
		pty_keys(p, "<pgdn><down><up>");
		pty_pump(p, i == 1 ? 300 : 0);
		pty_freeze(p, false);
		pty_expect(p, "› gpu-fra2-000050");
		pty_settle(p, 400);
		cells = screen_cells(pty_screen(p));
		if (!first)
			first = cells;
		else if (strcmp(first, cells) != 0)
			fail_msg("terminal %zu shows something else: %s\n%s", i,
				screen_difference(first, cells), screen_text(pty_screen(p)));
		if (cells != first)
			free(cells);
		pty_keys(p, "q");
		assert_int_equal(pty_wait(p), 0);
		expect_clean(p, "quit");
		pty_end(p);
	}
	free(first);
}

/* No answer may reach the shell, nor be taken for a key. */
static void stray_answers_run_nothing(void **state)
{
	static const char *const stray[] = { "\033[0n\033[0n", "\033[?62;22c", "\033[24;80R",
		"\033]11;rgb:0000/0000/0000\033\\", "\033P1$r0m\033\\", "\033[?2026;2$y" };
	struct pty *p = start((struct pty_opts){ 0 }, NULL, NULL);

	for (size_t i = 0; i < ARRAY_LEN(stray); i++)
		for (size_t k = 0; k < strlen(stray[i]); k++) {
			pty_send(p, stray[i] + k, 1);
			pty_pump(p, 1);
		}
	pty_keys(p, "<down>");
	pty_expect(p, "› gpu-fra1-000001");
	pty_keys(p, "q");
	assert_int_equal(pty_wait(p), 0);
	pty_end(p);
}

static void pastes_and_mice(void **state)
{
	struct pty *p = start((struct pty_opts){ 0 }, "--mouse", NULL);
	char *big = xmalloc(1 << 20);

	memset(big, 'q', 1 << 20);
	pty_send(p, "\033[200~", 6);
	pty_send(p, big, 1 << 20);
	pty_send(p, "\033[201~", 6);
	pty_expect(p, "bytes, cut");
	pty_send(p, "\033[<0;5;7M", 9);
	pty_expect(p, "› gpu-fra0-000004");
	pty_keys(p, "q");
	assert_int_equal(pty_wait(p), 0);
	expect_clean(p, "quit");
	free(big);
	pty_end(p);
}

static size_t count(const struct buf *b, const char *what)
{
	size_t n = 0;

	for (const char *p = b->p; (p = memmem(p, b->len - (size_t)(p - b->p), what, strlen(what)));
		p++)
		n++;
	return n;
}

static void frames_are_wrapped_where_the_terminal_knows_how(void **state)
{
	for (int i = 0; i < 2; i++) {
		struct pty *p = start((struct pty_opts){ .sync2026 = i }, NULL, NULL);

		pty_keys(p, "<down>");
		pty_expect(p, "› gpu-fra1-000001");
		pty_keys(p, "<down>");
		pty_expect(p, "› gpu-fra2-000002");
		assert_int_equal(count(pty_output(p), "\033[?2026h") > 0, i);
		pty_keys(p, "q");
		pty_wait(p);
		expect_clean(p, "quit");
		pty_end(p);
	}
}

/* Bytes are a matter of arithmetic, not of time: the demo's data stand still. */
static void few_bytes_a_key_and_none_when_idle(void **state)
{
	struct pty *p = start((struct pty_opts){ .rows = 50, .cols = 200 }, NULL, NULL);
	size_t before;

	pty_keys(p, "<down>");
	pty_expect(p, "› gpu-fra1-000001");
	pty_settle(p, 200);
	before = pty_output(p)->len;
	for (int i = 0; i < 20; i++) {
		pty_keys(p, "<down>");
		pty_settle(p, 50);
	}
	pty_expect(p, "› gpu-fra1-000021");
	assert_in_range((pty_output(p)->len - before) / 20, 50, 400);
	pty_settle(p, 200);
	before = pty_output(p)->len;
	pty_pump(p, 500);
	assert_int_equal(pty_output(p)->len, before);
	pty_end(p);
}

static int coloured_cells(struct pty *p, int rows, int cols)
{
	int n = 0;

	for (int r = 0; r < rows; r++)
		for (int c = 0; c < cols; c++) {
			struct screen_look l = screen_look(pty_screen(p), r, c);

			n += l.fg >= 0 || l.bg >= 0;
		}
	return n;
}

static void each_terminal_gets_what_it_can(void **state)
{
	static const char *const no_colour[] = { "NO_COLOR=1", NULL };
	static const char *const ascii[] = { "LC_ALL", "LANG=C", NULL };
	static const char *const odd[] = { "LC_ALL=xx_XX.UTF-8", NULL };
	const struct pty_opts kinds[] = { { .env = no_colour }, { .env = ascii }, { .env = odd },
		{ .term = "linux" }, { .term = "vt100" }, { .term = "screen" },
		{ .term = "xterm" } };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct pty *p = start(kinds[i], NULL, NULL);
		int colours;

		pty_keys(p, "3");
		pty_expect(p, "temperature");
		colours = coloured_cells(p, 24, 80);
		pty_keys(p, "q");
		assert_int_equal(pty_wait(p), 0);
		expect_clean(p, "quit");
		if (i == 0)
			assert_int_equal(colours, 0);
		if (i == 3 || i > 4)
			assert_true(colours > 0);
		for (size_t k = 0; i == 1 && k < pty_output(p)->len; k++)
			assert_true((unsigned char)pty_output(p)->p[k] < 0x80);
		if (i == 2)
			assert_true(count(pty_output(p), "┤") > 0);
		pty_end(p);
	}
}

static void truecolour_where_the_terminal_says_so(void **state)
{
	static const struct {
		const char *env[4], *term;
		bool direct;
	} kinds[] = { { { NULL }, NULL, false }, { { "COLORTERM=truecolor" }, NULL, true },
		{ { "COLORTERM=24bit" }, NULL, true }, { { "COLORTERM=yes" }, NULL, false },
		{ { "COLORTERM=truecolor", "NO_COLOR=1" }, NULL, false },
		{ { "COLORTERM=truecolor", "STY=1.x" }, "screen-256color", false },
		{ { "COLORTERM=truecolor" }, "tmux-256color", true },
		{ { "COLORTERM=truecolor" }, "linux", false },
		{ { "COLORTERM=truecolor" }, "vt100", false } };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct pty *p =
			start((struct pty_opts){ .term = kinds[i].term, .env = kinds[i].env }, NULL,
				NULL);

		pty_keys(p, "<down>");
		pty_expect(p, kinds[i].term && *kinds[i].term != 't' ? "gpu-fra1-000001"
								     : "› gpu-fra1-000001");
		pty_keys(p, "q");
		assert_int_equal(pty_wait(p), 0);
		/* the background of the selected row */
		if ((count(pty_output(p), "48;2;48;58;79") > 0) != kinds[i].direct ||
			(count(pty_output(p), "8;2;") > 0) != kinds[i].direct)
			fail_msg("kind %zu", i);
		pty_end(p);
	}
}

static void a_terminal_that_cannot_gets_a_word(void **state)
{
	static const char *const terms[] = { "dumb", "no-such" };

	for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
		struct pty_opts o = { .term = terms[i] };
		const char *argv[] = { demo, NULL };
		struct pty *p = pty_start(&o, argv);
		int status = pty_wait(p);

		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 2);
		assert_int_equal(count(pty_output(p), "\033"), 0);
		assert_non_null(strstr(pty_output(p)->p, "--plain"));
		pty_end(p);
	}
}

static int find_demo(void **state)
{
	ssize_t n = readlink("/proc/self/exe", demo, sizeof(demo) - 8);

	if (n <= 0)
		return -1;
	demo[n] = '\0';
	strcpy(strrchr(demo, '/') + 1, "demo");
	return access(demo, X_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_move_and_screens_change),
		cmocka_unit_test(keys_under_a_guard),
		cmocka_unit_test(a_killed_program_leaves_the_terminal_clean),
		cmocka_unit_test(a_killed_guard_leaves_the_terminal_clean),
		cmocka_unit_test(signals_pass_the_guard),
		cmocka_unit_test(a_guard_stops_and_goes_on_with_its_program),
		cmocka_unit_test(the_whole_job_stops),
		cmocka_unit_test(every_signal_leaves_the_terminal_clean),
		cmocka_unit_test(what_was_said_to_stderr_is_shown_after),
		cmocka_unit_test(a_closed_terminal_ends_the_program),
		cmocka_unit_test(a_closed_terminal_is_seen_without_a_signal),
		cmocka_unit_test(stopped_and_continued),
		cmocka_unit_test(not_stopped_without_a_shell),
		cmocka_unit_test(any_size),
		cmocka_unit_test(redraw_changes_nothing),
		cmocka_unit_test(slow_terminals_skip_frames_and_end_the_same),
		cmocka_unit_test(stray_answers_run_nothing),
		cmocka_unit_test(pastes_and_mice),
		cmocka_unit_test(frames_are_wrapped_where_the_terminal_knows_how),
		cmocka_unit_test(few_bytes_a_key_and_none_when_idle),
		cmocka_unit_test(each_terminal_gets_what_it_can),
		cmocka_unit_test(truecolour_where_the_terminal_says_so),
		cmocka_unit_test(a_terminal_that_cannot_gets_a_word),
	};

	return cmocka_run_group_tests(tests, find_demo, NULL);
}
