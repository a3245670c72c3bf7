/* The answers are as Prometheus 2.42 sent them, shortened. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "wire/promapi.h"

static struct promapi_stats st;
static struct buf out;
static struct err e;
static int stop;

static int on_series(void *arg, const struct promapi_series *s)
{
	if (s->labels)
		promapi_labels_canonical(s->labels, "job", &out);
	for (size_t i = 0; i < s->n; i++)
		buf_addf(&out, " %.17g@%lld", s->points[i].value, (long long)s->points[i].at_ms);
	buf_addc(&out, '\n');
	return stop;
}

static int query(const char *text)
{
	json_t *v = json_load(slice_of(text), &e);
	int rc;

	assert_non_null(v);
	buf_reset(&out);
	rc = promapi_query(v, on_series, NULL, &st, &e);
	json_decref(v);
	return rc;
}

#define DATA(type, result) "{\"status\":\"success\",\"data\":{\"resultType\":\"" type "\",\"result\":" \
	result "}}"

static void test_vector(void **state)
{
	assert_int_equal(query(DATA("vector", "[{\"metric\":{\"__name__\":\"lotus_chain_node_height\","
		"\"device\":\"did:io:0xabc\",\"instance\":\"127.0.0.1:19400\",\"job\":\"lotus\","
		"\"network\":\"main\\\"net\\\\\\n\"},\"value\":[1795341136.942,\"6057001\"]},"
		"{\"metric\":{},\"value\":[1795341136,\"NaN\"]}]")), 0);
	assert_string_equal(out.p, "device=\"did:io:0xabc\",instance=\"127.0.0.1:19400\","
		"network=\"main\\\"net\\\\\\n\" 6057001@1795341136942\n nan@1795341136000\n");
	assert_int_equal(st.series, 2);
	assert_int_equal(st.points, 2);
	assert_int_equal(st.bad, 0);
}

static void test_scalar_and_matrix(void **state)
{
	assert_int_equal(query(DATA("scalar", "[1795341136.969,\"+Inf\"]")), 0);
	assert_string_equal(out.p, " inf@1795341136969\n");
	assert_int_equal(query(DATA("matrix", "[{\"metric\":{\"job\":\"x\"},\"values\":[[1795341129,\"1\"],"
		"[1795341133,\"2e+01\"],[1,2],[1,\"x\"],[\"1\",\"1\"],[1]]},{\"metric\":{},\"values\":[]}]")),
		0);
	assert_string_equal(out.p, " 1@1795341129000 20@1795341133000\n");
	assert_int_equal(st.bad, 4);
	assert_int_equal(st.series, 1);
}

static void test_odd_series(void **state)
{
	assert_int_equal(query(DATA("vector", "[7,{},{\"metric\":{\"a\":1},\"value\":[1,\"1\"]},"
		"{\"metric\":{},\"histogram\":[1,{}]},{\"metric\":{},\"value\":[1e300,\"1\"]},"
		"{\"metric\":{\"ok\":\"1\"},\"value\":[1,\"1\"]}]")), 0);
	assert_int_equal(st.bad, 5);
	assert_string_equal(out.p, "ok=\"1\" 1@1000\n");
	stop = -1;
	assert_int_equal(query(DATA("vector", "[{\"metric\":{},\"value\":[1,\"1\"]},"
		"{\"metric\":{},\"value\":[1,\"2\"]}]")), 0);
	assert_int_equal(st.series, 1);
	stop = 0;
}

static void refused(const char *text, enum err_class class, const char *why)
{
	assert_int_equal(query(text), -1);
	assert_int_equal(e.class, class);
	if (!strstr(e.text, why))
		fail_msg("%s", e.text);
}

static void test_errors(void **state)
{
	refused("{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"invalid parameter \\\"query\\\""
		": 1:5: parse error: unclosed left parenthesis\"}", ERR_USAGE, "unclosed left");
	refused("{\"status\":\"error\",\"errorType\":\"timeout\"}", ERR_UNREACH, "timeout");
	refused("{\"data\":{}}", ERR_UNREACH, "is the URL right");
	refused("[]", ERR_UNREACH, "is the URL right");
	refused("{\"status\":\"success\",\"data\":[]}", ERR_UNREACH, "is the URL right");
	refused(DATA("string", "[1,\"x\"]"), ERR_USAGE, "string");
	refused(DATA("streams", "[]"), ERR_UNREACH, "streams");
	refused(DATA("vector", "{}"), ERR_UNREACH, "vector");
}

static void test_limits_and_warnings(void **state)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_adds(&b, "{\"status\":\"success\",\"warnings\":[\"half the store is away\",\"x\"],\"data\":"
		"{\"resultType\":\"matrix\",\"result\":[{\"metric\":{},\"values\":[");
	for (unsigned i = 0; i < PROMAPI_POINTS_MAX + 5; i++)
		buf_addf(&b, "%s[%u,\"1\"]", i ? "," : "", i);
	buf_adds(&b, "]}]}}");
	assert_int_equal(query(b.p), 0);
	assert_int_equal(st.points, PROMAPI_POINTS_MAX);
	assert_int_equal(st.beyond, 5);
	assert_string_equal(st.warning, "half the store is away");
	buf_fini(&b);
}

static int on_alert(void *arg, const struct promapi_alert *a)
{
	buf_addf(&out, "%s %s %s %s %lld %g\n", a->name, a->severity, a->firing ? "firing" : "pending",
		a->summary, (long long)a->since_ms, a->value);
	return 0;
}

static void test_alerts(void **state)
{
	json_t *v = json_load(slice_of("{\"status\":\"success\",\"data\":{\"alerts\":[{\"labels\":{"
		"\"alertname\":\"LotusSyncBehind\",\"severity\":\"warning\"},\"annotations\":{\"summary\":"
		"\"127.0.0.1:19400 is 20 epochs behind\"},\"state\":\"firing\",\"activeAt\":"
		"\"2026-11-22T09:52:07.131672971Z\",\"value\":\"2e+01\"},{\"labels\":{\"alertName\":\"X\"}},"
		"{\"labels\":5},7]}}"), &e);

	buf_reset(&out);
	assert_int_equal(promapi_alerts(v, on_alert, NULL, &st, &e), 0);
	assert_string_equal(out.p, "LotusSyncBehind warning firing 127.0.0.1:19400 is 20 epochs behind "
		"1795341127131 20\nX  pending  0 nan\n");
	assert_int_equal(st.bad, 2);
	json_decref(v);
	v = json_load(slice_of(DATA("vector", "[]")), &e);
	assert_int_equal(promapi_alerts(v, on_alert, NULL, &st, &e), -1);
	json_decref(v);
}

static int setup(void **state)
{
	buf_init(&out, 1 << 20);
	return 0;
}

static int teardown(void **state)
{
	buf_fini(&out);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vector), cmocka_unit_test(test_scalar_and_matrix),
		cmocka_unit_test(test_odd_series), cmocka_unit_test(test_errors),
		cmocka_unit_test(test_limits_and_warnings), cmocka_unit_test(test_alerts),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
