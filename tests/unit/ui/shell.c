#include "tests/unit/ui/desk.h"

#include "config/config.h"
#include "ui/screen/list.h"

static bool row_starts(struct desk *d, int row, const char *text)
{
	char *s = screen_row(d->screen, row);
	bool yes = strncmp(s, text, strlen(text)) == 0;

	free(s);
	return yes;
}

static void something_shows_before_anything_is_known(void **state)
{
	struct err why = { ERR_UNREACH, "no collector runs at /nowhere" };
	struct desk *d;

	fake_start();
	d = desk_open(24, 80, false);
	desk_draw(d);
	desk_expect(d, "Connecting");
	shell_down(&d->shell, &why);
	desk_draw(d);
	desk_expect(d, "No collector yet");
	desk_expect(d, "no collector runs at /nowhere");
	desk_keys(d, "2");
	desk_keys(d, ":devices\r");
	desk_expect(d, "has not been reached yet");
	desk_keys(d, "q");
	assert_true(d->shell.quit);
	desk_end(d);
}

static void a_wrong_filter_is_told_as_it_is_typed(void **state)
{
	struct desk *d = desk_begin(24, 80, "");

	desk_keys(d, "2/temp>>");
	desk_expect(d, "a value is missing (at byte 5)");
	assert_string_equal(fake.last, "temp>>");
	desk_expect(d, "gpu-fra2-0000"); /* what was there stays */
	desk_keys(d, "\x7f");
	desk_expect_not(d, "a value is missing");
	desk_keys(d, "60\r");
	desk_expect(d, "80 of 400");
	desk_keys(d, "\033");
	desk_expect_not(d, "80 of 400");
	assert_string_equal(fake.last, "");
	desk_end(d);
}

static void a_filter_given_up_is_forgotten(void **state)
{
	struct desk *d = desk_begin(24, 80, "");

	desk_keys(d, "2/temp>60");
	desk_expect(d, "80 of 400");
	desk_keys(d, "\033");
	desk_expect_not(d, "80 of 400");
	desk_keys(d, "/site=x\r/site=y\r");
	desk_expect(d, "site=y");
	desk_keys(d, "u");
	desk_expect(d, "site=x");
	desk_keys(d, "u");
	assert_string_equal(fake.last, "");
	desk_end(d);
}

static void push_rows(struct desk *d)
{
	/* the order is another one when the window is asked for again */
	desk_keys(d, ":sort name\r");
}

static void the_cursor_stays_on_its_device(void **state)
{
	struct desk *d = desk_begin(24, 80, "");

	fake.n_devices = 20;
	desk_keys(d, "2jjj");
	assert_int_equal(desk_row(d, "gpu-fra2-0003"), 7);
	assert_true(row_starts(d, 7, "›"));
	fake.reversed = true;
	push_rows(d);
	assert_true(row_starts(d, desk_row(d, "gpu-fra2-0003"), "›"));
	assert_true(desk_row(d, "gpu-fra2-0003") > 15);
	desk_end(d);
}

static void the_order_is_held_while_one_moves(void **state)
{
	struct desk *d = desk_begin(24, 80, "");
	int row;

	fake.n_devices = 18;
	desk_keys(d, "2jj");
	desk_expect(d, "order held");
	fake.reversed = true;
	row = desk_row(d, "gpu-fra2-0005");
	/* another window of the same rows comes while it is held */
	desk_keys(d, "c,name\r");
	assert_int_equal(desk_row(d, "gpu-fra2-0005"), row);
	desk_expect(d, "order held");
	desk_tick(d, 4000);
	desk_expect_not(d, "order held");
	assert_true(desk_row(d, "gpu-fra2-0005") != row);
	assert_true(row_starts(d, desk_row(d, "gpu-fra2-0002"), "›"));
	desk_end(d);
}

/* Logs have no ids: new values of those held belong to none of them. */
static void rows_without_ids_stay(void **state)
{
	struct desk *d = desk_begin(24, 80, "4\rj");
	int first = desk_row(d, "LOG") + 1;

	assert_true(row_starts(d, first, "      0"));
	term_resize(d->term, 30, 80); /* another window */
	screen_resize(d->screen, 30, 80);
	desk_bytes(d, "", 0);
	desk_expect(d, "order held");
	assert_true(row_starts(d, first, "      0"));
	desk_end(d);
}

