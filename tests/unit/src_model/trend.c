/* The course of a metric as a field of its device. */
#include "world.h"

#include "model/history.h"
#include "model/trend.h"

#define WIDTH (TREND_MS / TREND_SLOTS)
#define BEGIN (T0 / WIDTH * WIDTH) /* of a slot */

static struct model *world(const char *name, const char *labels, enum series_type type, uint32_t *s)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 8 << 20,
		.stale_after_ms = 3600000 });
	uint32_t d;

	tick(m, BEGIN);
	d = device(m, "d", "n", BEGIN);
	*s = series(m, d, name, labels, type);
	return m;
}

/* The field as a client gets it: numbers, NaN for null. */
static size_t trend(const struct model *m, const char *field, double *out)
{
	const struct kind *k = kind_find("devices");
	struct err e = { 0 };
	struct fields *f = fields_new(k, S(field), NULL, &e);
	json_t *o, *v, *x;
	struct buf b;
	size_t i, n;

	if (!f)
		fail_msg("%s", e.text);
	buf_init(&b, 1 << 16);
	assert_int_equal(row_json(m, k, 0, f, &b), 0);
	o = json_load(buf_slice(&b), &e);
	v = json_object_get(o, field);
	assert_true(json_is_array(v));
	n = json_array_size(v);
	assert_true(n <= TREND_SLOTS);
	json_array_foreach(v, i, x)
		out[i] = json_is_null(x) ? NAN : json_number_value(x);
	json_decref(o);
	buf_fini(&b);
	fields_free(f);
	return n;
}

static void same(double a, double b)
{
	if (isnan(a) != isnan(b) || fabs(a - b) > 1e-6 * (1 + fabs(b)))
		fail_msg("%g, not %g", a, b);
}

/* The letters of trend(status ...), and what the last of them are. */
static void ends(const struct model *m, const char *field, const char *want)
{
	struct err e = { 0 };
	struct fields *f = fields_new(kind_find("devices"), S(field), NULL, &e);
	const char *v;
	struct buf b;
	json_t *o;

	if (!f)
		fail_msg("%s", e.text);
	buf_init(&b, 1 << 16);
	assert_int_equal(row_json(m, kind_find("devices"), 0, f, &b), 0);
	o = json_load(buf_slice(&b), &e);
	v = json_string_value(json_object_get(o, field));
	assert_non_null(v);
	assert_int_equal(strlen(v), 60);
	assert_string_equal(v + 60 - strlen(want), want);
	assert_int_equal(strspn(v, "-"), 60 - strlen(want)); /* before it nothing was known */
	json_decref(o);
	buf_fini(&b);
	fields_free(f);
}

static void states_are_the_worst_of_their_slots(void **state)
{
	uint32_t s, other;
	struct model *m = world("temp", "", SERIES_GAUGE, &s);
	const int64_t t0 = BEGIN, slot = 10000;

	sample(m, 0, s, 1, t0 + 1);
	ends(m, "trend(status 10m)", "u");
	tick(m, t0 + 3 * slot);
	other = device(m, "other", "n", t0 + 3 * slot);
	ends(m, "trend(status 10m)", "uuuu");
	status(m, 0, STATUS_DEGRADED, t0 + 3 * slot + 1);
	status(m, other, STATUS_DOWN, t0 + 3 * slot + 2);
	tick(m, t0 + 5 * slot);
	ends(m, "trend(status 10m)", "uuuddd");
	status(m, 0, STATUS_DOWN, t0 + 5 * slot + 1);
	status(m, 0, STATUS_UP, t0 + 5 * slot + 2);
	tick(m, t0 + 6 * slot);
	ends(m, "trend(status 10m)", "uuuddxu");
	ends(m, "trend(status)", "xu");
	ends(m, "trend(status 1d)", "x");
	tick(m, t0 + 64 * slot);
	model_free(m);
}

