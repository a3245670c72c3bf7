/* Options, the state file, commands at run time, and the metrics page. */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "devnet/control.h"
#include "devnet/exposition.h"
#include "devnet/options.h"

static void parse_fails(const char *a, const char *b, const char *why)
{
	char *argv[] = { (char *)"depinctl-devnet", (char *)a, (char *)b, NULL };
	struct options o;
	struct err e = { 0 };

	assert_int_equal(options_parse(&o, b ? 3 : 2, argv, EPOCH, &e), -1);
	assert_int_equal(err_exit_code(e.class), 2);
	if (!strstr(e.text, why))
		fail_msg("%s %s: %s", a, b ? b : "", e.text);
}

static void test_bad_options(void **state)
{
	parse_fails("--devices", NULL, "--devices needs N");
	parse_fails("--devices", "0", "--devices");
	parse_fails("--devices", "1000001", "1000000");
	parse_fails("--devices", "many", "many");
	parse_fails("--rate", "-1", "--rate");
	parse_fails("--rate", "1e9", "250000");
	parse_fails("--rate", "nan", "--rate");
	parse_fails("--listen", "nowhere", "ADDR:PORT");
	parse_fails("--epoch", "2020-01-01T00:00:00Z", "7 days");
	parse_fails("--epoch", "2030-01-01T00:00:00Z", "7 days");
	parse_fails("--block-time", "1ms", "out of range");
	parse_fails("--frobnicate", NULL, "unknown option");
	parse_fails("devices", "3", "unknown option");
	parse_fails("--quiet=yes", NULL, "takes no value");
}

static void test_good_options(void **state)
{
	char *argv[] = { (char *)"depinctl-devnet", (char *)"--devices=50", (char *)"--scenario", (char *)"demo@1m",
		(char *)"--scenario", (char *)"flood", (char *)"--epoch", (char *)"2026-11-22T09:00:00.7Z", NULL };
	struct options o;
	struct err e = { 0 };

	assert_int_equal(options_parse(&o, 8, argv, EPOCH, &e), 0);
	assert_int_equal(o.run.devices, 50);
	assert_true(o.run.rate == 5);
	assert_string_equal(o.run.scenarios, "demo@1m,flood");
	assert_int_equal(o.run.epoch % 1000, 0);
	assert_true(o.given.devices && o.given.epoch && !o.given.rate);
}

static char path[64];