static void only_a_window_is_asked_for(void **state)
{
	struct desk *d = desk_begin(24, 80, "");
	unsigned calls;

	desk_keys(d, "2G");
	desk_expect(d, "gpu-fra2-0399");
	calls = fake.calls;
	for (int i = 0; i < 10; i++)
		desk_keys(d, "k");
	assert_int_equal(fake.calls, calls); /* a page around the window is here already */
	desk_keys(d, "g");
	desk_expect(d, "gpu-fra2-0000");
	desk_end(d);
}

static void a_lost_line_is_told_and_comes_back(void **state)
{
	struct desk *d = desk_begin(24, 80, "");

	desk_keys(d, "2");
	line_server_free(fake.server);
	fake_hang_up();
	for (int i = 0; i < 300 && d->shell.stage.up; i++) {
		loop_turn(fake.loop, 10);
		desk_settle(d);
	}
	desk_draw(d);
	desk_expect(d, "line lost");
	desk_expect(d, "gpu-fra2-0000");
	fake_listen();
	for (int i = 0; i < 2000 && !d->shell.stage.up; i++) {
		loop_turn(fake.loop, 10);
		desk_settle(d);
	}
	desk_show(d);
	desk_expect_not(d, "line lost");
	desk_expect(d, "gpu-fra2-0000");
	desk_end(d);
}

static void pages_pile_up_and_go_back(void **state)
{
	struct desk *d = desk_begin(24, 80, "");

	desk_keys(d, "5j\r");
	desk_expect(d, "Networks › compute  ");
	assert_string_equal(fake.last, "network='compute'");
	desk_keys(d, "jj\r");
	desk_expect(d, "Networks › compute › gpu-fra2-0002");
	desk_keys(d, "e");
	desk_expect(d, "› Events");
	desk_keys(d, "/job\r");
	desk_keys(d, "\033");
	desk_expect(d, "› Events"); /* it took the search away */
	desk_keys(d, "\033");
	desk_expect(d, "following");
	desk_keys(d, "\033");
	desk_expect_not(d, "› Events");
	desk_keys(d, "5"); /* the tab again: back to its first page */
	desk_expect_not(d, "› Events");
	desk_expect(d, "UNKNOWN");
	desk_end(d);
}

static void words_are_completed_and_mended(void **state)
{
	struct desk *d = desk_begin(24, 80, "");

	desk_keys(d, ":devcies\r");
	desk_expect(d, "did you mean 'devices'?");
	desk_keys(d, ":netw\t\r");
	desk_expect(d, "EVENTS");
	desk_keys(d, "2");
	desk_keys(d, "`");
	desk_expect(d, "UNKNOWN"); /* where it was */
	desk_keys(d, "`");
	desk_expect(d, "gpu-fra2-0000");
	desk_keys(d, ":warning n\t");
	desk_expect(d, ":warning next");
	desk_keys(d, "\033");
	desk_keys(d, ":theme lig\t\r");
	assert_string_equal(d->shell.theme.name, "light");
	desk_keys(d, ":theme nosuch\r");
	assert_string_equal(d->shell.theme.name, "light");
	desk_keys(d, ":describe devices nobody\r");
	desk_expect(d, "no device 'nobody'");
	desk_keys(d, ":device\r");
	desk_expect(d, "Its id or name is needed");
	desk_end(d);
}

static void a_small_terminal_is_told_so(void **state)
{
	struct desk *d = desk_begin(24, 80, "");

	term_resize(d->term, 4, 30);
	screen_resize(d->screen, 4, 30);
	desk_keys(d, "");
	desk_expect(d, "too small");
	term_resize(d->term, 50, 200);
	screen_resize(d->screen, 50, 200);
	desk_keys(d, "");
	desk_expect(d, "FLEET");
	desk_end(d);
}

static void nothing_new_sends_nothing(void **state)
{
	struct desk *d = desk_begin(40, 120, "");
	struct term_stats before, after;

	desk_keys(d, "5");
	desk_tick(d, 1000);
	term_stats(d->term, &before);
	for (int i = 0; i < 5; i++)
		desk_draw(d);
	term_stats(d->term, &after);
	assert_int_equal(after.bytes, before.bytes);
	desk_end(d);
}

