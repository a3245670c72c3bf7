/* A Prometheus server's alerts: told when they begin and when they end, once each. */
#include "tests/unit/src_source/world.h"

#include "source/promalerts.h"

struct fixture {
	struct world w;
	struct promalerts *p;
};

static int setup(void **state)
{
	struct fixture *f = *state = xcalloc(1, sizeof(*f));

	world_init(&f->w, &source_prometheus);
	f->w.cfg.url = "https://me:secret@prom.example:9090/";
	f->p = promalerts_new(&f->w.src);
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	promalerts_free(f->p);
	world_fini(&f->w);
	free(f);
	return 0;
}

static void answer(struct fixture *f, const char *alerts)
{
	char *text = xasprintf("{\"status\":\"success\",\"data\":{\"alerts\":[%s]}}", alerts);
	struct err e;
	json_t *j = json_load(slice_of(text), &e);

	assert_non_null(j);
	promalerts_take(f->p, j);
	json_decref(j);
	free(text);
}

#define ALERT(name, instance, severity, state, since)                                              \
	"{\"labels\":{\"alertname\":\"" name "\",\"instance\":\"" instance "\",\"severity\":\""    \
	severity "\"},\"annotations\":{\"summary\":\"it is " name "\"},\"state\":\"" state         \
	"\",\"activeAt\":\"2026-09-21T14:00:" since "Z\",\"value\":\"1e+00\"}"

#define HOT    ALERT("Hot", "d1", "critical", "firing", "00")
#define HOT_2  ALERT("Hot", "d1", "critical", "firing", "30")
#define FULL   ALERT("Full", "d2", "info", "firing", "00")
#define SOON   ALERT("Soon", "d1", "warning", "pending", "00")
#define FIRING "net.depin.prometheus.firing.v1 "
#define ENDED  "net.depin.prometheus.resolved.v1 "

static void one_that_fires_is_told_once(void **state)
{
	struct fixture *f = *state;

	answer(f, HOT);
	assert_string_equal(told(&f->w), FIRING "d1 17 Hot firing: it is Hot;");
	answer(f, HOT);
	answer(f, HOT);
	assert_string_equal(told(&f->w), "");
	assert_int_equal(f->w.src.st.duplicates, 0);
}

static void its_end_is_told_once(void **state)
{
	struct fixture *f = *state;

	answer(f, HOT "," FULL);
	assert_string_equal(told(&f->w), FIRING "d1 17 Hot firing: it is Hot;"
		FIRING "d2 9 Full firing: it is Full;");
	answer(f, FULL);
	assert_string_equal(told(&f->w), ENDED "d1 9 Hot resolved;");
	answer(f, FULL);
	assert_string_equal(told(&f->w), "");
	answer(f, "");
	assert_string_equal(told(&f->w), ENDED "d2 9 Full resolved;");
}

static void pending_ones_are_not_told(void **state)
{
	struct fixture *f = *state;

	answer(f, SOON);
	assert_string_equal(told(&f->w), "");
	answer(f, "");
	assert_string_equal(told(&f->w), "");
}

static void one_that_begins_anew_is_another(void **state)
{
	struct fixture *f = *state;

	answer(f, HOT);
	told(&f->w);
	answer(f, HOT_2);
	assert_string_equal(told(&f->w), FIRING "d1 17 Hot firing: it is Hot;"
		ENDED "d1 9 Hot resolved;");
}

static void a_restart_does_not_tell_again(void **state)
{
	struct fixture *f = *state;

	answer(f, HOT);
	told(&f->w);
	promalerts_free(f->p);
	f->p = promalerts_new(&f->w.src);
	answer(f, HOT);
	assert_string_equal(told(&f->w), "");
	assert_int_equal(f->w.src.st.duplicates, 0);
	answer(f, "");
	assert_string_equal(told(&f->w), ENDED "d1 9 Hot resolved;");
}

static void what_ended_while_we_were_away_is_told(void **state)
{
	struct fixture *f = *state;

	answer(f, HOT "," FULL);
	told(&f->w);
	promalerts_free(f->p);
	f->p = promalerts_new(&f->w.src);
	promalerts_take(f->p, NULL); /* it does not answer yet */
	assert_string_equal(told(&f->w), "");
	answer(f, FULL);
	assert_string_equal(told(&f->w), ENDED "d1 9 Hot resolved;");
	assert_string_equal(ask(f->w.m, "alerts", "", "state,summary"),
		"active Full firing: it is Full|resolved Hot firing: it is Hot");
}

static void no_answer_ends_nothing(void **state)
{
	struct fixture *f = *state;
	struct err e;
	json_t *j;

	answer(f, HOT);
	told(&f->w);
	promalerts_take(f->p, NULL);
	for (const char *const *bad = (const char *const[]){ "{}", "[]", "{\"status\":\"error\"}",
		"{\"status\":\"success\",\"data\":{\"alerts\":7}}", NULL }; *bad; bad++) {
		j = json_load(slice_of(*bad), &e);
		promalerts_take(f->p, j);
		json_decref(j);
	}
	assert_string_equal(told(&f->w), "");
	answer(f, HOT);
	assert_string_equal(told(&f->w), "");
}

static void its_device_and_origin_are_told(void **state)
{
	struct fixture *f = *state;

	device(f->w.m, "rack-7", "lab", T0);
	f->w.cfg.device_label = "rack";
	answer(f, "{\"labels\":{\"alertname\":\"Hot\",\"rack\":\"rack-7\"},\"annotations\":{},"
		"\"state\":\"firing\",\"activeAt\":\"2026-09-21T14:00:00Z\",\"value\":\"1\"}");
	assert_string_equal(ask(f->w.m, "events", "", "device,source,severity,message"),
		"rack-7 https://prom.example:9090 warn Hot firing");
}

static void bad_ones_are_counted(void **state)
{
	struct fixture *f = *state;

	answer(f, "7," HOT ",{\"labels\":[]},{}");
	assert_string_equal(told(&f->w), FIRING "d1 17 Hot firing: it is Hot;");
	assert_true(f->w.src.st.bad >= 1);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(one_that_fires_is_told_once),
		T(its_end_is_told_once),
		T(pending_ones_are_not_told),
		T(one_that_begins_anew_is_another),
		T(a_restart_does_not_tell_again),
		T(what_ended_while_we_were_away_is_told),
		T(no_answer_ends_nothing),
		T(its_device_and_origin_are_told),
		T(bad_ones_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
