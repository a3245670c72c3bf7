/* Alerts under the hands of two people, with a real collector on a devnet that has lost a site. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "tests/console/world.h"

/* The first row of the screen with this text; the caller frees. */
static char *row_with(struct pty *p, const char *text)
{
	for (int row = 0;; row++) {
		char *s = screen_row(pty_screen(p), row);

		if (strstr(s, text))
			return s;
		free(s);
		if (row == 40)
			fail_msg("'%s' is on no row", text);
	}
}

static void expect_together(struct pty *p, const char *text, const char *besides)
{
	char *row;

	pty_expect(p, text);
	row = row_with(p, text);
	if (!strstr(row, besides))
		fail_msg("not with '%s': %s", besides, row);
	free(row);
}

static struct pty *on_the_outage(void)
{
	struct pty *p = world_console(40, 160);

	pty_keys(p, "8");
	pty_expect(p, "SEVERITY");
	pty_keys(p, "/site=fra-2 and status=down and state!=resolved<enter>");
	pty_expect(p, "devices at fra-2");
	return p;
}

/* By the command, asked anew: what a console shows may be from before. */
static void expect_told(struct pty *p, const char *note)
{
	bool there = false;

	for (int i = 0; i < 20 && !there; i++) {
		char *text;

		pty_keys(p, ":!get alerts -f state=acked -o yaml<enter>");
		pty_expect(p, "exit code 0");
		text = screen_text(pty_screen(p));
		there = strstr(text, note) != NULL;
		free(text);
		pty_keys(p, "<esc>");
		pty_expect_gone(p, "exit code 0");
	}
	if (!there)
		fail_msg("no command tells '%s'", note);
}

static void an_ack_is_seen_by_all_and_outlives_the_collector(void **state)
{
	struct pty *ann = on_the_outage(), *bob = on_the_outage();

	expect_together(ann, "✖ critical", "● active");
	pty_expect(ann, "8 Alerts ");
	pty_keys(ann, "a");
	pty_expect(ann, ":ack");
	pty_keys(ann, "Ann drives there<enter>");
	pty_expect(ann, "1 acknowledged");
	expect_together(ann, "◇ acked", "Ann drives there");
	expect_together(bob, "◇ acked", "Ann drives there");
	world_kill_collector();
	pty_expect(bob, "line lost");
	pty_expect_gone(bob, "line lost");
	pty_expect_gone(ann, "line lost");
	expect_told(bob, "Ann drives there");
	expect_together(bob, "◇ acked", "Ann drives there");
	pty_keys(bob, "A");
	pty_expect(bob, "1 not acknowledged any more");
	pty_expect(ann, "● active");
	world_quit(bob);
	world_quit(ann);
}

static void a_silence_is_made_seen_and_ended(void **state)
{
	struct pty *ann = on_the_outage(), *bob = on_the_outage();

	pty_keys(ann, ":silence-filter 2h racks are moved<enter>");
	pty_expect(ann, "silence these and all to come that match?");
	pty_keys(ann, "y");
	pty_expect(ann, "hides ");
	pty_expect(bob, "○ silenced");
	pty_keys(bob, "S");
	pty_expect(bob, "HIDES ALERTS WITH");
	expect_together(bob, "racks are moved", "site=fra-2");
	pty_keys(bob, "Z");
	pty_expect(bob, "no alert is silenced");
	pty_expect(ann, "● active");
	world_quit(bob);
	world_quit(ann);
}

/* On a device its alert is meant, with all that are in it. */
static void the_alert_of_a_device_is_acknowledged_there(void **state)
{
	struct pty *p = on_the_outage();

	pty_keys(p, "<enter>");
	pty_expect(p, "filter  alert='");
	pty_expect(p, "✖ down");
	pty_keys(p, "<enter>");
	pty_expect(p, "✖ critical  active");
	pty_keys(p, ":ack seen here<enter>");
	pty_expect(p, "✖ critical  acked");
	pty_expect(p, "seen here");
	world_quit(p);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_ack_is_seen_by_all_and_outlives_the_collector),
		cmocka_unit_test(a_silence_is_made_seen_and_ended),
		cmocka_unit_test(the_alert_of_a_device_is_acknowledged_there),
	};

	world_find(argv[0]);
	world_trouble("outage:fra-2@2s+600s");
	return cmocka_run_group_tests(tests, world_open, world_close);
}
