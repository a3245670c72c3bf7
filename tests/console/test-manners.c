/* The console's manners on a line and with its terminal, whatever becomes of either. */
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
#include "tests/console/world.h"

static unsigned seed;

static unsigned next(void)
{
	seed = seed * 1103515245 + 12345;
	return seed >> 16;
}

/* --- how it ends ------------------------------------------------------------------------------ */

static const char *const doings[] = { "", "2", "3", "4", "5", "6", "?", "2jjj<enter>", "3/ab", ":de<tab>",
	"2/temp>", "2G", "<ctrl-l>", "1<pgdn>" };

static struct pty *busy_console(void)
{
	struct pty *p = world_console(24, 80);

	pty_keys(p, doings[next() % ARRAY_LEN(doings)]);
	pty_pump(p, (int)(next() % 60)); /* any moment of its life */
	return p;
}

static void expect_died_of(struct pty *p, int sig)
{
	int status = pty_wait(p);

	if (!WIFSIGNALED(status) || WTERMSIG(status) != sig)
		fail_msg("of %s it ended with status %x", strsignal(sig), (unsigned)status);
	world_expect_clean(p);
}

/* Those of a bench of terminal programs, and more; to the one that was started, and to its child. */
static void signals_leave_the_terminal_clean(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGSEGV, SIGABRT, SIGBUS,
		SIGFPE, SIGUSR1, SIGILL, SIGSYS, SIGXCPU };

	seed = 20261122;
	for (size_t i = 0; i < 2 * ARRAY_LEN(signals); i++) {
		struct pty *p = busy_console();

		print_message("%s\n", strsignal(signals[i / 2]));
		if (i % 2)
			kill(pty_child(p), signals[i / 2]);
		else
			pty_signal(p, signals[i / 2]);
		expect_died_of(p, signals[i / 2]);
		pty_end(p);
	}
}

/* A reader that goes away is an error of that write, not the end of the console. */
static void a_broken_pipe_is_survived(void **state)
{
	struct pty *p = world_console(24, 80);

	kill(pty_child(p), SIGPIPE);
	pty_signal(p, SIGPIPE);
	pty_keys(p, "6");
	pty_expect(p, "fleet");
	world_quit(p);
}

static void killed_it_leaves_the_terminal_clean(void **state)
{
	for (int i = 0; i < 6; i++) {
		struct pty *p = busy_console();

		kill(pty_child(p), SIGKILL);
		expect_died_of(p, SIGKILL);
		assert_non_null(strstr(pty_output(p)->p, "depinctl: killed"));
		assert_non_null(strstr(pty_output(p)->p, "lab.log"));
		pty_end(p);
	}
}

static void its_guard_killed_it_leaves_the_terminal_clean(void **state)
{
	struct pty *p = busy_console();
	int child = pty_child(p);

	pty_signal(p, SIGKILL);
	pty_wait(p);
	pty_wait_child(p, child);
	world_expect_clean(p);
	pty_end(p);
}

static void a_closed_terminal_ends_it(void **state)
{
	struct pty *p = world_console(24, 80);

	pty_hangup(p);
	pty_wait(p);
	assert_false(pty_alive(p));
	pty_end(p);
}

/* As under nohup: the end of the terminal itself is seen, by it and its child. */
static void a_closed_terminal_is_seen_without_a_signal(void **state)
{
	struct pty *p = world_start_after("trap '' HUP");
	int child;

	pty_expect(p, "Infrastructure");
	child = pty_child(p);
	pty_hangup(p);
	pty_wait(p);
	assert_int_equal(kill(child, 0), -1);
	pty_end(p);
}

/* --- what comes from the terminal ------------------------------------------------------------- */

/* Each Esc by itself: one before a key would be Alt. */
static void leave_it(struct pty *p)
{
	for (int i = 0; i < 4; i++) {
		pty_keys(p, "<esc>");
		pty_pump(p, 300);
	}
}

static void a_megabyte_is_pasted(void **state)
{
	static const char *const where[] = { "", "2", ":", "2/", "3/" };
	char *big = xmalloc(1 << 20);
	struct pty *p = world_console(24, 80);

	memset(big, 'q', 1 << 20);
	memcpy(big + 1000, "\r:quit\r\033[0n\003", 11);
	for (size_t i = 0; i < ARRAY_LEN(where); i++) {
		pty_keys(p, where[i]);
		pty_send(p, "\033[200~", 6);
		pty_send(p, big, 1 << 20);
		pty_send(p, "\033[201~", 6);
		leave_it(p);
		pty_keys(p, "6");
		pty_expect(p, "fleet");
		pty_keys(p, "1");
		pty_expect(p, "Infrastructure");
	}
	world_quit(p);
	free(big);
}