static void fresh_path(void)
{
	int fd;

	snprintf(path, sizeof(path), "%s/devnet-state-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	unlink(path);
}

static void append_text(const char *text)
{
	FILE *f = fopen(path, "a");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* The run that the file holds, as JSON-ish text of its scenarios. */
static struct state *open_as(struct run_spec *spec, struct run_given given)
{
	struct err e = { 0 };
	struct state *s = state_open(path, spec, &given, &e);

	if (!s)
		fail_msg("%s", e.text);
	return s;
}

static void test_state_brings_the_run_back(void **state)
{
	struct run_spec spec = run_spec(700, 70), again = run_spec(1, 1);
	struct scenario_list l = { 0 };
	struct world w;
	struct control c = { .world = &w };
	struct buf out;
	struct err e = { 0 };

	fresh_path();
	spec.scenarios = "flood@5s";
	c.state = open_as(&spec, (struct run_given){ 0 });
	run_start(&w, &spec);
	run_to(&w, 10000);
	buf_init(&out, 4096);
	assert_int_equal(control_command(&c, slice_of("{\"scenario\":\"overheat\",\"site\":\"fra-2\","
			"\"for\":\"5m\"}"), EPOCH + 10000, &out, &e), 0);
	assert_non_null(strstr(out.p, "\"site\":\"fra-2\""));
	assert_int_equal(control_command(&c, slice_of("{\"scenario\":\"reorg\",\"depth\":5}"),
			EPOCH + 10001, &out, &e), 0);
	state_free(c.state);
	append_text("{\"at\":179534113700"); /* killed while it wrote */

	again.scenarios = "";
	c.state = open_as(&again, (struct run_given){ 0 });
	assert_int_equal(again.devices, 700);
	assert_int_equal(again.epoch, EPOCH);
	assert_int_equal(again.seed, 7);
	assert_true(again.rate == 70);
	assert_string_equal(again.scenarios, "flood@5s");
	assert_int_equal(scenario_add_text(&l, &w.fleet, again.scenarios, again.epoch, &e), 0);
	assert_int_equal(state_replay(c.state, &l, &w.fleet, &e), 0);
	assert_int_equal(l.n, 3);
	for (size_t i = 0; i < 3; i++)
		assert_memory_equal(&l.v[i], &w.timeline.scenarios.v[i], sizeof(l.v[i]));
	assert_int_equal(l.v[1].t0, EPOCH + 10100);
	assert_int_equal(l.v[2].depth, 5);
	state_free(c.state);
	scenario_list_fini(&l);
	buf_fini(&out);
	world_fini(&w);
	unlink(path);
}

static void state_fails(struct run_spec spec, struct run_given given, const char *why)
{
	struct err e = { 0 };

	assert_null(state_open(path, &spec, &given, &e));
	if (!strstr(e.text, why))
		fail_msg("%s", e.text);
}

static void test_another_runs_state_is_refused(void **state)
{
	struct run_spec spec = run_spec(700, 70), other = spec;
	struct state *s;

	fresh_path();
	s = open_as(&spec, (struct run_given){ 0 });
	state_fails(spec, (struct run_given){ 0 }, "in use");
	state_free(s);
	other.devices = 701;
	state_fails(other, (struct run_given){ .devices = true }, "--devices differs");
	other.scenarios = "demo";
	state_fails(other, (struct run_given){ .scenarios = true }, "--scenario differs");
	unlink(path);
	append_text("hello\n");
	state_fails(spec, (struct run_given){ 0 }, "line 1");
	unlink(path);
	append_text("{\"depinctl_devnet\":99}\n");
	state_fails(spec, (struct run_given){ 0 }, "version");
	unlink(path);
}

static void command_fails(struct control *c, const char *body, const char *why)
{
	struct err e = { 0 };
	struct buf out;

	buf_init(&out, 4096);
	assert_int_equal(control_command(c, slice_of(body), EPOCH, &out, &e), -1);
	if (!strstr(e.text, why))
		fail_msg("%s: %s", body, e.text);
	buf_fini(&out);
}

static void test_bad_commands(void **state)
{
	struct run_spec spec = run_spec(700, 70);
	struct world w;
	struct control c = { .world = &w };

	run_start(&w, &spec);
	command_fails(&c, "", "");
	command_fails(&c, "[]", "scenario");
	command_fails(&c, "{\"scenario\":\"rain\"}", "rain");
	command_fails(&c, "{\"scenario\":\"outage\",\"site\":\"x\"}", "no site");
	command_fails(&c, "{\"scenario\":\"outage\",\"for\":\"long\"}", "for");
	command_fails(&c, "{\"scenario\":\"stuck\",\"device\":\"gpu-fra2-9999\"}", "no device");
	command_fails(&c, "{\"scenario\":\"reorg\",\"depth\":33}", "32");
	assert_int_equal(w.timeline.scenarios.n, 0);
	world_fini(&w);
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	while ((text = strstr(text, what))) {
		n++;
		text++;
	}
	return n;
}

static void page(struct world *w, int network, int site, bool openmetrics, int64_t ms,
	struct buf *out)
{
	struct exposition_spec x = { network, site, openmetrics, EPOCH + ms };

	buf_init(out, EXPOSITION_MAX);
	assert_int_equal(exposition_write(w, &x, out), 0);
}

static void test_metrics_page(void **state)
{
	struct run_spec spec = run_spec(700, 70);
	struct world w;
	struct buf all, om, one;

	spec.scenarios = "outage:muc-1@10s+60s";
	run_start(&w, &spec);
	run_to(&w, 30000);
	page(&w, -1, -1, false, 30000, &all);
	assert_int_equal(count(all.p, "\ndepin_up{"), 700);
	assert_true(count(all.p, "site=\"muc-1\"} 0\n") >= 10);
	assert_int_equal(count(all.p, "# TYPE depin_temp_celsius gauge\n"), 1); /* one group */
	assert_int_equal(count(all.p, "# TYPE depin_jobs_total counter\n"), 1);
	assert_int_equal(count(all.p, "\ndepin_jobs_total{device=\"gpu-"), 154);
	assert_int_equal(count(all.p, "# EOF"), 0);
	page(&w, 1, -1, true, 30000, &om);
	assert_int_equal(count(om.p, "\ndepin_up{"), 154);
	assert_int_equal(count(om.p, "# TYPE depin_jobs counter\n"), 1);
	assert_int_equal(count(om.p, "\ndepin_jobs_total{"), 154);
	assert_int_equal(count(om.p, "network=\"compute\""), count(om.p, "\ndepin_"));
	assert_string_equal(om.p + om.len - 6, "# EOF\n");
	page(&w, 3, fleet_site(slice_of("muc-1")), false, 30000, &one);
	assert_int_equal(count(one.p, "depin_power_kilowatts{"), 0); /* the dead say nothing */
	buf_fini(&all);
	buf_fini(&om);
	buf_fini(&one);
	world_fini(&w);
}

static void test_a_page_too_large_is_refused(void **state)
{
	struct run_spec spec = run_spec(700, 70);
	struct exposition_spec x = { -1, -1, false, EPOCH };
	struct world w;
	struct buf out;

	run_start(&w, &spec);
	run_to(&w, 0);
	buf_init(&out, 300000); /* seen in advance, and not: both must say so */
	assert_int_equal(exposition_write(&w, &x, &out), -1);
	buf_fini(&out);
	buf_init(&out, 100000);
	assert_int_equal(exposition_write(&w, &x, &out), -1);
	assert_int_equal(out.len, 0);
	buf_fini(&out);
	world_fini(&w);
}

/* What a page says is what the stream says at that moment. */
static void test_page_and_stream_agree(void **state)
{
	struct run_spec spec = run_spec(70, 7);
	struct world w;
	struct cursor c;
	struct event ev;
	int checked = 0;

	run_start(&w, &spec);
	run_to(&w, 60000);
	cursor_seek(&w.timeline, &c, 71);
	while (checked < 20 && cursor_next(&w.timeline, &c, INT64_MAX, &ev)) {
		json_t *o = run_frame(&w, &ev);
		const json_t *temp = json_object_get(json_object_get(json_object_get(o, "data"), "m"), "temp");
		char want[128];
		struct buf b;

		if (temp) {
			page(&w, -1, -1, false, ev.t_ms - EPOCH, &b);
			snprintf(want, sizeof(want), "device=\"%s\"", json_str(o, "subject", ""));
			assert_non_null(strstr(strstr(b.p, "\ndepin_temp_celsius"), want));
			assert_true(strtod(strchr(strstr(strstr(b.p, "\ndepin_temp_celsius"), want), '}') + 1,
					NULL) == json_number_value(temp));
			buf_fini(&b);
			checked++;
		}
		json_decref(o);
	}
	assert_int_equal(checked, 20);
	world_fini(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_options),
		cmocka_unit_test(test_good_options),
		cmocka_unit_test(test_state_brings_the_run_back),
		cmocka_unit_test(test_another_runs_state_is_refused),
		cmocka_unit_test(test_bad_commands),
		cmocka_unit_test(test_metrics_page),
		cmocka_unit_test(test_a_page_too_large_is_refused),
		cmocka_unit_test(test_page_and_stream_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
