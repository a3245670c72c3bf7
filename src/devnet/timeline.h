/*
 * The one order of all events of a run, and the way between position and time.
 *
 * Position 1 .. N are the births of all N devices at the epoch; then the fleet is walked again
 * and again in a fixed scattered order, `rate` slots a second, one event a slot.  At a moment
 * when a scenario changes something a new segment begins: first its bursts (deaths, births,
 * status, log), then slots again, without the devices that are silent during it.  So the event
 * at a position is a function of seed, epoch and the scenarios, whatever was asked before.
 * Segments are kept (some hundred bytes each); events never.
 */
#ifndef DEVNET_TIMELINE_H
#define DEVNET_TIMELINE_H

#include "devnet/physics.h"
#include "devnet/scenario.h"

#define SEGMENT_BURSTS 16
#define SEGMENT_SILENT 16

enum event_type { EV_TELEMETRY, EV_BIRTH, EV_DEATH, EV_STATUS, EV_LOG };

/* The same event for each device of a range. */
struct burst {
	enum event_type type;
	uint8_t severity; /* OpenTelemetry number; also of status: 9 up, 13 degraded, 17 down */
	uint32_t first, count;
	const char *text; /* reason or message */
};

struct range {
	uint32_t first, last;
};

struct segment {
	int64_t t0;	/* Unix ms */
	uint64_t seq0;	/* position of its first event */
	uint64_t slot0; /* number, since the epoch, of its first slot */
	uint64_t nslots; /* when closed; UINT64_MAX while it is the last */
	uint64_t rate;	/* slots in 1000 s */
	uint32_t live;	/* devices that speak, of each round */
	uint8_t nbursts, nsilent;
	bool malformed;
	uint64_t in_bursts; /* events in all bursts */
	struct burst bursts[SEGMENT_BURSTS];
	struct range silent[SEGMENT_SILENT];
	struct effects effects;
};

struct timeline {
	const struct fleet *fleet;
	struct scenario_list scenarios;
	int64_t epoch; /* Unix ms */
	uint64_t rate; /* slots in 1000 s, on a quiet day */
	uint32_t stride; /* of the walk through the fleet */
	struct segment **segs;
	size_t nsegs, cap;
	int64_t edge; /* all before this moment is settled */
};

struct event {
	uint64_t seq;
	int64_t t_ms;
	enum event_type type;
	uint32_t device;
	uint64_t slot;		   /* telemetry and chatter */
	const struct burst *burst; /* NULL: from a slot */
	const struct segment *seg;
};

/* A place between two events. */
struct cursor {
	size_t seg;
	uint64_t seq;  /* of the next event */
	uint64_t head; /* events of the segment's bursts already passed */
	uint64_t slot; /* next slot, since the epoch */
};

void timeline_init(struct timeline *tl, const struct fleet *f, int64_t epoch, uint64_t rate);
void timeline_fini(struct timeline *tl);
/* Settles everything before `now`: no scenario may be added there any more. */
void timeline_advance(struct timeline *tl, int64_t now);
/* The segment that a settled moment falls into. */
const struct segment *timeline_segment(const struct timeline *tl, int64_t t);
bool segment_silences(const struct segment *s, uint32_t device);

/* Before the event at position seq (settled, or 1). */
void cursor_seek(const struct timeline *tl, struct cursor *c, uint64_t seq);
/* Behind the last event at or before t (settled). */
void cursor_seek_time(const struct timeline *tl, struct cursor *c, int64_t t);
/* Steps over the next event if it is settled and not after `until`. */
bool cursor_next(const struct timeline *tl, struct cursor *c, int64_t until, struct event *ev);

#endif
