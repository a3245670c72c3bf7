/* The order of events: any way to ask for a position gives the same event. */
#include "run.h"

#include <stdio.h>
#include <string.h>

#include "devnet/hostile.h"
#include "devnet/noise.h"

#define EVERYTHING "flap@10s+35s,outage@20s+15s,silent@12s+30s,overheat@5s+60s,flood@50s+2s," \
		   "malformed@55s+5s,diskfill@3s+70s,stuck@8s+60s"
#define SPAN_MS 90000

static struct world one, two;

/* The whole run as text, one event a line. */
static void write_all(struct world *w, int64_t until, struct buf *out)
{
	char text[FRAME_MAX];
	struct cursor c;
	struct event ev;

	buf_init(out, 512u << 20);
	cursor_seek(&w->timeline, &c, 1);
	while (cursor_next(&w->timeline, &c, EPOCH + until, &ev)) {
		buf_add(out, text, frame_event(w, &ev, text));
		buf_addc(out, '\n');
	}
}

static void test_positions_are_contiguous_and_time_never_falls(void **state)
{
	struct run_spec spec = run_spec(300, 100);
	int64_t t = 0;
	uint64_t seq = 1;
	struct cursor c;
	struct event ev;

	spec.scenarios = EVERYTHING;
	run_start(&one, &spec);
	run_to(&one, SPAN_MS);
	cursor_seek(&one.timeline, &c, 1);
	for (; cursor_next(&one.timeline, &c, INT64_MAX, &ev); seq++) {
		assert_int_equal(ev.seq, seq);
		assert_true(ev.t_ms >= t && ev.t_ms <= EPOCH + SPAN_MS);
		t = ev.t_ms;
	}
	assert_true(seq > 300 + 8000); /* births, and 90 s at 100/s less the silent, plus the flood */
	world_fini(&one);
}

/* The settled edge was moved in many small steps here and in one there. */
static void test_steps_do_not_matter(void **state)
{
	struct run_spec spec = run_spec(300, 100);
	struct buf a, b;

	spec.scenarios = EVERYTHING;
	run_start(&one, &spec);
	run_start(&two, &spec);
	for (int64_t t = 0; t < SPAN_MS; t += 1 + (t * 7919) % 400)
		run_to(&one, t);
	run_to(&one, SPAN_MS);
	run_to(&two, SPAN_MS);
	write_all(&one, SPAN_MS, &a);
	write_all(&two, SPAN_MS, &b);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.p, b.p, a.len);
	buf_fini(&a);
	buf_fini(&b);
	world_fini(&one);
	world_fini(&two);
}

/* A command given on the way makes the same run as one known from the start. */
static void test_late_commands_do_not_matter(void **state)
{
	struct run_spec spec = run_spec(300, 100), known = spec;
	struct scenario_ask ask = { .name = slice_of("outage"), .site = slice_of("muc-1"),
		.at_ms = EPOCH + 30100, .for_ms = 10000 };
	struct err e;
	struct buf a, b;

	known.scenarios = "outage:muc-1@30100ms+10s";
	run_start(&one, &spec);
	run_start(&two, &known);
	run_to(&one, 30000);
	assert_int_equal(scenario_add(&one.timeline.scenarios, &one.fleet, &ask, &e), 0);
	run_to(&one, SPAN_MS);
	run_to(&two, SPAN_MS);
	write_all(&one, SPAN_MS, &a);
	write_all(&two, SPAN_MS, &b);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.p, b.p, a.len);
	buf_fini(&a);
	buf_fini(&b);
	world_fini(&one);
	world_fini(&two);
}

static void test_seed_and_epoch_matter(void **state)
{
	struct run_spec spec = run_spec(300, 100), other = spec;
	struct buf a, b;

	other.seed++;
	run_start(&one, &spec);
	run_start(&two, &other);
	run_to(&one, 10000);
	run_to(&two, 10000);
	write_all(&one, 10000, &a);
	write_all(&two, 10000, &b);
	assert_true(a.len != b.len || memcmp(a.p, b.p, a.len) != 0);
	assert_string_not_equal(one.run, two.run);
	buf_fini(&a);
	buf_fini(&b);
	world_fini(&one);
	world_fini(&two);
}

static bool same_event(const struct event *a, const struct event *b)
{
	return a->seq == b->seq && a->t_ms == b->t_ms && a->type == b->type &&
	       a->device == b->device && a->seg == b->seg && a->burst == b->burst &&
	       (a->burst || a->slot == b->slot);
}

static void test_seeking_is_walking(void **state)
{
	struct run_spec spec = run_spec(300, 100);
	struct cursor walk, c;
	struct event ev, got;

	spec.scenarios = EVERYTHING;
	run_start(&one, &spec);
	run_to(&one, SPAN_MS);
	cursor_seek(&one.timeline, &walk, 1);
	while (cursor_next(&one.timeline, &walk, INT64_MAX, &ev)) {
		cursor_seek(&one.timeline, &c, ev.seq);
		assert_true(cursor_next(&one.timeline, &c, INT64_MAX, &got));
		assert_true(same_event(&ev, &got));
	}
	world_fini(&one);
}

