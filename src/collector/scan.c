#include "collector/scan.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"

struct scan {
	struct scan *next, **at;
	struct conn *c;
	struct rpc_req *req;
	const struct scan_ops *ops;
	void *arg;
	struct loop_timer *timer;
	int64_t until_us;
	bool asleep;
};

static void scan_free(struct scan *s)
{
	*s->at = s->next;
	if (s->next)
		s->next->at = s->at;
	s->c->calls_n--;
	s->ops->end(s->arg);
	loop_timer_free(s->timer);
	free(s);
}

static void run(void *arg)
{
	struct scan *s = arg;

	s->until_us = clock_mono_us_now() + SCAN_SLICE_US;
	if (s->ops->step(s->arg, s))
		scan_free(s);
	else if (!s->asleep)
		loop_timer_again(s->timer, 0, 0);
}

struct scan *scan_start(struct conn *c, struct rpc_req *req, const struct scan_ops *ops, void *arg)
{
	struct scan *s = xcalloc(1, sizeof(*s));

	*s = (struct scan){ .c = c, .req = req, .ops = ops, .arg = arg, .next = c->scans,
		.at = &c->scans };
	if (s->next)
		s->next->at = &s->next;
	c->scans = s;
	c->calls_n++;
	s->timer = loop_timer_new(c->api->env.loop, 0, 0, run, s);
	return s;
}

void conn_end_scans(struct conn *c)
{
	while (c->scans) {
		rpc_reply_err(c->scans->req, RPC_UNREACHABLE, "the line is closing");
		scan_free(c->scans);
	}
}

void scan_sleep(struct scan *s)
{
	s->asleep = true;
}

void scan_wake(struct scan *s)
{
	s->asleep = false;
	loop_timer_again(s->timer, 0, 0);
}

struct conn *scan_conn(const struct scan *s)
{
	return s->c;
}

struct rpc_req *scan_req(const struct scan *s)
{
	return s->req;
}

bool scan_late(const struct scan *s)
{
	return clock_mono_us_now() >= s->until_us;
}
