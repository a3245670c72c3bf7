/* History: what goes in comes out, bit for bit, within the budget. */
#include "world.h"

#include "model/coder.h"

static uint64_t rnd_state = 88172645463325252u;

static uint64_t rnd(void)
{
	rnd_state ^= rnd_state << 13;
	rnd_state ^= rnd_state >> 7;
	rnd_state ^= rnd_state << 17;
	return rnd_state;
}

/* --- series of many kinds ------------------------------------------------------------------- */

static double gen(int kind, int i, double last)
{
	double v;

	switch (kind) {
	case 0: /* a constant */
		return 42;
	case 1: /* a decimal that wanders */
		return round((last + ((double)(rnd() % 21) - 10) / 10) * 10) / 10;
	case 2: /* a counter with a reset now and then */
		return rnd() % 100 == 0 ? 0 : last + (double)(rnd() % 1000);
	case 3: /* full doubles */
		return last + (double)(int64_t)rnd() / 1e19;
	case 4: /* any bits at all, infinities and NaNs among them */
		memcpy(&v, &(uint64_t){ rnd() }, 8);
		return v;
	case 5: /* small and huge in turn */
		return i % 2 ? 1e300 : -1e-300;
	case 6: /* gaps */
		return rnd() % 3 ? NAN : (double)(rnd() % 10);
	case 7: /* scales that grow */
		return (double)(int64_t)(rnd() % 2000000) / pow(10, (double)(rnd() % 8));
	case 8: /* signed zeros */
		return rnd() % 2 ? -0.0 : 0.0;
	case 9: /* at the edge of exact integers */
		return 9007199254740992.0 - (double)(rnd() % 3) + (double)(rnd() % 2) * 1e10;
	case 10: /* floats as doubles */
		return (double)(float)(sin(i / 10.0) * 40);
	default: /* integers that jump */
		return (double)((int64_t)rnd() >> (rnd() % 60));
	}
}

static int64_t gen_step(int kind)
{
	switch (kind % 5) {
	case 0:
		return 1000;
	case 1:
		return 10000 + (int64_t)(rnd() % 21) - 10;
	case 2:
		return (int64_t)(rnd() % 5);
	case 3:
		return (int64_t)(rnd() % 100000000);
	default:
		return (int64_t)(rnd() % 2000);
	}
}

#define N 3000

static void check_series(int kind, int steps, enum series_type type)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 4 << 20 });
	uint32_t dev = device(m, "d", "n", T0), s = series(m, dev, "x", "", type);
	struct point *out = xcalloc(N + 10, sizeof(*out)), *in = xcalloc(N, sizeof(*in));
	int64_t at = T0;
	double v = 0;
	size_t n, k = 0;

	for (int i = 0; i < N; i++) {
		v = gen(kind, i, isnan(v) ? 0 : v);
		at += gen_step(steps);
		in[i] = (struct point){ .at_ms = at, .last = v };
		sample(m, dev, s, v, at);
	}
	n = model_history(m, s, T0, at, out, N + 10);
	for (int i = 0; i < N; i++) {
		if (isnan(in[i].last))
			continue;
		while (k < n && out[k].n == 0)
			k++;
		assert_true(k < n);
		assert_int_equal(out[k].at_ms, in[i].at_ms);
		if (memcmp(&out[k].last, &in[i].last, 8) != 0)
			fail_msg("kind %d steps %d sample %d: %.17g became %.17g", kind, steps, i,
				in[i].last, out[k].last);
		k++;
	}
	assert_int_equal(k, n);
	free(in);
	free(out);
	model_free(m);
}

static void history_is_lossless(void **state)
{
	for (int kind = 0; kind <= 11; kind++)
		for (int steps = 0; steps < 5; steps++) {
			check_series(kind, steps, SERIES_GAUGE);
			check_series(kind, steps, SERIES_COUNTER);
		}
}

