#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/json.h"
#include "ui/screen/catalog.h"
#include "ui/screen/pretty.h"
#include "ui/screen/screen.h"
#include "ui/screen/value.h"
#include "ui/term/role.h"

static void expect(struct buf *b, const char *want)
{
	assert_string_equal(b->p, want);
	buf_reset(b);
}

static void numbers_have_their_unit(void **state)
{
	static const struct {
		double v;
		const char *unit, *want;
	} cases[] = {
		{ 41.23, "celsius", "41.2 °C" }, { 0.845, "ratio", "84 %" }, { 310, "watts", "310 W" },
		{ 12400, "watts", "12.4k W" },	 { 49.9871, "hertz", "49.987 Hz" },
		{ 2254857830.0, "bytes", "2.1 GiB" }, { -0.76, "kilowatts", "-0.76 kW" },
		{ 90, "seconds", "90 s" },	 { 0.02, "seconds", "20 ms" }, { 3, "", "3" },
		{ 1234567, "", "1.23M" },	 { 0.00001, "", "1e-05" }, { NAN, "watts", "-" },
		{ 7.5, "furlongs", "7.50 furlongs" },
	};
	struct buf b;

	buf_init(&b, 100);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		value_unit(&b, cases[i].v, slice_of(cases[i].unit));
		expect(&b, cases[i].want);
	}
	buf_fini(&b);
}

static void counts_have_commas(void **state)
{
	struct buf b;

	buf_init(&b, 100);
	value_count(&b, 0), expect(&b, "0");
	value_count(&b, 999), expect(&b, "999");
	value_count(&b, 1000), expect(&b, "1,000");
	value_count(&b, 1234567), expect(&b, "1,234,567");
	value_count(&b, -1000), expect(&b, "-1,000");
	buf_fini(&b);
}

static void ages_change_seldom(void **state)
{
	struct buf b;

	buf_init(&b, 100);
	value_age(&b, -5000), expect(&b, "now");
	value_age(&b, 2999), expect(&b, "now");
	value_age(&b, 3000), expect(&b, "3 s");
	value_age(&b, 14000), expect(&b, "10 s");
	value_age(&b, 61000), expect(&b, "1 min");
	value_age(&b, 3600000), expect(&b, "1 h");
	value_age(&b, 72 * 3600000ll), expect(&b, "3 d");
	value_time(&b, 1789997600000, 1789997600000), expect(&b, "13:33:20");
	value_time(&b, 1789997600000 - 86400000, 1789997600000), expect(&b, "20 Sep 13:33");
	value_time(&b, 0, 1789997600000), expect(&b, "-");
	buf_fini(&b);
}

static void a_name_cannot_leave_its_quotes(void **state)
{
	char *line = filter_line("devices", "network", slice_of("it's \\ or up"));

	assert_string_equal(line, "devices network='it\\'s \\\\ or up'");
	free(line);
}

static void states_have_glyph_and_colour(void **state)
{
	assert_int_equal(sign_of(slice_of("up")).look, ROLE_OK);
	assert_int_equal(sign_of(slice_of("down")).look, ROLE_CRIT);
	assert_int_equal(sign_of(slice_of("stale")).look, ROLE_STALE);
	assert_int_not_equal(sign_of(slice_of("up")).glyph, sign_of(slice_of("down")).glyph);
	assert_int_not_equal(sign_of(slice_of("stale")).glyph, sign_of(slice_of("degraded")).glyph);
	assert_int_equal(sign_of(slice_of("never heard of")).glyph, ' ');
}

static void the_telling_metrics_come_first(void **state)
{
	struct catalog_kind k = { 0 };
	struct err e;
	json_t *series = json_load(slice_of("[{\"name\":\"jobs\",\"type\":\"counter\"},"
		"{\"name\":\"zeal\",\"type\":\"gauge\"},{\"name\":\"util\",\"unit\":\"ratio\","
		"\"type\":\"gauge\"},{\"name\":\"node_hwmon_temp\",\"key\":\"node_hwmon_temp{chip=\\\"a\\\"}\","
		"\"type\":\"gauge\"}]"), &e);

	assert_non_null(series);
	catalog_learn(&k, series);
	assert_int_equal(k.n, 4);
	assert_string_equal(k.v[0].key, "node_hwmon_temp{chip=\"a\"}");
	assert_string_equal(k.v[1].key, "util");
	assert_string_equal(k.v[1].unit, "ratio");
	assert_string_equal(k.v[3].key, "jobs");
	assert_true(k.v[3].counter);
	assert_null(catalog_metric(&k, "nothing"));
	catalog_learn(&k, NULL); /* a second answer replaces the first */
	assert_int_equal(k.n, 0);
	catalog_kind_fini(&k);
	json_decref(series);
}

static void json_is_laid_out(void **state)
{
	struct pretty p = { 0 };
	struct err e;
	json_t *v = json_load(slice_of("{\"a\":1,\"b\":{\"c\":[true,null]},\"d\":{}}"), &e);
	json_t *deep = json_array();

	pretty_read(&p, v);
	assert_int_equal(p.n, 6);
	assert_string_equal(p.v[0].key, "a");
	assert_string_equal(p.v[0].text, "1");
	assert_int_equal(p.v[2].indent, 1);
	assert_int_equal(p.v[3].indent, 2);
	assert_string_equal(p.v[3].text, "true");
	assert_string_equal(p.v[5].text, "{}");
	json_decref(v);
	for (int i = 0; i < 5000; i++)
		json_array_append_new(deep, json_integer(i));
	pretty_read(&p, deep); /* bounded */
	assert_int_equal(p.n, PRETTY_MAX);
	json_decref(deep);
	pretty_fini(&p);
}

/* Tables that the help, the completion and the keys rely on. */
static void screens_are_whole(void **state)
{
	for (size_t i = 0; screens[i]; i++) {
		const struct screen *s = screens[i];

		assert_ptr_equal(screen_find(slice_of(s->name)), s);
		assert_true(*s->title && *s->help && *s->keys && s->args);
		assert_true(s->open && s->close && s->show && s->draw && s->state_size);
		for (int j = 0; j < SCREEN_ACTIONS; j++)
			for (const struct action *a = s->actions[j]; a && a->name; a++)
				assert_true(*a->help && a->args && a->run);
	}
	assert_null(screen_find(slice_of("nothing")));
}

static void a_comma_in_brackets_ends_no_name(void **state)
{
	assert_int_equal(name_end("name,status"), 4);
	assert_int_equal(name_end(""), 0);
	assert_int_equal(name_end(",a"), 0);
	assert_int_equal(name_end("disk{a=\"x\",b=\")\"},c"), 17);
	assert_int_equal(name_end("trend(disk{a=\"),\",b=\"\"} 2h),c"), 27);
	assert_int_equal(name_end("trend(open,to the end"), 21);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_their_unit), cmocka_unit_test(counts_have_commas),
		cmocka_unit_test(ages_change_seldom),
		cmocka_unit_test(a_name_cannot_leave_its_quotes), cmocka_unit_test(states_have_glyph_and_colour),
		cmocka_unit_test(the_telling_metrics_come_first), cmocka_unit_test(json_is_laid_out),
		cmocka_unit_test(screens_are_whole),
		cmocka_unit_test(a_comma_in_brackets_ends_no_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
