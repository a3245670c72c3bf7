/* A run of the devnet in memory, for the tests of this folder. */
#ifndef TESTS_DEVNET_RUN_H
#define TESTS_DEVNET_RUN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "devnet/frame.h"

#define EPOCH 1795341136000ll /* 2026-11-22T09:52:16Z */

static inline struct run_spec run_spec(uint32_t devices, double rate)
{
	return (struct run_spec){ .seed = 7, .epoch = EPOCH, .devices = devices, .sign_share = 16,
		.accounts = 3, .rate = rate, .block_ms = 2000, .scenarios = "" };
}

static inline void run_start(struct world *w, const struct run_spec *s)
{
	struct err e = { 0 };

	world_init(w, s);
	if (scenario_add_text(&w->timeline.scenarios, &w->fleet, s->scenarios, s->epoch, &e) < 0)
		fail_msg("%s", e.text);
}

/* Advances a run that begins at EPOCH to EPOCH + ms. */
static inline void run_to(struct world *w, int64_t ms)
{
	timeline_advance(&w->timeline, EPOCH + ms);
}

static inline json_t *run_frame(struct world *w, const struct event *ev)
{
	char text[FRAME_MAX];
	struct err e = { 0 };
	json_t *o = json_load(slice_mem(text, frame_event(w, ev, text)), &e);

	if (!o)
		fail_msg("%s", e.text);
	return o;
}

#endif
