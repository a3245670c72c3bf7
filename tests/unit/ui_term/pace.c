#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "ui/term/pace.h"

/* A line of so many bytes a second with a way of rtt ms, behind a buffer without end. */
struct line {
	struct pace p;
	double rate;
	int64_t rtt, now;
	double free_at;	     /* when the line has sent what it was given */
	double answer[4096]; /* when each answer arrives */
	size_t sent, answered;
	uint64_t bytes;
};

static void line_open(struct line *l, struct pace_opts o, double rate, int rtt)
{
	*l = (struct line){ .rate = rate, .rtt = rtt, .now = 100000 };
	pace_init(&l->p, &o, l->now);
	l->free_at = (double)l->now;
}

static void line_send(struct line *l, size_t bytes)
{
	double start = l->free_at > (double)l->now ? l->free_at : (double)l->now;

	l->free_at = start + (double)bytes * 1000 / l->rate;
	assert_true(l->sent < 4096);
	l->answer[l->sent++] = l->free_at + (double)l->rtt;
	l->bytes += bytes;
	pace_sent(&l->p, bytes, l->now);
}

/* One millisecond goes by. */
static void line_tick(struct line *l)
{
	l->now++;
	while (l->answered < l->sent && l->answer[l->answered] <= (double)l->now) {
		l->answered++;
		pace_answered(&l->p, l->now);
	}
}

/* How far, in ms, the screen lags behind a program that always has something new. */
static double worst_lag(struct line *l, size_t frame, int seconds)
{
	double worst = 0;

	for (int i = 0; i < seconds * 1000; i++) {
		line_tick(l);
		if (pace_may_send(&l->p, l->now, PACE_NEWS)) {
			size_t budget = pace_budget(&l->p, PACE_NEWS);

			line_send(l, budget && budget < frame ? budget : frame);
		}
		if (i > 3000 && l->free_at - (double)l->now > worst)
			worst = l->free_at - (double)l->now;
	}
	return worst;
}

static void a_slow_line_is_never_far_behind(void **state)
{
	static const double rates[] = { 4000, 16000, 100000 };
	struct line l;

	for (size_t i = 0; i < 3; i++) {
		line_open(&l, (struct pace_opts){ .fps = 10, .ask = true }, rates[i], 150);
		pace_probe(&l.p, 60, l.now);
		l.answer[l.sent++] = (double)l.now + 150;
		assert_in_range((int)worst_lag(&l, 8000, 30), 0, 600);
		/* and not idle either: a third of the line is used at least */
		assert_true((double)l.bytes > 30 * (rates[i] < 80000 ? rates[i] : 80000) / 3);
		assert_in_range((int)l.p.rtt_ms, 100, 700);
	}
}

static void a_fast_line_is_held_by_the_rate_of_frames_alone(void **state)
{
	struct line l;

	line_open(&l, (struct pace_opts){ .fps = 10, .ask = true }, 1e8, 0);
	worst_lag(&l, 8000, 10);
	assert_in_range(l.sent, 95, 101);
	assert_int_equal(pace_budget(&l.p, PACE_NEWS), 0);
}

static void silence_slows_down_and_an_answer_wakes(void **state)
{
	struct pace p;
	struct pace_opts o = { .fps = 10, .ask = true };
	int64_t now = 50000;
	int sent = 0;

	pace_init(&p, &o, now);
	for (int i = 0; i < 20000; i += 10, now += 10)
		if (pace_may_send(&p, now, PACE_NEWS)) {
			pace_sent(&p, 1000, now);
			sent++;
		}
	assert_true(p.silent);
	assert_in_range(sent, 20, 45); /* two in the first two seconds, then two a second */
	assert_true(pace_take_fence(&p));
	assert_false(pace_take_fence(&p));
	pace_sent(&p, 10, now);
	/* answers to the oldest come late; the fence makes the count right */
	pace_answered(&p, now + 5);
	assert_false(p.silent);
	pace_fenced(&p, now + 6);
	assert_int_equal(p.count, 1);
	pace_answered(&p, now + 7);
	assert_int_equal(p.count, 0);
	pace_answered(&p, now + 8); /* twice: nobody asked */
	assert_int_equal(p.count, 0);
	assert_true(pace_may_send(&p, now + 2000, PACE_NEWS));
}

