#include "devnet/timeline.h"

#include <stdlib.h>

#include "base/alloc.h"

static uint32_t gcd(uint32_t a, uint32_t b)
{
	while (b) {
		uint32_t r = a % b;

		a = b;
		b = r;
	}
	return a;
}

/* Near the golden section of n, so that neighbours in time are far apart in the fleet. */
static uint32_t stride_of(uint32_t n)
{
	uint32_t s = (uint32_t)((double)n * 0.6180339887);

	for (s = s ? s : 1; gcd(s, n) != 1;)
		s++;
	return s;
}

static uint32_t device_of(const struct timeline *tl, uint64_t slot)
{
	return (uint32_t)(slot % tl->fleet->ndevices * tl->stride % tl->fleet->ndevices);
}

/* Slots from a segment's start up to and including the moment t. */
static uint64_t slots_by(const struct segment *s, int64_t t)
{
	return (uint64_t)((__uint128_t)(uint64_t)(t - s->t0) * s->rate / 1000000);
}

/* The moment of the segment's i-th slot (from 0): the first ms at which slots_by() counts it. */
static int64_t slot_time(const struct segment *s, uint64_t i)
{
	return s->t0 + (int64_t)(((__uint128_t)(i + 1) * 1000000 + s->rate - 1) / s->rate);
}

bool segment_silences(const struct segment *s, uint32_t device)
{
	for (size_t i = 0; i < s->nsilent; i++)
		if (device >= s->silent[i].first && device < s->silent[i].last)
			return true;
	return false;
}

/* Devices that speak in [from, to), a part of one round. */
static uint64_t live_walk(const struct timeline *tl, const struct segment *s, uint64_t from,
	uint64_t to)
{
	uint64_t n = 0;

	for (; from < to; from++)
		n += !segment_silences(s, device_of(tl, from));
	return n;
}

/* The same for any span of slots: whole rounds are not walked. */
static uint64_t live_count(const struct timeline *tl, const struct segment *s, uint64_t from,
	uint64_t to)
{
	uint64_t n = tl->fleet->ndevices, rounds = (to - from) / n;

	if (s->nsilent == 0)
		return to - from;
	return rounds * s->live + live_walk(tl, s, from + rounds * n, to);
}

static void add_burst(struct segment *s, struct burst b)
{
	if (s->nbursts == SEGMENT_BURSTS || b.count == 0)
		return; /* more at one moment than anyone asks for: the rest goes unsaid */
	s->bursts[s->nbursts++] = b;
	s->in_bursts += b.count;
}

static void add_range(struct segment *seg, const struct scenario *s, enum event_type type,
	uint8_t severity, const char *text)
{
	add_burst(seg, (struct burst){ type, severity, s->first, s->last - s->first, text });
}

static void add_one(struct segment *seg, const struct scenario *s, uint8_t severity,
	const char *text)
{
	add_burst(seg, (struct burst){ EV_LOG, severity, s->first, 1, text });
}

/* What s has to say at the moment t, when it changes. */
static void say(struct segment *seg, const struct scenario *s, int64_t t)
{
	bool start = t == s->t0, end = t == s->t1;

	if (s->type->id == SC_OUTAGE && start)
		add_one(seg, s, 17, "uplink lost");
	if ((s->type->id == SC_OUTAGE && start) ||
		(s->type->id == SC_FLAP && scenario_silences(s, t)))
		add_range(seg, s, EV_DEATH, 0,
			s->type->id == SC_FLAP ? "link down" : "site unreachable");
	if (scenario_silences(s, t - 1) && !scenario_silences(s, t))
		add_range(seg, s, EV_BIRTH, 0, NULL);
	if (s->type->id == SC_OUTAGE && end)
		add_one(seg, s, 9, "uplink restored");
	if (s->type->id == SC_OVERHEAT && start)
		add_one(seg, s, 13, "chiller alarm: supply air above set-point");
	if (s->type->id == SC_OVERHEAT && t == scenario_turn(s) && !end)
		add_range(seg, s, EV_STATUS, 13, "thermal throttling");
	if (s->type->id == SC_DISKFILL && t == scenario_turn(s) && !end)
		add_range(seg, s, EV_STATUS, 13, "storage volume nearly full");
	if (s->type->id == SC_OVERHEAT && end) {
		add_one(seg, s, 9, "chiller back in service");
		add_range(seg, s, EV_STATUS, 9, "inlet temperature normal");
	}
	if (s->type->id == SC_DISKFILL && end)
		add_range(seg, s, EV_STATUS, 9, "old sectors removed");
}

