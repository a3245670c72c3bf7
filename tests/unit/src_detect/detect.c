/* The engine over small series of our own: what it must see, what it must not, what it must bear. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "detect/detect.h"

#define MINUTE 60000ll
#define DAY_ROWS 1440

struct series {
	struct detect_core core;
	struct detect_deep deep;
	struct detect_verdict v;
	uint64_t seed;
	int64_t t_ms;
	bool shallow;
	int alerts;
	double best; /* score since reset() */
};

static void begin(struct series *s)
{
	memset(s, 0, sizeof(*s));
	detect_core_init(&s->core);
	detect_deep_init(&s->deep);
	s->seed = 42;
	s->t_ms = 1790000000000;
}

static void add(struct series *s, double x)
{
	detect_step(&s->core, s->shallow ? NULL : &s->deep, s->t_ms, x, &s->v);
	s->t_ms += MINUTE;
	if (!(s->v.score >= 0 && s->v.score <= 1) || s->v.begins != (s->v.score >= DETECT_BEGINS))
		fail_msg("score %g, begins %d", s->v.score, s->v.begins);
	s->alerts += s->v.score >= DETECT_ALERT;
	s->best = fmax(s->best, s->v.score);
}

static void reset(struct series *s)
{
	s->alerts = 0;
	s->best = 0;
}

/* -1..1, flat */
static double noise(struct series *s)
{
	s->seed ^= s->seed << 13;
	s->seed ^= s->seed >> 7;
	s->seed ^= s->seed << 17;
	return (double)(s->seed >> 11) * 0x1p-52 - 1;
}

static double warmth(struct series *s, int i)
{
	return 50 + 8 * sin(i * (2 * M_PI / DAY_ROWS)) + noise(s);
}

/* Days of a quiet sensor; the score of none of the last rows may matter. */
static void quiet(struct series *s, int rows)
{
	for (int i = 0; i < rows; i++)
		add(s, warmth(s, i));
}

static bool has_term(const struct series *s, enum detect_feature f)
{
	for (int i = 0; i < s->v.n; i++)
		if (s->v.terms[i].feature == f)
			return true;
	return false;
}

static void test_quiet(void **state)
{
	struct series s;

	begin(&s);
	quiet(&s, 3 * DAY_ROWS);
	reset(&s);
	quiet(&s, 4 * DAY_ROWS);
	assert_true(s.alerts <= 4); /* one a day would be a bad neighbour already */
	assert_true(s.best < 0.75);
}

static void spike_of(bool shallow)
{
	struct series s;
	double before;

	begin(&s);
	s.shallow = shallow;
	quiet(&s, 3 * DAY_ROWS);
	before = s.best;
	reset(&s);
	add(&s, 90);
	assert_true(s.v.score >= DETECT_ALERT);
	assert_true(s.v.score > before);
	assert_true(s.v.n > 0 && s.v.surprise > 0);
	assert_true(has_term(&s, FEATURE_RANGE));
	for (int i = 1; i < s.v.n; i++)
		assert_true(s.v.terms[i].part <= s.v.terms[i - 1].part);
}

static void test_spike(void **state)
{
	spike_of(false);
	spike_of(true);
}

static void test_explains(void **state)
{
	struct series s;
	double parts = 0;

	begin(&s);
	quiet(&s, 3 * DAY_ROWS);
	add(&s, 90);
	for (int i = 0; i < s.v.n; i++) {
		const struct detect_term *t = &s.v.terms[i];

		parts += t->part;
		if (t->feature == FEATURE_RANGE) {
			assert_true(t->seen == 90);
			assert_true(t->usual > 55 && t->usual < 62);
		}
	}
	assert_true(parts > 0.5 && parts < 1.001);
}

static void test_words(void **state)
{
	struct series s;
	struct buf b;

	begin(&s);
	quiet(&s, 3 * DAY_ROWS);
	buf_init(&b, 4096);
	detect_explain(&(struct detect_verdict){ 0 }, &b);
	assert_int_equal(b.len, 0);
	add(&s, 90);
	detect_explain(&s.v, &b);
	assert_non_null(strstr(b.p, "range "));
	assert_non_null(strstr(b.p, "%: beyond all that was seen (usual 5"));
	assert_non_null(strstr(b.p, ", seen 90)"));
	buf_fini(&b);
}

static void test_one_alert_an_event(void **state)
{
	struct series s;

	begin(&s);
	quiet(&s, 3 * DAY_ROWS);
	reset(&s);
	for (int i = 0; i < 60; i++)
		add(&s, 80 + noise(&s));
	assert_true(s.alerts >= 1 && s.alerts <= 3);
}

