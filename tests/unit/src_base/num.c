#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/num.h"

static struct buf out;

static const char *f64_text(double v)
{
	buf_reset(&out);
	assert_int_equal(buf_addf64(&out, v), 0);
	return out.p;
}

static bool same(double a, double b)
{
	return memcmp(&a, &b, sizeof(a)) == 0;
}

static double f64(const char *s)
{
	double v;

	assert_int_equal(num_f64(slice_of(s), &v), 0);
	return v;
}

static void integers(void **state)
{
	static const char *const bad[] = { "", "-", "+1", " 1", "1 ", "1.0", "0x1", "--1",
		"9223372036854775808", "-9223372036854775809", "99999999999999999999999" };
	uint64_t u;
	int64_t i;

	for (size_t k = 0; k < ARRAY_LEN(bad); k++)
		assert_int_equal(num_i64(slice_of(bad[k]), &i), -1);
	assert_int_equal(num_i64(slice_of("-9223372036854775808"), &i), 0);
	assert_true(i == INT64_MIN);
	assert_int_equal(num_i64(slice_of("9223372036854775807"), &i), 0);
	assert_true(i == INT64_MAX);
	assert_int_equal(num_u64(slice_of("18446744073709551615"), &u), 0);
	assert_true(u == UINT64_MAX);
	assert_int_equal(num_u64(slice_of("18446744073709551616"), &u), -1);
	assert_int_equal(num_u64(slice_of("-0"), &u), -1);
	assert_int_equal(num_u64(slice_mem("1\0", 2), &u), -1);
}

static void hex(void **state)
{
	uint64_t u;

	assert_int_equal(num_hex_u64(slice_of("0x1A"), &u), 0);
	assert_int_equal(u, 26);
	assert_int_equal(num_hex_u64(slice_of("0xffffffffffffffff"), &u), 0);
	assert_true(u == UINT64_MAX);
	assert_int_equal(num_hex_u64(slice_of("26"), &u), 0);
	assert_int_equal(u, 26);
	assert_int_equal(num_hex_u64(slice_of("0x10000000000000000"), &u), -1);
	assert_int_equal(num_hex_u64(slice_of("0x"), &u), -1);
	assert_int_equal(num_hex_u64(slice_of("0xg"), &u), -1);
	assert_int_equal(num_hex_u64(slice_of("1a"), &u), -1);
}

static void doubles(void **state)
{
	static const char *const bad[] = { "", ".", "-", "e5", "1e", "1e+", "1.2.3", " 1", "1 ",
		"0x10", "1_0", "nano", "in", "+-1", "1e999", "-1e999", "1,5" };
	static const char *const good[] = {
		"0",
		"1",
		"-1",
		"1.5",
		".5",
		"5.",
		"+2",
		"1e3",
		"1E-3",
		"0.1",
		"123456789.123456789",
		"9007199254740993",
		"9007199254740992.5",
		"18446744073709551615",
		"1234567890123456789e-19",
		"1234567890123456789e19",
		"4.9e-324",
		"1e-400",
		"1.7976931348623157e308",
		"0.30000000000000004",
		"2.2250738585072014e-308",
		"9999999999999999999",
		"1844674407370955161600000000000",
		"0e999999999",
		"0.000000000000000000000000000000000000000000000001234",
		"8.5",
		"72057594037927945",
		"100000000000000016777215",
		"100000000000000016777216",
	};
	double v;

	for (size_t k = 0; k < ARRAY_LEN(bad); k++)
		assert_int_equal(num_f64(slice_of(bad[k]), &v), -1);
	for (size_t k = 0; k < ARRAY_LEN(good); k++)
		assert_true(same(f64(good[k]), strtod(good[k], NULL)));
	assert_true(isnan(f64("NaN")) && isnan(f64("nan")));
	assert_true(isinf(f64("+Inf")) && f64("Inf") > 0 && f64("-inf") < 0);
	assert_true(signbit(f64("-0")));
}

/* Ten thousand random decimals of every length against the C library. */
static void doubles_agree_with_strtod(void **state)
{
	uint64_t x = 88172645463325252u;
	char s[64];

	for (int k = 0; k < 10000; k++) {
		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		snprintf(s, sizeof(s), "%llue%d", (unsigned long long)(x >> (k % 60)),
			(int)(x % 61) - 30);
		if (!same(f64(s), strtod(s, NULL)))
			fail_msg("%s reads as %.17g", s, f64(s));
	}
}

