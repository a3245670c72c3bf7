/* Back in time, on a pseudo-terminal, with a real collector and devnet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tests/console/world.h"

#define UNKNOWN "nobody keeps how it was"

/* The collector may have run for less than that: then it is asked again. */
static void travel(struct pty *p, const char *keys)
{
	for (int i = 0; i < 40; i++) {
		char *text;
		bool there;

		pty_keys(p, keys);
		pty_pump(p, 500);
		text = screen_text(pty_screen(p));
		there = strstr(text, "◀ ") != NULL;
		free(text);
		if (there)
			return;
	}
	pty_expect(p, "◀ ");
}

static void the_whole_console_travels_and_comes_back(void **state)
{
	struct pty *p = world_console(40, 120);

	pty_expect(p, "300 of 300 up");
	pty_expect(p, "samples/s, 0 gaps");
	travel(p, ":earlier 1s<enter>");
	pty_expect(p, " s ago");
	pty_expect(p, UNKNOWN); /* the sources: nobody keeps how they were */
	pty_keys(p, "2");
	pty_expect(p, "READINGS");
	pty_expect(p, "◀ ");
	pty_expect(p, "● up");
	pty_keys(p, "<enter>");
	pty_expect(p, "VALUE OF");
	pty_keys(p, "3");
	pty_expect_gone(p, "VALUE OF");
	pty_keys(p, "1");
	pty_expect(p, UNKNOWN);
	pty_keys(p, "<esc>");
	pty_expect_gone(p, "◀ ");
	pty_expect(p, "samples/s, 0 gaps");
	pty_expect(p, "300 of 300 up");
	world_quit(p);
}

static void a_moment_is_typed(void **state)
{
	struct pty *p = world_console(24, 80);

	pty_keys(p, "T");
	pty_expect(p, ":travel");
	pty_keys(p, "<esc>");
	travel(p, "T3s<enter>");
	pty_keys(p, "{}");
	pty_expect(p, "◀ ");
	pty_keys(p, ":later 1h<enter>"); /* not beyond now */
	pty_expect_gone(p, "◀ ");
	pty_keys(p, "}");
	pty_expect(p, "it is now");
	pty_keys(p, "T2030-01-01<enter>");
	pty_expect(p, "still to come");
	pty_keys(p, "T2020-01-01<enter>");
	pty_expect(p, "nothing is known of so long ago");
	pty_expect_gone(p, "◀ ");
	travel(p, "T2s<enter>");
	pty_keys(p, "T<enter>");
	pty_expect_gone(p, "◀ ");
	world_quit(p);
}

/* A collector that was started anew does not know the moment: it is said, and now is shown. */
static void a_new_collector_knows_no_past(void **state)
{
	struct pty *p = world_console(40, 120);

	pty_expect(p, "300 of 300 up");
	travel(p, "T1s<enter>");
	world_run("stop");
	pty_expect(p, "line lost");
	pty_keys(p, ":start<enter>");
	pty_expect_gone(p, "line lost");
	pty_expect(p, "samples/s, 0 gaps");
	world_quit(p);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_console_travels_and_comes_back),
		cmocka_unit_test(a_moment_is_typed),
		cmocka_unit_test(a_new_collector_knows_no_past),
	};

	world_find(argv[0]);
	return cmocka_run_group_tests(tests, world_open, world_close);
}