static void test_seeking_a_moment_is_walking_to_it(void **state)
{
	struct run_spec spec = run_spec(300, 100);
	struct cursor walk, c;
	struct event ev;

	spec.scenarios = EVERYTHING;
	run_start(&one, &spec);
	run_to(&one, SPAN_MS);
	cursor_seek(&one.timeline, &walk, 1);
	for (int64_t t = 0; t <= SPAN_MS; t += 37) {
		while (cursor_next(&one.timeline, &walk, EPOCH + t, &ev))
			;
		cursor_seek_time(&one.timeline, &c, EPOCH + t);
		assert_int_equal(c.seq, walk.seq);
	}
	world_fini(&one);
}

/* Deaths, silence, births: what a reader may conclude from them holds for every event. */
static void test_the_dead_do_not_speak(void **state)
{
	struct run_spec spec = run_spec(300, 100);
	bool dead[300] = { false };
	int deaths = 0, births = 0;
	struct cursor c;
	struct event ev;

	spec.scenarios = "outage@20s+15s,flap@10s+35s";
	run_start(&one, &spec);
	run_to(&one, SPAN_MS);
	cursor_seek(&one.timeline, &c, 301);
	while (cursor_next(&one.timeline, &c, INT64_MAX, &ev)) {
		if (ev.type == EV_DEATH) {
			assert_false(dead[ev.device]);
			dead[ev.device] = true;
			deaths++;
		} else if (ev.type == EV_BIRTH) {
			assert_true(dead[ev.device]);
			dead[ev.device] = false;
			births++;
		} else if (ev.type == EV_TELEMETRY) {
			assert_false(dead[ev.device]);
		}
	}
	assert_true(deaths > 8);
	assert_int_equal(deaths, births);
	world_fini(&one);
}

static void test_silent_ones_stop_without_a_word(void **state)
{
	struct run_spec spec = run_spec(300, 100);
	const struct scenario *s;
	int deaths = 0, spoke = 0, before = 0;
	struct cursor c;
	struct event ev;

	spec.scenarios = "silent@30s+40s";
	run_start(&one, &spec);
	run_to(&one, SPAN_MS);
	s = &one.timeline.scenarios.v[0];
	cursor_seek(&one.timeline, &c, 301);
	while (cursor_next(&one.timeline, &c, INT64_MAX, &ev)) {
		bool its = ev.device >= s->first && ev.device < s->last && ev.type == EV_TELEMETRY;

		deaths += ev.type == EV_DEATH;
		spoke += its && scenario_active(s, ev.t_ms - 1);
		before += its && ev.t_ms < s->t0;
	}
	assert_int_equal(deaths, 0);
	assert_int_equal(spoke, 0);
	assert_true(before > 2);
	world_fini(&one);
}

static void test_flood_is_twenty_times_the_rate(void **state)
{
	struct run_spec spec = run_spec(300, 100);
	struct cursor a, b, c;

	spec.scenarios = "flood@10s+5s";
	run_start(&one, &spec);
	run_to(&one, 20000);
	cursor_seek_time(&one.timeline, &a, EPOCH + 5000);
	cursor_seek_time(&one.timeline, &b, EPOCH + 10000);
	cursor_seek_time(&one.timeline, &c, EPOCH + 15000 - 1);
	assert_in_range(b.seq - a.seq, 499, 501);
	assert_in_range(c.seq - b.seq, 9980, 10001);
	world_fini(&one);
}

/* Every event of a quiet and a bad run is a CloudEvent with what its type promises. */
static void test_frames_are_cloudevents(void **state)
{
	static const char *const members[][3] = { { "m" }, { "name", "site", "metrics" },
		{ "reason" }, { "status", "reason" }, { "message" } };
	static const char *const types[] = { "telemetry", "birth", "death", "status", "log" };
	struct run_spec spec = run_spec(300, 100);
	int seen[5] = { 0 };
	struct cursor c;
	struct event ev;

	spec.scenarios = EVERYTHING;
	run_start(&one, &spec);
	run_to(&one, SPAN_MS);
	cursor_seek(&one.timeline, &c, 1);
	while (cursor_next(&one.timeline, &c, INT64_MAX, &ev)) {
		json_t *o = run_frame(&one, &ev), *data = json_object_get(o, "data");
		const char *type = json_str(o, "type", "");
		char seq[21];
		size_t i = 0;

		snprintf(seq, sizeof(seq), "%020llu", (unsigned long long)ev.seq);
		assert_string_equal(json_str(o, "sequence", ""), seq);
		assert_string_equal(json_str(o, "specversion", ""), "1.0");
		assert_int_equal(strncmp(json_str(o, "source", ""), "//devnet/", 9), 0);
		assert_int_equal(strncmp(type, "net.depin.device.", 17), 0);
		while (i < 5 && strncmp(type + 17, types[i], strlen(types[i])) != 0)
			i++;
		assert_true(i < 5);
		seen[i]++;
		for (size_t k = 0; k < 3 && members[i][k]; k++)
			assert_non_null(json_object_get(data, members[i][k]));
		if (i == 0)
			assert_int_equal(json_object_size(json_object_get(data, "m")), 4);
		json_decref(o);
	}
	for (size_t i = 0; i < 5; i++)
		assert_true(seen[i] > 0);
	world_fini(&one);
}