static void a_key_does_not_wait_for_answers(void **state)
{
	struct pace p;
	struct pace_opts o = { .fps = 10, .ask = true };

	pace_init(&p, &o, 0);
	pace_sent(&p, 5000, 0);
	assert_false(pace_may_send(&p, 150, PACE_NEWS));
	pace_sent(&p, 5000, 100);
	assert_false(pace_may_send(&p, 200, PACE_NEWS));
	assert_true(pace_may_send(&p, 200, PACE_KEY));
	pace_sent(&p, 300, 200);
	pace_sent(&p, 300, 201);
	assert_false(pace_may_send(&p, 202, PACE_KEY)); /* but not without end */
	assert_true(pace_next_ms(&p, 202, PACE_NEWS) >= 2000);
}

/* The rows it is about do not wait for a whole picture: what is on the line, and they. */
static void a_key_goes_before_the_rest(void **state)
{
	struct line l;
	double worst = 0;

	line_open(&l, (struct pace_opts){ .fps = 10, .ask = true }, 16000, 150);
	pace_probe(&l.p, 60, l.now);
	l.answer[l.sent++] = (double)l.now + 150;
	worst_lag(&l, 8000, 5);
	assert_in_range(pace_budget(&l.p, PACE_KEY), 500, 1000);
	for (int i = 0; i < 40; i++) {
		for (int ms = 0; ms < 400 + i * 37 % 300; ms++) {
			line_tick(&l);
			if (pace_may_send(&l.p, l.now, PACE_REST))
				line_send(&l, pace_budget(&l.p, PACE_REST));
		}
		while (!pace_may_send(&l.p, l.now, PACE_KEY))
			line_tick(&l);
		line_send(&l, pace_budget(&l.p, PACE_KEY));
		if (l.free_at - (double)l.now > worst)
			worst = l.free_at - (double)l.now;
	}
	assert_in_range((int)worst, 10, 350); /* and half the way: seen within half a second */
}

static void a_limit_is_a_limit(void **state)
{
	struct line l;

	line_open(&l, (struct pace_opts){ .fps = 10, .rate = 8000 }, 1e8, 0);
	worst_lag(&l, 8000, 20);
	assert_in_range(l.bytes, 60000, 20 * 8000 + 8000);
	assert_int_equal(l.p.count, 0); /* nothing was asked, nothing is owed */
	assert_int_equal(pace_linger_ms(&l.p), 0);
}

/* pace_next_ms() never lies in the past, and waiting for it is never in vain for ever. */
static void waiting_ends(void **state)
{
	struct pace p;
	struct pace_opts o = { .fps = 10, .rate = 3000, .ask = true };
	int64_t now = 1000;

	pace_init(&p, &o, now);
	for (int i = 0; i < 200; i++) {
		int hops = 0;

		while (!pace_may_send(&p, now, PACE_NEWS)) {
			int64_t next = pace_next_ms(&p, now, PACE_NEWS);

			assert_true(next >= now);
			now = next > now ? next : now + 1;
			assert_true(++hops < 50);
		}
		pace_sent(&p, 2000, now);
		if (i % 3 == 0)
			pace_answered(&p, now);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slow_line_is_never_far_behind),
		cmocka_unit_test(a_fast_line_is_held_by_the_rate_of_frames_alone),
		cmocka_unit_test(silence_slows_down_and_an_answer_wakes),
		cmocka_unit_test(a_key_does_not_wait_for_answers),
		cmocka_unit_test(a_key_goes_before_the_rest),
		cmocka_unit_test(a_limit_is_a_limit),
		cmocka_unit_test(waiting_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