static void test_stuck(void **state)
{
	struct series s;

	begin(&s);
	quiet(&s, 3 * DAY_ROWS);
	reset(&s);
	for (int i = 0; i < 120; i++)
		add(&s, 50.25);
	assert_true(s.alerts >= 1);
}

static void test_later_rows_are_not_known(void **state)
{
	struct series a, b;
	double score[2000];

	begin(&a);
	for (int i = 0; i < 2000; i++) {
		add(&a, warmth(&a, i));
		score[i] = a.v.score;
	}
	begin(&b);
	for (int i = 0; i < 4000; i++) {
		add(&b, i < 2000 ? warmth(&b, i) : 1e6 * i);
		if (i < 2000)
			assert_true(b.v.score == score[i]);
	}
}

static void test_unit_does_not_matter(void **state)
{
	struct series a, b;

	begin(&a);
	begin(&b);
	for (int i = 0; i < 3000; i++) {
		double x = warmth(&a, i);

		add(&a, x);
		add(&b, x * 1024);
		assert_true(fabs(a.v.score - b.v.score) < 1e-3);
	}
}

static void test_constant(void **state)
{
	struct series s;

	begin(&s);
	for (int i = 0; i < 3000; i++) {
		add(&s, 7);
		assert_true(s.v.score == 0);
	}
	add(&s, 8);
	add(&s, 8);
	assert_true(s.alerts == 1);
}

static void test_not_numbers(void **state)
{
	struct series s;
	struct detect_core core;
	struct detect_deep deep;
	static const double no[] = { NAN, INFINITY, -INFINITY };

	begin(&s);
	for (int i = 0; i < 3; i++)
		add(&s, no[i]);
	quiet(&s, 500);
	core = s.core;
	deep = s.deep;
	for (int i = 0; i < 3; i++) {
		add(&s, no[i]);
		assert_true(s.v.score == 0 && s.v.n == 0);
	}
	assert_memory_equal(&core, &s.core, sizeof(core));
	assert_memory_equal(&deep, &s.deep, sizeof(deep));
}

static void test_extremes(void **state)
{
	static const double v[] = { 0, DBL_MAX, -DBL_MAX, DBL_MIN, 4e-324, 1e30, -1e30, 1, 0, 1e-30 };
	struct series s;

	begin(&s);
	for (int i = 0; i < 20000; i++)
		add(&s, v[(i * 7 + i / 100) % 10]);
	for (int i = 0; i < 100; i++)
		add(&s, 1e15 + i % 3);
}

/* A wandering counter of 10^12: its steps are one part in 10^11 of it. */
static void test_large_counter(void **state)
{
	struct series s;
	double x = 1e12;

	begin(&s);
	for (int i = 0; i < 5000; i++)
		add(&s, x += 10 + floor(3 * noise(&s)));
	reset(&s);
	for (int i = 0; i < 60; i++)
		add(&s, x);
	assert_true(s.alerts >= 1);
}

static void test_any_time(void **state)
{
	static const int64_t t[] = { INT64_MIN, INT64_MAX, -1, 0, 1790000000000, INT64_MIN + 1 };
	struct series s;

	begin(&s);
	for (int i = 0; i < 5000; i++) {
		s.t_ms = t[i % 6] - (t[i % 6] == INT64_MAX ? MINUTE : 0);
		detect_step(&s.core, &s.deep, s.t_ms, warmth(&s, i), &s.v);
		assert_true(s.v.score >= 0 && s.v.score <= 1);
	}
}

static void test_deep_joins_later(void **state)
{
	struct series s;

	begin(&s);
	s.shallow = true;
	quiet(&s, 2 * DAY_ROWS);
	s.shallow = false;
	quiet(&s, 3 * DAY_ROWS);
	reset(&s);
	quiet(&s, DAY_ROWS);
	assert_true(s.alerts <= 2);
	for (int i = 0; i < 120; i++)
		add(&s, 50.25);
	assert_true(s.alerts >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quiet),
		cmocka_unit_test(test_spike),
		cmocka_unit_test(test_explains),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_one_alert_an_event),
		cmocka_unit_test(test_stuck),
		cmocka_unit_test(test_later_rows_are_not_known),
		cmocka_unit_test(test_unit_does_not_matter),
		cmocka_unit_test(test_constant),
		cmocka_unit_test(test_not_numbers),
		cmocka_unit_test(test_extremes),
		cmocka_unit_test(test_large_counter),
		cmocka_unit_test(test_any_time),
		cmocka_unit_test(test_deep_joins_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
