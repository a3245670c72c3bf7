/* The events screen: a window on the journal that goes where the user goes. */
#include "tests/unit/ui/desk.h"

#include "ui/screen/feed.h"

static struct desk *begin(int rows, int cols, int events)
{
	fake_start();
	fake.n_events = events;
	return desk_sit(rows, cols, (struct shell_spec){ 0 }, "3");
}

/* The row of the screen that the cursor is on. */
static const char *selected(struct desk *d)
{
	static char text[400];

	int rows, cols;

	term_size(d->term, &rows, &cols);
	for (int row = 0; row < rows; row++) {
		char *s = screen_row(d->screen, row);
		bool here = strncmp(s, "›", 3) == 0;

		snprintf(text, sizeof(text), "%s", s);
		free(s);
		if (here)
			return text;
	}
	return "";
}

#define expect_selected(d, text)                                                                   \
	do {                                                                                       \
		if (!strstr(selected(d), text))                                                    \
			fail_msg("'%s' is under the cursor, not '%s'", selected(d), text);         \
	} while (0)

/* --- back and forth --- */

static void one_pages_back_to_the_first_and_forth_again(void **state)
{
	struct desk *d = begin(24, 80, 7000); /* more than are held at once */

	desk_expect(d, "500 and older");
	for (int i = 0; i < 40; i++)
		desk_keys(d, "g");
	desk_expect_not(d, "and older");
	expect_selected(d, "job finished 1");
	desk_expect(d, "paused");
	desk_keys(d, ":move 4998\r");
	expect_selected(d, "job finished 4999");
	for (int i = 0; i < 120; i++)
		desk_keys(d, ":move 500\r");
	desk_expect(d, "following");
	desk_expect(d, "job finished 7000");
	desk_expect(d, "5,000 and older");
	desk_end(d);
}

/* What one reads stays in place while others come, and nothing of it gives way. */
static void what_is_read_stays(void **state)
{
	struct desk *d = begin(24, 80, 300);
	struct buf b;

	for (int i = 0; i < 3; i++)
		desk_keys(d, "g");
	expect_selected(d, "job finished 1");
	buf_init(&b, 64 << 20);
	for (int n = 0; n < 6; n++) {
		buf_reset(&b);
		buf_adds(&b, "{\"follow\":7,\"missed\":0,\"rows\":[");
		for (int i = 1; i <= 1000; i++) {
			fake_event(&b, 300 + n * 1000 + i);
			buf_adds(&b, i < 1000 ? "," : "]}");
		}
		rpc_notify_text(fake.peer, "events", buf_slice(&b));
		fake.n_events = 300 + (n + 1) * 1000;
		desk_show(d);
		expect_selected(d, "13:20:01");
		expect_selected(d, "job finished 1");
	}
	buf_fini(&b);
	desk_keys(d, "G");
	desk_expect(d, "6300");
	desk_expect(d, "following");
	desk_end(d);
}

static void one_goes_to_a_moment(void **state)
{
	struct desk *d = begin(24, 80, 3000);

	desk_keys(d, "@13:25\r");
	expect_selected(d, "13:25:00");
	expect_selected(d, "job finished 300");
	desk_keys(d, "k");
	expect_selected(d, "13:24:59");
	desk_keys(d, ":goto oldest\r");
	expect_selected(d, "job finished 1");
	desk_keys(d, ":goto nowhere\r");
	expect_selected(d, "job finished 1");
	desk_keys(d, ":goto newest\r");
	desk_expect(d, "following");
	desk_expect(d, "job finished 3000");
	desk_end(d);
}

static void marks_are_gone_to(void **state)
{
	struct desk *d = begin(24, 80, 3000);

	desk_keys(d, "'");
	desk_expect(d, "nothing is marked");
	desk_keys(d, ":goto 13:25\rm");
	desk_expect(d, "›⚑");
	desk_keys(d, "Gkm'");
	expect_selected(d, "job finished 300");
	desk_keys(d, "'");
	expect_selected(d, "2999");
	desk_keys(d, "m'");
	expect_selected(d, "job finished 300");
	desk_keys(d, "m'");
	desk_expect(d, "nothing is marked");
	desk_end(d);
}

/* --- search --- */

static void matches_are_counted_and_found_far_back(void **state)
{
	struct desk *d = begin(24, 80, 3000);

	desk_keys(d, "/unreachable 2...\r");
	desk_expect(d, "1 of 100+");
	expect_selected(d, "site unreachable 2998");
	desk_keys(d, "NN");
	desk_expect(d, "3 of 100+");
	desk_keys(d, "n");
	expect_selected(d, "site unreachable 2993");
	desk_keys(d, "nn");
	desk_expect(d, "no further match below");
	desk_keys(d, ":search unreachable 103$\r"); /* not among the newest 500: asked of the collector */
	assert_non_null(strstr(fake.hunt, "message~'(?i)unreachable 103$'"));
	assert_non_null(strstr(fake.hunt, "data~'(?i)unreachable 103$'"));
	desk_end(d);
}

/* --- narrowing --- */