static void each_slot_is_its_mean(void **state)
{
	uint32_t s;
	struct model *m = world("temp", "", SERIES_GAUGE, &s);
	double v[TREND_SLOTS];

	for (int slot = 0; slot < 20; slot++)
		for (int i = 0; i < 3; i++)
			sample(m, 0, s, 10 * slot + i, BEGIN + slot * WIDTH + 1000 + i * 10000);
	tick(m, BEGIN + 19 * WIDTH + 30000);
	assert_int_equal(trend(m, "trend(temp)", v), 16);
	for (int i = 0; i < 16; i++)
		same(v[i], 10 * (i + 4) + 1);
	assert_int_equal(trend(m, "trend(temp 5m)", v), 16);
	same(v[15], 192);
	same(v[14], 190.5);
	model_free(m);
}

static void it_begins_where_the_device_does(void **state)
{
	uint32_t s;
	struct model *m = world("disk", "mount=\"/a b,c\"", SERIES_GAUGE, &s);
	double v[TREND_SLOTS];

	assert_int_equal(trend(m, "trend(disk{mount=\"/a b,c\"})", v), 0);
	sample(m, 0, s, 5, BEGIN + 1000);
	sample(m, 0, s, 7, BEGIN + WIDTH + 1000);
	tick(m, BEGIN + WIDTH + 2000);
	assert_int_equal(trend(m, "trend(disk{mount=\"/a b,c\"})", v), 2);
	same(v[0], 5);
	same(v[1], 7);
	assert_int_equal(trend(m, "trend(disk)", v), 2); /* without labels one with some will do */
	assert_int_equal(trend(m, "trend(nothing)", v), 0);
	model_free(m);
}

static void a_slow_series_has_no_holes(void **state)
{
	uint32_t s;
	struct model *m = world("level", "", SERIES_GAUGE, &s);
	double v[TREND_SLOTS];

	for (int i = 0; i < 20; i += 3)
		sample(m, 0, s, i, BEGIN + i * WIDTH);
	tick(m, BEGIN + 19 * WIDTH);
	assert_int_equal(trend(m, "trend(level)", v), 16);
	for (int i = 4; i < 20; i++)
		same(v[i - 4], i / 3 * 3);
	model_free(m);
}

static void gaps_are_null(void **state)
{
	uint32_t s;
	struct model *m = world("temp", "", SERIES_GAUGE, &s);
	double v[TREND_SLOTS];

	sample(m, 0, s, 1, BEGIN);
	sample(m, 0, s, NAN, BEGIN + 2 * WIDTH);
	sample(m, 0, s, 3, BEGIN + 4 * WIDTH);
	status(m, 0, STATUS_DOWN, BEGIN + 5 * WIDTH);
	status(m, 0, STATUS_UP, BEGIN + 8 * WIDTH);
	sample(m, 0, s, 8, BEGIN + 8 * WIDTH + 1);
	status(m, 0, STATUS_DOWN, BEGIN + 9 * WIDTH);
	tick(m, BEGIN + 10 * WIDTH);
	assert_int_equal(trend(m, "trend(temp)", v), 11);
	for (int i = 0; i < 11; i++)
		same(v[i], i < 2 ? 1 : i == 4 ? 3 : i == 8 ? 8 : NAN);
	model_free(m);
}

static void a_counter_tells_its_rate(void **state)
{
	uint32_t s;
	struct model *m = world("jobs", "", SERIES_COUNTER, &s);
	double v[TREND_SLOTS];

	for (int i = 0; i < 600; i++)
		sample(m, 0, s, i < 450 ? 1000 + 4 * i : 4 * (i - 450), BEGIN + i * 1000);
	tick(m, BEGIN + 599000);
	assert_int_equal(trend(m, "trend(jobs)", v), 15); /* the first has none before it */
	for (int i = 0; i < 15; i++)
		same(v[i], i == 11 ? NAN : 4); /* it began again at 450 s, in slot 12 */
	model_free(m);
}