/* Without the brackets around it, it is keys; `q` and ctrl-c are not among them. */
static void garbage_is_typed(void **state)
{
	struct pty *p = world_console(24, 80);
	char junk[64];

	seed = 7;
	for (int round = 0; round < 300; round++) {
		for (size_t i = 0; i < sizeof(junk); i++) {
			junk[i] = (char)next();
			if (strchr("q\003\032\r\n", junk[i]))
				junk[i] = '\033';
		}
		pty_send(p, junk, sizeof(junk));
		pty_pump(p, 1);
	}
	pty_settle(p, 500); /* behind a backlog, one Esc could not be told from the next */
	pty_send(p, "\033\\\033[201~", 8); /* whatever was left open */
	leave_it(p);
	pty_keys(p, ":overview<enter>");
	pty_expect(p, "Infrastructure");
	world_quit(p);
}

static void answers_are_late_double_or_none(void **state)
{
	const struct pty_opts kinds[] = { { .mute = true }, { .answer_after_ms = 700 },
		{ .answer_times = 3 }, { .answer_after_ms = 100, .rate = 12000, .answer_times = 2 } };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct pty *p;

		world_forget();
		p = world_start(kinds[i], NULL, NULL);
		pty_expect(p, "Infrastructure");
		pty_keys(p, "2");
		pty_expect(p, "READINGS");
		pty_keys(p, "<down><down>?");
		pty_expect(p, "On lists");
		world_quit(p);
	}
}

/* --- what the terminal does not take ---------------------------------------------------------- */

static long cpu_ticks(int pid)
{
	char path[64];
	long user = 0, kernel = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "re");
	if (!f || fscanf(f, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld", &user,
			  &kernel) != 2)
		fail_msg("%s cannot be read", path);
	fclose(f);
	return user + kernel;
}

/* What it keeps of itself says that its turns go on. */
static bool remembers(const char *screen)
{
	FILE *f = fopen(world_path("depinctl/console/lab.json"), "re");
	char text[4096] = "", want[80];

	if (!f)
		return false;
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	snprintf(want, sizeof(want), "\"screen\":\"%s\"", screen);
	return strstr(text, want) != NULL;
}

/* Ten seconds without a byte taken: the world goes on, and then it shows as it is. */
static void a_terminal_stops_reading(void **state)
{
	struct pty *p = world_console(40, 120);
	long before;

	pty_keys(p, "2");
	pty_expect(p, "READINGS");
	before = cpu_ticks(pty_child(p));
	pty_freeze(p, true);
	pty_fill(p);
	for (int i = 0; i < 20; i++) {
		pty_keys(p, i % 2 ? "3" : "2<pgdn><down>");
		pty_resize(p, 30 + i, 100 + 3 * i);
		pty_pump(p, 500);
	}
	assert_in_range(cpu_ticks(pty_child(p)) - before, 0, sysconf(_SC_CLK_TCK));
	pty_keys(p, "5");
	for (int i = 0; i < PTY_WAIT_MS / 50 && !remembers("networks"); i++)
		pty_pump(p, 50);
	assert_true(remembers("networks"));
	pty_freeze(p, false);
	pty_resize(p, 40, 120);
	pty_keys(p, "6");
	pty_expect(p, "fleet");
	pty_expect(p, "● live");
	world_quit(p);
}

/* --- what it is told of the terminal ---------------------------------------------------------- */

static bool has_high(const struct buf *b)
{
	for (size_t i = 0; i < b->len; i++)
		if ((unsigned char)b->p[i] >= 0x80)
			return true;
	return false;
}

/* Each tab, and what shows that it is there. */
static const char *const tabs[][2] = { { "2", "READINGS" }, { "3", "following" }, { "4", " Ledgers" },
	{ "5", "UNKNOWN" }, { "6", "fleet" }, { "7", "300 devices" }, { "8", " Alerts" },
	{ "9", " Governance" }, { "?", "Everywhere" } };

struct look {
	bool colour, direct, high; /* colours at all, and in 24 bits; something beyond ASCII */
};

