/*
 * What can go wrong, by name, on command.  A scenario is a type, a span of time and a range of
 * devices; all its effects are functions of those three, so a run with the same commands at the
 * same moments is the same run.
 */
#ifndef DEVNET_SCENARIO_H
#define DEVNET_SCENARIO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "devnet/fleet.h"

#define SCENARIOS_MAX	   4096
#define SCENARIO_MAX_MS	   (24 * 3600 * 1000ll)
#define SCENARIO_TAIL_MS   (180 * 1000ll) /* how long effects may fade after the end */
#define SCENARIO_TEXT_MAX  64
#define REORG_DEPTH_MAX	   32

enum scenario_id {
	SC_OUTAGE, SC_OVERHEAT, SC_DISKFILL, SC_STUCK, SC_FLAP, SC_REORG, SC_SILENT, SC_FLOOD,
	SC_MALFORMED, SC_COUNT
};

struct scenario_type {
	const char *name, *help;
	enum scenario_id id;
	int64_t for_ms;	   /* when not told */
	int8_t network;	   /* where it strikes when not told; -1: the whole stream */
	uint8_t part;	   /* of a site's devices one in so many; 0: the type has no devices */
	bool silences;	   /* its devices are dead for some of its span */
	bool fades;	   /* bears on values, until SCENARIO_TAIL_MS after its end */
};
extern const struct scenario_type scenario_types[SC_COUNT];

struct scenario {
	const struct scenario_type *type;
	int64_t t0, t1;	      /* Unix ms; t1 exclusive */
	uint32_t first, last; /* devices, last exclusive */
	uint32_t depth;	      /* reorg: blocks replaced */
};

struct scenario_list {
	struct scenario *v; /* never moves */
	size_t n;
};

/* As asked for, by a command or the command line; zeros: the type's own. */
struct scenario_ask {
	struct slice name, site, device;
	int64_t at_ms; /* Unix */
	int64_t for_ms;
	uint32_t depth;
};

void scenario_list_fini(struct scenario_list *l);
/* Checks names and limits, and that no device would be silenced twice at once; appends. */
int scenario_add(struct scenario_list *l, const struct fleet *f, const struct scenario_ask *a,
	struct err *e);
/* "overheat", "overheat:fra-2@20s+90s", "demo", several by commas; offsets from epoch. */
int scenario_add_text(struct scenario_list *l, const struct fleet *f, const char *text,
	int64_t epoch, struct err *e);

/* The first moment after t at which something about s changes, or INT64_MAX. */
int64_t scenario_next(const struct scenario *s, int64_t t);
/* The moment within its span when its devices notice (throttle, warn); t1 if they do not. */
int64_t scenario_turn(const struct scenario *s);
/* At t: are its devices dead? */
bool scenario_silences(const struct scenario *s, int64_t t);
bool scenario_active(const struct scenario *s, int64_t t);
/* Its values differ from those of a quiet day at t, or may. */
bool scenario_bears(const struct scenario *s, int64_t t);

#endif