/* Whatever the rate, whatever is skipped: between the least and the greatest of its slot. */
static void many_samples_are_not_all_read(void **state)
{
	uint32_t s;
	struct model *m = world("x", "", SERIES_GAUGE, &s);
	double v[TREND_SLOTS];

	for (int i = 0; i < 60000; i++)
		sample(m, 0, s, i / 3750 * 100 + i % 7 * 1.37, BEGIN + i * 10);
	tick(m, BEGIN + 599990);
	assert_int_equal(trend(m, "trend(x)", v), 16);
	for (int i = 0; i < 16; i++)
		assert_true(v[i] >= i * 100 && v[i] <= i * 100 + 6 * 1.37);
	model_free(m);
}

/* Asked again and again it says what it says when asked for the first time. */
static void what_is_kept_is_true(void **state)
{
	uint32_t s, rnd = 7;
	struct model *m = world("x", "", SERIES_GAUGE, &s);
	struct err e = { 0 };
	struct fields *kept = fields_new(kind_find("devices"), S("trend(x)"), NULL, &e), *fresh;
	int64_t at = BEGIN;
	struct buf a, b;

	buf_init(&a, 1 << 16);
	buf_init(&b, 1 << 16);
	for (int i = 0; i < 3000; i++) {
		rnd = rnd * 1103515245 + 12345;
		at += (rnd >> 16) % 40 == 0 ? (rnd >> 8) % 200000 : (rnd >> 16) % 3000;
		if ((rnd >> 20) % 50 == 0)
			status(m, 0, (rnd >> 25) % 2 ? STATUS_UP : STATUS_DOWN, at);
		sample(m, 0, s, (rnd >> 18) % 60 ? (rnd >> 10) % 1000 : NAN, at);
		tick(m, at);
		if ((rnd >> 22) % 3)
			continue;
		buf_reset(&a);
		buf_reset(&b);
		fresh = fields_new(kind_find("devices"), S("trend(x)"), NULL, &e);
		row_json(m, kind_find("devices"), 0, kept, &a);
		row_json(m, kind_find("devices"), 0, fresh, &b);
		fields_free(fresh);
		assert_string_equal(a.p, b.p);
	}
	buf_fini(&a);
	buf_fini(&b);
	fields_free(kept);
	model_free(m);
}

static void what_is_wrong_is_said(void **state)
{
	static const struct {
		const char *names, *story;
	} t[] = {
		{ "id,trend()", "" },
		{ "trend( )", "of which metric" },
		{ "trend({a=\"b\"})", "of which metric" },
		{ "trend(temp 1s)", "16s to 7d" },
		{ "trend(temp 400d)", "16s to 7d" },
		{ "trend(temp 2parsec)", "" },
		{ "trend(a),trend(b),trend(c),trend(d),trend(e),trend(f),trend(g),trend(h),trend(i)",
			"more than 8 trends" },
	};

	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct err e = { 0 };

		if (fields_new(kind_find("devices"), S(t[i].names), NULL, &e))
			fail_msg("%s passes", t[i].names);
		assert_int_equal(e.class, ERR_USAGE);
		if (!strstr(e.text, t[i].story))
			fail_msg("%s: %s", t[i].names, e.text);
	}
	struct err e = { 0 };

	assert_null(fields_new(kind_find("events"), S("trend(temp)"), NULL, &e));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states_are_the_worst_of_their_slots),
		cmocka_unit_test(each_slot_is_its_mean),
		cmocka_unit_test(it_begins_where_the_device_does),
		cmocka_unit_test(a_slow_series_has_no_holes),
		cmocka_unit_test(gaps_are_null),
		cmocka_unit_test(a_counter_tells_its_rate),
		cmocka_unit_test(many_samples_are_not_all_read),
		cmocka_unit_test(what_is_kept_is_true),
		cmocka_unit_test(what_is_wrong_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