static void silence(struct segment *seg, const struct scenario *s)
{
	if (seg->nsilent == SEGMENT_SILENT)
		return;
	seg->silent[seg->nsilent++] = (struct range){ s->first, s->last };
	seg->live -= s->last - s->first;
}

/* Everything that scenario s does to the segment that begins at seg->t0. */
static void bear(struct segment *seg, const struct scenario *s, uint64_t quiet_rate)
{
	if (scenario_next(s, seg->t0 - 1) == seg->t0)
		say(seg, s, seg->t0);
	if (scenario_silences(s, seg->t0))
		silence(seg, s);
	if (scenario_bears(s, seg->t0) && seg->effects.n < EFFECTS_MAX)
		seg->effects.v[seg->effects.n++] = s;
	if (scenario_active(s, seg->t0) && s->type->id == SC_FLOOD)
		seg->rate = quiet_rate * 20;
	if (scenario_active(s, seg->t0) && s->type->id == SC_MALFORMED)
		seg->malformed = true;
}

static void open_segment(struct timeline *tl, int64_t t, uint64_t seq, uint64_t slot)
{
	struct segment *s = xcalloc(1, sizeof(*s));

	*s = (struct segment){ .t0 = t, .seq0 = seq, .slot0 = slot, .nslots = UINT64_MAX,
		.rate = tl->rate, .live = tl->fleet->ndevices };
	if (tl->nsegs == 0)
		add_burst(s, (struct burst){ EV_BIRTH, 0, 0, tl->fleet->ndevices, NULL });
	for (size_t i = 0; i < tl->scenarios.n; i++)
		bear(s, &tl->scenarios.v[i], tl->rate);
	if (tl->nsegs == tl->cap) {
		tl->cap = tl->cap ? tl->cap * 2 : 16;
		tl->segs = xreallocarray(tl->segs, tl->cap, sizeof(*tl->segs));
	}
	tl->segs[tl->nsegs++] = s;
}

static void close_segment(struct timeline *tl, int64_t t)
{
	struct segment *s = tl->segs[tl->nsegs - 1];
	uint64_t end;

	s->nslots = slots_by(s, t - 1);
	end = s->slot0 + s->nslots;
	open_segment(tl, t, s->seq0 + s->in_bursts + live_count(tl, s, s->slot0, end), end);
}

void timeline_init(struct timeline *tl, const struct fleet *f, int64_t epoch, uint64_t rate)
{
	*tl = (struct timeline){ .fleet = f, .epoch = epoch, .rate = rate ? rate : 1,
		.stride = stride_of(f->ndevices), .edge = epoch };
}

void timeline_fini(struct timeline *tl)
{
	for (size_t i = 0; i < tl->nsegs; i++)
		free(tl->segs[i]);
	free(tl->segs);
	scenario_list_fini(&tl->scenarios);
}

static int64_t next_change(const struct timeline *tl, int64_t t)
{
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < tl->scenarios.n; i++) {
		int64_t at = scenario_next(&tl->scenarios.v[i], t);

		next = at < next ? at : next;
	}
	return next;
}

void timeline_advance(struct timeline *tl, int64_t now)
{
	int64_t next;

	if (now < tl->edge)
		return;
	if (tl->nsegs == 0)
		open_segment(tl, tl->epoch, 1, 0);
	while ((next = next_change(tl, tl->segs[tl->nsegs - 1]->t0)) <= now)
		close_segment(tl, next);
	tl->edge = now;
}

