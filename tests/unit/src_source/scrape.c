/* Metric pages as a recording holds them: of many targets, begun in the middle, cut anywhere. */
#include "tests/unit/src_source/world.h"

#define TARGETS 100

static int setup(void **state)
{
	struct world *w = *state = xcalloc(1, sizeof(*w));
	struct err e;

	world_init(w, &source_scrape);
	w->env.replaying = true;
	assert_int_equal(source_scrape.open(&w->src, &e), 0);
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	source_scrape.close(&w->src);
	world_fini(w);
	free(w);
	return 0;
}

static void play(struct world *w, int target, enum source_bytes what, const char *text)
{
	char name[16];

	snprintf(name, sizeof(name), "t%d:9100", target);
	source_scrape.replay(&w->src, name, what, slice_of(text));
}

static size_t devices(struct world *w, const char *filter)
{
	struct query *q = query(w->m, "devices", filter, "", 0, 0);
	size_t n = query_matched(q);

	query_free(q);
	return n;
}

static void each_target_is_a_device(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < TARGETS; i++) {
		play(w, i, BYTES_PAGE_START, "");
		play(w, i, BYTES_PAGE, "load ");
		play(w, i, BYTES_PAGE, "7\n");
		play(w, i, BYTES_PAGE_END, "");
	}
	assert_int_equal(devices(w, "status=up"), TARGETS);
	assert_int_equal(w->src.st.drops, 0);
	assert_int_equal(w->src.st.bad, 0);
	assert_string_equal(ask(w->m, "metrics", "device='t99:9100'", "name,value"), "load 7");
}

/* More than are ever under way: the newest are passed over, and nothing is written beyond. */
static void too_many_at_once_are_passed_over(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < TARGETS; i++)
		play(w, i, BYTES_PAGE_START, "");
	assert_int_equal(w->src.st.drops, TARGETS - 64);
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < TARGETS; i++)
			play(w, i, BYTES_PAGE, "load 7\n");
	for (int i = 0; i < TARGETS; i++)
		play(w, i, BYTES_PAGE_END, "");
	assert_int_equal(devices(w, "status=up"), 64);
	play(w, 99, BYTES_PAGE_START, "");
	play(w, 99, BYTES_PAGE, "load 7\n");
	play(w, 99, BYTES_PAGE_END, "");
	assert_int_equal(devices(w, "status=up"), 65);
}

static void one_that_began_before_is_not_read(void **state)
{
	struct world *w = *state;

	play(w, 1, BYTES_PAGE, "d 7\n");
	play(w, 1, BYTES_PAGE_END, "");
	assert_int_equal(devices(w, ""), 0);
	play(w, 1, BYTES_PAGE_START, "");
	play(w, 1, BYTES_PAGE, "load 7\n");
	play(w, 1, BYTES_PAGE_START, ""); /* again, without the end of the first */
	play(w, 1, BYTES_PAGE, "load 8\n");
	play(w, 1, BYTES_PAGE_END, "broke off");
	assert_string_equal(ask(w->m, "devices", "", "id,status,reason"), "t1:9100 down broke off");
	clock_test_advance(1000);
	play(w, 1, BYTES_PAGE_START, "");
	play(w, 1, BYTES_PAGE, "load 7\n");
	play(w, 1, BYTES_PAGE_END, "");
	assert_string_equal(ask(w->m, "devices", "", "status"), "up");
	play(w, 1, BYTES_PAGE_END, "cannot connect"); /* no page at all */
	assert_string_equal(ask(w->m, "devices", "", "status,reason"), "down cannot connect");
}

static void a_site_comes_from_its_label(void **state)
{
	struct world *w = *state;

	w->cfg.site_label = "place";
	play(w, 1, BYTES_PAGE_START, "");
	play(w, 1, BYTES_PAGE, "load 7\nheat{place=\"muc\"} 20\n");
	play(w, 1, BYTES_PAGE_END, "");
	assert_string_equal(ask(w->m, "devices", "", "id,site"), "t1:9100 muc");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(each_target_is_a_device),
		T(too_many_at_once_are_passed_over),
		T(one_that_began_before_is_not_read),
		T(a_site_comes_from_its_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
