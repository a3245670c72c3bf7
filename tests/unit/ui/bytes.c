/*
 * What a key, a minute at rest and a change cost on the line, in bytes.  The world is a fixed
 * one and time stands still, so these are sums, not measurements; a limit that is missed means
 * that something is sent which need not be.
 */
#include "tests/unit/ui/desk.h"

/* Draws once and says how many bytes that took. */
static size_t cost(struct desk *d)
{
	size_t n;

	if (d->shell.dirty || term_incomplete(d->term))
		shell_draw(&d->shell);
	term_flush(d->term, clock_mono_ms());
	n = term_output(d->term).n;
	screen_feed(d->screen, term_output(d->term).p, n);
	term_take(d->term);
	return n;
}

static size_t cost_of_key(struct desk *d, const char *key)
{
	size_t n = 0;

	term_input(d->term, key, strlen(key), clock_mono_ms());
	shell_take_events(&d->shell, clock_mono_ms());
	for (int i = 0; i < 3; i++) {
		desk_settle(d);
		n += cost(d);
	}
	return n;
}

static void expect_at_most(const char *what, size_t n, size_t limit)
{
	print_message("%s: %zu bytes, at most %zu\n", what, n, limit);
	if (n > limit)
		fail_msg("%s: %zu bytes, at most %zu", what, n, limit);
}

/* The mean of forty, some of which scroll. */
static void arrow_keys(const char *screen, const char *keys, size_t limit)
{
	struct desk *d = desk_begin(50, 200, keys);
	size_t sum = 0;

	cost_of_key(d, "\033[B");
	for (int i = 0; i < 40; i++)
		sum += cost_of_key(d, i < 20 ? "\033[B" : "\033[A");
	expect_at_most(screen, sum / 40, limit);
	desk_end(d);
}

static void an_arrow_key(void **state)
{
	arrow_keys("an arrow key on devices", "2", 260);
	arrow_keys("an arrow key on networks", "5", 20);
	arrow_keys("an arrow key on sources", "6", 28);
}

/* A minute in which nothing comes: sixty ticks, the clock moves once. */
static size_t minute(struct desk *d)
{
	size_t n = 0;

	for (int i = 0; i < 60; i++) {
		clock_test_advance(1000);
		shell_tick(&d->shell);
		desk_settle(d);
		n += cost(d);
	}
	return n;
}

static void a_minute_at_rest(void **state)
{
	struct desk *d = desk_begin(50, 200, "?");

	minute(d);
	expect_at_most("a minute of help", minute(d), 4);
	desk_end(d);
	d = desk_begin(50, 200, "1");
	minute(d);
	expect_at_most("a minute of overview", minute(d), 120);
	desk_end(d);
}

/* Of the devices in sight each fifth reads something else. */
static void tell_changes(void)
{
	struct buf b;
	bool first = true;

	buf_init(&b, 1 << 20);
	buf_addf(&b, "{\"sub\":%llu,\"total\":400,\"matched\":400,\"offset\":0,\"n\":100,\"set\":[",
		(unsigned long long)fake.sub);
	for (int i = ++fake.drift % 5; i < 50; i += 5, first = false) {
		buf_addf(&b, "%s[%d,", first ? "" : ",", i);
		fake_device(&b, i);
		buf_addc(&b, ']');
	}
	buf_adds(&b, "]}");
	rpc_notify_text(fake.peer, "rows", buf_slice(&b));
	buf_fini(&b);
}

static void a_second_of_a_living_list(void **state)
{
	struct desk *d = desk_begin(50, 200, "2");
	size_t n = 0;

	for (int i = 0; i < 60; i++) {
		clock_test_advance(1000);
		tell_changes();
		shell_tick(&d->shell);
		desk_settle(d);
		n += cost(d);
	}
	expect_at_most("a second in which a fifth of the rows changes", n / 60, 620);
	desk_end(d);
}

static void nothing_new_is_nothing_sent(void **state)
{
	static const char *const each[] = { "1", "2", "3", "4", "5", "6", "2j\r", "6\r", "?" };

	for (size_t i = 0; i < ARRAY_LEN(each); i++) {
		struct desk *d = desk_begin(50, 200, each[i]);

		desk_show(d);
		for (int n = 0; n < 20; n++) {
			d->shell.dirty = true;
			assert_int_equal(cost(d), 0);
		}
		desk_end(d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_arrow_key),
		cmocka_unit_test(a_minute_at_rest),
		cmocka_unit_test(a_second_of_a_living_list),
		cmocka_unit_test(nothing_new_is_nothing_sent),
	};

	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
