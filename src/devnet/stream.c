#include "devnet/stream.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "devnet/frame.h"
#include "devnet/hostile.h"
#include "devnet/noise.h"

#define QUEUE_MAX   (1u << 20) /* bytes of frames waiting for a reader */
#define TURN_FRAMES 8192       /* made for one reader before others have their turn */
#define AHEAD_MS    60000      /* a cursor this far ahead is our clock's fault, not another run's */

struct stream {
	struct world *world;
	struct ws_conn *conn;
	struct cursor cursor;
	int64_t joined;
	bool snapshot; /* under way: */
	uint32_t next;	    /* device */
	int64_t snapshot_t;
	uint64_t wait_for; /* do not send up to this position: it has been had */
	char frame[FRAME_MAX];
	struct buf hostile;
};

/* The position that the stream will have reached AHEAD_MS from now, at most. */
static bool may_be_ours(struct world *w, uint64_t since, uint64_t last)
{
	const struct timeline *tl = &w->timeline;
	uint64_t rate = tl->segs[tl->nsegs - 1]->rate;

	return since <= last + rate * AHEAD_MS / 1000000 + 1;
}

struct stream *stream_new(struct world *w, struct ws_conn *c, const struct stream_ask *a,
	int64_t now)
{
	struct stream *s = xcalloc(1, sizeof(*s));

	s->world = w;
	s->conn = c;
	s->joined = now;
	buf_init(&s->hostile, HOSTILE_MAX);
	cursor_seek_time(&w->timeline, &s->cursor, now);
	if (!a->has_since || !may_be_ours(w, a->since, s->cursor.seq - 1)) {
		s->snapshot = true;
		s->snapshot_t = now;
	} else if (a->since + 1 < s->cursor.seq) {
		cursor_seek(&w->timeline, &s->cursor, a->since + 1);
	} else {
		s->wait_for = a->since;
	}
	return s;
}

void stream_free(struct stream *s)
{
	if (!s)
		return;
	buf_fini(&s->hostile);
	free(s);
}

/* Fails only when the connection is about to close: QUEUE_MAX is far below its limit. */
static void put(struct stream *s, const char *p, size_t n)
{
	ws_conn_send(s->conn, slice_mem(p, n));
}

/* All devices as they are, before the first live event: the dead with their death. */
static void pump_snapshot(struct stream *s, size_t *budget)
{
	struct world *w = s->world;
	const struct segment *seg = timeline_segment(&w->timeline, s->snapshot_t);
	uint64_t seq = s->cursor.seq - 1;

	while (s->next < w->fleet.ndevices && *budget && ws_conn_queued(s->conn) < QUEUE_MAX) {
		uint32_t i = s->next++;
		size_t n = frame_snapshot(w, EV_BIRTH, i, seq, s->snapshot_t, s->frame);

		put(s, s->frame, n);
		--*budget;
		if (!segment_silences(seg, i))
			continue;
		n = frame_snapshot(w, EV_DEATH, i, seq, s->snapshot_t, s->frame);
		put(s, s->frame, n);
	}
	s->snapshot = s->next < w->fleet.ndevices;
}

/* In a bad segment: what rides before the event, and whether the event itself gets lost. */
static bool pass_hostile(struct stream *s, const struct event *ev)
{
	if (hostile_due(ev->seg, ev->seq)) {
		buf_reset(&s->hostile);
		hostile_frame(s->world, ev, &s->hostile);
		put(s, s->hostile.p, s->hostile.len);
	}
	return !(hostile_loses(ev->seg, ev->seq) && ev->t_ms > s->joined);
}

static void send_event(struct stream *s, const struct event *ev)
{
	size_t n;

	if (ev->seq <= s->wait_for || (ev->seg->malformed && !pass_hostile(s, ev)))
		return;
	n = frame_event(s->world, ev, s->frame);
	if (ev->seg->malformed && noise_pick(ev->seq, 0xf7a6, 16) == 0)
		ws_conn_send_fragments(s->conn, slice_mem(s->frame, n), 97);
	else
		put(s, s->frame, n);
}

void stream_pump(struct stream *s, int64_t now)
{
	size_t budget = TURN_FRAMES;
	struct event ev;

	if (s->snapshot)
		pump_snapshot(s, &budget);
	while (!s->snapshot && budget && ws_conn_queued(s->conn) < QUEUE_MAX &&
		cursor_next(&s->world->timeline, &s->cursor, now, &ev)) {
		send_event(s, &ev);
		budget--;
	}
}