static void doubles_print_shortest(void **state)
{
	static const struct {
		double v;
		const char *text;
	} t[] = {
		{ 0, "0" },
		{ 5, "5" },
		{ -5.5, "-5.5" },
		{ 0.1, "0.1" },
		{ 0.1 + 0.2, "0.30000000000000004" },
		{ 99.97, "99.97" },
		{ 0.000001, "0.000001" },
		{ 1e15, "1000000000000000" },
		{ 9007199254740991.0, "9007199254740991" },
		{ 1.0 / 3, "0.3333333333333333" },
		{ 1e22, "1e+22" },
		{ 1e300, "1e+300" },
		{ -0.0, "-0.0" },
		{ 123.456789012, "123.456789012" },
		{ 9223372036854775808.0, "9.223372036854776e+18" },
		{ 4.9e-324, "4.94065645841247e-324" },
	};

	for (size_t k = 0; k < ARRAY_LEN(t); k++)
		assert_string_equal(f64_text(t[k].v), t[k].text);
	assert_string_equal(f64_text(NAN), "NaN");
	assert_string_equal(f64_text(-INFINITY), "-Inf");
}

static void doubles_round_trip(void **state)
{
	uint64_t x = 4101842887655102017u;

	for (int k = 0; k < 100000; k++) {
		double v;

		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		if (k % 2)
			memcpy(&v, &x, 8); /* any bits */
		else
			v = (double)(x >> 11) * 0x1p-53 * pow(10, (double)(k % 19) - 2);
		if (!isfinite(v))
			continue;
		if (!same(f64(f64_text(v)), v))
			fail_msg("%.17g prints as %s", v, out.p);
		if (strlen(out.p) > 25)
			fail_msg("%.17g prints too long: %s", v, out.p);
	}
}

/* Numbers of every size, those half-way between two among them, against the C library. */
static void fixed_is_as_printf_says(void **state)
{
	uint64_t x = 88172645463325252u;
	char s[400];

	for (int k = 0; k < 100000; k++) {
		int decimals = k % 5;
		double v = k / 5 % 2000 / 16.0; /* 0.0625, 0.5 */

		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		if (k % 3)
			v = (double)(int64_t)x * 0x1p-63 * pow(10, (double)(x % 13) - 3);
		else if (k % 2)
			v = -round(v * 1e3) / 1e3;
		buf_reset(&out);
		buf_addfixed(&out, v, decimals);
		snprintf(s, sizeof(s), "%.*f", decimals, v);
		assert_string_equal(out.p, s);
	}
}

static void locale_does_not_matter(void **state)
{
	static const char *const comma[] = { "de_DE.UTF-8", "fr_FR.UTF-8", "de_DE" };
	bool have = false;

	for (size_t k = 0; k < ARRAY_LEN(comma) && !have; k++)
		have = setlocale(LC_NUMERIC, comma[k]) != NULL;
	assert_string_equal(f64_text(1.25e-30), "1.25e-30");
	assert_true(f64("1.25e-30") == 1.25e-30);
	setlocale(LC_NUMERIC, "C");
	if (!have)
		skip();
}

static void sizes(void **state)
{
	struct err e;
	uint64_t b;

	assert_int_equal(num_size("2GiB", &b, &e), 0);
	assert_true(b == 2147483648u);
	assert_int_equal(num_size("10kB", &b, &e), 0);
	assert_true(b == 10000);
	assert_int_equal(num_size("512", &b, &e), 0);
	assert_true(b == 512);
	assert_int_equal(num_size("1.5mib", &b, &e), 0);
	assert_true(b == 1572864);
	assert_int_equal(num_size("9007199254740993", &b, &e), 0);
	assert_true(b == 9007199254740993);
	assert_int_equal(num_size("", &b, &e), -1);
	assert_int_equal(num_size("-1", &b, &e), -1);
	assert_int_equal(num_size("5 GiB", &b, &e), -1);
	assert_int_equal(num_size("99999999PiB", &b, &e), -1);
	assert_string_equal(e.text, "\"99999999PiB\" is too large a size");
	assert_int_equal(num_size("2 Gobs", &b, &e), -1);
	assert_string_equal(e.text, "\"2 Gobs\" is not a size; write it like 512, 64MiB, 2GB");
}

