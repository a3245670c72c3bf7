#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "detect/detect.h"
#include "detect/line.h"

static struct series_line l;
static char *copy;

/* From the heap, so that sanitizers see a step over the end. */
static void take(const char *text)
{
	size_t n = strlen(text);

	free(copy);
	copy = malloc(n ? n : 1);
	memcpy(copy, text, n);
	series_line_read(slice_mem(copy, n), &l);
}

static void test_fields(void **state)
{
	take("2014-07-01 00:30:00,8127");
	assert_true(slice_is(l.timestamp, "2014-07-01 00:30:00"));
	assert_true(slice_is(l.text, "8127"));
	assert_true(l.value == 8127 && !l.named);
	take("t, 1.50 ,label,3\r");
	assert_true(slice_is(l.timestamp, "t"));
	assert_true(slice_is(l.text, " 1.50 "));
	assert_true(l.value == 1.5);
	take("7,1e308\r");
	assert_true(slice_is(l.text, "1e308"));
	assert_true(l.value == 1e308);
}

static void test_no_value(void **state)
{
	static const char *const missing[] = { "", ",", "1,", "1", "\r", "1, ", "1,NaN", "," };

	for (size_t i = 0; i < sizeof(missing) / sizeof(*missing); i++) {
		take(missing[i]);
		assert_true(isnan(l.value));
		assert_false(l.named);
	}
	take("1,-Inf");
	assert_true(isinf(l.value) && !l.named);
	take("timestamp,value");
	assert_true(isnan(l.value) && l.named);
	take("1,12..5");
	assert_true(isnan(l.value) && l.named);
}

static void test_times(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} t[] = {
		{ "2014-07-01 00:30:00,1", 1404174600000 },
		{ "2014-07-01T00:30:00,1", 1404174600000 },
		{ "2014-07-01T00:30:00Z,1", 1404174600000 },
		{ "\"2014-07-01 02:30:00.25+02:00\",1", 1404174600250 },
		{ "1404174600,1", 1404174600000 },
		{ "1404174600.5,1", 1404174600500 },
		{ "1404174600000,1", 1404174600000 },
		{ "1404174600000000,1", 1404174600000 },
		{ "1404174600000000000,1", 1404174600000 },
		{ "-60,1", -60000 },
		{ "0,1", 0 },
		{ "1e300,1", DETECT_NO_TIME },
		{ "NaN,1", DETECT_NO_TIME },
		{ "2014-13-01 00:30:00,1", DETECT_NO_TIME },
		{ "yesterday at half past twelve o'clock,1", DETECT_NO_TIME },
		{ ",1", DETECT_NO_TIME },
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++) {
		take(t[i].text);
		if (l.t_ms != t[i].ms)
			fail_msg("%s: %lld", t[i].text, (long long)l.t_ms);
		assert_true(l.value == 1);
	}
}

static int teardown(void **state)
{
	free(copy);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_no_value),
		cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
