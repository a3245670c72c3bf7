#include "tests/bench/traffic.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "devnet/exposition.h"
#include "devnet/frame.h"
#include "devnet/noise.h"

#define BYTES_MAX	(2048u << 20)
#define EVENT_METRICS	4
#define FLEET_PERIOD_MS 10000 /* each device reports once in so long, as the devnet has it */

/* So that the newest event of the run is a little in the past. */
static void world_ending_now(struct world *w, uint32_t devices, uint64_t events)
{
	double rate = (double)devices * 1000 / FLEET_PERIOD_MS;
	int64_t span = (int64_t)((double)events / rate * 1000) + 2 * FLEET_PERIOD_MS;
	struct run_spec s = { .seed = 1, .devices = devices, .rate = rate, .block_ms = 2000,
		.scenarios = "" };

	clock_turn();
	s.epoch = (clock_wall_ms() - span) / 1000 * 1000;
	world_init(w, &s);
	timeline_advance(&w->timeline, clock_wall_ms());
}

static void add_frame(struct frames *f, const char *p, size_t n, uint32_t samples)
{
	unsigned char head[4] = { 0x81, (unsigned char)n };

	if (n < 126) {
		buf_add(&f->b, head, 2);
	} else {
		head[1] = 126;
		head[2] = (unsigned char)(n >> 8);
		head[3] = (unsigned char)n;
		buf_add(&f->b, head, 4);
	}
	buf_add(&f->b, p, n);
	f->n++;
	f->payload += n;
	f->samples += samples;
}

struct slice frames_next(const struct frames *f, size_t *at)
{
	const unsigned char *p = (const unsigned char *)f->b.p + *at;
	size_t n, head;

	if (*at >= f->b.len)
		return (struct slice){ 0 };
	n = p[1] < 126 ? p[1] : (size_t)p[2] << 8 | p[3];
	head = p[1] < 126 ? 2 : 4;
	*at += head + n;
	return slice_mem(p + head, n);
}

/* A few slots carry a line of log instead: the frame says. */
static uint32_t samples_of(const struct world *w, const struct event *ev, struct slice frame)
{
	static const char type[] = "device.telemetry.v1";
	struct device d = fleet_device(&w->fleet, ev->device);

	if (ev->type != EV_TELEMETRY || !memmem(frame.p, frame.n, type, sizeof(type) - 1))
		return 0;
	return d.kind->nmetrics < EVENT_METRICS ? (uint32_t)d.kind->nmetrics : EVENT_METRICS;
}

void traffic_make(struct traffic *t, uint32_t devices, uint64_t events)
{
	static struct world w;
	uint64_t warm = (uint64_t)devices * 3; /* a birth, and two events of four metrics each */
	struct cursor c;
	struct event ev;
	char frame[FRAME_MAX];

	*t = (struct traffic){ 0 };
	buf_init(&t->first.b, BYTES_MAX);
	buf_init(&t->then.b, BYTES_MAX);
	world_ending_now(&w, devices, warm + events);
	cursor_seek(&w.timeline, &c, 1);
	while (t->then.n < events && cursor_next(&w.timeline, &c, clock_wall_ms(), &ev)) {
		size_t n = frame_event(&w, &ev, frame);

		add_frame(ev.seq <= warm ? &t->first : &t->then, frame, n,
			samples_of(&w, &ev, slice_mem(frame, n)));
	}
	if (t->then.n != events)
		BUG("the devnet's run is too short");
	world_fini(&w);
}

void traffic_fini(struct traffic *t)
{
	buf_fini(&t->first.b);
	buf_fini(&t->then.b);
}

void traffic_pages(struct buf page[TRAFFIC_PAGES], uint32_t devices)
{
	static struct world w;

	world_ending_now(&w, devices, (uint64_t)devices * 30);
	for (int i = 0; i < TRAFFIC_PAGES; i++) {
		struct exposition_spec s = { .network = -1, .site = -1,
			.now = clock_wall_ms() - (TRAFFIC_PAGES - i) * 60000 };

		buf_init(&page[i], EXPOSITION_MAX);
		if (exposition_write(&w, &s, &page[i]) < 0)
			BUG("the page is too large");
	}
	world_fini(&w);
}

void traffic_peers(struct buf page[TRAFFIC_PAGES], uint32_t lines)
{
	for (unsigned i = 0; i < TRAFFIC_PAGES; i++) {
		buf_init(&page[i], EXPOSITION_MAX);
		buf_adds(&page[i], "# HELP lotus_rcmgr_streams Streams by peer.\n"
				   "# TYPE lotus_rcmgr_streams gauge\n");
		for (uint64_t k = 0; k < lines; k++)
			buf_addf(&page[i], "lotus_rcmgr_streams{dir=\"%s\",peer_id=\"12D3KooW%016llx"
				"%016llx\"} %u\n", k & 1 ? "inbound" : "outbound",
				(unsigned long long)noise_mix(k, 7), (unsigned long long)k,
				(unsigned)((noise_mix(k, i / 2) & 255) % 17));
	}
}