static void a_gap_and_a_death_show(void **state)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 1 << 20 });
	uint32_t dev = device(m, "d", "n", T0), s = series(m, dev, "x", "", SERIES_GAUGE);
	struct point p[10];

	sample(m, dev, s, 1, T0 + 1000);
	sample(m, dev, s, NAN, T0 + 2000);
	sample(m, dev, s, 2, T0 + 3000);
	status(m, dev, STATUS_DOWN, T0 + 4000);
	sample(m, dev, s, 3, T0 + 5000);
	assert_int_equal(model_history(m, s, T0, T0 + 9000, p, 10), 5);
	assert_int_equal(p[0].n, 1);
	assert_int_equal(p[1].n, 0);
	assert_true(p[2].last == 2);
	assert_int_equal(p[3].n, 0);
	assert_true(p[4].last == 3);
	/* a part of it */
	assert_int_equal(model_history(m, s, T0 + 2500, T0 + 4500, p, 10), 1);
	assert_true(p[0].last == 2);
	assert_int_equal(model_history(m, s, T0 + 6000, T0 + 9000, p, 10), 0);
	assert_int_equal(model_history(m, 99, T0, T0 + 9000, p, 10), 0);
	model_free(m);
}

static void thinning_keeps_extremes(void **state)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 1 << 20 });
	uint32_t dev = device(m, "d", "n", T0), s = series(m, dev, "x", "", SERIES_GAUGE);
	struct point p[10];
	uint32_t sum = 0;
	double min = 1e9, max = -1e9;
	size_t n;

	for (int i = 0; i < 1000; i++)
		sample(m, dev, s, i == 333 ? -50 : i == 777 ? 99 : i % 10, T0 + i * 1000);
	n = model_history(m, s, T0, T0 + 999000, p, 10);
	assert_int_equal(n, 10);
	for (size_t i = 0; i < n; i++) {
		sum += p[i].n;
		min = fmin(min, p[i].min);
		max = fmax(max, p[i].max);
		assert_true(i == 0 || p[i].at_ms > p[i - 1].at_ms);
		assert_true(p[i].min <= p[i].last && p[i].last <= p[i].max);
	}
	assert_int_equal(sum, 1000);
	assert_true(min == -50 && max == 99);
	assert_true(p[9].last == 9 && p[9].at_ms == T0 + 999000);
	model_free(m);
}

static void the_budget_holds_and_the_oldest_goes(void **state)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 1 << 20 });
	uint32_t dev[50], s[50];
	struct model_stats st;
	struct point *p = xcalloc(100000, sizeof(*p));
	char id[16];
	size_t n;

	for (int d = 0; d < 50; d++) {
		snprintf(id, sizeof(id), "d%d", d);
		dev[d] = device(m, id, "n", T0);
		s[d] = series(m, dev[d], "x", "", SERIES_GAUGE);
	}
	for (int i = 0; i < 20000; i++) {
		tick(m, T0 + i * 1000);
		for (int d = 0; d < 50; d++)
			sample(m, dev[d], s[d], (double)(rnd() % 100000) / 100, T0 + i * 1000);
		if (i % 1000 == 0) {
			model_stats(m, &st);
			assert_true(st.bytes_samples <= 1 << 20);
		}
	}
	model_stats(m, &st);
	assert_int_equal(st.samples_seen, 1000000);
	assert_true(st.samples_stored > 200000);
	assert_int_equal(st.unstored, 0);
	assert_true(model_history_oldest_ms(m) > T0 + 1000000);
	for (int d = 0; d < 50; d++) {
		/* each has an unbroken tail that reaches back to about the same time */
		n = model_history(m, s[d], 0, INT64_MAX, p, 100000);
		assert_true(n > 3000);
		assert_int_equal(p[n - 1].at_ms, T0 + 19999000);
		for (size_t i = 1; i < n; i++)
			if (p[i].at_ms - p[i - 1].at_ms != 1000)
				fail_msg("series %d: point %zu of %zu: %lld (%u) after %lld (%u)", d, i,
					n, (long long)p[i].at_ms, p[i].n, (long long)p[i - 1].at_ms,
					p[i - 1].n);
		assert_true(llabs(p[0].at_ms - model_history_oldest_ms(m)) < 400000);
	}
	free(p);
	model_free(m);
}