static void expect_look(const char *term, const char *const *env, size_t n_tabs, struct look want)
{
	const struct pty_opts o = { .term = term, .env = env };
	const struct buf *out;
	struct pty *p;

	world_forget();
	p = world_start(o, NULL, NULL);
	out = pty_output(p);
	pty_expect(p, "300 of 300 up");
	for (size_t i = 0; i < n_tabs; i++) {
		pty_keys(p, tabs[i][0]);
		pty_expect(p, tabs[i][1]);
	}
	pty_keys(p, "q");
	assert_int_equal(pty_wait(p), 0);
	world_expect_clean(p);
	if (world_has_colour(out) != want.colour || has_high(out) != want.high ||
		(memmem(out->p, out->len, "8;2;", 4) != NULL) != want.direct)
		fail_msg("%s, %s, %s: colour %d, beyond ASCII %d", term, env[0] ? env[0] : "-",
			env[0] && env[1] ? env[1] : "-", world_has_colour(out), has_high(out));
	pty_end(p);
}

/* Where both are taken away, they are from every tab. */
static void each_terminal_gets_what_it_can(void **state)
{
	static const struct {
		const char *name;
		bool colour;
	} terms[] = { { "xterm-256color", true }, { "xterm", true }, { "tmux-256color", true },
		{ "screen", true }, { "linux", true }, { "vt100", false } };
	static const struct {
		const char *env;
		bool high;
	} langs[] = { { "LANG=C.UTF-8", true }, { "LANG=C", false }, { "LANG=de_DE.UTF-8", true },
		{ "LANG=de_DE", false } };

	for (size_t i = 0; i < ARRAY_LEN(terms) * ARRAY_LEN(langs) * 2; i++) {
		size_t t = i / 2 / ARRAY_LEN(langs), l = i / 2 % ARRAY_LEN(langs);
		const char *env[] = { langs[l].env, "LC_ALL", i % 2 ? "NO_COLOR=1" : NULL, NULL };
		bool colour = terms[t].colour && i % 2 == 0;

		expect_look(terms[t].name, env, !colour && !langs[l].high ? ARRAY_LEN(tabs) : 1,
			(struct look){ .colour = colour, .high = langs[l].high });
	}
}

static void what_else_it_is_told_counts(void **state)
{
	static const struct {
		const char *env[4];
		struct look want;
	} kinds[] = {
		{ { "COLORTERM=truecolor" }, { true, true, true } },
		{ { "NO_COLOR=1", "COLORTERM=truecolor" }, { false, false, true } },
		{ { "NO_COLOR=" }, { true, false, true } },
		{ { "LC_ALL=C", "LANG=C.UTF-8" }, { true, false, false } },
		{ { "LC_ALL", "LANG=POSIX" }, { true, false, false } },
		{ { "LC_ALL", "LC_CTYPE=en_US.UTF-8", "LANG=C" }, { true, false, true } },
	};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		expect_look("xterm-256color", kinds[i].env, 1, kinds[i].want);
}

static void a_terminal_that_cannot_gets_a_word(void **state)
{
	static const char *const terms[] = { "dumb", "no-such" };

	for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
		struct pty *p = world_start((struct pty_opts){ .term = terms[i] }, NULL, NULL);
		int status = pty_wait(p);

		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 2);
		assert_null(memchr(pty_output(p)->p, '\033', pty_output(p)->len));
		assert_non_null(strstr(pty_output(p)->p, "--plain"));
		pty_end(p);
		p = world_start((struct pty_opts){ .term = terms[i] }, "--plain", NULL);
		assert_int_equal(pty_wait(p), 0);
		assert_true(i > 0 || !memchr(pty_output(p)->p, '\033', pty_output(p)->len));
		assert_non_null(strstr(pty_output(p)->p, "infrastructure"));
		assert_non_null(strstr(pty_output(p)->p, "bat-adl1-0002"));
		pty_end(p);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signals_leave_the_terminal_clean),
		cmocka_unit_test(a_broken_pipe_is_survived),
		cmocka_unit_test(killed_it_leaves_the_terminal_clean),
		cmocka_unit_test(its_guard_killed_it_leaves_the_terminal_clean),
		cmocka_unit_test(a_closed_terminal_ends_it),
		cmocka_unit_test(a_closed_terminal_is_seen_without_a_signal),
		cmocka_unit_test(a_megabyte_is_pasted),
		cmocka_unit_test(garbage_is_typed),
		cmocka_unit_test(answers_are_late_double_or_none),
		cmocka_unit_test(a_terminal_stops_reading),
		cmocka_unit_test(each_terminal_gets_what_it_can),
		cmocka_unit_test(what_else_it_is_told_counts),
		cmocka_unit_test(a_terminal_that_cannot_gets_a_word),
	};

	world_find(argv[0]);
	return cmocka_run_group_tests_name("manners", tests, world_open, world_close);
}
