/* Queries in slices: they take turns, and a cancelled one is gone. */
#include "room.h"

#include "collector/job.h"

struct run {
	struct query *q;
	struct job *job;
	int done;
};

static void on_done(void *arg)
{
	((struct run *)arg)->done++;
}

/* Slow on purpose: an expression that every row of a large fleet is tried against. */
static struct query *slow(const struct kind *k)
{
	struct query_spec s = { .kind = k, .limit = 10,
		.filter = S("name~'(x|y)+-(0|1|2)+9+8'") };
	struct err e = { 0 };
	struct query *q = query_new(&s, NULL, &e);

	if (!q)
		fail_msg("%s", e.text);
	return q;
}

static struct room *large(void)
{
	struct room *r = room_new(64 << 20);
	char id[64];

	for (int i = 0; i < 30000; i++) {
		snprintf(id, sizeof(id), "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-%05d", i);
		room_device(r, id, "io");
	}
	return r;
}

static void a_small_one_is_done(void **state)
{
	struct room *r = room_new(8 << 20);
	struct query_spec s = { .kind = kind_find("devices"), .limit = 10 };
	struct jobs *js = jobs_new(r->loop, r->m);
	struct run x = { .q = query_new(&s, NULL, NULL) };

	room_device(r, "a", "io");
	x.job = job_start(js, NULL, x.q, on_done, &x);
	assert_int_equal(x.done, x.job ? 0 : 1); /* at once; on a slow machine a turn later */
	while (!x.done)
		loop_turn(r->loop, 5);
	assert_int_equal(x.done, 1);
	assert_int_equal(query_matched(x.q), 1);
	query_free(x.q);
	jobs_free(js);
	room_free(r);
}

static void large_ones_take_turns(void **state)
{
	struct room *r = large();
	struct jobs *js = jobs_new(r->loop, r->m);
	struct run x[3] = { 0 };
	int turns = 0;

	for (int i = 0; i < 3; i++) {
		x[i].q = slow(kind_find("devices"));
		x[i].job = job_start(js, NULL, x[i].q, on_done, &x[i]);
		assert_non_null(x[i].job);
	}
	while (x[0].done + x[1].done + x[2].done < 3) {
		loop_turn(r->loop, 5);
		turns++;
	}
	assert_true(turns > 3);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(x[i].done, 1);
		assert_true(query_matched(x[i].q) > 0);
		assert_int_equal(query_matched(x[i].q), query_matched(x[0].q));
	}
	for (int i = 0; i < 3; i++)
		query_free(x[i].q);
	jobs_free(js);
	room_free(r);
}

static void a_cancelled_one_is_gone(void **state)
{
	struct room *r = large();
	struct jobs *js = jobs_new(r->loop, r->m);
	struct run x[3] = { 0 };

	for (int i = 0; i < 3; i++) {
		x[i].q = slow(kind_find("devices"));
		x[i].job = job_start(js, NULL, x[i].q, on_done, &x[i]);
		assert_non_null(x[i].job);
	}
	loop_turn(r->loop, 5);
	job_cancel(x[1].job);
	query_free(x[1].q);
	while (!x[0].done)
		loop_turn(r->loop, 5);
	job_cancel(NULL);
	jobs_free(js); /* x[2] may still run: it is not told */
	assert_int_equal(x[1].done, 0);
	query_free(x[0].q);
	query_free(x[2].q);
	room_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_small_one_is_done),
		cmocka_unit_test(large_ones_take_turns),
		cmocka_unit_test(a_cancelled_one_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