/* One that speaks seldom keeps what it said while the others rush past. */
static void a_slow_series_keeps_its_tail(void **state)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 256 << 10 });
	uint32_t dev = device(m, "d", "n", T0), fast = series(m, dev, "fast", "", SERIES_GAUGE),
		 slow = series(m, dev, "slow", "", SERIES_GAUGE);
	struct point p[100];
	size_t n;

	for (int i = 0; i < 400000; i++) {
		sample(m, dev, fast, (double)(rnd() % 100000) / 100, T0 + i * 1000);
		if (i % 5000 == 0)
			sample(m, dev, slow, i, T0 + i * 1000);
	}
	n = model_history(m, slow, 0, INT64_MAX, p, 100);
	assert_true(n >= 5);
	assert_true(p[n - 1].last == 395000);
	model_free(m);
}

/* More series than blocks: some have history, all have a current value, nothing thrashes. */
static void more_series_than_room(void **state)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 64 << 10 });
	uint32_t dev = device(m, "d", "n", T0), s[2000];
	struct model_stats st;
	struct point p[4];
	char name[16];

	for (int i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "m%d", i);
		s[i] = series(m, dev, name, "", SERIES_GAUGE);
	}
	for (int k = 0; k < 50; k++)
		for (int i = 0; i < 2000; i++)
			sample(m, dev, s[i], i + k, T0 + k * 1000);
	model_stats(m, &st);
	assert_true(st.bytes_samples <= 64 << 10);
	assert_true(st.unstored > 0);
	assert_true(st.samples_stored > 50 * 100);
	assert_int_equal(model_history(m, s[10], T0, T0 + 49000, p, 4), 4);
	assert_string_equal(ask(m, "metrics", "name=m1999", "value"), "2048");
	model_free(m);
}

static void late_samples_and_clocks_set_back(void **state)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 1 << 20 });
	uint32_t dev = device(m, "d", "n", T0), s = series(m, dev, "x", "", SERIES_GAUGE);
	struct model_stats st;

	sample(m, dev, s, 1, T0 + 10000);
	sample(m, dev, s, 2, T0 + 5000); /* late: the newer value stands */
	assert_string_equal(ask(m, "metrics", "", "value"), "1");
	model_stats(m, &st);
	assert_int_equal(st.late, 1);
	sample(m, dev, s, 3, T0 - 3600000); /* an hour back: the clock was set */
	assert_string_equal(ask(m, "metrics", "", "value"), "3");
	model_free(m);
}

static void a_type_learnt_late_changes_the_code(void **state)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 1 << 20 });
	uint32_t dev = device(m, "d", "n", T0), s = series(m, dev, "x", "", SERIES_UNTYPED);
	struct point p[300];

	for (int i = 0; i < 100; i++)
		sample(m, dev, s, i * i, T0 + i * 1000);
	assert_int_equal(series(m, dev, "x", "", SERIES_COUNTER), s);
	for (int i = 100; i < 200; i++)
		sample(m, dev, s, i * i, T0 + i * 1000);
	assert_int_equal(model_history(m, s, 0, INT64_MAX, p, 300), 100);
	for (int i = 0; i < 100; i++)
		assert_true(p[i].last == (i + 100) * (i + 100));
	assert_string_equal(ask(m, "metrics", "", "type"), "counter");
	model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(history_is_lossless),
		cmocka_unit_test(a_gap_and_a_death_show),
		cmocka_unit_test(thinning_keeps_extremes),
		cmocka_unit_test(the_budget_holds_and_the_oldest_goes),
		cmocka_unit_test(a_slow_series_keeps_its_tail),
		cmocka_unit_test(more_series_than_room),
		cmocka_unit_test(late_samples_and_clocks_set_back),
		cmocka_unit_test(a_type_learnt_late_changes_the_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
