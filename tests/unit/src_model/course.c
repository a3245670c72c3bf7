/* How networks fared: counts by health, and their course in time. */
#include "tests/unit/src_model/world.h"

#include "model/course.h"

#define STEP COURSE_STEP_MS

static const char *text(const struct course_circle *c)
{
	static char out[4096];
	struct course_point v[COURSE_POINTS];
	size_t n = course_points(c, v), len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(out + len, sizeof(out) - len, "%s%d/%d", i ? " " : "",
			v[i].health == COURSE_NONE ? -1 : v[i].health,
			v[i].lost == COURSE_NONE ? -1 : v[i].lost);
	return out;
}

static void the_worst_of_a_step_remains(void **state)
{
	struct course c = { 0 };

	assert_string_equal(text(&c.hour), "");
	course_add(&c, T0, 90, 2);
	course_add(&c, T0 + 1000, 80, 0);
	course_add(&c, T0 + 2000, 95, 7);
	course_add(&c, T0 + STEP, COURSE_NONE, 0);
	course_add(&c, T0 + 2 * STEP, 99, COURSE_NONE);
	assert_string_equal(text(&c.hour), "80/7 -1/0 99/-1");
	assert_string_equal(text(&c.day), "80/7");
}

static void what_was_not_seen_is_not_known(void **state)
{
	struct course c = { 0 };

	course_add(&c, T0, 90, 1);
	course_add(&c, T0 + 3 * STEP, 91, 2);
	assert_string_equal(text(&c.hour), "90/1 -1/-1 -1/-1 91/2");
	course_add(&c, T0 + 1000 * STEP, 92, 3); /* longer than it reaches */
	assert_string_equal(text(&c.hour), "92/3");
	course_add(&c, T0, 93, 4); /* the clock was set back */
	assert_string_equal(text(&c.hour), "93/4");
}

static void it_reaches_so_far(void **state)
{
	struct course c = { 0 };
	struct course_point v[COURSE_POINTS];

	for (int i = 0; i < 400; i++)
		course_add(&c, T0 + i * STEP, (uint8_t)(i % 100), 0);
	assert_int_equal(course_points(&c.hour, v), COURSE_POINTS);
	assert_int_equal(v[0].health, 220 % 100);
	assert_int_equal(v[COURSE_POINTS - 1].health, 399 % 100);
	assert_int_equal(course_points(&c.day, v), 400 * STEP / COURSE_DAY_STEP_MS + 1);
}

static void health(struct model *m, uint32_t dev, double v, int64_t at_ms)
{
	sample(m, dev, series(m, dev, "health", "", SERIES_GAUGE), v, at_ms);
}

static void a_network_counts_by_health(void **state)
{
	struct model *m = model_new(&(struct model_spec){ 0 });
	uint32_t a = device(m, "a", "n", T0), b = device(m, "b", "n", T0), c = device(m, "c", "n", T0);

	device(m, "d", "n", 0); /* not heard of */
	health(m, a, 100, T0);
	health(m, b, 9, T0);
	health(m, c, 55, T0);
	assert_string_equal(ask(m, "networks", "", "by_health"), "[1,0,0,0,0,1,0,0,0,1]");
	health(m, c, 90, T0 + 1);
	assert_string_equal(ask(m, "networks", "", "by_health"), "[1,0,0,0,0,0,0,0,0,2]");
	status(m, a, STATUS_DOWN, T0 + 2);
	assert_string_equal(ask(m, "networks", "", "by_health"), "[2,0,0,0,0,0,0,0,0,1]");
	device(m, "c", "other", T0 + 3);
	assert_string_equal(ask(m, "networks", "", "by_health"),
		"[2,0,0,0,0,0,0,0,0,0]|[0,0,0,0,0,0,0,0,0,1]");
	model_free(m);
}

static void a_network_keeps_its_course(void **state)
{
	struct model *m = model_new(&(struct model_spec){ 0 });
	uint32_t a = device(m, "a", "n", T0);

	device(m, "b", "n", T0);
	assert_string_equal(ask(m, "networks", "", "course"),
		"{\"step_s\":10,\"health\":[],\"lost\":[]}");
	tick(m, T0);
	health(m, a, 80, T0);
	tick(m, T0 + 1000);
	tick(m, T0 + STEP);
	status(m, a, STATUS_DOWN, T0 + STEP);
	tick(m, T0 + STEP + 1000);
	assert_string_equal(ask(m, "networks", "", "course"),
		"{\"step_s\":10,\"health\":[80,0],\"lost\":[0,50]}");
	assert_string_equal(ask(m, "networks", "", "course_day"),
		"{\"step_s\":480,\"health\":[0],\"lost\":[50]}");
	model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worst_of_a_step_remains),
		cmocka_unit_test(what_was_not_seen_is_not_known),
		cmocka_unit_test(it_reaches_so_far),
		cmocka_unit_test(a_network_counts_by_health),
		cmocka_unit_test(a_network_keeps_its_course),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
