/*
 * Deltas: everything that can happen to the model.  Sources, the AI engine and the API emit
 * them; model_apply() is the only writer.  Slices are borrowed for the call.  An empty slice,
 * 0 or NaN in an optional member means "leave as it is".  Members marked `out` are set by
 * model_apply().
 */
#ifndef MODEL_DELTA_H
#define MODEL_DELTA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

#define MODEL_NONE UINT32_MAX /* no such row */

enum device_status { STATUS_UNKNOWN, STATUS_UP, STATUS_DEGRADED, STATUS_DOWN, STATUS_STALE };
enum series_type { SERIES_UNTYPED, SERIES_GAUGE, SERIES_COUNTER, SERIES_HISTOGRAM, SERIES_SUMMARY,
	SERIES_INFO, SERIES_STATE };
enum source_state { SOURCE_DOWN, SOURCE_DIALING, SOURCE_LIVE, SOURCE_STALE };

enum delta_kind {
	DELTA_SOURCE,	    /* a source exists */
	DELTA_SOURCE_STATE, /* its state, counters, last error */
	DELTA_DEVICE,	    /* BIRTH: a device exists, or its identity changed */
	DELTA_STATUS,	    /* its status; DOWN is DEATH: its values are no longer current */
	DELTA_SERIES,	    /* a metric of a device exists */
	DELTA_SAMPLES,	    /* values of series */
	DELTA_EVENT,
	DELTA_LEDGER,
	DELTA_BLOCK,	    /* a new head; a reorg shows as a block at or below the head */
	DELTA_LOG,	    /* a decoded or raw log of a block */
	DELTA_ACK,	    /* somebody knows of an alert */
	DELTA_SILENCE,	    /* alerts that match a filter are hidden for a time */
	DELTA_TICK,	    /* time passed: what is silent for too long becomes STALE */
};

struct delta_source {
	struct slice name, kind, url; /* url without credentials */
	uint32_t source;	      /* out */
};

struct delta_source_state {
	uint32_t source;
	enum source_state state;
	struct slice error;	 /* the last one; kept for the user when empty */
	int64_t lag_ms;		 /* newest record's age when it arrived, -1: unknown */
	uint64_t records, bytes; /* since start; rates are computed by the model */
	uint64_t drops, gaps, duplicates, bad;
};

struct delta_device {
	struct slice id;	     /* unique over all networks, 1..255 bytes */
	struct slice name, network, kind, site, firmware;
	double lat, lon;	     /* NaN: leave */
	uint32_t source;	     /* MODEL_NONE: leave */
	int64_t stale_after_ms;	     /* 0: leave; silence after which the device is STALE */
	int64_t at_ms;		     /* when */
	uint32_t device;	     /* out */
	bool created;		     /* out */
};

struct delta_status {
	uint32_t device;
	enum device_status status;
	struct slice reason;
	int64_t at_ms;
};

struct delta_series {
	uint32_t device;
	struct slice name;   /* 1..200 bytes */
	struct slice labels; /* canonical: a="b",c="d" sorted by name; "" for none */
	struct slice unit, help;
	enum series_type type;
	uint32_t series;     /* out; MODEL_NONE when a limit refused it (counted) */
};

struct sample {
	uint32_t series;
	double value; /* NaN: stored as a gap */
};

struct delta_samples {
	const struct sample *v;
	uint32_t n;
	uint32_t device; /* all of one device: marks it seen (and UP when it was STALE or UNKNOWN) */
	int64_t at_ms;
};

enum severity { SEVERITY_NONE = 0, SEVERITY_TRACE = 1, SEVERITY_DEBUG = 5, SEVERITY_INFO = 9,
	SEVERITY_WARN = 13, SEVERITY_ERROR = 17, SEVERITY_FATAL = 21 }; /* OpenTelemetry's numbers */
#define SEVERITIES 25 /* 0 to 24 */

struct delta_event {
	uint64_t n;	 /* 0: next (out); else the number it has in the journal (start-up) */
	uint32_t source; /* MODEL_NONE: ours */
	uint32_t device; /* MODEL_NONE: none */
	struct slice origin, id, type, subject; /* CloudEvents source, id, type, subject */
	int severity;
	int64_t at_ms;
	int64_t seen_ms; /* with n: when it was recorded, if known */
	struct slice message; /* for people: one line, not yet cleaned */
	struct slice data;    /* raw JSON as sent, may be empty */
};

struct delta_ledger {
	struct slice name, kind, network;
	uint64_t chain_id;
	uint32_t ledger; /* out */
};

struct delta_block {
	uint32_t ledger;
	uint64_t number;
	unsigned char hash[32], parent[32];
	int64_t at_ms; /* the block's own time */
	uint32_t txs, logs;
	uint64_t gas_used, gas_limit;
	bool backfill;	    /* history being filled in: not a head, never a reorg */
	uint32_t orphaned;  /* out: how many blocks this one replaced (reorg depth) */
};

struct delta_log {
	uint32_t ledger;
	uint64_t block;
	unsigned char block_hash[32], tx_hash[32], address[20];
	uint32_t index;
	uint8_t topics_n;
	unsigned char topics[4][32];
	struct slice data;
	struct slice text; /* decoded for people, may be empty */
	bool removed;	   /* its block was orphaned */
};

struct delta_ack {
	struct slice alert; /* its id; refused when none is open */
	struct slice who, note;
	int64_t at_ms;
	bool undo;
	bool restored; /* of an earlier run: the alert may still come */
};

struct delta_silence {
	uint64_t id;	     /* the caller's number; one that is there already is replaced */
	struct slice filter; /* of alerts; empty: this one ends */
	struct slice who, note;
	int64_t at_ms, until_ms;
	uint32_t hides; /* out: alerts */
};

struct delta_tick {
	int64_t now_ms;
};

struct delta {
	enum delta_kind kind;
	union {
		struct delta_source source;
		struct delta_source_state source_state;
		struct delta_device device;
		struct delta_status status;
		struct delta_series series;
		struct delta_samples samples;
		struct delta_event event;
		struct delta_ledger ledger;
		struct delta_block block;
		struct delta_log log;
		struct delta_ack ack;
		struct delta_silence silence;
		struct delta_tick tick;
	};
};

#endif