static size_t find_time(const struct timeline *tl, int64_t t)
{
	size_t lo = 0, hi = tl->nsegs;

	while (hi - lo > 1) {
		size_t mid = (lo + hi) / 2;

		if (tl->segs[mid]->t0 <= t)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

const struct segment *timeline_segment(const struct timeline *tl, int64_t t)
{
	return tl->segs[find_time(tl, t)];
}

static size_t find_seq(const struct timeline *tl, uint64_t seq)
{
	size_t lo = 0, hi = tl->nsegs;

	while (hi - lo > 1) {
		size_t mid = (lo + hi) / 2;

		if (tl->segs[mid]->seq0 <= seq)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

/* The slot of the segment's n-th speaking event (from 0). */
static uint64_t nth_live(const struct timeline *tl, const struct segment *s, uint64_t n)
{
	uint64_t slot = s->slot0;

	if (s->nsilent == 0)
		return slot + n;
	if (s->live == 0)
		return slot;
	slot += n / s->live * tl->fleet->ndevices;
	for (n %= s->live; n; slot++)
		n -= !segment_silences(s, device_of(tl, slot));
	return slot;
}

void cursor_seek(const struct timeline *tl, struct cursor *c, uint64_t seq)
{
	const struct segment *s;
	uint64_t into;

	c->seg = find_seq(tl, seq);
	s = tl->segs[c->seg];
	into = seq - s->seq0;
	c->seq = seq;
	c->head = into < s->in_bursts ? into : s->in_bursts;
	c->slot = into < s->in_bursts ? s->slot0 : nth_live(tl, s, into - s->in_bursts);
}

void cursor_seek_time(const struct timeline *tl, struct cursor *c, int64_t t)
{
	const struct segment *s;

	c->seg = find_time(tl, t);
	s = tl->segs[c->seg];
	c->head = s->in_bursts;
	c->slot = s->slot0 + slots_by(s, t);
	c->seq = s->seq0 + s->in_bursts + live_count(tl, s, s->slot0, c->slot);
}

static void burst_event(const struct segment *s, uint64_t i, struct event *ev)
{
	const struct burst *b = s->bursts;

	for (; i >= b->count; b++)
		i -= b->count;
	ev->type = b->type;
	ev->device = b->first + (uint32_t)i;
	ev->burst = b;
	ev->t_ms = s->t0;
}

/* The next slot that speaks, in time and within the segment. */
static bool slot_event(const struct timeline *tl, struct cursor *c, const struct segment *s,
	int64_t until, struct event *ev)
{
	uint64_t end = s->slot0 + (s->nslots == UINT64_MAX ? slots_by(s, until) : s->nslots);

	for (; c->slot < end; c->slot++) {
		uint32_t device = device_of(tl, c->slot);

		if (segment_silences(s, device))
			continue;
		ev->t_ms = slot_time(s, c->slot - s->slot0);
		if (ev->t_ms > until)
			return false;
		ev->type = EV_TELEMETRY;
		ev->device = device;
		ev->slot = c->slot++;
		ev->burst = NULL;
		return true;
	}
	return false;
}

bool cursor_next(const struct timeline *tl, struct cursor *c, int64_t until, struct event *ev)
{
	until = until < tl->edge ? until : tl->edge;
	for (;;) {
		const struct segment *s = tl->segs[c->seg];

		if (s->t0 > until)
			return false;
		ev->seg = s;
		ev->seq = c->seq;
		if (c->head < s->in_bursts) {
			burst_event(s, c->head++, ev);
			c->seq++;
			return true;
		}
		if (slot_event(tl, c, s, until, ev)) {
			c->seq++;
			return true;
		}
		if (s->nslots == UINT64_MAX || c->slot < s->slot0 + s->nslots)
			return false;
		c->seg++;
		c->head = 0;
	}
}
