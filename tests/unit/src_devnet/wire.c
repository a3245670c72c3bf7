/* The devnet's frames before the collector's decoders: good ones pass, hostile ones never harm. */
#include "run.h"

#include <math.h>

#include "devnet/hostile.h"
#include "wire/cloudevent.h"
#include "wire/telemetry.h"

static struct world w;
static struct ce_decoder dec;

static void check_event(const struct event *ev)
{
	struct tele_value v[8];
	struct telemetry t;
	struct tele_birth b;
	struct tele_note note;
	struct buf scratch;
	struct err e = { 0 };

	buf_init(&scratch, 65536);
	assert_int_equal(dec.ev.time_ms, ev->t_ms);
	switch (tele_kind(dec.ev.type)) {
	case TELE_TELEMETRY:
		assert_int_equal(telemetry_decode(dec.ev.data, v, 8, &t, &e), 0);
		assert_int_equal(t.n, 4);
		assert_int_equal(t.bad, 0);
		break;
	case TELE_BIRTH:
		assert_int_equal(tele_birth_decode(dec.ev.data, &scratch, &b, &e), 0);
		assert_true(b.name.n && b.network.n && b.kind.n && b.site.n && b.firmware.n);
		assert_true(isfinite(b.lat) && isfinite(b.lon) && b.metrics.n);
		break;
	case TELE_STATUS:
	case TELE_DEATH:
	case TELE_LOG:
		assert_int_equal(tele_note_decode(dec.ev.data, &scratch, &note, &e), 0);
		assert_true(note.text.n > 0);
		break;
	default:
		fail_msg("type %.*s", SLICE_ARG(dec.ev.type));
	}
	buf_fini(&scratch);
}

static void test_good_and_bad_frames(void **state)
{
	struct run_spec spec = run_spec(300, 100);
	char text[FRAME_MAX];
	size_t refused = 0, rides = 0;
	struct cursor c;
	struct event ev;
	struct buf bad;
	struct err e;

	spec.scenarios = "outage@5s+5s,overheat@2s+50s,malformed@20s+60s";
	run_start(&w, &spec);
	run_to(&w, 60000);
	buf_init(&bad, HOSTILE_MAX);
	cursor_seek(&w.timeline, &c, 1);
	while (cursor_next(&w.timeline, &c, INT64_MAX, &ev)) {
		if (ce_decode(&dec, slice_mem(text, frame_event(&w, &ev, text)), &e) < 0)
			fail_msg("%s", e.text);
		check_event(&ev);
		if (!hostile_due(ev.seg, ev.seq))
			continue;
		buf_reset(&bad);
		hostile_frame(&w, &ev, &bad);
		rides++;
		refused += ce_decode(&dec, buf_slice(&bad), &e) < 0;
	}
	assert_true(refused > rides / 4 && refused < rides);
	buf_fini(&bad);
	world_fini(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_good_and_bad_frames) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
