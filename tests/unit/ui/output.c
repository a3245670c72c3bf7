/* A command's output on its page, with a shell in the place of the program. */
#include "tests/unit/ui/desk.h"

#include <signal.h>

#include "ui/screen/moment.h"
#include "ui/ui.h"

static const struct ui_verb verbs[] = {
	{ "say", "WORD...", "says it", .acts = false },
	{ "tell", "WORD...", "tells of any moment", .at = true },
	{ "alter", "", "changes something", .acts = true },
	{ "apart", "", "stays", .apart = true },
	{ 0 },
};

static struct desk *begin(const char *script, bool read_only)
{
	static const char *own[] = { "/bin/sh", "-c", NULL, NULL };

	own[2] = script;
	fake_start();
	return desk_sit(24, 100, (struct shell_spec){ .verbs = verbs, .own = own,
		.read_only = read_only }, "");
}

static void words_go_as_they_are_quoted(void **state)
{
	struct desk *d = begin("printf '[%s]' \"$0\" \"$@\"; echo; echo err >&2; exit 3", false);

	desk_keys(d, ":say 'a  b' c\"d e\"f ''\r");
	desk_wait(d, "exit code 3");
	desk_expect(d, "[say][a  b][cd ef][]");
	desk_expect(d, "err");
	desk_expect(d, "Overview › say 'a  b'");
	desk_keys(d, "\033");
	desk_expect_not(d, "exit code");
	desk_keys(d, ":!say 'a\r");
	desk_expect(d, "a ' is not closed");
	desk_end(d);
}

static void what_it_prints_is_made_harmless(void **state)
{
	struct desk *d = begin("printf 'a\\033[2Jb\\377\\nlast'", false);

	desk_keys(d, ":say\r");
	desk_wait(d, "exit code 0");
	desk_expect(d, "a^[[2Jb\xef\xbf\xbd");
	desk_expect(d, " last");
	desk_end(d);
}

static void too_much_is_cut_and_can_be_scrolled(void **state)
{
	struct desk *d = begin("echo first; exec yes", false);

	desk_keys(d, ":say\r");
	desk_wait(d, "cut at 1 MiB");
	desk_expect(d, " first");
	desk_keys(d, "G");
	desk_expect_not(d, " first");
	desk_keys(d, "g");
	desk_expect(d, " first");
	desk_end(d);
}

static void one_that_stays_ends_with_its_page(void **state)
{
	struct desk *d = begin("echo $$; exec sleep 1000", false);
	char *row;
	int pid = 0;

	desk_keys(d, ":say\r");
	desk_expect(d, "running ...");
	for (int i = 0; i < 2000 && pid == 0; i++) {
		loop_turn(fake.loop, 10);
		desk_draw(d);
		row = screen_row(d->screen, 3);
		pid = atoi(row);
		free(row);
	}
	assert_true(pid > 0 && kill(pid, 0) == 0);
	desk_keys(d, "\033");
	desk_expect_not(d, "running ...");
	for (int i = 0; i < 2000 && kill(pid, 0) == 0; i++)
		loop_turn(fake.loop, 10);
	assert_int_not_equal(kill(pid, 0), 0);
	desk_end(d);
}

static void they_tell_of_the_moment_that_is_shown(void **state)
{
	struct desk *d = begin("printf '[%s]' \"$0\" \"$@\"", false);

	moment_set(NOW_MS - 60000);
	desk_keys(d, ":tell a b\r");
	desk_wait(d, "[tell][--at][2026-09-21T13:32:20.000Z][a][b]");
	desk_expect_not(d, "of now");
	desk_keys(d, "\033");
	desk_keys(d, ":tell --at 5m\r");
	desk_wait(d, "[tell][--at][5m]");
	desk_keys(d, "\033");
	desk_keys(d, ":say a\r");
	desk_wait(d, "[say][a]");
	desk_expect(d, "▲ of now");
	moment_set(0);
	desk_keys(d, "\033");
	desk_keys(d, ":tell a\r");
	desk_wait(d, "[tell][a]");
	desk_end(d);
}

/* The line as it is once something like it has been answered. */
static void completed(struct desk *d, const char *keys, const char *want)
{
	desk_keys(d, keys);
	desk_wait(d, want);
	desk_keys(d, "\033");
}

static void the_program_completes_its_words(void **state)
{
	struct desk *d = begin("test \"$0 $1\" = '__complete --' || exit; shift; case \"$*\" in "
		"'say --wh') echo '--when\twhen it was';; 'say --in a,b=x') echo ':nospace\t';"
		"echo 'a,b=xyz\t';; 'say a b st') echo 'stay';; 'describe devices gp') echo gpu-7;;"
		"'get devices --filter st') echo other; echo 'status\tits state';;"
		"'get devices --filter status=up and na') echo 'status=up and name';;"
		"'get devices --sort he') echo health;; "
		"'say \xc3\xa4') echo '\xc3\xa4h';; 'say ') echo 'two words'; echo :file;; esac", false);

	completed(d, ":say --wh\t", ":say --when");
	completed(d, ":!say --in a,b=x\t", ":!say --in a,b=xyz");
	completed(d, ":say 'a b' \"st\t", ":say 'a b' \"stay");
	completed(d, ":say \xc3\xa4\t", ":say \xc3\xa4h");
	completed(d, ":device gp\t", ":device gpu-7");
	desk_keys(d, ":nosuch wh\t"); /* nobody is asked */
	assert_null(d->shell.words.own);
	desk_keys(d, "\033");
	completed(d, ":devices st\t", ":devices status");
	completed(d, ":dev st\t", ":dev status");
	completed(d, "2/status=up and na\t", "/status=up and name");
	completed(d, "she\t", "health");
	desk_end(d);
}

static void a_late_answer_is_for_nobody(void **state)
{
	struct desk *d = begin("sleep 0.1; echo stays", false);

	desk_keys(d, ":say st\t");
	desk_keys(d, "o");
	desk_expect(d, ":say sto");
	for (int i = 0; i < 20; i++)
		loop_turn(fake.loop, 10);
	desk_draw(d);
	desk_expect_not(d, "stays");
	desk_keys(d, "\t"); /* and one still on its way when all ends */
	desk_end(d);
}

static void some_are_refused(void **state)
{
	struct desk *d = begin("echo ran", true);

	desk_keys(d, ":alter\r");
	desk_expect(d, "alter: not in a read-only console");
	desk_keys(d, ":apart\r");
	desk_expect(d, "apart: not from within the console");
	desk_keys(d, ":!saya\r");
	desk_expect(d, "no command 'saya' of the command line; did you mean 'say'?");
	desk_keys(d, ":!\t");
	desk_expect(d, ":!say");
	desk_end(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_go_as_they_are_quoted),
		cmocka_unit_test(what_it_prints_is_made_harmless),
		cmocka_unit_test(too_much_is_cut_and_can_be_scrolled),
		cmocka_unit_test(one_that_stays_ends_with_its_page),
		cmocka_unit_test(they_tell_of_the_moment_that_is_shown),
		cmocka_unit_test(the_program_completes_its_words),
		cmocka_unit_test(a_late_answer_is_for_nobody),
		cmocka_unit_test(some_are_refused),
	};

	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
