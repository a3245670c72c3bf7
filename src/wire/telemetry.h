/*
 * What our devices say: the data of CloudEvents of types net.depin.device.*.v1.  The schemas
 * stand in docs/schemas, the words in docs/wire-formats.md.  The device's id is the event's
 * subject.  Input is JSON that ce_decode() has checked (other bytes give errors, never harm).
 * Odd values cost the one metric, not the event.  Nothing is allocated; slices point into data.
 */
#ifndef WIRE_TELEMETRY_H
#define WIRE_TELEMETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define TELE_METRICS_MAX 1024 /* of one event */
#define TELE_NAME_MAX	 200

enum tele_kind { TELE_NONE, TELE_TELEMETRY, TELE_BIRTH, TELE_DEATH, TELE_STATUS, TELE_LOG,
	TELE_ALERT, TELE_OTHER /* net.depin.device.* of a kind we do not know */ };

/* By the event's type; TELE_NONE: not net.depin.device.*.v1. */
enum tele_kind tele_kind(struct slice type);

/* --- telemetry.v1: {"t": time, "m": {"temp": 61.2, "fan": null, "mode": "charging"}} */

struct tele_value {
	struct slice name; /* ASCII, 1..TELE_NAME_MAX bytes */
	struct slice text; /* of a string: between its quotes, escapes not undone; else empty */
	double value;	   /* true and false are 1 and 0; NaN: null, or a string */
};

struct telemetry {
	bool has_time;
	int64_t time_ms; /* "t": Unix milliseconds or RFC 3339 */
	size_t n;	 /* values written */
	size_t bad;	 /* metrics refused: bad names, no number, beyond double, beyond cap */
};

int telemetry_decode(struct slice data, struct tele_value *v, size_t cap, struct telemetry *out,
	struct err *e);

/* --- birth.v1, death.v1, status.v1, and messages for people */

enum tele_status { TELE_UNSAID, TELE_UP, TELE_DEGRADED, TELE_DOWN };

/* Strings are unescaped into the buffer the caller gives; absent: empty, NaN. */
struct tele_birth {
	struct slice name, network, kind, site, firmware;
	double lat, lon; /* both, and within range, or both NaN */
	struct slice metrics; /* {"temp": {"unit": "°C", "type": "gauge"}, ...} or empty */
};

struct tele_note { /* death.v1 {reason}, status.v1 {status, reason}, log.v1 / alert.v1 {message} */
	enum tele_status status;
	struct slice text; /* reason or message: unescaped, not cleaned */
};

int tele_birth_decode(struct slice data, struct buf *scratch, struct tele_birth *out,
	struct err *e);
int tele_note_decode(struct slice data, struct buf *scratch, struct tele_note *out, struct err *e);

struct tele_metric {
	struct slice name, unit, type; /* type: gauge, counter or state; else empty */
};

/* Takes the next metric off the front of *metrics (tele_birth's); false at the end. */
bool tele_birth_metric(struct slice *metrics, struct buf *scratch, struct tele_metric *out);

/* The "message" of any event's data if it has one, else a shortened form of the data itself:
 * one line for people, appended to out. */
int tele_message(struct slice data, struct buf *out);

#endif
