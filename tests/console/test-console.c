/* The console as its users have it: on a pseudo-terminal, with a real collector and devnet. */
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

static void it_starts_a_collector_and_shows_the_network(void **state)
{
	struct pty *p = world_start((struct pty_opts){ .rows = 40, .cols = 120 }, NULL, NULL);

	pty_expect(p, "onnecting");
	pty_expect(p, "300 of 300 up");
	pty_expect(p, "transport");
	pty_expect(p, "head ");
	world_quit(p);
}

static void it_comes_back_as_it_was_left(void **state)
{
	struct pty *p = world_console(24, 100);

	pty_keys(p, "2");
	pty_expect(p, "READINGS");
	pty_keys(p, "/network=compute<enter>");
	pty_expect(p, "66 of 300");
	pty_keys(p, ":quit<enter>");
	assert_int_equal(pty_wait(p), 0);
	pty_end(p);
	p = world_start((struct pty_opts){ .rows = 24, .cols = 100 }, "--read-only", NULL);
	pty_expect(p, "read-only");
	pty_expect(p, "66 of 300");
	pty_expect(p, "network=compute");
	world_quit(p);
}

static void every_screen_is_a_key_away(void **state)
{
	struct pty *p = world_console(40, 120);

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
	world_quit(p);
}

static void a_filter_says_where_it_is_wrong(void **state)
{
	struct pty *p = world_console(24, 100);

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
	world_quit(p);
}

static void a_device_is_opened_and_plotted(void **state)
{
	struct pty *p = world_console(40, 120);

	pty_keys(p, ":devices name=gpu-fra2-0003<enter>");
	pty_expect(p, "1 of 300");
	pty_expect(p, "gpu-fra2-0003");
	pty_keys(p, "<enter>");
	pty_expect(p, "VALUE OF");
	pty_expect(p, "temp °C");
	pty_expect(p, "vram_used");
	pty_keys(p, "j");
	pty_expect(p, "util %");
	pty_keys(p, "e");
	pty_expect(p, "gpu-fra2-0003 › Events");
	pty_keys(p, "<esc><esc>");
	pty_expect_gone(p, "› Events");
	world_quit(p);
}

static void sizes_change_in_a_storm(void **state)
{
	struct pty *p = world_console(24, 80);

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
	world_quit(p);
}

static void themes_change_the_look_alone(void **state)
{
	struct pty *p = world_console(24, 80);
	int fg;

	pty_keys(p, "5");
	pty_expect(p, "storage");
	fg = screen_look(pty_screen(p), 3, 3).fg;
	pty_keys(p, "Z");
	pty_expect(p, "theme light");
	pty_expect(p, "storage");
	assert_true(world_has_colour(pty_output(p)));
	assert_int_not_equal(screen_look(pty_screen(p), 3, 3).fg, fg);
	pty_keys(p, ":theme mono<enter>");
	pty_expect(p, "theme mono");
	assert_int_equal(screen_look(pty_screen(p), 3, 3).fg, -1);
	world_quit(p);
}

static void a_stopped_collector_is_told(void **state)
{
	struct pty *p = world_console(24, 80);

	pty_keys(p, "2");
	pty_expect(p, "● up");
	assert_int_equal(world_run("stop"), 0);
	pty_expect(p, "line lost");
	pty_expect(p, "● up"); /* what was there stays */
	pty_keys(p, ":start<enter>");
	pty_expect_gone(p, "line lost");
	pty_expect(p, "● up");
	world_quit(p);
}

static void commands_of_the_command_line_run_within(void **state)
{
	struct pty *p = world_console(24, 100);

	pty_keys(p, ":status<enter>");
	pty_expect(p, "infrastructure");
	pty_expect(p, "exit code ");
	pty_keys(p, "<esc>");
	pty_expect_gone(p, "exit code ");
	pty_keys(p, ":get devices --limit 3 --filter 'name~fra2 and status=up'<enter>");
	pty_expect(p, "exit code 0");
	pty_expect(p, " gpu-fra2-");
	pty_keys(p, "l");
	pty_expect(p, " -000");
	pty_keys(p, "<esc>");
	pty_expect_gone(p, "exit code ");
	pty_keys(p, ":!events --follow<enter>");
	pty_expect(p, "running ...");
	pty_keys(p, "<esc>");
	pty_expect_gone(p, "running ...");
	pty_keys(p, ":!nosuch<enter>");
	pty_expect(p, "no command 'nosuch' of the command line");
	pty_keys(p, ":!serve<enter>");
	pty_expect(p, "serve: not from within the console");
	pty_keys(p, ":!get 'a<enter>");
	pty_expect(p, "is not closed");
	pty_keys(p, ":get nokind<enter>");
	pty_expect(p, "exit code 2");
	world_quit(p);
}

static void a_read_only_console_runs_nothing_that_acts(void **state)
{
	struct pty *p = world_start((struct pty_opts){ .rows = 24, .cols = 100 }, "--read-only", NULL);

	pty_expect(p, "read-only");
	pty_keys(p, ":stop<enter>");
	pty_expect(p, "stop: not in a read-only console");
	world_quit(p);
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
		cmocka_unit_test(commands_of_the_command_line_run_within),
		cmocka_unit_test(a_read_only_console_runs_nothing_that_acts),
		cmocka_unit_test(a_stopped_collector_is_told),
	};

	world_find(argv[0]);
	return cmocka_run_group_tests_name("console", tests, world_open, world_close);
}
