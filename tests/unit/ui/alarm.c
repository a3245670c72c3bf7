/* Bell and notice: what is new rings, once in a while, and only what is wanted. */
#include "tests/unit/ui/desk.h"

#include "config/config.h"
#include "ui/screen/moment.h"

static struct config_ui look;

static struct desk *begin(int bell, int notify, int open)
{
	struct term_opts o = { .in_fd = -1, .out_fd = -1, .rows = 24, .cols = 80,
		.type = "xterm-256color", .bell = true, .notify = true };
	struct desk *d;
	struct err e;

	look = (struct config_ui){ .bell = bell, .notify = notify };
	fake_start();
	fake.n_open = open;
	d = desk_sit(24, 80, (struct shell_spec){ .look = &look }, "");
	o.theme = &d->shell.theme;
	term_close(d->term);
	d->term = d->shell.spec.term = term_open(&o, clock_mono_ms(), &e);
	assert_non_null(d->term);
	desk_tick(d, 1000);
	return d;
}

/* So many are open now; what the terminal was sent besides the screen. */
static void open_now(struct desk *d, int n, const char *bell, const char *notice)
{
	char text[400], *sent;
	struct buf b;

	fake.n_open = n;
	buf_init(&b, 1 << 16);
	for (int i = 0; i < n; i++) {
		buf_addf(&b, "%s[%d,", i ? "," : "", i);
		fake_alert(&b, i);
		buf_addc(&b, ']');
	}
	for (int sub = 8; sub < 400; sub += 10) {
		struct buf all;

		buf_init(&all, 1 << 17);
		buf_addf(&all, "{\"sub\":%d,\"total\":%d,\"matched\":%d,\"offset\":0,\"n\":%d,\"set\":[%s]}",
			sub, n, n, n, b.p ? b.p : "");
		rpc_notify_text(fake.peer, "rows", buf_slice(&all));
		buf_fini(&all);
	}
	buf_fini(&b);
	term_take(d->term);
	desk_settle(d);
	shell_tick(&d->shell);
	sent = xmemdup0(term_output(d->term).p, term_output(d->term).n);
	snprintf(text, sizeof(text), "%s%s%s%s", bell, *notice ? "\033]9;" : "", notice, *notice ? "\a" : "");
	assert_string_equal(sent, text);
	free(sent);
	desk_draw(d);
}

static void what_is_new_rings(void **state)
{
	struct desk *d = begin(CONFIG_ALARM_ON, CONFIG_ALARM_WARNING, 2);

	open_now(d, 2, "", ""); /* they were there before */
	open_now(d, 3, "\a", "lab: 1 warning: 3 devices down at fra-2^[[2J");
	open_now(d, 5, "", ""); /* together with what comes soon */
	clock_test_advance(9000);
	open_now(d, 6, "", "");
	clock_test_advance(2000);
	open_now(d, 6, "\a", "lab: 1 critical, 2 warnings: 4 devices down at fra-3^[[2J");
	clock_test_advance(20000);
	open_now(d, 5, "", "");
	open_now(d, 6, "", ""); /* the same again */
	desk_end(d);
}

static void only_what_is_wanted(void **state)
{
	struct desk *d = begin(CONFIG_ALARM_OFF, CONFIG_ALARM_CRITICAL, 1);

	open_now(d, 3, "", "");
	clock_test_advance(20000);
	open_now(d, 4, "", "lab: 1 critical: 4 devices down at fra-3^[[2J");
	desk_end(d);
	d = begin(CONFIG_ALARM_LOST, CONFIG_ALARM_OFF, 1);
	assert_null(d->shell.alarm.view);
	open_now(d, 4, "", "");
	desk_end(d);
}

static void the_past_is_no_news(void **state)
{
	struct desk *d = begin(CONFIG_ALARM_ON, CONFIG_ALARM_OFF, 1);

	d->shell.trip.at_ms = NOW_MS - 60000;
	open_now(d, 4, "", "");
	assert_null(d->shell.alarm.view);
	d->shell.trip.at_ms = 0;
	desk_tick(d, 1000);
	desk_tick(d, 1000);
	assert_int_equal(d->shell.alarm.n_known, 4); /* back, it is news at last */
	desk_end(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_new_rings),
		cmocka_unit_test(only_what_is_wanted),
		cmocka_unit_test(the_past_is_no_news),
	};

	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
