#include "run.h"

#include <math.h>
#include <string.h>

static void test_every_device_has_a_site_of_its_network(void **state)
{
	static const uint32_t sizes[] = { 1, 2, 7, 41, 42, 43, 700, 99999, FLEET_MAX };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct fleet f;
		uint32_t sum = 0;

		fleet_init(&f, 3, sizes[i], 16);
		for (size_t s = 0; s < nsites; s++)
			sum += fleet_site_size(&f, s);
		assert_int_equal(sum, sizes[i]);
		for (uint32_t d = 0; d < sizes[i]; d += 1 + sizes[i] / 997) {
			struct device dev = fleet_device(&f, d);

			assert_in_range(d, f.first[dev.site], f.first[dev.site + 1] - 1);
			assert_int_equal(dev.number, d - f.first[dev.site] + 1);
		}
	}
}

static void test_names_lead_back(void **state)
{
	char name[DEVICE_NAME_MAX];
	struct fleet f;

	fleet_init(&f, 3, 300000, 16);
	for (uint32_t i = 0; i < f.ndevices; i += 37) {
		struct device d = fleet_device(&f, i);
		size_t n = device_name(&d, name);

		assert_int_equal(strlen(name), n);
		assert_int_equal(fleet_find(&f, slice_mem(name, n)), i);
	}
	assert_int_equal(fleet_find(&f, slice_of("gpu-fra2-0000")), -1);
	assert_int_equal(fleet_find(&f, slice_of("gpu-fra2-99999999999999999999")), -1);
	assert_int_equal(fleet_find(&f, slice_of("")), -1);
	assert_int_equal(fleet_find(&f, slice_of("stm-fra2-0001")), -1);
}

static void test_tables_hold_together(void **state)
{
	int share = 0, last = 0;

	for (int n = 0; n < NETWORKS; n++) {
		share += networks[n].share;
		assert_int_equal(fleet_network(slice_of(networks[n].name)), n);
		for (size_t k = 0; k < networks[n].nkinds; k++)
			assert_in_range(networks[n].kinds[k]->nmetrics, 4, METRICS_MAX);
	}
	assert_int_equal(share, 100);
	for (size_t s = 0; s < nsites; s++) {
		assert_true(sites[s].network >= last); /* by network */
		last = sites[s].network;
		assert_int_equal(fleet_site(slice_of(sites[s].name)), s);
	}
	assert_int_equal(last, NETWORKS - 1);
	assert_int_equal(fleet_site(slice_of("fra-9")), -1);
}

/* Every metric of every kind, over two days: finite, within its limits, and it moves. */
static void test_values_stay_in_their_limits(void **state)
{
	struct run_spec spec = run_spec(420, 42);
	struct effects none = { 0 };
	static struct world w;

	run_start(&w, &spec);
	for (uint32_t i = 0; i < 420; i += 3) {
		struct device d = fleet_device(&w.fleet, i);

		for (size_t m = 0; m < d.kind->nmetrics; m++) {
			const struct metric *me = &d.kind->metrics[m];
			double first = 0, last = -1e300;
			bool moved = false;

			for (int64_t t = 0; t < 48 * 3600000ll; t += 600000) {
				struct forces fo;
				double v;

				physics_forces(&w.physics, &d, &none, EPOCH + t, &fo);
				v = physics_value(&w.physics, &fo, m);
				assert_true(isfinite(v) && v >= me->lo && v <= me->hi);
				if (me->shape == SHAPE_COUNTER)
					assert_true(v >= last);
				moved |= t && v != first;
				first = t ? first : v;
				last = v;
			}
			if (!moved && me->base > 0.06 && me->noise != 0.0004) /* rare or slow */
				fail_msg("%s of kind %s never moves", me->name, d.kind->name);
		}
	}
	world_fini(&w);
}

static double at(struct world *w, uint32_t device, size_t metric, int64_t ms)
{
	struct device d = fleet_device(&w->fleet, device);
	struct forces fo;

	physics_forces(&w->physics, &d, &timeline_segment(&w->timeline, EPOCH + ms)->effects,
		EPOCH + ms, &fo);
	return physics_value(&w->physics, &fo, metric);
}

static void test_sun_shines_by_day_alone(void **state)
{
	struct run_spec spec = run_spec(700, 70);
	static struct world w;
	uint32_t pv;
	double noon = 0, night = 1e9;

	run_start(&w, &spec);
	run_to(&w, 24 * 3600000ll);
	pv = w.fleet.first[fleet_site(slice_of("muc-1"))];
	for (int64_t t = 0; t < 24 * 3600000ll; t += 60000) {
		double v = at(&w, pv, 4, t); /* irradiance */

		noon = fmax(noon, v);
		night = fmin(night, v);
	}
	assert_true(noon > 500);
	assert_true(night < 20);
	world_fini(&w);
}

static void test_overheat_climbs_and_cools(void **state)
{
	struct run_spec spec = run_spec(700, 70);
	static struct world w;
	uint32_t gpu, other;

	spec.scenarios = "overheat:fra-2@60s+120s";
	run_start(&w, &spec);
	run_to(&w, 1200000);
	gpu = w.fleet.first[fleet_site(slice_of("fra-2"))];
	other = w.fleet.first[fleet_site(slice_of("iad-1"))];
	assert_true(at(&w, gpu, 0, 175000) > at(&w, gpu, 0, 59000) + 12);
	assert_true(at(&w, gpu, 0, 800000) < at(&w, gpu, 0, 175000) - 8);
	assert_true(fabs(at(&w, other, 0, 175000) - at(&w, other, 0, 59000)) < 12);
	world_fini(&w);
}

static void test_stuck_sensor_is_flat(void **state)
{
	struct run_spec spec = run_spec(700, 70);
	static struct world w;
	uint32_t d;
	int changes = 0;

	spec.scenarios = "stuck:zrh-1@60s+300s";
	run_start(&w, &spec);
	run_to(&w, 600000);
	d = w.fleet.first[fleet_site(slice_of("zrh-1"))];
	for (int64_t t = 61000; t < 360000; t += 5000)
		assert_true(at(&w, d, 0, t) == at(&w, d, 0, 61000));
	for (int64_t t = 61000; t < 360000; t += 5000)
		changes += at(&w, d, 2, t) != at(&w, d, 2, t - 1000); /* the others move on */
	assert_true(changes > 10);
	world_fini(&w);
}

static void test_disk_fills_and_is_cleaned(void **state)
{
	struct run_spec spec = run_spec(700, 70);
	static struct world w;
	double before = 0;
	uint32_t d;

	spec.scenarios = "diskfill:rot-1@60s+600s";
	run_start(&w, &spec);
	run_to(&w, 1200000);
	d = w.fleet.first[fleet_site(slice_of("rot-1"))];
	for (int64_t t = 60000; t < 660000; t += 60000) {
		assert_true(at(&w, d, 2, t) >= before);
		before = at(&w, d, 2, t);
	}
	assert_true(before > 0.9);
	assert_true(at(&w, d, 2, 1000000) < 0.9);
	world_fini(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_device_has_a_site_of_its_network),
		cmocka_unit_test(test_names_lead_back),
		cmocka_unit_test(test_tables_hold_together),
		cmocka_unit_test(test_values_stay_in_their_limits),
		cmocka_unit_test(test_sun_shines_by_day_alone),
		cmocka_unit_test(test_overheat_climbs_and_cools),
		cmocka_unit_test(test_stuck_sensor_is_flat),
		cmocka_unit_test(test_disk_fills_and_is_cleaned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