static void durations(void **state)
{
	struct err e;
	int64_t ms;

	assert_int_equal(num_duration_ms("250ms", &ms, &e), 0);
	assert_int_equal(ms, 250);
	assert_int_equal(num_duration_ms("1h30m", &ms, &e), 0);
	assert_int_equal(ms, 5400000);
	assert_int_equal(num_duration_ms("1.5s", &ms, &e), 0);
	assert_int_equal(ms, 1500);
	assert_int_equal(num_duration_ms("0", &ms, &e), 0);
	assert_int_equal(ms, 0);
	assert_int_equal(num_duration_ms("5", &ms, &e), -1);
	assert_int_equal(num_duration_ms("-5m", &ms, &e), -1);
	assert_int_equal(num_duration_ms("5M", &ms, &e), -1);
	assert_int_equal(num_duration_ms("5mm", &ms, &e), -1);
	assert_int_equal(num_duration_ms("", &ms, &e), -1);
	assert_int_equal(num_duration_ms("1000y", &ms, &e), -1);
	assert_int_equal(num_duration_ms("99999999w", &ms, &e), -1);
}

static void with_unit(void **state)
{
	static const struct {
		const char *s;
		double v;
	} t[] = { { "80%", 80 }, { "2GiB", 2147483648.0 }, { "5m", 300 }, { "250ms", 0.25 },
		{ "1e3", 1000 }, { "-3.5", -3.5 }, { "1h30m", 5400 }, { "5M", 5e6 }, { "10k", 1e4 },
		{ "1E2", 100 } };
	double v;

	for (size_t k = 0; k < ARRAY_LEN(t); k++) {
		assert_int_equal(num_with_unit(slice_of(t[k].s), &v), 0);
		assert_true(v == t[k].v);
	}
	assert_int_equal(num_with_unit(slice_of("5 m"), &v), -1);
	assert_int_equal(num_with_unit(slice_of("up"), &v), -1);
	assert_int_equal(num_with_unit(slice_of("5mGiB"), &v), -1);
	assert_int_equal(num_with_unit(slice_of("NaN"), &v), -1);
	assert_int_equal(num_with_unit(slice_of("-"), &v), -1);
}

static void times(void **state)
{
	static const char *const bad[] = { "", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
		"2026-11-22T24:00:00Z", "2026-11-22T09:52:11", "2026-11-22T09:52:11+0100",
		"2026-11-22T09:52:11.Z", "2026-11-22T09:52:61Z", "2026-11-22T09:52Z",
		"x026-11-22T09:52:11Z", "2026-11-22T09:52:11Zz", "2026-04-31T00:00:00Z",
		"1900-02-29T00:00:00Z" };
	int64_t ms;

	for (size_t k = 0; k < ARRAY_LEN(bad); k++)
		assert_int_equal(num_rfc3339_ms(slice_of(bad[k]), &ms), -1);
	assert_int_equal(num_rfc3339_ms(slice_of("1970-01-01T00:00:00Z"), &ms), 0);
	assert_true(ms == 0);
	assert_int_equal(num_rfc3339_ms(slice_of("2026-11-22T09:52:11.0429999+01:00"), &ms), 0);
	assert_true(ms == 1795337531042);
	assert_int_equal(num_rfc3339_ms(slice_of("2024-02-29t23:59:60z"), &ms), 0);
	assert_true(ms == 1709251200000);
	assert_int_equal(num_rfc3339_ms(slice_of("1969-12-31T23:59:59.999-00:30"), &ms), 0);
	assert_true(ms == 1799999);
}