static void filters_stack_and_are_undone(void **state)
{
	struct desk *d = begin(24, 120, 60);

	desk_keys(d, "kkkkk");
	expect_selected(d, "job finished 55");
	desk_keys(d, "o"); /* what is left stays in place: the next one that passes */
	expect_selected(d, "job finished 57");
	desk_keys(d, "uG");
	desk_keys(d, "ko");
	assert_string_equal(fake.events, "not type='net.depin.device.event.v1'");
	desk_keys(d, "kO");
	assert_non_null(strstr(fake.events, "not type='net.depin.device.event.v1' and not device='d0"));
	desk_keys(d, "u");
	assert_string_equal(fake.events, "not type='net.depin.device.event.v1'");
	desk_expect(d, "u undoes");
	desk_keys(d, "u");
	assert_string_equal(fake.events, "");
	desk_keys(d, "u");
	desk_expect(d, "no filter before this one");
	desk_keys(d, "fa or b\rki");
	assert_string_equal(fake.events, "(a or b) and type='net.depin.device.event.v1'");
	desk_keys(d, ":filter-in message\r");
	assert_non_null(strstr(fake.events, " and message='"));
	desk_keys(d, ":filter-out color\r");
	desk_expect(d, "'color' is none of type, device");
	desk_end(d);
}

static void a_filter_that_is_wrong_is_told(void **state)
{
	struct desk *d = begin(24, 120, 60);

	desk_keys(d, ":filter severity>>warn\r");
	desk_expect(d, "a value is missing");
	desk_keys(d, "u");
	desk_expect(d, "site unreachable 58");
	desk_end(d);
}

/* --- copies, looks --- */

static void events_are_copied(void **state)
{
	struct desk *d = begin(24, 120, 60);

	desk_keys(d, "ky");
	desk_expect(d, "copied: job finished 59");
	desk_keys(d, "Y");
	desk_expect(d, "copied: {\"n\":59,");
	desk_end(d);
}

static void lines_wrap_and_tell_their_distance(void **state)
{
	struct desk *d = begin(24, 48, 60);

	desk_keys(d, "t");
	desk_expect(d, "+1.0 s");
	desk_keys(d, "w");
	desk_expect(d, "following");
	desk_keys(d, "w");
	desk_end(d);
}

/* --- the strip --- */

static void the_strip_leads_to_a_time(void **state)
{
	struct desk *d = begin(40, 120, 3000);
	char *row = screen_row(d->screen, 6);

	assert_non_null(strstr(row, "✖"));
	assert_non_null(strstr(row, "▲"));
	free(row);
	desk_keys(d, "[");
	desk_expect(d, "paused");
	desk_keys(d, "[[[]");
	desk_expect(d, "paused");
	desk_keys(d, "H");
	row = screen_row(d->screen, 6);
	assert_null(strstr(row, "✖ "));
	free(row);
	desk_keys(d, "[");
	desk_expect(d, "the strip is not shown");
	desk_keys(d, "H---------");
	desk_expect(d, "no longer span");
	desk_end(d);
}

/* --- the window alone --- */

static void count_change(void *arg)
{
	(*(int *)arg)++;
}

/* The newest rows are kept, within a number of rows and of bytes. */
static void the_feed_is_bounded(void **state)
{
	static const int sizes[] = { 10, 100000 };
	struct client_spec spec = { .socket = fake.path, .no_start = true };

	for (size_t k = 0; k < ARRAY_LEN(sizes); k++) {
		struct feed *f = xcalloc(1, sizeof(*f));
		struct client *c;
		struct err e;
		struct buf b;
		int changes = 0;

		fake_start();
		spec.loop = fake.loop;
		spec.socket = fake.path;
		c = client_open(&spec, &e);
		assert_non_null(c);
		feed_init(f, c, count_change, &changes);
		feed_start(f, NULL);
		for (int i = 0; i < 50; i++)
			loop_turn(fake.loop, 0);
		assert_int_equal(f->total - f->first, 60);
		buf_init(&b, 64 << 20);
		for (int n = 0; n < 6; n++) {
			buf_reset(&b);
			buf_adds(&b, "{\"follow\":7,\"missed\":2,\"rows\":[");
			for (int i = 0; i < (k ? 100 : 1000); i++)
				buf_addf(&b, "%s{\"n\":%d,\"message\":\"%0*d\"}", i ? "," : "",
					61 + n * 1000 + i, sizes[k], i);
			buf_adds(&b, "]}");
			rpc_notify_text(fake.peer, "events", buf_slice(&b));
			for (int i = 0; i < 300; i++)
				loop_turn(fake.loop, 0);
		}
		buf_fini(&b);
		assert_int_equal(f->missed, 12);
		assert_true(f->total - f->first <= FEED_MAX && f->bytes <= FEED_BYTES);
		assert_true(f->total - f->first > 150); /* but not fewer than there is room for */
		assert_null(feed_row(f, f->first - 1));
		assert_int_equal(feed_row(f, f->total - 1)->number, k ? 5160 : 6060);
		assert_int_equal(f->before, feed_row(f, f->first)->number);
		assert_int_equal(feed_find(f, k ? 5160 : 6060), f->total - 1);
		assert_true(changes >= 7);
		feed_fini(f);
		client_free(c);
		fake_end();
		free(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_pages_back_to_the_first_and_forth_again),
		cmocka_unit_test(what_is_read_stays),
		cmocka_unit_test(one_goes_to_a_moment),
		cmocka_unit_test(marks_are_gone_to),
		cmocka_unit_test(matches_are_counted_and_found_far_back),
		cmocka_unit_test(filters_stack_and_are_undone),
		cmocka_unit_test(a_filter_that_is_wrong_is_told),
		cmocka_unit_test(events_are_copied),
		cmocka_unit_test(lines_wrap_and_tell_their_distance),
		cmocka_unit_test(the_strip_leads_to_a_time),
		cmocka_unit_test(the_feed_is_bounded),
	};

	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