static void events_are_searched(void **state)
{
	struct desk *d = desk_begin(24, 80, "");

	desk_keys(d, "3");
	desk_expect(d, "following");
	desk_keys(d, "/unreach(");
	desk_expect(d, "missing"); /* closing parenthesis */
	desk_keys(d, "\x7f\r");
	desk_expect(d, "paused");
	assert_true(row_starts(d, desk_row(d, "site unreachable 58"), "›"));
	desk_keys(d, "N");
	assert_true(row_starts(d, desk_row(d, "site unreachable 53"), "›"));
	desk_keys(d, "n");
	assert_true(row_starts(d, desk_row(d, "site unreachable 58"), "›"));
	desk_keys(d, "n");
	desk_expect(d, "no further match below");
	desk_keys(d, "\r");
	desk_expect(d, "the event under the cursor");
	desk_expect(d, "net.depin.device.event.v1");
	desk_keys(d, "d");
	desk_expect(d, "Events › gpu-fra2-0018");
	desk_keys(d, "\033");
	desk_keys(d, "\033");
	desk_expect_not(d, "the event under the cursor");
	desk_keys(d, "\033");
	desk_keys(d, "\033");
	desk_expect(d, "following");
	desk_end(d);
}

static void the_mouse_points(void **state)
{
	struct desk *d = desk_begin(24, 80, "");

	desk_keys(d, "\033[<0;15;1M\033[<0;15;1m"); /* the second tab */
	desk_expect(d, "READINGS");
	desk_keys(d, "\033[<0;5;7M\033[<0;5;7m"); /* the third row */
	assert_true(row_starts(d, 6, "›"));
	desk_keys(d, "\033[<0;5;4M\033[<0;5;4m"); /* a column's title */
	assert_string_equal(fake.sort, "name");
	desk_keys(d, "\033[<0;5;4M\033[<0;5;4m");
	assert_string_equal(fake.sort, "name:desc");
	desk_keys(d, "\033[<64;5;9M");
	desk_end(d);
}

static void columns_and_order_are_the_users(void **state)
{
	struct desk *d = desk_begin(24, 80, "");

	desk_keys(d, "2:columns name,power,last_seen\r");
	desk_expect(d, "power");
	desk_expect_not(d, "NETWORK");
	desk_keys(d, ">");
	desk_keys(d, ">");
	assert_string_equal(fake.sort, "power:desc");
	desk_keys(d, "r");
	assert_string_equal(fake.sort, "power");
	desk_keys(d, "c");
	desk_expect(d, ">name,power,last_seen");
	desk_keys(d, "\033");
	desk_keys(d, ":columns auto\r");
	desk_expect(d, "NETWORK");
	desk_end(d);
}

static void keys_are_the_users_too(void **state)
{
	static struct config_pair keys[] = { { "z", "networks" }, { "q", "" },
		{ "devices z", "theme mono" } };
	struct config_ui look = { .theme = "dark", .keys = { keys, 3 } };
	struct desk *d;
	struct err e;

	fake_start();
	d = desk_open(24, 80, false);
	keymap_fini(&d->shell.keys);
	assert_int_equal(keymap_init(&d->shell.keys, &look.keys, &e), 0);
	desk_connect(d);
	desk_show(d);
	desk_keys(d, "q");
	assert_false(d->shell.quit);
	desk_keys(d, "z");
	desk_expect(d, "EVENTS");
	desk_keys(d, "2z");
	assert_string_equal(d->shell.theme.name, "mono");
	keys[0].key = "ctrl-nokey";
	keymap_fini(&d->shell.keys);
	assert_int_equal(keymap_init(&d->shell.keys, &look.keys, &e), -1);
	assert_non_null(strstr(e.text, "ctrl-nokey"));
	desk_end(d);
}

static void a_count_goes_before_a_key(void **state)
{
	struct desk *d = desk_begin(24, 80, "");

	fake.n_devices = 40;
	desk_keys(d, "2");
	desk_bytes(d, "\0331\0332", 4);
	desk_expect(d, "12 times");
	desk_keys(d, "j");
	assert_true(row_starts(d, desk_row(d, "gpu-fra2-0012"), "›"));
	desk_bytes(d, "\0333k", 3);
	assert_true(row_starts(d, desk_row(d, "gpu-fra2-0009"), "›"));
	desk_keys(d, "j"); /* counts hold for one key */
	assert_true(row_starts(d, desk_row(d, "gpu-fra2-0010"), "›"));
	desk_keys(d, ":columns name\r:filter x\r:filter y\r");
	desk_bytes(d, "\0332u", 3); /* what has no number is done so often */
	assert_null(((struct list *)d->shell.tabs[1].top->state)->filter);
	desk_end(d);
}