static void times_round_trip(void **state)
{
	int64_t back;

	for (int64_t ms = -62167219200000; ms <= 253402300799999; ms += 997 * 86400011ll) {
		buf_reset(&out);
		buf_addtime(&out, ms);
		assert_int_equal(num_rfc3339_ms(buf_slice(&out), &back), 0);
		assert_true(back == ms);
	}
	buf_reset(&out);
	buf_addtime(&out, 1795337531042 + 3600000);
	assert_string_equal(out.p, "2026-11-22T09:52:11.042Z");
	buf_reset(&out);
	buf_addtime(&out, INT64_MAX);
	assert_string_equal(out.p, "9999-12-31T23:59:59.999Z");
	buf_reset(&out);
	buf_addtime(&out, INT64_MIN);
	assert_string_equal(out.p, "0000-01-01T00:00:00.000Z");
}

static void moments(void **state)
{
	const int64_t now = 1795341131042; /* 2026-11-22T09:52:11.042Z */
	struct err e;
	int64_t ms;

	setenv("TZ", "UTC0", 1);
	assert_int_equal(num_moment_ms("15m", now, &ms, &e), 0);
	assert_true(ms == now - 900000);
	assert_int_equal(num_moment_ms("today", now, &ms, &e), 0);
	assert_true(ms == now - now % 86400000);
	assert_int_equal(num_moment_ms("14:30", now, &ms, &e), 0);
	assert_true(ms == now - now % 86400000 + 52200000);
	assert_int_equal(num_moment_ms("1700000000", now, &ms, &e), 0);
	assert_true(ms == 1700000000000);
	assert_int_equal(num_moment_ms("2026-11-22", now, &ms, &e), 0);
	assert_true(ms == now - now % 86400000);
	assert_int_equal(num_moment_ms("2026-11-22T09:52:11Z", now, &ms, &e), 0);
	assert_true(ms == now - 42);
	assert_int_equal(num_moment_ms("25:00", now, &ms, &e), -1);
	assert_non_null(strstr(e.text, "\"25:00\" is not a time"));
}

static void for_people(void **state)
{
	static const struct {
		double v;
		const char *unit, *text;
	} si[] = { { 12400, "", "12.4k" }, { 1200000, "", "1.20M" }, { 5, "", "5" },
		{ 82.31, "%", "82.3%" }, { 999.9, "", "1.00k" }, { -1500, "W", "-1.50 kW" },
		{ 0.25, "", "0.250" }, { 0.00001, "s", "1.0e-05 s" }, { 999600, "", "1.00M" },
		{ 0, "B/s", "0 B/s" }, { 3e18, "", "3.00E" } };
	static const struct {
		uint64_t v;
		const char *text;
	} size[] = { { 512, "512 B" }, { 2254857830, "2.1 GiB" }, { 1048575, "1.0 MiB" },
		{ UINT64_MAX, "16.0 EiB" } };
	static const struct {
		int64_t v;
		const char *text;
	} age[] = { { 850, "850ms" }, { 3999, "3s" }, { 300000, "5m" }, { 7200000, "2h" },
		{ 345600000, "4d" }, { -5, "0ms" } };

	for (size_t k = 0; k < ARRAY_LEN(si); k++) {
		buf_reset(&out);
		buf_addsi(&out, si[k].v, si[k].unit);
		assert_string_equal(out.p, si[k].text);
	}
	for (size_t k = 0; k < ARRAY_LEN(size); k++) {
		buf_reset(&out);
		buf_addsize(&out, size[k].v);
		assert_string_equal(out.p, size[k].text);
	}
	for (size_t k = 0; k < ARRAY_LEN(age); k++) {
		buf_reset(&out);
		buf_addage(&out, age[k].v);
		assert_string_equal(out.p, age[k].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers),
		cmocka_unit_test(hex),
		cmocka_unit_test(doubles),
		cmocka_unit_test(doubles_agree_with_strtod),
		cmocka_unit_test(doubles_print_shortest),
		cmocka_unit_test(doubles_round_trip),
		cmocka_unit_test(fixed_is_as_printf_says),
		cmocka_unit_test(locale_does_not_matter),
		cmocka_unit_test(sizes),
		cmocka_unit_test(durations),
		cmocka_unit_test(with_unit),
		cmocka_unit_test(times),
		cmocka_unit_test(times_round_trip),
		cmocka_unit_test(moments),
		cmocka_unit_test(for_people),
	};
	int rc;

	buf_init(&out, 4096);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	buf_fini(&out);
	return rc;
}