static void test_snapshot_differs_from_the_stream(void **state)
{
	struct run_spec spec = run_spec(50, 10);
	char text[FRAME_MAX];
	struct err e;
	json_t *o;

	run_start(&one, &spec);
	run_to(&one, 1000);
	o = json_load(slice_mem(text, frame_snapshot(&one, EV_BIRTH, 7, 60, EPOCH + 1000, text)), &e);
	assert_non_null(o);
	assert_null(json_object_get(o, "sequence"));
	assert_string_equal(json_str(o, "time", ""), "2026-11-22T09:52:17.000Z");
	assert_non_null(strchr(json_str(o, "id", ""), '-'));
	json_decref(o);
	world_fini(&one);
}

/* Every sort of bad frame comes in a few seconds, is the same each time, and none is huge. */
static void test_hostile_frames(void **state)
{
	struct run_spec spec = run_spec(300, 100);
	size_t rides = 0, broken = 0, lost = 0;
	bool seen[64] = { false };
	struct cursor c;
	struct event ev;
	struct buf a, b;

	spec.scenarios = "malformed@1s+60s";
	run_start(&one, &spec);
	run_to(&one, 60000);
	buf_init(&a, HOSTILE_MAX);
	buf_init(&b, HOSTILE_MAX);
	cursor_seek(&one.timeline, &c, 1);
	while (cursor_next(&one.timeline, &c, INT64_MAX, &ev)) {
		json_t *o;

		assert_true(ev.seg->malformed || !hostile_due(ev.seg, ev.seq));
		lost += hostile_loses(ev.seg, ev.seq);
		if (!hostile_due(ev.seg, ev.seq))
			continue;
		rides++;
		seen[noise_pick(ev.seq, 0x171d, hostile_kinds())] = true;
		buf_reset(&a);
		buf_reset(&b);
		hostile_frame(&one, &ev, &a);
		hostile_frame(&one, &ev, &b);
		assert_false(a.full);
		assert_true(a.len > 0 && a.len == b.len);
		assert_memory_equal(a.p, b.p, a.len);
		o = json_loadb(a.p, a.len, 0, NULL);
		broken += o == NULL;
		json_decref(o);
	}
	assert_true(rides > 500);
	assert_true(broken > rides / 8);
	assert_true(lost > 10);
	for (size_t i = 0; i < hostile_kinds(); i++)
		assert_true(seen[i]);
	buf_fini(&a);
	buf_fini(&b);
	world_fini(&one);
}

static void refused(const char *text, const char *why)
{
	struct scenario_list l = { 0 };
	struct err e = { 0 };
	struct fleet f;

	fleet_init(&f, 1, 300, 0);
	assert_int_equal(scenario_add_text(&l, &f, text, EPOCH, &e), -1);
	if (!strstr(e.text, why))
		fail_msg("\"%s\": %s", text, e.text);
	scenario_list_fini(&l);
}

static void test_bad_scenarios_are_refused(void **state)
{
	refused("fire", "no scenario \"fire\"");
	refused("outage@soon", "outage@soon");
	refused("outage@", "no duration");
	refused("outage+25h", "24h");
	refused("outage:nowhere-1", "no site \"nowhere-1\"");
	refused(",", "no scenario \"\"");
	refused("outage:muc-1@10s+20s,flap:muc-1@15s", "strike");
}

static void test_demo_fits_every_fleet(void **state)
{
	static const uint32_t sizes[] = { 1, 5, 20, 700, 100000 };

	for (size_t i = 0; i < 5; i++) {
		struct scenario_list l = { 0 };
		struct err e;
		struct fleet f;

		fleet_init(&f, 1, sizes[i], 16);
		assert_int_equal(scenario_add_text(&l, &f, "demo", EPOCH, &e), 0);
		assert_true(l.n >= 12);
		scenario_list_fini(&l);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_positions_are_contiguous_and_time_never_falls),
		cmocka_unit_test(test_steps_do_not_matter),
		cmocka_unit_test(test_late_commands_do_not_matter),
		cmocka_unit_test(test_seed_and_epoch_matter),
		cmocka_unit_test(test_seeking_is_walking),
		cmocka_unit_test(test_seeking_a_moment_is_walking_to_it),
		cmocka_unit_test(test_the_dead_do_not_speak),
		cmocka_unit_test(test_silent_ones_stop_without_a_word),
		cmocka_unit_test(test_flood_is_twenty_times_the_rate),
		cmocka_unit_test(test_frames_are_cloudevents),
		cmocka_unit_test(test_snapshot_differs_from_the_stream),
		cmocka_unit_test(test_hostile_frames),
		cmocka_unit_test(test_bad_scenarios_are_refused),
		cmocka_unit_test(test_demo_fits_every_fleet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