/* The manual names every screen and command. */
static void the_manual_is_complete(void **state)
{
	static char text[1 << 16];
	FILE *f = fopen("docs/console.md", "r");
	char name[40];

	assert_non_null(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	for (size_t i = 0; screens[i]; i++) {
		snprintf(name, sizeof(name), "`:%s", screens[i]->name);
		if (!strstr(text, name))
			fail_msg("%s is not in the manual", name);
	}
	for (const struct command *c = commands; c->name; c++) {
		snprintf(name, sizeof(name), "`:%s", c->name);
		if (!strstr(text, name))
			fail_msg("%s is not in the manual", name);
	}
}

/* Any keys in any order: nothing breaks, and drawing anew changes no cell. */
static void a_monkey_breaks_nothing(void **state)
{
	static const char *const keys[] = { "j", "k", "g", "G", "\r", "\033", "2", "3", "4", "5", "6",
		"1", "/", "a", ">", "<", "r", "u", "s", ":", "\t", "?", "n", "N", " ", "e", "d", "+",
		"-", "[", "]", "\033[B", "\033[6~", "\033[C", "x", "c", "f", "=" };
	struct desk *d = desk_begin(24, 80, "");
	uint32_t seed = 1;
	char *before, *after;

	for (int i = 0; i < 1500 && !d->shell.quit; i++) {
		seed = seed * 1664525 + 1013904223;
		desk_keys(d, keys[(seed >> 8) % ARRAY_LEN(keys)]);
		if (i % 50 == 0)
			desk_tick(d, 1000);
		if (i % 200)
			continue;
		before = screen_cells(d->screen);
		term_redraw(d->term);
		desk_draw(d);
		after = screen_cells(d->screen);
		assert_string_equal(before, after);
		free(before);
		free(after);
	}
	desk_end(d);
}

/* The past goes on from the moment that is shown, until it is now. */
static void the_past_is_played(void **state)
{
	struct desk *d = desk_begin(24, 80, "T10m\r");

	desk_expect(d, "◀ 13:23:20");
	desk_tick(d, 1000);
	desk_expect(d, "◀ 13:23:20");
	desk_keys(d, ";");
	desk_expect(d, "▶ 1x 13:23:20");
	desk_keys(d, "....");
	desk_expect(d, "▶ 16x 13:23:20");
	desk_tick(d, 20000);
	desk_expect(d, "▶ 16x 13:28:40");
	desk_keys(d, ";");
	desk_expect(d, "◀ 13:28:40");
	desk_keys(d, ":speed 100\r");
	desk_tick(d, 1000);
	desk_expect(d, "▶ 100x 13:30:20");
	desk_keys(d, "{");
	desk_expect(d, "▶ 100x 13:30:10");
	desk_tick(d, 10000);
	desk_expect(d, "this is now");
	desk_keys(d, ";"); /* nothing is played now */
	desk_expect(d, "no recording is played here");
	desk_end(d);
}

static void a_recording_has_a_beginning_and_an_end(void **state)
{
	struct desk *d;

	fake_start();
	fake.plays = fake.ended = true;
	d = desk_sit(24, 80, (struct shell_spec){ 0 }, ":seek -2m\r");
	desk_expect(d, "◀ 13:31:20");
	desk_keys(d, ":seek +30s\r");
	desk_expect(d, "◀ 13:31:50");
	desk_keys(d, ":seek -1h\r");
	desk_expect(d, "◀ 13:30:01");
	desk_keys(d, ":seek -1s\r");
	desk_expect(d, "the recording begins here");
	desk_keys(d, "\033");
	desk_tick(d, 1000);
	desk_keys(d, ";");
	desk_expect(d, "the recording has ended");
	desk_end(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(something_shows_before_anything_is_known),
		cmocka_unit_test(a_wrong_filter_is_told_as_it_is_typed),
		cmocka_unit_test(a_filter_given_up_is_forgotten),
		cmocka_unit_test(the_cursor_stays_on_its_device),
		cmocka_unit_test(the_order_is_held_while_one_moves),
		cmocka_unit_test(rows_without_ids_stay),
		cmocka_unit_test(only_a_window_is_asked_for),
		cmocka_unit_test(a_lost_line_is_told_and_comes_back),
		cmocka_unit_test(pages_pile_up_and_go_back),
		cmocka_unit_test(words_are_completed_and_mended),
		cmocka_unit_test(a_small_terminal_is_told_so),
		cmocka_unit_test(nothing_new_sends_nothing),
		cmocka_unit_test(events_are_searched),
		cmocka_unit_test(the_mouse_points),
		cmocka_unit_test(columns_and_order_are_the_users),
		cmocka_unit_test(keys_are_the_users_too),
		cmocka_unit_test(a_count_goes_before_a_key),
		cmocka_unit_test(the_manual_is_complete),
		cmocka_unit_test(a_monkey_breaks_nothing),
		cmocka_unit_test(the_past_is_played),
		cmocka_unit_test(a_recording_has_a_beginning_and_an_end),
	};

	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
