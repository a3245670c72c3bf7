/* The parts whose promises can be checked one by one: tails, the logarithm, the sum. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "detect/constants.h"
#include "detect/inside.h"
#include "detect/tail.h"

static uint64_t seed;

static double uniform(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return ((double)(seed >> 11) + 0.5) * 0x1p-53;
}

static void test_log2(void **state)
{
	for (double v = 1e-30; v < 1e30; v *= 1.01)
		assert_true(fabs(log2_of((float)v) - log2((float)v)) < 1e-4);
}

/* A surprise of s comes once in 10^s, whatever the feature's distribution is; less often where its
 * tail is lighter than any power. */
static void check_rates(double (*draw)(double u), int least3)
{
	struct tail t = { 0 };
	int n = 200000, over1 = 0, over2 = 0, over3 = 0;

	seed = 88172645463325252u;
	for (int i = 0; i < n; i++) {
		float s = tail_step(&t, (uint32_t)i, draw(uniform()));

		assert_true(s >= 0 && s <= constants.surprise_max);
		over1 += s > 1;
		over2 += s > 1.7f;
		over3 += s > 3;
	}
	assert_in_range(over1, n / 13, n / 8);	  /* one in 10 */
	assert_in_range(over2, n / 75, n / 37);	  /* one in 50 */
	assert_in_range(over3, least3, n / 250); /* one in 1000 */
}

static double exponential(double u)
{
	return -log(u);
}

static double heavy(double u)
{
	return pow(u, -0.7);
}

static double bounded(double u)
{
	return 1 + u;
}

static void test_tail_rates(void **state)
{
	check_rates(exponential, 0);
	check_rates(heavy, 50);
	check_rates(bounded, 0);
}

static void test_tail_of_nothing(void **state)
{
	struct tail t = { 0 };

	for (uint32_t i = 0; i < 5000; i++)
		assert_true(tail_step(&t, i, 0) == 0);
	assert_true(tail_step(&t, 5000, 1) > 2.5f);
}

static void test_sum(void **state)
{
	struct signal in[DETECT_FEATURES] = { 0 };
	struct detect_verdict v = { 0 };
	float c = constants.threshold;

	detect_fuse(in, 1000, &v);
	assert_true(v.surprise == 0 && v.n == 0);
	in[FEATURE_RANGE] = (struct signal){ c + 2, 10, 12 };
	in[FEATURE_SHIFT] = (struct signal){ c + 1, 3, 4 };
	in[FEATURE_DRIFT] = (struct signal){ c + 0.1f, 5, 6 }; /* the same group as shift */
	detect_fuse(in, UINT32_MAX - 1000, &v);
	assert_int_equal(v.n, 2);
	assert_true(fabs(v.surprise - 2 * features[FEATURE_RANGE].weight -
		features[FEATURE_SHIFT].weight) < 1e-3);
	assert_int_equal(v.terms[0].feature, FEATURE_RANGE);
	assert_true(v.terms[0].usual == 10 && v.terms[0].seen == 12);
	assert_int_equal(v.terms[1].feature, FEATURE_SHIFT);
	assert_true(fabs(v.terms[0].part + v.terms[1].part - 1) < 1e-6);
}

/* More groups than terms: the largest are kept, in order. */
static void test_largest_terms(void **state)
{
	struct signal in[DETECT_FEATURES];
	struct detect_verdict v = { 0 };

	for (int f = 0; f < DETECT_FEATURES; f++)
		in[f] = (struct signal){ 2 + (float)((f * 7) % DETECT_FEATURES) * 0.1f, 0, f };
	detect_fuse(in, 1000, &v);
	assert_int_equal(v.n, DETECT_TERMS_MAX);
	for (int i = 1; i < v.n; i++)
		assert_true(v.terms[i].part <= v.terms[i - 1].part);
	for (int f = 0; f < DETECT_FEATURES; f++) {
		float term = features[f].weight * (in[f].surprise - constants.threshold);
		bool kept = false;

		for (int i = 0; i < v.n; i++)
			kept = kept || features[v.terms[i].feature].group == features[f].group;
		if (!kept)
			assert_true(term <= v.terms[v.n - 1].part * v.surprise * 1.7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_log2),
		cmocka_unit_test(test_tail_rates),
		cmocka_unit_test(test_tail_of_nothing),
		cmocka_unit_test(test_sum),
		cmocka_unit_test(test_largest_terms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
