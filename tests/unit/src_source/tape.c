/* The pace of a recording: speed, pause, skipping ahead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "source/tape.h"

#define T ((int64_t)1790000000000)

/* The last of the records, one each 100 ms, that is due. */
static int64_t last_due(struct tape *t, int64_t mono)
{
	while (tape_due(t, t->at_ms + 100, mono))
		t->at_ms += 100;
	return t->at_ms - T;
}

static struct tape begun(double speed)
{
	struct tape t = { .speed = speed };

	tape_begin(&t, T, 5000);
	return t;
}

static void it_goes_with_the_clock(void **state)
{
	struct tape t = begun(1);
	struct err e;

	assert_int_equal(last_due(&t, 5000), 0);
	assert_int_equal(last_due(&t, 6050), 1000);
	assert_int_equal(tape_speed(&t, 10, 6050, &e), 0);
	assert_int_equal(last_due(&t, 6150), 2000);
	assert_int_equal(tape_speed(&t, 0.5, 6150, &e), 0);
	assert_int_equal(last_due(&t, 8150), 3000);
	assert_int_equal(tape_speed(&t, -1, 8150, &e), -1);
	assert_int_equal(tape_speed(&t, TAPE_SPEED_MAX * 2.0, 8150, &e), -1);
	assert_int_equal(tape_speed(&t, 0.0 / 0.0, 8150, &e), -1);
	assert_int_equal(last_due(&t, 8350), 3100);
}

static void a_pause_takes_no_time(void **state)
{
	struct tape t = begun(2);

	assert_int_equal(last_due(&t, 5500), 1000);
	tape_pause(&t, true, 5500);
	assert_int_equal(last_due(&t, 99999), 1000);
	tape_pause(&t, false, 99999);
	assert_int_equal(last_due(&t, 100499), 2000);
}

static void it_skips_ahead_alone(void **state)
{
	struct tape t = begun(1);
	struct err e;

	assert_int_equal(last_due(&t, 5500), 500);
	assert_int_equal(tape_skip(&t, T + 60000, 5500, &e), 0);
	assert_int_equal(last_due(&t, 5500), 60000);
	assert_int_equal(last_due(&t, 6500), 61000);
	assert_int_equal(tape_skip(&t, T + 1000, 6500, &e), -1);
	tape_pause(&t, true, 6500);
	assert_int_equal(tape_skip(&t, T + 62000, 6500, &e), 0); /* while it stands, too */
	assert_int_equal(last_due(&t, 6500), 62000);
	assert_int_equal(last_due(&t, 9500), 62000);
	t.ended = true;
	assert_int_equal(tape_skip(&t, T + 90000, 9500, &e), -1);
}

static void as_fast_as_it_goes(void **state)
{
	struct tape t = begun(0);
	struct err e;

	assert_true(tape_due(&t, T + 1000000, 5000));
	t.at_ms = T + 1000000;
	tape_pause(&t, true, 5000);
	assert_false(tape_due(&t, T + 1000001, 6000));
	tape_pause(&t, false, 6000);
	assert_int_equal(tape_speed(&t, 1, 6000, &e), 0); /* from where it is */
	assert_false(tape_due(&t, T + 1000100, 6050));
	assert_true(tape_due(&t, T + 1000100, 6100));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_goes_with_the_clock),
		cmocka_unit_test(a_pause_takes_no_time),
		cmocka_unit_test(it_skips_ahead_alone),
		cmocka_unit_test(as_fast_as_it_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
